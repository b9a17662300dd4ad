"""What lies in an archive, read from the tables; long lists a thousand rows at a time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import aliased

from quizapp.attempts import marks
from quizapp.attempts.models import MarkingRun
from quizapp.audit import AuditEvent
from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.exams import audience_queries, exception_log, queries
from quizapp.exams.access import stands_in
from quizapp.exams.halls.models import HallInvigilator, HallNote, HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam, ExamPerson, ExamUnit, ExcuseRequest, UnitWindow
from quizapp.people.models import Person, Unit
from quizapp.reports.documents.score_list import Line

CHUNK = 1000
ORDER = (Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)


def top_of(exam_id: int) -> ExamUnit:
    """The topmost unit of the exam's own tree: the one that holds it."""
    return db.session.scalars(
        select(ExamUnit).where(ExamUnit.exam_id == exam_id).order_by(ExamUnit.lft).limit(1)
    ).one()


def lines(exam: Exam, hidden: Set[int], now: datetime) -> Iterator[Line]:
    """Everybody on the list in its order, for the lists of candidates and scores. hidden: people whose scores are not
    shown. One statement."""
    wanted = (
        select(Candidate, ExamUnit.name)
        .join(ExamUnit, stands_in())
        .where(Candidate.exam_id == exam.id)
        .order_by(*ORDER)
        .execution_options(yield_per=CHUNK)
    )
    for one, unit in db.session.execute(wanted):
        yield Line(
            unit,
            one.name,
            one.post,
            queries.status_of(one, exam, now),
            one.points if one.sat else None,
            one.passed,
            one.person_id not in hidden,
        )


@dataclass(frozen=True)
class Excuse:
    """A request for 免考 or 缓考 with its decision."""

    unit: str
    name: str
    request: ExcuseRequest
    asked_by: str
    decided_by: str


def excuses(exam_id: int) -> Iterator[Excuse]:
    """All requests of an exam in the order of the list. One statement."""
    asker, decider = aliased(Person), aliased(Person)
    rows = db.session.execute(
        select(
            *(ExamUnit.name, Candidate.name, ExcuseRequest),
            *(func.coalesce(asker.name, ""), func.coalesce(decider.name, "")),
        )
        .select_from(ExcuseRequest)
        .join(Candidate, Candidate.id == ExcuseRequest.candidate_id)
        .join(ExamUnit, stands_in())
        .outerjoin(asker, asker.id == ExcuseRequest.asked_by_id)
        .outerjoin(decider, decider.id == ExcuseRequest.decided_by_id)
        .where(Candidate.exam_id == exam_id)
        .order_by(*ORDER, ExcuseRequest.id)
        .execution_options(yield_per=CHUNK)
    )
    return (Excuse(*row) for row in rows)


def exceptions(exam_id: int, *, keys: bool) -> Iterator[exception_log.Line]:
    """例外记录, the newest first, a thousand at a time. keys: whether the archive may name keys."""
    page, told = 1, 0
    while True:
        found, total = exception_log.lines(exam_id, page=page, size=CHUNK, keys=keys)
        yield from found
        told, page = told + len(found), page + 1
        if told >= total or not found:
            return


@dataclass(frozen=True)
class Hall:
    """A 场次 with its record. placed, arrived, late: how many had a place, came, and were let in late."""

    session: HallSession
    invigilators: tuple[str, ...]
    notes: tuple[tuple[datetime, str, str, str], ...]  # when, by whom, about whom, what
    placed: int
    arrived: int
    late: int


def halls(exam_id: int) -> list[Hall]:
    """The 场次 of an exam in the order of time. Four statements."""
    here = select(HallSession.id).where(HallSession.exam_id == exam_id)
    watching: dict[int, list[str]] = defaultdict(list)
    for session_id, name in db.session.execute(
        select(HallInvigilator.session_id, Person.name)
        .join(Person, Person.id == HallInvigilator.person_id)
        .where(HallInvigilator.session_id.in_(here))
        .order_by(Person.name_key, Person.account)
    ):
        watching[session_id].append(name)
    notes: dict[int, list[tuple[datetime, str, str, str]]] = defaultdict(list)
    for session_id, at, by, about, words in db.session.execute(
        select(
            *(HallNote.session_id, HallNote.at, Person.name),
            *(func.coalesce(Candidate.name, ""), HallNote.text),
        )
        .join(Person, Person.id == HallNote.by_id)
        .outerjoin(Candidate, Candidate.id == HallNote.candidate_id)
        .where(HallNote.session_id.in_(here))
        .order_by(HallNote.at, HallNote.id)
    ):
        notes[session_id].append((at, by, about, words))
    counts = {
        row[0]: row[1:]
        for row in db.session.execute(
            select(
                HallPlace.session_id,
                func.count(),
                func.count(HallPlace.arrived_at),
                func.count(HallPlace.admitted_late_by_id),
            )
            .where(HallPlace.session_id.in_(here))
            .group_by(HallPlace.session_id)
        )
    }
    sessions = db.session.scalars(
        select(HallSession)
        .where(HallSession.exam_id == exam_id)
        .order_by(HallSession.opens_at, HallSession.id)
    )
    return [
        Hall(one, tuple(watching[one.id]), tuple(notes[one.id]), *counts.get(one.id, (0, 0, 0)))
        for one in sessions
    ]


def seats(exam_id: int) -> Iterator[Any]:
    """Who sat where: (session, hall, seat, name, unit, arrived), by session and seat. One statement."""
    return iter(
        db.session.execute(
            select(
                *(HallSession.title, HallSession.hall, HallPlace.seat, Candidate.name, ExamUnit.name),
                HallPlace.arrived_at,
            )
            .select_from(HallPlace)
            .join(HallSession, HallSession.id == HallPlace.session_id)
            .join(Candidate, Candidate.id == HallPlace.candidate_id)
            .join(ExamUnit, stands_in())
            .where(HallSession.exam_id == exam_id)
            .order_by(HallSession.opens_at, HallSession.id, HallPlace.seat.nulls_last(), *ORDER)
            .execution_options(yield_per=CHUNK)
        )
    )


@dataclass(frozen=True)
class Times:
    """A time that a unit was given. unit: its name."""

    unit: str
    window: UnitWindow
    by: str


def unit_times(exam_id: int) -> list[Times]:
    """Slots and extensions of units in the order in which they were given. One statement."""
    rows = db.session.execute(
        select(Unit.name, UnitWindow, func.coalesce(Person.name, ""))
        .join(Unit, Unit.id == UnitWindow.unit_id)
        .outerjoin(Person, Person.id == UnitWindow.by_id)
        .where(UnitWindow.exam_id == exam_id)
        .order_by(UnitWindow.id)
    )
    return [Times(*row) for row in rows]


def banks(exam: Exam) -> list[str]:
    """The titles of the banks it draws from."""
    return list(
        db.session.scalars(select(Bank.title).where(Bank.id.in_(exam.bank_ids)).order_by(Bank.title, Bank.id))
    )


def audience(exam: Exam) -> list[str]:
    """For whom it was, in words: units, then how many were named in or out. Two statements."""
    named = dict(
        db.session.execute(
            select(ExamPerson.excluded, func.count())
            .where(ExamPerson.exam_id == exam.id)
            .group_by(ExamPerson.excluded)
        ).all()
    )
    return [
        *(f"{'排除：' if area.excluded else ''}{area.words}" for area in audience_queries.areas(exam.id)),
        *([f"点名加入{named[False]}人"] if named.get(False) else []),
        *([f"点名排除{named[True]}人"] if named.get(True) else []),
    ]


# Corrections ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """A marking run. by, approved: names; changed: revision → (before, after), as keys of a run. better: whether a
    sheet gets the better of this and an earlier total."""

    row: MarkingRun
    by: str
    reason: str
    approved: tuple[datetime, str] | None
    changed: dict[int, tuple[marks.Key, marks.Key]]
    better: bool


def runs(exam_id: int) -> list[Run]:
    """All marking runs in their order, each with what it changed. Two statements."""
    rows = db.session.execute(
        select(MarkingRun, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == MarkingRun.created_by_id)
        .where(MarkingRun.exam_id == exam_id)
        .order_by(MarkingRun.number)
    ).all()
    events = db.session.execute(
        select(AuditEvent, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.object_kind == MarkingRun.__tablename__)
        .where(
            AuditEvent.object_id.in_(select(cast(MarkingRun.id, String)).where(MarkingRun.exam_id == exam_id))
        )
        .order_by(AuditEvent.id)
    ).all()
    reasons: dict[str, str] = {}
    approvals: dict[str, tuple[datetime, str]] = {}
    for event, name in events:
        if event.detail.get("reason"):
            reasons.setdefault(event.object_id, str(event.detail["reason"]))
        if event.action == "marking_run.activated":
            approvals[event.object_id] = (event.at, name)
    found: list[Run] = []
    before: Mapping[int, marks.Key] = {}
    for row, by in rows:
        keys = marks.keys_from_json(row.keys)
        changed = {
            one: (before[one], keys[one]) for one in keys if one in before and before[one] != keys[one]
        }
        of = str(row.id)
        found.append(Run(row, by, reasons.get(of, ""), approvals.get(of), changed, len(keys.every) > 1))
        before = keys
    return found


def stems(revision_ids: Sequence[int]) -> dict[int, str]:
    """The stems of these revisions."""
    rows = db.session.execute(select(Revision.id, Revision.stem).where(Revision.id.in_(revision_ids)))
    return dict(rows.all())


# Makings ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Making:
    """An archive that was made: when, by whom, and its hashes."""

    at: datetime
    by: str
    whole: str
    sha256: str


def makings(exam_id: int) -> list[Making]:
    """The archives made of an exam, the newest first."""
    return [making for making, _ in _makings(and_(AuditEvent.object_id == str(exam_id)))]


def made_as(whole: str) -> tuple[Making, str] | None:
    """The making with this 整包校验值 and the id of its exam; none for one that was never made here."""
    return next(((making, exam) for making, exam in _makings() if making.whole == whole), None)


def _makings(*conditions: Any) -> list[tuple[Making, str]]:
    rows = db.session.execute(
        select(AuditEvent, func.coalesce(Person.name, ""))
        .outerjoin(Person, Person.id == AuditEvent.actor_id)
        .where(AuditEvent.action == "exam.archived", AuditEvent.object_kind == "exam", *conditions)
        .order_by(AuditEvent.id.desc())
    )
    return [
        (Making(event.at, name or "命令行", event.detail["whole"], event.detail["sha256"]), event.object_id)
        for event, name in rows
    ]
