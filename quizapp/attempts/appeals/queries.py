"""What the pages of 成绩复核 read. Every function runs a constant number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from quizapp.attempts.appeals import rules
from quizapp.attempts.appeals.models import Appeal
from quizapp.attempts.disputed_lists import BY_NAME, Asked, page_of
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams import access, release
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Person

FILTERS = {"open": "待答复", "answered": "已答复", "withdrawn": "已撤回"}
ORDERS = {
    "oldest": "先提出的在前",
    "newest": "后提出的在前",
    "question": "按试题归类",
    "name": "按单位和姓名",
}


# Of whom it is ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Own:
    """What a person has appealed of one attempt, and what can be appealed now."""

    latest: Mapping[int, Appeal]  # by number of the question; 0: the whole result
    period: str  # until when, as a sentence; "" for an exam that takes no appeals
    open_now: bool
    shown: release.Shown

    def may_ask(self, number: int) -> bool:
        """Whether this can be appealed now."""
        before = self.latest.get(number)
        states = [before.state] if before else []
        return not rules.bars(number, states, self.shown, open_now=self.open_now)

    @property
    def listed(self) -> Sequence[Appeal]:
        """Those that were not withdrawn, in the order of the paper."""
        return [one for _, one in sorted(self.latest.items()) if one.state != "withdrawn"]


def own(attempt: Attempt, exam: Exam, shown: release.Shown, now: datetime) -> Own:
    """For the result page and the page of one appeal. Two statements."""
    rows = db.session.scalars(select(Appeal).where(Appeal.attempt_id == attempt.id).order_by(Appeal.id))
    latest = exam_queries.latest_personal(exam.id)
    return Own(
        {one.number: one for one in rows},
        rules.period(exam, latest, now),
        rules.taken(exam, latest, now),
        shown,
    )


def told(exam_id: int, person_id: int, _now: datetime) -> list[str]:
    """Registered with the page of an exam: which of one's own appeals have been answered."""
    rows = db.session.execute(
        select(Appeal.number, Appeal.state, Attempt.number.label("attempt"))
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .where(Appeal.exam_id == exam_id, Attempt.person_id == person_id)
        .where(Appeal.state.in_(rules.VERDICTS))
        .order_by(Appeal.id)
    )
    return [
        f"您对第{attempt}次考试{rules.what(number)}的复核申请已有答复：{rules.STATES[state]}。请在成绩页面查看。"
        for number, state, attempt in rows
    ]


# For those in charge of the exam ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """An appeal with everything that a list shows of it."""

    appeal: Appeal
    attempt: Attempt
    candidate: Candidate
    unit: str
    decided_by: str
    alike: int  # open appeals of the same question, this one included; 0 for a whole result

    @property
    def what(self) -> str:
        return rules.what(self.appeal.number)

    @property
    def state_word(self) -> str:
        return rules.STATES[self.appeal.state]


def listed(exam_id: int, asked: Asked) -> tuple[list[Row], int]:
    """One page of an exam's appeals, and how many there are."""
    orders = {
        "oldest": (Appeal.id,),
        "newest": (Appeal.id.desc(),),
        "question": (_alike().desc(), Appeal.revision_id, Appeal.id),
        "name": (*BY_NAME, Appeal.id),
    }
    rows, total = page_of(_joined(exam_id).where(_is(asked.state)), asked, orders)
    return [Row(*row) for row in rows], total


def numbers(exam_id: int) -> dict[str, int]:
    """How many appeals of an exam stand under each of FILTERS."""
    counted = [func.count().filter(_is(name)) for name in FILTERS]
    row = db.session.execute(select(*counted).where(Appeal.exam_id == exam_id)).one()
    return dict(zip(FILTERS, row, strict=True))


def waiting(exam_id: int) -> Any:
    """SQL: how many appeals of an exam wait for an answer, to be read beside other numbers."""
    return (
        select(func.count())
        .select_from(Appeal)
        .where(Appeal.exam_id == exam_id, Appeal.state == "open")
        .scalar_subquery()
    )


def one(exam_id: int, appeal_id: int) -> Row | None:
    """An appeal of an exam."""
    row = db.session.execute(_joined(exam_id).where(Appeal.id == appeal_id)).one_or_none()
    return Row(*row) if row is not None else None


def others(row: Row) -> list[Row]:
    """The other appeals of the same question that were not withdrawn, those that wait first."""
    if row.appeal.revision_id is None:
        return []
    found = _joined(row.appeal.exam_id).where(
        Appeal.revision_id == row.appeal.revision_id,
        Appeal.id != row.appeal.id,
        Appeal.state != "withdrawn",
    )
    waits = (Appeal.state == "open").desc()
    return [Row(*each) for each in db.session.execute(found.order_by(waits, Appeal.id))]


def _joined(exam_id: int) -> Any:
    decider = aliased(Person)
    return (
        select(Appeal, Attempt, Candidate, ExamUnit.name, func.coalesce(decider.name, ""), _alike())
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(ExamUnit, access.stands_in())
        .outerjoin(decider, decider.id == Appeal.decided_by_id)
        .where(Appeal.exam_id == exam_id)
    )


def _alike() -> Any:
    """SQL: how many open appeals there are of the question."""
    same = aliased(Appeal)
    return (
        select(func.count())
        .select_from(same)
        .where(same.exam_id == Appeal.exam_id, same.revision_id == Appeal.revision_id, same.state == "open")
        .correlate(Appeal)
        .scalar_subquery()
    )


def _is(wanted: str) -> Any:
    return Appeal.state.in_(rules.VERDICTS) if wanted == "answered" else Appeal.state == wanted
