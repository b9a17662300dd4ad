"""What the journal of one attempt says, line by line, and of one question: when which letters were stored. Pure.

The same for the page of an appeal and for `quizapp attempts show`: "I did choose B" is answered from here.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

KINDS = {
    "open": "打开",
    "save": "保存",
    "hand_in": "交卷",
    "expire": "自动交卷",
    "extend": "延长",
    "reopen": "重新开放",
    "void": "作废",
    "restore": "恢复",
    "accept": "采用滞留答卷",
    "unaccept": "撤销采用",
}
NONE = "未答"


class Event(Protocol):
    """A row of the journal."""

    kind: str
    epoch: int
    revision: int
    at: datetime
    sheet: str
    extra: str


@dataclass(frozen=True)
class Line:
    """One event in words. changes: (number of the question, letters before, letters after), none for a first line."""

    at: datetime
    what: str
    epoch: int
    revision: int
    sheet: str
    changes: tuple[tuple[int, str, str], ...] = ()
    kind: str = ""

    @property
    def changed_words(self) -> str:
        """第3题：B→C；第5题：未答→A"""
        return "；".join(f"第{n}题：{before or NONE}→{after or NONE}" for n, before, after in self.changes)


def lines(events: Sequence[Event], closes_at: datetime | None) -> list[Line]:
    """Every event in its order. closes_at: after it a save is said to have come in the time for the network."""
    found, before = [], ""
    for number, event in enumerate(events):
        changes = _changes(before, event.sheet)
        first = number == 0
        what = _what(event, closes_at, first=first)
        found.append(Line(event.at, what, event.epoch, event.revision, event.sheet, changes, event.kind))
        before = event.sheet
    return found


def _changes(before: str, after: str) -> tuple[tuple[int, str, str], ...]:
    """The questions whose letters differ; a first line starts from an empty sheet."""
    new = after.split(".")
    old = before.split(".") if before else [""] * len(new)
    return tuple((n, was, now) for n, (was, now) in enumerate(zip(old, new, strict=True), 1) if was != now)


def _what(event: Event, closes_at: datetime | None, *, first: bool) -> str:
    told = json.loads(event.extra or "{}")
    if event.kind == "open" and not first:
        return "换到其他页面或设备继续作答" if told.get("takeover") else "重新打开页面"
    if event.kind in ("extend", "reopen") and told.get("seconds"):
        minutes, seconds = divmod(int(told["seconds"]), 60)
        return f"{KINDS[event.kind]}（{minutes}分{seconds}秒）"
    if event.kind == "save" and closes_at is not None and event.at > closes_at:
        return "保存（时间到后）"
    return "交卷（纸质考试登记）" if told.get("paper") else KINDS.get(event.kind, event.kind)


@dataclass(frozen=True)
class Step:
    """One line about one question. letters: as they stood from then on; before: none where nothing was changed."""

    at: datetime
    what: str
    letters: str
    before: str | None = None

    @property
    def words(self) -> str:
        """What became of the answer: 未答，改为B，由B改为C，取消选择（原选B）。"""
        if self.before is None:
            return self.letters or NONE
        if not self.before:
            return f"选{self.letters}"
        return f"由{self.before}改为{self.letters}" if self.letters else f"取消选择（原选{self.before}）"


def of_question(found: Sequence[Line], number: int) -> list[Step]:
    """A line for every change of this question, for every page or device, and for how it ended.

    Saves that left it as it was, and reloads of the same page, are passed over. number: from 1.
    """
    steps = []
    for place, line in enumerate(found):
        letters = line.sheet.split(".")[number - 1] if line.sheet else ""
        before = next((was for n, was, _ in line.changes if n == number), None)
        passed_over = line.kind == "save" or (line.what == "重新打开页面")
        if before is not None or not passed_over or place == 0:
            steps.append(Step(line.at, line.what, letters, before))
    return steps


def counted(found: Iterable[Line], number: int) -> tuple[int, int]:
    """(how many times the sheet was stored, how many of these changed this question). number: from 1."""
    stored = [line for line in found if line.kind in ("save", "hand_in")]
    changed = [line for line in stored if any(n == number for n, _, _ in line.changes)]
    return len(stored), len(changed)
