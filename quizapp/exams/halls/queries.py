"""What the pages of halls read. Every function is one statement, or says how many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from quizapp.db import db
from quizapp.exams import queries as exams
from quizapp.exams.halls.models import HallInvigilator, HallNote, HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Person, Unit


@dataclass(frozen=True)
class Listed:
    """A session in the list of an exam."""

    session: HallSession
    placed: int  # candidates with a place
    arrived: int
    invigilators: int


def sessions(exam_id: int) -> list[Listed]:
    """The sessions of an exam with their counts, in the order of time."""
    placed = (
        select(
            HallPlace.session_id,
            func.count().label("placed"),
            func.count(HallPlace.arrived_at).label("arrived"),
        )
        .group_by(HallPlace.session_id)
        .subquery()
    )
    watching = (
        select(func.count()).where(HallInvigilator.session_id == HallSession.id).correlate(HallSession)
    ).scalar_subquery()
    rows = db.session.execute(
        select(HallSession, placed.c.placed, placed.c.arrived, watching)
        .outerjoin(placed, placed.c.session_id == HallSession.id)
        .where(HallSession.exam_id == exam_id)
        .order_by(HallSession.opens_at, HallSession.id)
    )
    return [Listed(session, p or 0, a or 0, w) for session, p, a, w in rows]


def watched(person_id: int, now: datetime) -> list[tuple[HallSession, str]]:
    """The sessions that a person is to watch over and that are not long past, each with the title of its exam."""
    rows = db.session.execute(
        select(HallSession, Exam.title)
        .join(HallInvigilator, HallInvigilator.session_id == HallSession.id)
        .join(Exam, Exam.id == HallSession.exam_id)
        .where(HallInvigilator.person_id == person_id, Exam.state == "published")
        .order_by(HallSession.closes_at < now, HallSession.opens_at, HallSession.id)
    )
    return [(session, title) for session, title in rows]


@dataclass(frozen=True)
class Seated:
    """A candidate's place as lists show it."""

    place: HallPlace
    candidate: Candidate
    unit: str
    account: str


def places(session_id: int) -> list[Seated]:
    """Everybody placed in a session, by seat, then in the order of units and posts."""
    rows = db.session.execute(seated().where(HallPlace.session_id == session_id))
    return [Seated(*row) for row in rows]


def seated() -> Select[HallPlace, Candidate, str, str]:
    """Places with candidate, unit and account, in the order of lists."""
    return (
        select(HallPlace, Candidate, Unit.name, Person.account)
        .join(Candidate, Candidate.id == HallPlace.candidate_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .join(Person, Person.id == Candidate.person_id)
        .order_by(HallPlace.seat.nulls_last(), *in_order())
    )


def in_order() -> tuple[Any, ...]:
    """The order of candidates everywhere: 单位, 职务, pinyin."""
    return (Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)


def invigilators(session_id: int) -> list[tuple[int, str, str]]:
    """(person id, name, account) of the 监考人员 of a session."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.account)
        .join(HallInvigilator, HallInvigilator.person_id == Person.id)
        .where(HallInvigilator.session_id == session_id)
        .order_by(Person.name_key, Person.account)
    )
    return [(person_id, name, account) for person_id, name, account in rows]


@dataclass(frozen=True)
class Note:
    """A line of the 考场情况记录."""

    at: datetime
    by: str
    about: str  # the candidate it is about, or ""
    text: str


def notes(session_id: int) -> list[Note]:
    """The record of a session in the order in which it was written."""
    rows = db.session.execute(
        select(HallNote.at, Person.name, func.coalesce(Candidate.name, ""), HallNote.text)
        .join(Person, Person.id == HallNote.by_id)
        .outerjoin(Candidate, Candidate.id == HallNote.candidate_id)
        .where(HallNote.session_id == session_id)
        .order_by(HallNote.at, HallNote.id)
    )
    return [Note(*row) for row in rows]


def place_of(candidate_id: int) -> tuple[HallSession, HallPlace] | None:
    """Where and when a candidate sits in a hall, if anywhere."""
    found = db.session.execute(
        select(HallSession, HallPlace)
        .join(HallPlace, HallPlace.session_id == HallSession.id)
        .where(HallPlace.candidate_id == candidate_id)
    ).one_or_none()
    return (found[0], found[1]) if found is not None else None


# Who is still to be placed ----------------------------------------------------------------------------------


def unplaced() -> ColumnElement[bool]:
    """SQL: the candidate is to sit the exam, has not begun, and has no place in any session."""
    placed = exists().where(HallPlace.candidate_id == Candidate.id)
    return and_(Candidate.status == "expected", Candidate.started.is_(False), ~placed)


def watches(session_id: int) -> ColumnElement[bool]:
    """SQL: the candidate is a 监考人员 of this session, and so cannot sit in it."""
    return exists().where(
        HallInvigilator.session_id == session_id, HallInvigilator.person_id == Candidate.person_id
    )


def to_place(session: HallSession, interval: tuple[int, int] | None = None) -> list[int]:
    """The candidates whom a session may take, in tree order; interval: of a unit and all below it."""
    wanted = select(Candidate.id).where(Candidate.exam_id == session.exam_id, unplaced())
    wanted = wanted.where(~watches(session.id)).order_by(*in_order())
    if interval is not None:
        wanted = wanted.where(Candidate.lft.between(*interval))
    return list(db.session.scalars(wanted))


@dataclass(frozen=True)
class Named:
    """A candidate who was named by account. may_sit: expected, and not begun yet."""

    candidate_id: int
    name: str
    may_sit: bool
    placed: bool
    watches: bool


def named(session: HallSession, logins: Sequence[str]) -> dict[str, Named]:
    """The candidates of a session's exam with these 学法账号 or 工号, by what was typed, in the order of lists."""
    rows = db.session.execute(
        select(Person.account, Person.staff_number, Candidate, HallPlace.session_id, watches(session.id))
        .join(Candidate, Candidate.person_id == Person.id)
        .outerjoin(HallPlace, HallPlace.candidate_id == Candidate.id)
        .where(Candidate.exam_id == session.exam_id)
        .where(or_(Person.account.in_(logins), Person.staff_number.in_(logins)))
        .order_by(*in_order())
    )
    return {
        account if account in logins else number or "": Named(
            one.id, one.name, _may_sit(one), session_id is not None, watching
        )
        for account, number, one, session_id, watching in rows
    }


def _may_sit(candidate: Candidate) -> bool:
    return candidate.status == "expected" and not candidate.started


@dataclass(frozen=True)
class UnitChoice:
    """A unit whose candidates may be placed. left: without a place, in it and below."""

    unit_id: int
    name: str
    depth: int
    left: int


def units(exam_id: int) -> list[UnitChoice]:
    """The units of the exam's own tree with candidates that have no place yet. Two statements."""
    counted = dict(
        db.session.execute(
            select(Candidate.lft, func.count())
            .where(Candidate.exam_id == exam_id, unplaced())
            .group_by(Candidate.lft)
        ).all()
    )
    found, open_ends = [], list[int]()
    for unit in exams.frozen_units(exam_id):
        while open_ends and open_ends[-1] < unit.lft:
            open_ends.pop()
        left = sum(n for lft, n in counted.items() if unit.lft <= lft <= unit.rgt)
        if left:
            found.append(UnitChoice(unit.unit_id, unit.name, len(open_ends), left))
        open_ends.append(unit.rgt)
    return found
