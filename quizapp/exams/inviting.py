"""Changes of a draft's audience beyond the invited units: people by name, and units that are left out."""

import re
from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete, func, insert, select

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, audience_queries
from quizapp.exams.models import Exam, ExamAudience, ExamPerson
from quizapp.people.models import Unit
from quizapp.people.queries import inside, people_by_id

MOST_PASTED = 2000  # accounts in one pasted list
_BETWEEN = re.compile(r"[\s,，、;；|]+")


def name(exam: Exam, person_ids: Sequence[int], *, out: bool, day: date, actor_id: int | None) -> int:
    """Invite these people by name, or leave them out. How many. All must be counted in the holding unit's tree."""
    exam, wanted = actions.editable(exam), sorted(set(person_ids))
    found = audience_queries.rules(exam)
    if not wanted:
        raise Refused("nobody", "没有选择人员，没有改动。", "请勾选人员后重试。")
    if len(people_by_id(wanted, [found.holder], day)) != len(wanted):
        raise Refused("foreign_person", "所选人员中有人不在主办单位及其下级单位，没有保存任何改动。")
    _forget(exam, wanted)
    db.session.execute(
        insert(ExamPerson),
        [{"exam_id": exam.id, "person_id": person_id, "excluded": out} for person_id in wanted],
    )
    audit.record("exam.named_out" if out else "exam.named_in", exam, actor_id=actor_id, people=wanted)
    return len(wanted)


def unname(exam: Exam, person_ids: Sequence[int], *, actor_id: int | None) -> int:
    """Take the names back: these people go by their units again. How many were named."""
    exam, wanted = actions.editable(exam), sorted(set(person_ids))
    if not wanted:
        raise Refused("nobody", "没有选择人员，没有改动。", "请勾选人员后重试。")
    gone = _forget(exam, wanted)
    if gone:
        audit.record("exam.unnamed", exam, actor_id=actor_id, people=wanted)
    return gone


def _forget(exam: Exam, person_ids: Sequence[int]) -> int:
    named = delete(ExamPerson).where(ExamPerson.exam_id == exam.id, ExamPerson.person_id.in_(person_ids))
    return len(db.session.scalars(named.returning(ExamPerson.person_id)).all())


def logins_of(text: str) -> list[str]:
    """The accounts of a pasted list, each once, whatever stands between them. Raises Refused for too many."""
    found = list(dict.fromkeys(part for part in _BETWEEN.split(text) if part))
    if len(found) > MOST_PASTED:
        sentence = f"一次最多粘贴{MOST_PASTED}个账号，这次有{len(found)}个，没有保存任何改动。"
        raise Refused("too_many", sentence, "请分几次粘贴。")
    return found


def leave_out(exam: Exam, units: Sequence[tuple[int, bool]], *, actor_id: int | None) -> None:
    """Replace the units that are left out. units: (unit id, with all below it), of the holding unit's tree."""
    exam, wanted = actions.editable(exam), dict(units)
    holder = audience_queries.rules(exam).holder
    inside_it = select(func.count()).where(Unit.id.in_(wanted), inside(Unit.lft, [holder]))
    if db.session.scalar(inside_it) != len(wanted):
        raise Refused("foreign_unit", "排除的单位中有不属于主办单位的单位，没有保存任何改动。")
    left_out = ExamAudience.excluded.is_(True)
    db.session.execute(delete(ExamAudience).where(ExamAudience.exam_id == exam.id, left_out))
    rows = [
        {"exam_id": exam.id, "unit_id": unit_id, "with_below": below, "excluded": True}
        for unit_id, below in wanted.items()
    ]
    if rows:
        db.session.execute(insert(ExamAudience), rows)
    audit.record("exam.units_left_out", exam, actor_id=actor_id, units=sorted(wanted.items()))
