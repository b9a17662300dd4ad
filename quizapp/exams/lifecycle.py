"""The life of an exam as a list: draft, published, running, closed, released; and what each step still needs.

An exam that was called off (cancelled, voided) ends where it was, with that word as its last step.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from quizapp.dates import closing, minute
from quizapp.exams import windows

ORDER = ("draft", "published", "running", "closed", "released")
NAMES = {
    "draft": "制作草稿",
    "published": "发布",
    "running": "考试进行",
    "closed": "考试结束",
    "released": "公布答案",
    "cancelled": "已取消",
    "voided": "已作废",
}


class Line(NamedTuple):
    """One check of a step. tone: ok, warn or bad."""

    tone: str
    text: str


@dataclass(frozen=True)
class Facts:
    """What is known of the exam beyond its own columns.

    hindrances and warnings: of publishing, see `checks`. over: nobody can be answering any more. waiting: requests
    for 免考 or 缓考 that nobody has decided. shows_later: something waits for the release.
    """

    hindrances: Sequence[str] = ()
    warnings: Sequence[str] = ()
    candidates: int = 0
    started: int = 0
    submitted: int = 0
    waiting: int = 0
    over: bool = False
    shows_later: bool = True


@dataclass(frozen=True)
class Step:
    """One step. state: done, now (where the exam stands), next or later; off where it will not come any more."""

    code: str
    name: str
    state: str
    when: str  # "" where nothing is known yet
    lines: Sequence[Line]


class Lived(windows.Dated, Protocol):
    """The columns of an exam that its steps tell."""

    published_at: datetime | None


def steps(exam: Lived, facts: Facts, now: datetime) -> list[Step]:
    """All steps in order; a called-off exam shows those it reached, and that it was called off."""
    state = windows.state_of(exam, now)
    if state in ORDER:
        place = ORDER.index(state)
        return [_step(code, _state(at, place), exam, facts) for at, code in enumerate(ORDER)]
    reached = 1 if exam.published_at is None else 2 if exam.opens_at is None or now < exam.opens_at else 3
    done = [_step(code, "done", exam, facts) for code in ORDER[:reached]]
    return [*done, Step(state, NAMES[state], "now", "", [])]


def _state(at: int, place: int) -> str:
    if at < place:
        return "done"
    return "now" if at == place else "next" if at == place + 1 else "later"


def _step(code: str, state: str, exam: Lived, facts: Facts) -> Step:
    lines = _needs(code, exam, facts) if state == "next" else _tells(code, facts) if state == "now" else []
    return Step(code, NAMES[code], state, _when(code, exam), lines)


def _when(code: str, exam: Lived) -> str:
    if code == "published":
        return minute(exam.published_at) if exam.published_at else ""
    if code == "running":
        return minute(exam.opens_at) if exam.opens_at else ""
    if code == "closed":
        return closing(exam.closes_at) if exam.closes_at else ""
    if code == "released":
        return minute(exam.released_at) if exam.released_at else ""
    return ""


def _needs(code: str, exam: windows.Dated, facts: Facts) -> list[Line]:
    """What must hold before the step that comes next."""
    if code == "published":
        found = [Line("bad", text) for text in facts.hindrances]
        found += [Line("warn", text) for text in facts.warnings]
        return found or [Line("ok", "发布前检查全部通过")]
    if code == "running":
        found = [Line("ok", f"到{minute(exam.opens_at)}自动开始")] if exam.opens_at else []
        return [*found, _undecided(facts)] if facts.waiting else found
    if code == "closed":
        found = (
            [Line("ok", f"到{closing(exam.closes_at)}自动结束，未交的答卷自动收卷")] if exam.closes_at else []
        )
        return [*found, _undecided(facts)] if facts.waiting else found
    return _before_release(facts)


def _before_release(facts: Facts) -> list[Line]:
    if not facts.shows_later:
        return [Line("ok", "没有设为“公布答案后”可见的内容，不需要公布")]
    found = []
    if facts.over:
        found.append(Line("ok", "已经没有考生在作答，可以公布"))
    else:
        found.append(Line("bad", "仍有考生可能在作答，结束后才能公布"))
    return [*found, _undecided(facts)] if facts.waiting else found


def _undecided(facts: Facts) -> Line:
    return Line("warn", f"有{facts.waiting}件免考、缓考申请没有处理")


def _tells(code: str, facts: Facts) -> list[Line]:
    """How it stands at the step where the exam is now."""
    if code == "published":
        return [Line("ok", f"考生{facts.candidates}人，名单和试题已固定")]
    if code == "running":
        return [Line("ok", f"已开始{facts.started}人，已交卷{facts.submitted}人")]
    if code == "closed" and not facts.over:
        return [Line("warn", "个别考生的截止时间较晚，还没有到")]
    return []
