"""Who of a unit has passed and what certificates there are, for who may see their scores. A constant number of
statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select

from quizapp.attempts.certificates import numbers
from quizapp.attempts.certificates import queries as certificates
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.certificates.queries import Own, Shown
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.exams.access import hidden_scores, score_shown
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people import access as people
from quizapp.people.models import Person, Unit
from quizapp.people.queries import found_by
from quizapp.reports.access import COMPLETION

PAGE = 50


@dataclass(frozen=True)
class Line:
    """One candidate who has passed, or had a certificate before."""

    candidate: Candidate
    own: Own

    @property
    def unit(self) -> str:
        return self.own.result.unit

    @property
    def shown(self) -> Shown | None:
        """The certificate that stands, else the newest that does not."""
        return self.own.stands or (self.own.fallen[0] if self.own.fallen else None)

    @property
    def state(self) -> str:
        """有效, 已撤销, 已更正, or 未领取 where there is none yet."""
        return self.shown.standing.word if self.shown else "未领取"


def _wanted(exam: Exam, unit: ExamUnit, words: str = "") -> Any:
    """The candidates of a unit and all below it who have passed or had a certificate, whose scores may be seen."""
    has_one = exists().where(Certificate.candidate_id == Candidate.id)
    found = (
        select(Candidate)
        .where(Candidate.exam_id == exam.id, Candidate.lft.between(unit.lft, unit.rgt))
        .where(or_(Candidate.passed, has_one), Candidate.person_id.not_in(hidden_scores(exam.id)))
    )
    if not words:
        return found
    if number := numbers.read(words):
        return found.where(
            exists().where(Certificate.candidate_id == Candidate.id, Certificate.number == number)
        )
    return found.join(Person, Person.id == Candidate.person_id).where(found_by(words))


def lines(
    exam: Exam, unit: ExamUnit, now: datetime, *, words: str = "", page: int = 1
) -> tuple[list[Line], int]:
    """One page in the order of units, posts and names, and how many there are. words: a name, initials or a number."""
    wanted = _wanted(exam, unit, words)
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    ordered = wanted.order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    some = db.session.scalars(ordered.limit(PAGE).offset((page - 1) * PAGE)).all()
    own = certificates.own([one.id for one in some], now)
    return [Line(one, own[one.id]) for one in some if one.id in own], total


def passed(exam: Exam, unit: ExamUnit, most: int) -> list[int]:
    """The candidates of a unit and all below it who have passed, in the same order; one more than `most` at most."""
    ordered = _wanted(exam, unit).where(Candidate.passed)
    ordered = ordered.order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    return [one.id for one in db.session.scalars(ordered.limit(most + 1))]


def standing(candidate_ids: Sequence[int]) -> list[Shown]:
    """The certificates of these candidates that stand, in the order of the candidates."""
    found = certificates.of_candidates(candidate_ids)
    stands = (certificates.standing_one(found[candidate_id]) for candidate_id in candidate_ids)
    return [one for one in stands if one is not None]


def certificate_or_404(number: str) -> Shown:
    """A certificate of somebody whose score the signed-in person may see."""
    found = certificates.by_number(number)
    if found is None:
        not_found()
    lft = db.session.scalar(
        select(Unit.lft)
        .join(ExamUnit, ExamUnit.unit_id == Unit.id)
        .where(ExamUnit.exam_id == found.result.exam.id, ExamUnit.lft == found.result.candidate.lft)
        .where(people.within(Unit.lft, *COMPLETION))
    )
    if lft is None or not score_shown(found.result.candidate, lft):
        not_found()
    return found
