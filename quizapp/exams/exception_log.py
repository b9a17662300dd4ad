"""例外记录: every recorded exception of an exam, of its candidates and of what areas to the right keep for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, func, or_, select

from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import access, exception_words
from quizapp.exams.models import Candidate, ExamUnit
from quizapp.people.models import Person

PAGE = 50


@dataclass(frozen=True)
class Subject:
    """A kind of audited object that belongs to an exam.

    ids: SQL, the ids of an exam's objects as the log writes them; candidates: of objects (ids) whose they are.
    """

    ids: Callable[[int], Any]
    candidates: Callable[[Sequence[int]], dict[int, int]]


def _own(candidate_ids: Sequence[int]) -> dict[int, int]:
    return {one: one for one in candidate_ids}


subjects: dict[str, Subject] = {
    "candidate": Subject(
        lambda exam_id: select(cast(Candidate.id, String)).where(Candidate.exam_id == exam_id), _own
    )
}


@dataclass(frozen=True)
class Line:
    """One exception in words. candidate, unit: whom it is about; "" for an exam or a unit as a whole."""

    at: datetime
    by: str
    act: str
    candidate: str
    unit: str
    told: str
    reason: str
    second: str = ""  # the other of two people: 周明批准, 何平提出


def lines(exam_id: int, *, page: int = 1, size: int = PAGE, keys: bool = True) -> tuple[list[Line], int]:
    """One page of an exam's exceptions, the newest first, and how many there are: a constant number of statements.

    keys: whether the reader may see the keys of its questions; who may not reads no reason that might name one.
    """
    own = [and_(AuditEvent.object_kind == "exam", AuditEvent.object_id == str(exam_id))]
    own += [
        and_(AuditEvent.object_kind == kind, AuditEvent.object_id.in_(subject.ids(exam_id)))
        for kind, subject in subjects.items()
    ]
    found = (
        select(AuditEvent, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.action.in_(exception_words.ACTS), or_(*own))
    )
    total = db.session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    rows = db.session.execute(
        found.order_by(AuditEvent.id.desc()).limit(size).offset((page - 1) * size)
    ).all()
    events = [event for event, _ in rows]
    who, names = _whom(events), _names(events)
    return [
        _line(event, by, who.get((event.object_kind, event.object_id)), names, keys=keys)
        for event, by in rows
    ], total


def _names(events: Sequence[AuditEvent]) -> dict[int, str]:
    """The names of the second persons of these events."""
    ids = {other[0] for event in events if (other := exception_words.other(event.detail)) is not None}
    return dict(db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def _line(
    event: AuditEvent, by: str, whom: tuple[str, str] | None, names: dict[int, str], *, keys: bool
) -> Line:
    name, unit = whom or ("", "")
    other = exception_words.other(event.detail)
    return Line(
        event.at,
        by or "系统",
        exception_words.words(event.action),
        name,
        unit,
        exception_words.told(event.action, event.detail),
        exception_words.reason(event.detail) if keys else exception_words.veiled(event.action, event.detail),
        f"{names[other[0]]}{other[1]}" if other and other[0] in names else "",
    )


def _whom(events: Sequence[AuditEvent]) -> dict[tuple[str, str], tuple[str, str]]:
    """(kind, id) of the objects of these events: the candidate's name and unit."""
    of: dict[tuple[str, str], int] = {}
    for kind, subject in subjects.items():
        ids = [int(event.object_id) for event in events if event.object_kind == kind]
        of |= {(kind, str(one)): candidate for one, candidate in subject.candidates(ids).items()}
    names = {
        row.id: (row.name, row.unit)
        for row in db.session.execute(
            select(Candidate.id, Candidate.name, ExamUnit.name.label("unit"))
            .join(ExamUnit, access.stands_in())
            .where(Candidate.id.in_(set(of.values())))
        )
    }
    return {key: names[candidate] for key, candidate in of.items() if candidate in names}
