"""What the pages of 滞留答卷 read. Every function runs a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.attempts import layout as layouts
from quizapp.attempts import marks
from quizapp.attempts.disputed_lists import BY_NAME, Asked, page_of
from quizapp.attempts.late_sheets import rules
from quizapp.attempts.late_sheets.models import HeldVerdict
from quizapp.attempts.models import Attempt, Closing, HeldSheet, MarkingRun
from quizapp.db import db
from quizapp.exams import access
from quizapp.exams.drawing import Place
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Person

FILTERS = {"waiting": "待处理", "accepted": "已采用", "rejected": "不采用", "same": "无需处理"}
ORDERS = {"oldest": "先到的在前", "newest": "后到的在前", "name": "按单位和姓名"}


@dataclass(frozen=True)
class Row:
    """A held sheet with everything that the list shows of it."""

    held: HeldSheet
    attempt: Attempt
    candidate: Candidate
    unit: str
    state: str  # of rules.STATES
    earlier: int  # further sheets of the same page, held before this one
    counted: str  # the sheet that counts, or counted before this one was accepted

    @property
    def state_word(self) -> str:
        return rules.STATES[self.state]

    @property
    def reason_word(self) -> str:
        return rules.REASONS[self.held.reason]

    @property
    def late(self) -> str:
        """How long after the sheet was closed it came; "" for one that came before."""
        return rules.lateness(self.held.at, self.attempt.closed_at)

    @property
    def differing(self) -> int:
        return len(rules.differences(self.counted, self.held.sheet))


def listed(exam_id: int, asked: Asked) -> tuple[list[Row], int]:
    """One page of an exam's held sheets, and how many there are."""
    orders = {
        "oldest": (HeldSheet.id,),
        "newest": (HeldSheet.id.desc(),),
        "name": (*BY_NAME, HeldSheet.id),
    }
    rows, total = page_of(_found(exam_id).where(_is(asked.state)), asked, orders)
    return [_row(row) for row in rows], total


def numbers(exam_id: int) -> dict[str, int]:
    """How many held sheets stand under each of FILTERS."""
    counted = [func.count().filter(_is(name)) for name in FILTERS]
    row = db.session.execute(_found(exam_id).with_only_columns(*counted, maintain_column_froms=True)).one()
    return dict(zip(FILTERS, row, strict=True))


def waiting(exam_id: int) -> Any:
    """SQL: how many held sheets of an exam wait for people, to be read beside other numbers."""
    found = _found(exam_id).where(_is("waiting"))
    return found.with_only_columns(func.count(), maintain_column_froms=True).scalar_subquery()


def one(exam_id: int, held_id: int) -> Row | None:
    """A held sheet of an exam."""
    row = db.session.execute(_joined(exam_id).where(HeldSheet.id == held_id)).one_or_none()
    return _row(row) if row is not None else None


def of_attempt(attempt_id: int, *, but: int | None = None) -> list[tuple[HeldSheet, str]]:
    """The held sheets of an attempt but for this one, the newest first, each with how it stands."""
    rows = db.session.execute(
        select(HeldSheet, func.coalesce(HeldVerdict.state, "open"))
        .outerjoin(HeldVerdict, HeldVerdict.held_id == HeldSheet.id)
        .where(HeldSheet.attempt_id == attempt_id, HeldSheet.id != (but or 0))
        .order_by(HeldSheet.id.desc())
    )
    return [(held, state) for held, state in rows]


def _latest() -> Any:
    """The last sheet that a page sent: what it held before stands under it, unless somebody has decided about it."""
    return select(func.max(HeldSheet.id)).group_by(HeldSheet.attempt_id, HeldSheet.epoch)


def _joined(exam_id: int) -> Any:
    earlier, replaced = aliased(HeldSheet), aliased(Closing)
    state, counted = func.coalesce(HeldVerdict.state, "open"), func.coalesce(replaced.sheet, Attempt.sheet)
    before = (
        select(func.count())
        .where(
            earlier.attempt_id == HeldSheet.attempt_id,
            earlier.epoch == HeldSheet.epoch,
            earlier.id < HeldSheet.id,
        )
        .correlate(HeldSheet)
        .scalar_subquery()
    )
    return (
        select(HeldSheet, Attempt, Candidate, ExamUnit.name, state, before, counted)
        .join(Attempt, Attempt.id == HeldSheet.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(ExamUnit, access.stands_in())
        .outerjoin(HeldVerdict, HeldVerdict.held_id == HeldSheet.id)
        .outerjoin(replaced, replaced.id == HeldVerdict.replaced_id)
        .where(Attempt.exam_id == exam_id, Attempt.trial.is_(False))
    )


def _found(exam_id: int) -> Any:
    decided = HeldVerdict.state.in_(("proposed", "accepted", "rejected"))
    return _joined(exam_id).where(or_(HeldSheet.id.in_(_latest()), decided))


def _is(wanted: str) -> Any:
    undecided = or_(HeldVerdict.state.is_(None), HeldVerdict.state == "open")
    differs = HeldSheet.sheet != Attempt.sheet
    closed = Attempt.state.in_(("submitted", "expired"))
    return {
        "waiting": or_(HeldVerdict.state == "proposed", and_(undecided, differs, closed)),
        "accepted": HeldVerdict.state == "accepted",
        "rejected": HeldVerdict.state == "rejected",
        "same": and_(undecided, or_(~differs, ~closed)),
    }[wanted]


def _row(row: Any) -> Row:
    return Row(*row)


# One of them ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """How it stands with one held sheet, with names."""

    verdict: HeldVerdict
    by: str
    second: str
    receipt: str  # of the closing that accepting made; "" for none


def decided(held_id: int) -> Decided | None:
    """What was decided about a held sheet, if anything."""
    second = aliased(Person)
    row = db.session.execute(
        select(
            HeldVerdict,
            func.coalesce(Person.name, ""),
            func.coalesce(second.name, ""),
            func.coalesce(Closing.receipt, ""),
        )
        .outerjoin(Person, Person.id == HeldVerdict.by_id)
        .outerjoin(second, second.id == HeldVerdict.second_id)
        .outerjoin(Closing, Closing.id == HeldVerdict.closing_id)
        .where(HeldVerdict.held_id == held_id)
    ).one_or_none()
    return Decided(*row) if row is not None else None


@dataclass(frozen=True)
class Compared:
    """The sheet that counts beside the held one, by the keys of the current run. Marks: tenths of a 分."""

    differences: Sequence[rules.Difference]
    places: Sequence[Place]
    counted: marks.Marks
    held: marks.Marks

    @property
    def blanked(self) -> int:
        return rules.blanked(self.differences)


def compared(row: Row) -> Compared:
    """Question by question, and what each sheet earns."""
    attempt = row.attempt
    stored, rule = db.session.execute(
        select(MarkingRun.keys, Exam.multiple_rule)
        .join(Exam, Exam.id == MarkingRun.exam_id)
        .where(MarkingRun.exam_id == attempt.exam_id, MarkingRun.state == "current")
    ).one()
    keys, places = marks.keys_from_json(stored), layouts.from_text(attempt.layout)
    return Compared(
        rules.differences(row.counted, row.held.sheet),
        places,
        marks.marks_of(places, keys, row.counted, rule),
        marks.marks_of(places, keys, row.held.sheet, rule),
    )


# What the candidate is told ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """What became of the sheets of one's own attempt that came too late."""

    undecided: int
    sentences: Sequence[tuple[str, str]]  # (tone, sentence)


def told(attempt_id: int) -> Told:
    """For the receipt and the result of an attempt."""
    rows = db.session.execute(
        select(HeldSheet.at, HeldVerdict)
        .outerjoin(HeldVerdict, HeldVerdict.held_id == HeldSheet.id)
        .where(HeldSheet.attempt_id == attempt_id)
        .order_by(HeldSheet.id)
    ).all()
    said = [rules.told(at, verdict.state, verdict.reason) for at, verdict in rows if verdict is not None]
    sentences = [one for one in said if one is not None]
    return Told(len(rows) - len(sentences), sentences)
