"""Exams whose analysis the signed-in person may read: those that the person administers; all others answer 404."""

from collections.abc import Iterable

from flask_login import current_user
from sqlalchemy import select

from quizapp.analysis.models import ItemStatistic
from quizapp.bank import access as bank_access
from quizapp.bank import lending
from quizapp.bank.models import Bank
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import access as exam_access
from quizapp.exams import queries as exam_queries
from quizapp.exams.access import READERS, ROLES
from quizapp.exams.models import Exam
from quizapp.people import access as people_access

MAKERS = ROLES


def exam_or_404(exam_id: int) -> Exam:
    """A published exam that the person administers. Raises Refused for one that was voided or cancelled."""
    exam = exam_access.published_or_404(exam_id)
    if exam.state != "published":
        word = "作废" if exam.state == "voided" else "取消"
        raise Refused("voided", f"“{exam.title}”已{word}，答卷不作分析。", "答卷仍然保留，没有改动。")
    return exam


def with_keys_or_refuse(exam: Exam) -> None:
    """Refuses what shows a key where a bank of the exam is lent without keys (组卷可用)."""
    if exam_queries.hides_keys(exam, current_user.id):
        raise Refused(
            "hidden_keys",
            "这场考试用了其他单位出借的题库，标准答案不对您显示，不能查看单题的选项和疑似错误答案。",
            "试卷整体和各题的数字可以查看；需要核对答案的，请联系题库所属单位。",
            status=403,
        )


def with_keys(exams: Iterable[Exam]) -> set[int]:
    """Those of these exams of which the person may see every key. Two statements, for any number."""
    given = list(exams)
    banks = sorted({bank_id for exam in given for bank_id in exam.bank_ids})
    barred = lending.barred(current_user.id, banks, "maintain", *READERS).keys() if banks else set()
    return {exam.id for exam in given if not barred & set(exam.bank_ids)}


def item_or_404(exam: Exam, revision_id: int) -> ItemStatistic:
    """The stored figures of a question of an exam that was loaded before."""
    return db.session.get(ItemStatistic, (exam.id, revision_id)) or not_found()


def may_open(bank: Bank) -> bool:
    """Whether the pages of the bank open for the person."""
    return bool(people_access.roles() & set(bank_access.EVERYBODY)) and bank_access.is_open(bank)


def writable(bank_ids: Iterable[int]) -> set[int]:
    """Those of these banks of whose questions the person may make further versions. Two statements, for any number."""
    kept = bank_access.kept(*bank_access.WRITERS)
    return set(db.session.scalars(select(Bank.id).where(Bank.id.in_(list(bank_ids)), kept)))
