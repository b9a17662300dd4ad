"""Answers that stand apart from their questions: each list to its section, each answer to its number (rule 7).

A list whose numbers are not those of the section is refused whole, with both counts: one answer lost in the middle
would otherwise shift all that follow.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence

from quizapp.bank.drafts import Problem
from quizapp.bank.formats.freetext.answers import Answer
from quizapp.bank.formats.freetext.normalise import span
from quizapp.bank.formats.freetext.paper import AnswerGroup, Block, Gathered, Section


def give_out(gathered: Gathered) -> list[Problem]:
    """Put listed answers into the questions' blocks; what fits nowhere is said."""
    groups = [group for group in gathered.groups if group.items or group.bad]
    problems = [_bad(group) for group in groups if group.bad]
    sound = [group for group in groups if group.items and not group.bad]
    pairs, left = _paired(gathered.sections, sound)
    for sections, group in pairs:
        problems += _give([block for section in sections for block in section.blocks], group)
    for group in left:
        said = f"{_span(group)}的{len(group.items)}个答案没有找到对应的部分，没有读入。"
        problems.append(Problem(group.line, "答案", said))
    return problems


def _span(group: AnswerGroup) -> str:
    return span(group.line, group.last)


def _bad(group: AnswerGroup) -> Problem:
    bad = group.bad[0]
    wanted = bad.last - bad.first + 1
    said = (
        f"{_span(group)}：{bad.first}-{bad.last}应当有{wanted}个答案，实际有{bad.found}个，这一组没有读入。"
    )
    return Problem(group.line, "答案", said)


def _paired(
    sections: Sequence[Section], groups: Sequence[AnswerGroup]
) -> tuple[list[tuple[list[Section], AnswerGroup]], list[AnswerGroup]]:
    """Which sections each list answers: by the kind it names, by its place, or one after the other."""
    whole = len(groups) == 1 and not groups[0].kind.name and groups[0].after == len(sections)
    if whole and sections and _are_unique(sections):
        return [(list(sections), groups[0])], []
    waiting = _Waiting(sections)
    pairs: list[tuple[list[Section], AnswerGroup]] = []
    left: list[AnswerGroup] = []
    for group in groups:
        section = waiting.take(group)
        if section is None:
            left.append(group)
        else:
            pairs.append(([section], group))
    return pairs, left


class _Waiting:
    """Sections in which a question still lacks its answer, in their order and by kind."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self._sections = sections
        self._free = {place for place, section in enumerate(sections) if _lacks_answers(section)}
        self._by_kind: dict[object, deque[int]] = defaultdict(deque)
        for place in sorted(self._free):
            self._by_kind[None].append(place)
            self._by_kind[sections[place].kind.meaning].append(place)

    def take(self, group: AnswerGroup) -> Section | None:
        """Below the whole paper the first that waits, of the kind if one is named; else the one just above."""
        if not group.kind.name and group.after < len(self._sections):
            place = group.after - 1 if group.after - 1 in self._free else None
        else:
            queue = self._by_kind[group.kind.meaning if group.kind.name else None]
            while queue and queue[0] not in self._free:
                queue.popleft()
            place = queue[0] if queue and queue[0] < group.after else None
        if place is None:
            return None
        self._free.discard(place)
        return self._sections[place]


def _lacks_answers(section: Section) -> bool:
    return not all(any(field.name == "答案" for field in block.fields) for block in section.blocks)


def _are_unique(sections: Iterable[Section]) -> bool:
    numbers = [block.number for section in sections for block in section.blocks]
    return len(numbers) == len(set(numbers))


def _give(blocks: Sequence[Block], group: AnswerGroup) -> list[Problem]:
    """One answer for every question, or none for any."""
    answers: dict[int, Answer | None] = {item.number: item.answer for item in group.items}
    numbers = [block.number for block in blocks]
    if sorted(numbers) != sorted(answers):
        where = span(blocks[0].line, blocks[-1].line)
        counts = f"答案有{len(group.items)}个，{where}的试题有{len(numbers)}道"
        said = f"{_span(group)}：{counts}，题号不能一一对应，答案没有读入。"
        return [Problem(group.line, "答案", said)]
    for block in blocks:
        block.listed = answers[block.number]
        block.listed_fields = group.fields.get(block.number, [])
    return []
