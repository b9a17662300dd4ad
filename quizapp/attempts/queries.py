"""What the pages of this area read. Every function runs a constant number of statements."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, exists, func, select

from quizapp.attempts import guards
from quizapp.attempts import layout as layouts
from quizapp.attempts.models import Attempt, Closing
from quizapp.attempts.my_exam import MyExam
from quizapp.bank import queries as bank
from quizapp.clock import today
from quizapp.db import db
from quizapp.exams import holiday_tables, windows
from quizapp.exams import queries as exam_queries
from quizapp.exams.drawing import Place
from quizapp.exams.holidays import Table
from quizapp.exams.models import Candidate, Exam
from quizapp.people.sessions import Ticket, is_live


def my_exams(person_id: int, now: datetime) -> list[MyExam]:
    """The exams of a person, the earliest end first; three statements."""
    latest = (
        select(Candidate.exam_id, func.max(Candidate.personal_closes_at).label("latest"))
        .where(Candidate.personal_closes_at.is_not(None))
        .group_by(Candidate.exam_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Exam, Candidate, latest.c.latest)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .outerjoin(latest, latest.c.exam_id == Exam.id)
        .where(Candidate.person_id == person_id, Exam.state != "draft")
        .order_by(Exam.closes_at, Exam.id)
    ).all()
    attempts: dict[int, list[Attempt]] = {exam.id: [] for exam, _, _ in rows}
    for attempt in db.session.scalars(
        select(Attempt)
        .where(Attempt.person_id == person_id, Attempt.trial.is_(False))
        .order_by(Attempt.exam_id, Attempt.number)
    ):
        attempts.get(attempt.exam_id, []).append(attempt)
    days = _holidays(now, max((windows.window_of(e, c).ends for e, c, _ in rows if e.closes_at), default=now))
    return [MyExam(exam, candidate, attempts[exam.id], until, now, days) for exam, candidate, until in rows]


def _holidays(now: datetime, end: datetime) -> Table:
    """What is known of the working days until an end that has not passed."""
    return holiday_tables.table(today(now), today(end)) if end > now else {}


def my_exam(exam: Exam, candidate: Candidate, now: datetime) -> MyExam:
    """The same for one exam that was loaded before."""
    own = db.session.scalars(
        select(Attempt)
        .where(Attempt.exam_id == exam.id, Attempt.person_id == candidate.person_id, Attempt.trial.is_(False))
        .order_by(Attempt.number)
    )
    days = _holidays(now, windows.window_of(exam, candidate).ends)
    return MyExam(exam, candidate, list(own), exam_queries.latest_personal(exam.id), now, days)


# The paper --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Question:
    """One question as it stands on a paper: options by displayed letter. No key, no explanation."""

    number: int
    kind: str
    kind_word: str
    stem: str
    options: list[tuple[str, str]]
    points: int  # tenths of a 分
    chosen: str  # displayed letters

    @property
    def many(self) -> bool:
        return self.kind == "multiple"


def question_at(number: int, place: Place, face: bank.Face, chosen: str) -> Question:
    options = [
        (letter, face.options[layouts.LETTERS.index(own)])
        for letter, own in zip(layouts.LETTERS, place.order, strict=False)
    ]
    return Question(number, face.kind, face.kind_word, face.stem, options, place.points, chosen)


@dataclass(frozen=True)
class Status:
    """What the exam page asks every minute."""

    state: str
    epoch: int
    closes_at: datetime | None
    receipt: str | None


def status(token: str, claim: Ticket, now: datetime) -> tuple[Status | None, bool]:
    """The state of one's own attempt (none: there is no such), and whether the sign-in stands. Writes nothing."""
    receipt = (
        select(Closing.receipt)
        .where(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None))
        .order_by(Closing.n.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            *(Attempt.state, Attempt.epoch, Attempt.closes_at, Attempt.refused_after),
            receipt.label("receipt"),
            is_live(claim, now).label("live"),
        ).where(Attempt.token == token, Attempt.person_id == claim.person_id)
    ).one_or_none()
    if row is None:
        return None, bool(db.session.scalar(select(is_live(claim, now))))
    over = row.state == "in_progress" and not guards.is_open(row.state, row.refused_after, now)
    return Status("expired" if over else row.state, row.epoch, row.closes_at, row.receipt), row.live


# What an exam closes -----------------------------------------------------------------------------------------------


def exam_running(person_id: int, now: datetime) -> bool:
    """Whether this person is sitting an exam, open book or not: then practice, which shows keys, is closed to them."""
    return bool(db.session.scalar(select(_running(person_id, now))))


def closed_book_running(person_id: int, now: datetime) -> bool:
    """Whether this person is sitting a closed-book exam: then the text of the law is closed to them too."""
    return bool(db.session.scalar(select(_running(person_id, now).where(Exam.open_book.is_(False)))))


def ends_of_sittings(exam_id: int, now: datetime) -> list[datetime]:
    """When the sittings of an exam that are under way close; trials do not count."""
    ends = db.session.scalars(
        select(Attempt.closes_at).where(
            Attempt.exam_id == exam_id, Attempt.trial.is_(False), guards.in_progress(), guards.in_time(now)
        )
    )
    return [end for end in ends if end is not None]


def _running(person_id: int, now: datetime) -> Exists:
    return (
        exists()
        .where(Attempt.person_id == person_id, Attempt.trial.is_(False), Exam.id == Attempt.exam_id)
        .where(guards.in_progress(), guards.in_time(now))
    )
