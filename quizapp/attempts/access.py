"""Attempts and exams that the signed-in person may see; all others answer 404."""

from datetime import datetime
from functools import cache
from typing import Any

from flask_login import current_user
from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import load_only

from quizapp.attempts import journal, starting
from quizapp.attempts.dialects import is_postgresql
from quizapp.attempts.guarded import CLAIMED, NOW
from quizapp.attempts.models import Attempt
from quizapp.attempts.starting import Tried
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams.models import Candidate, Exam
from quizapp.people.sessions import Ticket, is_live

SHOWN_OF_EXAM = (Exam.seed, Exam.title, Exam.grace_s, Exam.multiple_rule)
SHOWN_OF_ATTEMPT = (
    *(Attempt.token, Attempt.exam_id, Attempt.state, Attempt.closes_at, Attempt.refused_after),
    *(Attempt.trial, Attempt.rehearsal, Attempt.epoch, Attempt.revision, Attempt.page_key),
    *(Attempt.layout, Attempt.slots, Attempt.sheet),
)


def own_attempt_or_404(token: str) -> tuple[Attempt, Exam]:
    """The person's own attempt with its exam."""
    found = db.session.execute(
        select(Attempt, Exam)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.token == token, Attempt.person_id == current_user.id)
    ).one_or_none()
    if found is None:
        not_found()
    return found[0], found[1]


def own_paper_or_404(token: str) -> tuple[Attempt, Exam, tuple[int, ...]]:
    """The same, and the slots that the newest save marked 待检查."""
    found = db.session.execute(_paper(), {"its_token": token, "its_person": current_user.id}).one_or_none()
    if found is None:
        not_found()
    return found[0], found[1], journal.doubted(found[2])


def paper_of(token: str, claim: Ticket, now: datetime) -> tuple[Attempt, Exam, tuple[int, ...]] | None:
    """The same of who is known by this claim alone; none where the sign-in does not stand any more."""
    values = {"its_token": token, "its_session": claim.session_id, "its_person": claim.person_id, "now": now}
    if is_postgresql():  # one read needs no BEGIN and no ROLLBACK
        db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
    found = db.session.execute(_live_paper(), values).one_or_none()
    return found and (found[0], found[1], journal.doubted(found[2]))


@cache
def _live_paper() -> Select[Any]:
    return _paper().where(is_live(CLAIMED, NOW))


@cache
def _paper() -> Select[Any]:
    """With what the page of a paper shows, and nothing else: a column that is not asked for costs no time."""
    return (
        select(Attempt, Exam, journal.newest_extra(Attempt.id))
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.token == bindparam("its_token"), Attempt.person_id == bindparam("its_person"))
        .options(load_only(*SHOWN_OF_ATTEMPT, raiseload=True), load_only(*SHOWN_OF_EXAM, raiseload=True))
    )


def own_exam_or_404(exam_id: int) -> tuple[Exam, Candidate]:
    """A published or cancelled exam on whose list the person stands."""
    found = db.session.execute(
        select(Exam, Candidate)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .where(Exam.id == exam_id, Exam.state != "draft", Candidate.person_id == current_user.id)
    ).one_or_none()
    if found is None:
        not_found()
    return found[0], found[1]


def own_start_or_404(exam_id: int, now: datetime) -> tuple[Exam, Candidate, Tried]:
    """The same for who is about to begin, with what they have done of it so far; the candidate's row is locked."""
    rows = db.session.execute(_start(), {"of": exam_id, "its_person": current_user.id}).all()
    if not rows:
        not_found()
    exam, candidate, _ = rows[0]
    return exam, candidate, starting.tried_of([row[2] for row in rows if row[2] is not None], now)


@cache
def _start() -> Any:
    own = and_(Attempt.candidate_id == Candidate.id, Attempt.trial.is_(False))
    return (
        select(Exam, Candidate, Attempt)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .outerjoin(Attempt, own)
        .where(
            Exam.id == bindparam("of"),
            Exam.state != "draft",
            Candidate.person_id == bindparam("its_person"),
        )
        .order_by(Attempt.number)
        .with_for_update(of=Candidate, key_share=True)
        .execution_options(populate_existing=True)
    )
