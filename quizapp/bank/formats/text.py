"""Questions as free text, from a .txt file, a Word document or the clipboard; and as a paper that people can read.

The rules stand in `freetext/`, one module each. What they had to guess is a warning on the question; what nobody
understands is told with its lines.
"""

from collections.abc import Iterable, Sequence

from quizapp.bank.drafts import FIELDS, Draft, Problem, Reading
from quizapp.bank.formats import paper
from quizapp.bank.formats.freetext import exact
from quizapp.bank.formats.freetext.answer_lists import give_out
from quizapp.bank.formats.freetext.building import draft_of
from quizapp.bank.formats.freetext.gathering import gather
from quizapp.bank.formats.freetext.normalise import Line, Noise, lines_of, span
from quizapp.bank.formats.freetext.paper import Gathered
from quizapp.bank.formats.freetext.traditional import traditional_line
from quizapp.spreadsheets import decode

CARRIES = frozenset(FIELDS)
SHOWN = 30  # characters of an unread line that are shown


def read(data: bytes, file_name: str) -> Reading:
    """All questions of a text file in UTF-8, GB18030 or UTF-16. Raises Refused for another encoding."""
    return read_text(decode(data), file_name)


def read_text(text: str, source: str = "") -> Reading:
    """All questions of a text, with lines and problems. Never raises. source: the file's name for messages."""
    if exact.is_exact(text):
        return exact.read_text(text, source)
    lines, noise = lines_of(text)
    gathered = gather(lines)
    problems = [*gathered.problems, *give_out(gathered)]
    blocks = [block for section in gathered.sections for block in section.blocks]
    drafts = [draft_of(block, source) for block in blocks]
    problems += _unread(gathered.unread)
    problems += _told_once(gathered, noise)
    if first := traditional_line(lines):
        said = f"第{first}行起有繁体字，可先转换为简体再导入。"
        problems.append(Problem(first, "繁体字", said, "warning"))
    named = [Problem(p.line, p.column, p.message, p.severity, source) for p in problems]
    return Reading(drafts, sorted(named, key=lambda problem: problem.line))


def _unread(lines: Sequence[Line]) -> Iterable[Problem]:
    """Lines that stand together are told together."""
    runs: list[list[Line]] = []
    for line in lines:
        if runs and line.number - runs[-1][-1].number <= line.blanks + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    for run in runs:
        first, last = run[0].number, run[-1].number
        said = f"{span(first, last)}不能识别，没有读入：“{run[0].text[:SHOWN]}”。"
        yield Problem(first, "未识别的文字", said, "warning")


def _told_once(gathered: Gathered, noise: Sequence[Noise]) -> Iterable[Problem]:
    """What was understood and has no place in a question, a sentence for each sort."""
    fields = [field for s in gathered.sections for block in s.blocks for field in block.fields]
    for column, what, numbers in (
        ("页码", "页码、页眉或网址", [found.number for found in noise]),
        ("标题", "标题", [line.number for line in gathered.titles]),
        ("分值", "分值（在组卷时设定）", [field.line for field in fields if field.name == "分值"]),
        ("作答", "他人的作答或得分", [field.line for field in fields if field.name == "作答"]),
    ):
        if numbers:
            listed = "、".join(str(number) for number in dict.fromkeys(numbers))
            yield Problem(numbers[0], column, f"第{listed}行是{what}，没有读入。", "warning")


# Writing ------------------------------------------------------------------------------------------------------


def write(drafts: Sequence[Draft], title: str = "") -> bytes:
    """The questions as a paper, each with its answer, that `read` reads back without loss.

    Words that a reader would take for marks of a paper (an option that holds "B.", a stem that ends in "（A）") are
    kept by a note at the head of the file, under which every line is read exactly as it stands.
    """
    body = "\n".join(_paper(drafts))
    head = f"# {title}\n\n" if title else ""
    plain = head + body
    if _same(read_text(plain).drafts, drafts):
        return plain.encode()
    return f"{head}{exact.NOTE}\n\n{body}".encode()


def _same(again: Sequence[Draft], drafts: Sequence[Draft]) -> bool:
    return len(again) == len(drafts) and all(
        not one.problems and all(getattr(one, name) == getattr(two, name) for name in CARRIES)
        for one, two in zip(again, drafts, strict=True)
    )


def _paper(drafts: Sequence[Draft]) -> Iterable[str]:
    """The lines of a paper, a blank one above each heading and each question, and at the end."""
    for number, (part, line) in enumerate(paper.lines(drafts)):
        if number and part in ("section", "stem"):
            yield ""
        yield line
    yield ""
