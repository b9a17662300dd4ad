"""The difference between today's roster and a frozen list as the tables give it, and applying what was ticked."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, case, func, not_, or_, select

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import adding, audience_queries
from quizapp.exams.list_changes import Difference, Frozen, Today, difference
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import current, in_order

STALE = "名单或名册在您查看之后有变动，没有增加任何人。"


def changes(exam: Exam, day: date) -> Difference:
    """The difference on a day. Five statements, however many people."""
    return difference(_frozen(exam), _today(exam, day))


def _frozen(exam: Exam) -> list[Frozen]:
    unit = func.coalesce(ExamUnit.name, Unit.name)
    rows = db.session.execute(
        select(Candidate.id, Candidate.person_id, Candidate.name, Candidate.unit_id, unit)
        .join(Unit, Unit.id == Candidate.unit_id)
        .outerjoin(
            ExamUnit, and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.unit_id == Candidate.unit_id)
        )
        .where(Candidate.exam_id == exam.id)
        .order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    )
    return [Frozen(*row) for row in rows]


def _today(exam: Exam, day: date) -> dict[int, Today]:
    """Everybody whom the rules would invite, and everybody on the list, as the roster counts them on a day."""
    found = audience_queries.rules(exam)
    stands = and_(Unit.id.is_not(None), Person.disabled_at.is_(None))
    belongs = and_(stands, audience_queries.belongs(exam.id, found))
    listed = Person.id.in_(select(Candidate.person_id).where(Candidate.exam_id == exam.id))
    rows = db.session.execute(
        select(
            *(Person.id, Person.name, Person.account),
            case((stands, Unit.id)),
            case((stands, Unit.name), else_=""),
            case((belongs, 1), else_=0),
            case((and_(stands, not_(Unit.lft.between(*found.holder))), 1), else_=0),
        )
        .select_from(Person)
        .outerjoin(Membership, and_(Membership.person_id == Person.id, Membership.main, current(day)))
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(or_(belongs, listed))
        .order_by(*in_order())
    )
    return {row[0]: Today(row[0], row[1], row[2], row[3], row[4], bool(row[5]), bool(row[6])) for row in rows}


def apply(
    exam: Exam, person_ids: Collection[int], digest: str, reason: str, now: datetime, *, actor_id: int | None
) -> int:
    """Put the ticked people of a difference on the list. How many. Raises Refused when the difference is no longer so.

    digest: of the difference that was shown.
    """
    if not reason:
        raise Refused("reason", "请填写原因，没有增加任何人。")
    if not person_ids:
        raise Refused("nobody", "没有勾选人员，没有改动。", "请勾选后重试。")
    exam = adding.open_for_more(exam, now)
    found = changes(exam, today(now))
    if digest != found.digest or not set(person_ids) <= {change.person_id for change in found.added}:
        raise Refused("stale", STALE, "请返回核对新的差异后再增加。")
    wanted = audience_queries.members(sorted(set(person_ids)), today(now))
    adding.add(exam, wanted, reason, now, actor_id=actor_id)
    audit.record("exam.list_extended", exam, actor_id=actor_id, people=len(wanted), reason=reason)
    return len(wanted)
