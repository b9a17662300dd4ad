"""Certificates beside the result that counts today: one row holds all that tells whether they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from quizapp import clock
from quizapp.attempts.certificates import claims, standing
from quizapp.attempts.certificates.claims import Claim
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.certificates.standing import Standing
from quizapp.attempts.my_exam import shown
from quizapp.db import db
from quizapp.exams import windows
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Person

GONE = ("voided", "cancelled")  # states of an exam whose results count nowhere


@dataclass(frozen=True)
class Result:
    """What counts today for one candidate, and what a certificate would say of it."""

    candidate: Candidate
    exam: Exam
    unit: str  # in which the candidate is counted
    claim: Claim | None  # none for who has not passed
    latest: datetime | None  # personal end of any candidate

    def hindrance(self, now: datetime) -> str:
        """Why there is no certificate now: see `standing.hindrance`."""
        exam, one = self.exam, self.candidate
        seen = shown(exam, handed_in=one.sat, latest=self.latest, now=now)
        over = exam.closes_at is not None and windows.is_over(
            now, closes_at=exam.closes_at, latest_personal=self.latest, grace_s=exam.grace_s
        )
        return standing.hindrance(
            issues=exam.certificates,
            voided=exam.state in GONE,
            passed=self.claim is not None,
            score_shown=seen.score or not one.sat,
            may_fall=standing.may_fall(counts=exam.counts, tries=exam.attempts_allowed + one.extra_attempts),
            over=over,
        )

    @property
    def examined_on(self) -> date:
        """The day in China on which the attempt that counts ended."""
        if self.candidate.finished_at is None:
            raise ValueError("who has passed has finished")
        return clock.today(self.candidate.finished_at)


@dataclass(frozen=True)
class Shown:
    """A certificate and whether it stands."""

    certificate: Certificate
    result: Result

    @property
    def standing(self) -> Standing:
        made = self.certificate.signed.printed.claim
        return standing.standing(made, self.result.claim, voided=self.result.exam.state in GONE)


def _results() -> Any:
    latest = (
        select(func.max(Candidate.personal_closes_at))
        .where(Candidate.exam_id == Exam.id, Candidate.personal_closes_at.is_not(None))
        .correlate(Exam)
        .scalar_subquery()
    )
    holder = aliased(ExamUnit)  # as it was called when the exam was published
    return (
        select(
            *(Candidate, Exam, Person.name, ExamUnit.name.label("unit"), holder.name.label("holder")),
            latest.label("latest"),
        )
        .select_from(Candidate)
        .join(Exam, Exam.id == Candidate.exam_id)
        .join(Person, Person.id == Candidate.person_id)
        .join(ExamUnit, and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft))
        .join(holder, and_(holder.exam_id == Exam.id, holder.unit_id == Exam.unit_id))
    )


def _result(row: Any) -> Result:
    candidate, exam, name, unit, holder, latest = row
    claim = None
    if candidate.sat and candidate.passed:
        claim = claims.claim(
            title=exam.certificate_title,
            name=name,
            unit=unit,
            exam=exam.title,
            excellent=candidate.excellent,
            issuer=exam.certificate_issuer or holder,
        )
    return Result(candidate, exam, unit, claim, latest)


def results(candidate_ids: Iterable[int]) -> list[Result]:
    """What counts today for these candidates. One statement."""
    wanted = _results().where(Candidate.id.in_(list(candidate_ids))).order_by(Candidate.id)
    return [_result(row) for row in db.session.execute(wanted)]


def _shown() -> Any:
    return _results().join(Certificate, Certificate.candidate_id == Candidate.id).add_columns(Certificate)


def _as_shown(row: Any) -> Shown:
    return Shown(row[-1], _result(row[:-1]))


def by_number(number: str) -> Shown | None:
    """The certificate with this number, and whether it stands. One statement."""
    row = db.session.execute(_shown().where(Certificate.number == number)).one_or_none()
    return _as_shown(row) if row is not None else None


def any_made(exam_id: int) -> bool:
    """Whether anybody has ever taken a certificate of this exam. One statement."""
    made = select(Certificate.id).join(Candidate, Candidate.id == Certificate.candidate_id)
    return db.session.scalar(made.where(Candidate.exam_id == exam_id).limit(1)) is not None


def of_candidates(candidate_ids: Sequence[int]) -> dict[int, list[Shown]]:
    """Every certificate of these candidates, the newest first, by candidate. One statement."""
    found: dict[int, list[Shown]] = {candidate_id: [] for candidate_id in candidate_ids}
    wanted = _shown().where(Candidate.id.in_(list(candidate_ids))).order_by(Certificate.id.desc())
    for row in db.session.execute(wanted):
        one = _as_shown(row)
        found[one.result.candidate.id].append(one)
    return found


def standing_one(certificates: Iterable[Shown]) -> Shown | None:
    """The one of these that stands; there is at most one."""
    return next((one for one in certificates if one.standing.is_valid), None)


@dataclass(frozen=True)
class Own:
    """What one exam offers its candidate of certificates."""

    result: Result
    stands: Shown | None
    fallen: Sequence[Shown]  # those that do not stand, the newest first
    may_take: bool  # one can be made now


def own(candidate_ids: Sequence[int], now: datetime) -> dict[int, Own]:
    """The certificates of these candidates and whether there can be one, by candidate. Two statements."""
    made, found = of_candidates(candidate_ids), {}
    for result in results(candidate_ids):
        certificates = made[result.candidate.id]
        stands = standing_one(certificates)
        fallen = [one for one in certificates if one is not stands]
        may_take = stands is None and not result.hindrance(now)
        found[result.candidate.id] = Own(result, stands, fallen, may_take)
    return found
