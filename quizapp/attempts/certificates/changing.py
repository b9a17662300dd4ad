"""Switching the certificates of a published exam on or off, or giving them another name: a recorded exception."""

from sqlalchemy import case, distinct, func, select

from quizapp import audit
from quizapp.attempts.certificates import setting
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.certificates.setting import Numbers, Setting
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, preconditions, queries
from quizapp.exams.models import Candidate, Exam, ExamUnit

SENTENCES = {
    "mock": "模拟考试不颁发合格证，没有改动。",
    "never_shown": "成绩不显示的考试不能颁发合格证，没有改动。",
}


def numbers_of(exam_id: int) -> Numbers:
    """How many have passed, how many of these hold certificates, how many were made. Two statements."""
    holders, made = db.session.execute(
        select(func.count(distinct(case((Candidate.passed, Candidate.id)))), func.count(Certificate.id))
        .select_from(Certificate)
        .join(Candidate, Candidate.id == Certificate.candidate_id)
        .where(Candidate.exam_id == exam_id)
    ).one()
    return Numbers(queries.sums(exam_id)["passed"], holders, made)


def holder_of(exam: Exam) -> str:
    """The unit that holds a published exam, as it was called then: who issues where nobody else is named."""
    named = ExamUnit.unit_id == exam.unit_id
    return db.session.scalars(select(ExamUnit.name).where(ExamUnit.exam_id == exam.id, named)).one()


def setting_of(exam: Exam) -> Setting:
    return Setting(exam.certificates, exam.certificate_title, exam.certificate_issuer)


def cannot(exam: Exam) -> str:
    """Why this exam can issue none, as a sentence; "" where it can."""
    reason = setting.hindrance(mock=exam.purpose == "mock", show_score=exam.show_score)
    return SENTENCES[reason] if reason else ""


def change(exam: Exam, wanted: Setting, reason: str, *, seen: int, actor_id: int | None) -> None:
    """Let an exam issue certificates so from now on. seen: how many held one when the consequences were read.

    Raises Refused for an exam that is not published or can issue none, without a reason, where nothing changes, and
    where others have taken certificates meanwhile.
    """
    exam = actions.locked(exam)
    preconditions.published(exam)
    preconditions.reason_given(reason)
    if wanted.issues and (sentence := cannot(exam)):
        raise Refused("cannot", sentence)
    before, holder, numbers = setting_of(exam), holder_of(exam), numbers_of(exam.id)
    if before.words(holder) == wanted.words(holder):
        raise Refused("same", "合格证的设置没有变化。")
    if numbers.holders != seen:
        sentence = f"领取合格证的人数由{seen}人变为{numbers.holders}人，没有改动。"
        raise Refused("moved", sentence, "请返回核对影响后重新提交。")
    exam.certificates, exam.certificate_title, exam.certificate_issuer = (
        wanted.issues,
        wanted.title,
        wanted.issuer,
    )
    audit.record(
        "exam.certificates_changed",
        exam,
        actor_id=actor_id,
        reason=reason,
        before=before.words(holder),
        after=wanted.words(holder),
        holders=numbers.holders,
    )
