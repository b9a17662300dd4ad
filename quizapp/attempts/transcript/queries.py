"""What stands in somebody's 学法档案. A constant number of statements."""

from datetime import datetime

from quizapp import clock, dates
from quizapp.attempts import queries as attempts
from quizapp.attempts import wording
from quizapp.attempts.certificates import queries as certificates
from quizapp.attempts.certificates.queries import Own
from quizapp.attempts.my_exam import MyExam
from quizapp.attempts.transcript.entries import Entry, status
from quizapp.exams.models import PURPOSES
from quizapp.exams.queries import status_of


def entries(person_id: int, now: datetime) -> list[Entry]:
    """The exams of a person that are over for them, the newest first."""
    mine = attempts.my_exams(person_id, now)[::-1]
    own = certificates.own([one.candidate.id for one in mine], now)
    found = [_entry(one, own[one.candidate.id], now) for one in mine if one.candidate.id in own]
    return [entry for entry in found if entry.status]


def _entry(one: MyExam, own: Own, now: datetime) -> Entry:
    exam, candidate = one.exam, one.candidate
    ended = candidate.finished_at or exam.closes_at or exam.created_at
    later = candidate.sat and not one.shown.score and exam.state == "published"
    return Entry(
        exam_id=exam.id,
        year=clock.today(ended).year,
        title=exam.title,
        purpose=PURPOSES[exam.purpose],
        makeup=exam.makeup_of_id is not None,
        unit=own.result.unit,
        day=_day(one),
        status=status(status_of(candidate, exam, now), exam.state),
        points=one.points,
        passed=candidate.passed,
        band=one.band,
        score_later=wording.when(exam, exam.show_score, "成绩") if later else "",
        certificate=own.stands.certificate.number if own.stands else "",
        certificate_title=own.stands.certificate.title if own.stands else "",
        fallen=tuple((each.certificate.number, each.standing.word) for each in own.fallen),
        may_take=own.may_take,
    )


def _day(one: MyExam) -> str:
    if one.candidate.finished_at is not None:
        return dates.day(one.candidate.finished_at)
    exam = one.exam
    return dates.until(exam.opens_at, exam.closes_at) if exam.opens_at and exam.closes_at else ""
