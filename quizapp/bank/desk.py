"""The review desk: an upload's questions beside their source, until a person has decided on each.

What is sure is taken, what is doubtful waits for a person's word, what is wrong stays out until it is mended. Kept
beside the upload; nothing is in the bank before `storing` has it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from quizapp.bank import likeness
from quizapp.bank.checking import contradicts_law
from quizapp.bank.drafts import CitationDraft, Draft, Problem, Reading

VERDICTS = {"ok": "可导入", "doubt": "请核对", "error": "有错误"}
LONGEST_SOURCE = 40  # lines of source shown beside one question


@dataclass(frozen=True)
class NearQuestion:
    """A question of the bank that asks nearly the same."""

    code: str
    percent: int


@dataclass
class Desk:
    """drafts: checked, as read or as edited since. said: what a person decided, by place: take, leave."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    format: str = ""
    near: dict[int, NearQuestion] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    edited: set[int] = field(default_factory=set)

    def is_taken(self, place: int) -> bool:
        """Whether the question at this place will be imported."""
        said = self.said.get(place)
        verdict = self.drafts[place].verdict
        return verdict != "error" and said != "leave" and (verdict == "ok" or said == "take")

    def taken(self) -> list[Draft]:
        return [draft for place, draft in enumerate(self.drafts) if self.is_taken(place)]

    def waiting(self) -> list[int]:
        """Doubtful questions on which nobody has decided."""
        return [
            place
            for place, draft in enumerate(self.drafts)
            if draft.verdict == "doubt" and place not in self.said
        ]

    def places(self, show: str) -> list[int]:
        """The questions of a verdict; near: those like one of the bank; out: those left out; else all."""
        if show == "near":
            return sorted(self.near)
        if show == "out":
            return [place for place, said in sorted(self.said.items()) if said == "leave"]
        return [p for p, draft in enumerate(self.drafts) if show not in VERDICTS or draft.verdict == show]

    def source_of(self, place: int) -> list[tuple[int, str]]:
        """(number, text) of the source's lines from this question to the next; none where there are no lines."""
        start = self.drafts[place].line
        if not self.lines or not 0 < start <= len(self.lines):
            return []
        later = [draft.line for draft in self.drafts if draft.line > start]
        end = min([*later, len(self.lines) + 1])
        lines = [(number, self.lines[number - 1]) for number in range(start, end)]
        while lines and not lines[-1][1].strip():
            lines.pop()
        return lines[:LONGEST_SOURCE]


def summary(drafts: Sequence[Draft]) -> str:
    """共100题，97题可导入，3题请核对，其中1题答案与条文不符。 The same on the page and at the command line."""
    counts = {verdict: sum(draft.verdict == verdict for draft in drafts) for verdict in VERDICTS}
    parts = [f"共{len(drafts)}题", f"{counts['ok']}题可导入"]
    parts += [f"{counts[verdict]}题{VERDICTS[verdict]}" for verdict in ("doubt", "error") if counts[verdict]]
    if against := sum(map(contradicts_law, drafts)):
        parts.append(f"其中{against}题答案与条文不符")
    return "，".join(parts) + "。"


def laid_out(reading: Reading, checked: Sequence[Draft], known: Iterable[tuple[str, str]]) -> Desk:
    """A reading on the desk. known: (code, stem) of the bank's questions."""
    return Desk(list(checked), reading.problems, reading.lines, reading.format, near_of(checked, known))


def near_of(drafts: Sequence[Draft], known: Iterable[tuple[str, str]]) -> dict[int, NearQuestion]:
    """For each place the question of the bank that asks nearly the same, unless it is that very question."""
    known = list(known)
    found = likeness.nearest([draft.stem for draft in drafts], [stem for _, stem in known])
    return {
        place: NearQuestion(known[near.place][0], round(100 * near.share))
        for place, near in enumerate(found)
        if near and known[near.place][0] != drafts[place].code
    }


# Keeping --------------------------------------------------------------------------------------------------------


def freeze(desk: Desk) -> bytes:
    """The desk as bytes."""
    kept = dict(vars(desk))
    kept["near"] = {place: [near.code, near.percent] for place, near in desk.near.items()}
    kept["edited"] = sorted(desk.edited)
    return json.dumps(kept, ensure_ascii=False, default=vars).encode()


def thaw(data: bytes) -> Desk:
    """What `freeze` made."""
    kept = json.loads(data)
    return Desk(
        [_draft(item) for item in kept["drafts"]],
        [Problem(**item) for item in kept["problems"]],
        kept["lines"],
        kept["format"],
        {int(place): NearQuestion(*near) for place, near in kept["near"].items()},
        {int(place): said for place, said in kept["said"].items()},
        set(kept["edited"]),
    )


def _draft(item: dict[str, Any]) -> Draft:
    draft = Draft(**item)
    return replace(
        draft,
        citations=[CitationDraft(**citation) for citation in item["citations"]],
        uses=tuple(item["uses"]),
        problems=[Problem(**problem) for problem in item["problems"]],
    )
