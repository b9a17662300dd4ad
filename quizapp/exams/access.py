"""Exams and candidates that the signed-in person may act on; all others answer 404."""

from collections.abc import Sequence

from flask_login import current_user
from sqlalchemy import ColumnElement, and_, false, or_, select

from quizapp import config
from quizapp.bank import lending
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import seeing
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people import access
from quizapp.people.models import Unit

ROLES = ("exam_administrator", "administrator")
DRAWERS = (*ROLES, "writer")  # whose banks may be drawn from
READERS = (*DRAWERS, "reviewer")  # who sees the keys of the banks in reach
SCORES = ("leader", "administrator", "exam_administrator")  # who sees what candidates scored
ASKERS = ("unit_administrator",)  # who asks for 免考 and 缓考 of their units' candidates


def within_reach() -> ColumnElement[bool]:
    """SQL: the exam's unit (joined as `Unit`) lies in the reach of the person's grants."""
    return access.within(Unit.lft, *ROLES)


def exam_or_404(exam_id: int) -> Exam:
    """An exam held by a unit in the person's reach."""
    exam = db.session.scalar(
        select(Exam).join(Unit, Unit.id == Exam.unit_id).where(Exam.id == exam_id, within_reach())
    )
    if exam is None:
        not_found()
    return exam


def published_or_404(exam_id: int) -> Exam:
    """The same, once it has been published; a draft has no candidates and so no exceptions."""
    exam = exam_or_404(exam_id)
    if exam.published_at is None:
        not_found()
    return exam


def on_duty_or_404(exams: Sequence[Exam], exam_id: int) -> Exam:
    """The one of a person's exams on duty with this id."""
    return next((exam for exam in exams if exam.id == exam_id), None) or not_found()


def may_draw(exam: Exam) -> None:
    """Refuses to show a draft's questions when they would come from a bank that is no longer lent."""
    if exam.published_at is not None:
        return
    barred = lending.barred(current_user.id, exam.bank_ids, "compose", *DRAWERS)
    if barred:
        names = "、".join(f"“{title}”" for title in barred.values())
        raise Refused(
            "barred", f"{names}没有出借给您的单位或出借已结束，不能从中组卷。", "请在考试中更换题库。"
        )


def candidate_or_404(exam: Exam, candidate_id: int) -> Candidate:
    """A candidate of an exam that was loaded before."""
    candidate = db.session.get(Candidate, candidate_id)
    if candidate is None or candidate.exam_id != exam.id:
        not_found()
    return candidate


def stands_in() -> ColumnElement[bool]:
    """SQL: the row of the exam's own tree (ExamUnit) in which a candidate is counted."""
    return and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft)


def of_own_units() -> ColumnElement[bool]:
    """SQL: a unit of an exam's own tree (ExamUnit joined with `Unit`) lies in the reach of a unit administrator.

    Reach is judged by where the unit stands today: whoever answers for it now answers for its candidates.
    """
    return access.within(Unit.lft, *ASKERS)


def exam_of_own_units_or_404(exam_id: int) -> Exam:
    """A published exam in which some unit lies in the reach of the unit administrator."""
    own = select(ExamUnit.exam_id).join(Unit, Unit.id == ExamUnit.unit_id).where(of_own_units())
    exam = db.session.scalar(
        select(Exam).where(Exam.id == exam_id, Exam.published_at.is_not(None), Exam.id.in_(own))
    )
    if exam is None:
        not_found()
    return exam


# Scores -----------------------------------------------------------------------------------------------------


def score_shown(candidate: Candidate, lft: int) -> bool:
    """Whether the signed-in person may see what this candidate scored. lft: where the unit of that day stands today.

    Every page and every file asks here before it prints a score: see `seeing`.
    """
    return seeing.may_see_score(
        lft,
        [(grant.lft, grant.rgt) for grant in access.reach(*SCORES)],
        leading=seeing.is_leading(candidate.category, candidate.post, config.value("LEADING_STAFF")),
        own=candidate.person_id == current_user.id,
    )


def perhaps_leading() -> ColumnElement[bool]:
    """SQL over Candidate: may belong to the 领导班子; `seeing.is_leading` decides."""
    named = seeing.words(config.value("LEADING_STAFF"))
    posts = (Candidate.post.contains(one, autoescape=True) for one in named)
    return or_(Candidate.category.in_(named), *posts) if named else false()


def homes() -> set[int]:
    """The units whose scores the reader sees from there and not from above: the 领导班子 of these stays hidden."""
    mine = [(one.lft, one.rgt) for one in access.reach(*SCORES)]
    return {one.unit_id for one in access.reach(*SCORES) if seeing.sees_only_from(one.lft, mine)}


def hidden_scores(exam_id: int) -> set[int]:
    """The people of an exam whose scores the signed-in person may not see. One statement."""
    units = homes()
    rows = db.session.execute(
        select(Candidate, Unit.lft)
        .join(ExamUnit, and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft))
        .join(Unit, Unit.id == ExamUnit.unit_id)
        .where(Candidate.exam_id == exam_id, ExamUnit.unit_id.in_(units), perhaps_leading())
    )
    return {candidate.person_id for candidate, lft in rows if not score_shown(candidate, lft)}
