"""Sessions that the signed-in person may arrange or watch over; all others answer 404."""

from flask_login import current_user
from sqlalchemy import exists, or_, select

from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams.access import within_reach
from quizapp.exams.halls.models import HallInvigilator, HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Unit


def session_or_404(exam: Exam, session_id: int) -> HallSession:
    """A session of an exam that was loaded before."""
    session = db.session.get(HallSession, session_id)
    if session is None or session.exam_id != exam.id:
        not_found()
    return session


def watched_or_404(session_id: int) -> tuple[HallSession, Exam]:
    """A session of which the person is an invigilator, or whose exam lies in the reach of those who make exams."""
    mine = exists().where(
        HallInvigilator.session_id == HallSession.id, HallInvigilator.person_id == current_user.id
    )
    found = db.session.execute(
        select(HallSession, Exam)
        .join(Exam, Exam.id == HallSession.exam_id)
        .join(Unit, Unit.id == Exam.unit_id)
        .where(HallSession.id == session_id, or_(mine, within_reach()))
    ).one_or_none()
    if found is None:
        not_found()
    return found[0], found[1]


def place_or_404(session: HallSession, candidate_id: int) -> tuple[HallPlace, Candidate]:
    """A candidate's place in a session that was loaded before."""
    found = db.session.execute(
        select(HallPlace, Candidate)
        .join(Candidate, Candidate.id == HallPlace.candidate_id)
        .where(HallPlace.session_id == session.id, HallPlace.candidate_id == candidate_id)
    ).one_or_none()
    if found is None:
        not_found()
    return found[0], found[1]
