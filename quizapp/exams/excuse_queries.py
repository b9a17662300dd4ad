"""What the pages about 免考 and 缓考 read: those of unit administrators, and the queue of who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import aliased

from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import access, excuses, queries
from quizapp.exams.models import Candidate, Exam, ExamUnit, ExcuseRequest
from quizapp.people import queries as people
from quizapp.people.models import Person, Unit

PAGE = 50
RESET = "candidate.sign_in_reset"  # see exams.duty


# Unit administrators ----------------------------------------------------------------------------------------


def exams_of_own_units() -> list[tuple[Exam, int, int]]:
    """Published exams with candidates in reach: (exam, candidates there, requests that wait), the latest first."""
    rows = db.session.execute(
        select(Exam, func.count(Candidate.id.distinct()), func.count(ExcuseRequest.id))
        .join(Candidate, Candidate.exam_id == Exam.id)
        .join(ExamUnit, access.stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .outerjoin(
            ExcuseRequest,
            and_(ExcuseRequest.candidate_id == Candidate.id, ExcuseRequest.state == "asked"),
        )
        .where(Exam.state == "published", access.of_own_units())
        .group_by(Exam.id)
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
    )
    return [(exam, people, waiting) for exam, people, waiting in rows]


def waiting_in_own_units() -> int:
    """How many requests for candidates of the administrator's units wait for a decision."""
    found = (
        select(func.count(ExcuseRequest.id))
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .join(Exam, Exam.id == Candidate.exam_id)
        .join(ExamUnit, access.stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(ExcuseRequest.state == "asked", Exam.state == "published", access.of_own_units())
    )
    return db.session.scalar(found) or 0


@dataclass(frozen=True)
class OwnCandidate:
    """A candidate of the administrator's units. asked: the newest request; reset: (when, by whom) of the sign-in."""

    candidate: Candidate
    unit: str
    status: str  # one of queries.STATUSES
    asked: ExcuseRequest | None
    reset: tuple[datetime, str] | None

    @property
    def may_be_asked(self) -> bool:
        """Whether 免考 or 缓考 can be asked for now: see `excuses.bars_asking`."""
        one, pending = self.candidate, self.asked is not None and self.asked.state == "asked"
        return excuses.bars_asking(one.name, status=one.status, sat=one.sat, pending=pending) is None


def own_candidates(
    exam: Exam, now: datetime, *, words: str = "", page: int = 1
) -> tuple[list[OwnCandidate], int]:
    """One page of an exam's candidates in the administrator's units, and how many there are. Four statements."""
    found = _of_own(select(Candidate, ExamUnit.name), exam.id)
    if words.strip():
        found = found.join(Person, Person.id == Candidate.person_id).where(people.found_by(words))
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    rows = db.session.execute(
        found.order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    ids = [row.id for row, _ in rows]
    asked, resets = _newest(ids), _resets(ids)
    return [
        OwnCandidate(row, unit, queries.status_of(row, exam, now), asked.get(row.id), resets.get(row.id))
        for row, unit in rows
    ], total


def own_ids(exam_id: int, candidate_ids: Sequence[int]) -> list[int]:
    """Those of these candidates who are counted in the administrator's units."""
    wanted = _of_own(select(Candidate.id), exam_id).where(Candidate.id.in_(candidate_ids))
    return list(db.session.scalars(wanted))


def _of_own(wanted: Any, exam_id: int) -> Any:
    return (
        wanted.join(ExamUnit, access.stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(Candidate.exam_id == exam_id, access.of_own_units())
    )


def _newest(candidate_ids: Sequence[int]) -> dict[int, ExcuseRequest]:
    rows = db.session.scalars(
        select(ExcuseRequest).where(ExcuseRequest.candidate_id.in_(candidate_ids)).order_by(ExcuseRequest.id)
    )
    return {row.candidate_id: row for row in rows}


def _resets(candidate_ids: Sequence[int]) -> dict[int, tuple[datetime, str]]:
    rows = db.session.execute(
        select(AuditEvent.object_id, AuditEvent.at, Person.name)
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.object_kind == "candidate", AuditEvent.action == RESET)
        .where(AuditEvent.object_id.in_([str(one) for one in candidate_ids]))
        .order_by(AuditEvent.id)
    )
    return {int(candidate_id): (at, name or "") for candidate_id, at, name in rows}


def is_waiting(candidate_id: int) -> bool:
    """Whether a request for this candidate waits for a decision."""
    waiting = exists().where(ExcuseRequest.candidate_id == candidate_id, ExcuseRequest.state == "asked")
    return bool(db.session.scalar(select(waiting)))


def own_request(request_id: int) -> ExcuseRequest | None:
    """A request for a candidate of the administrator's units."""
    return db.session.scalar(
        select(ExcuseRequest)
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .join(ExamUnit, access.stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(ExcuseRequest.id == request_id, access.of_own_units())
    )


# Lists of requests ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RequestRow:
    """A request with everything that a list shows of it."""

    request: ExcuseRequest
    candidate: Candidate
    exam: Exam
    unit: str
    asked_by: str
    decided_by: str


def own_requests(*, state: str = "", page: int = 1) -> tuple[list[RequestRow], int]:
    """One page of the requests for candidates of the administrator's units, the newest first, and how many."""
    return _page(_requests(access.of_own_units(), state), page, newest_first=True)


def queue(
    *, state: str, exam_id: int | None = None, words: str = "", page: int = 1
) -> tuple[list[RequestRow], int]:
    """One page of the requests that the signed-in person may decide: those that wait longest first."""
    found = _requests(_deciding(), state)
    if exam_id is not None:
        found = found.where(Exam.id == exam_id)
    if words.strip():
        found = found.join(Person, Person.id == Candidate.person_id).where(people.found_by(words))
    return _page(found, page, newest_first=state != "asked")


def queue_numbers(exam_id: int | None = None) -> dict[str, int]:
    """How many of the requests that the person may decide stand in each state."""
    found = (
        select(ExcuseRequest.state, func.count())
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .join(Exam, Exam.id == Candidate.exam_id)
        .where(_deciding(), Exam.state == "published")
        .group_by(ExcuseRequest.state)
    )
    if exam_id is not None:
        found = found.where(Exam.id == exam_id)
    return dict(db.session.execute(found).all())


def decidable(request_ids: Sequence[int]) -> list[int]:
    """Those of these requests that the signed-in person may decide."""
    found = (
        select(ExcuseRequest.id)
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .join(Exam, Exam.id == Candidate.exam_id)
        .where(ExcuseRequest.id.in_(request_ids), _deciding())
    )
    return list(db.session.scalars(found))


def _deciding() -> ColumnElement[bool]:
    return Exam.unit_id.in_(select(Unit.id).where(access.within_reach()))


def _requests(condition: ColumnElement[bool], state: str) -> Any:
    asker, decider = aliased(Person), aliased(Person)
    found = (
        select(
            *(ExcuseRequest, Candidate, Exam, ExamUnit.name),
            *(func.coalesce(asker.name, ""), func.coalesce(decider.name, "")),
        )
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .join(Exam, Exam.id == Candidate.exam_id)
        .join(ExamUnit, access.stands_in())
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .outerjoin(asker, asker.id == ExcuseRequest.asked_by_id)
        .outerjoin(decider, decider.id == ExcuseRequest.decided_by_id)
        .where(condition, Exam.state == "published")
    )
    return found.where(ExcuseRequest.state == state) if state else found


def _page(found: Any, page: int, *, newest_first: bool) -> tuple[list[RequestRow], int]:
    counted = found.with_only_columns(func.count(), maintain_column_froms=True)
    total = db.session.scalar(counted) or 0
    order = ExcuseRequest.id.desc() if newest_first else ExcuseRequest.id
    rows = db.session.execute(found.order_by(order).limit(PAGE).offset((page - 1) * PAGE))
    return [RequestRow(*row) for row in rows], total
