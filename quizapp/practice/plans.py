"""学习计划 of units: whose plan counts for a person, and making, changing and ending one.

Rule: the plan of the person's own main unit counts; without one, that of the next unit above, and so on. A plan that
was ended, or whose day is over, does not count. A unit has one open plan at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quizapp import audit
from quizapp.bank.lending import home_of
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people import access
from quizapp.people.models import Unit
from quizapp.practice.aims import Plan
from quizapp.practice.plan_models import StudyPlan

ROLES = ("exam_administrator", "unit_administrator", "administrator")


def plan_of(person_id: int, day: date) -> Plan | None:
    """The plan that counts for a person on a day. One statement."""
    home = home_of(person_id, day)
    row = db.session.execute(
        select(
            StudyPlan.id, Unit.short_name, Unit.name, StudyPlan.regulations, StudyPlan.share, StudyPlan.by_day
        )
        .join(Unit, Unit.id == StudyPlan.unit_id)
        .where(StudyPlan.ended_at.is_(None), StudyPlan.by_day >= day, home.between(Unit.lft, Unit.rgt))
        .order_by(Unit.lft.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return Plan(row.id, row.short_name or row.name, frozenset(row.regulations), row.share, row.by_day)


@dataclass(frozen=True)
class Listed:
    """A plan in the list of those who may change it."""

    plan: StudyPlan
    unit: str

    def state(self, day: date) -> str:
        """进行中, 已到期 or 已结束."""
        if self.plan.ended_at is not None:
            return "已结束"
        return "进行中" if self.plan.by_day >= day else "已到期"


def listed() -> list[Listed]:
    """The plans of units in the reach of the signed-in person: open ones first, in tree order. One statement."""
    rows = db.session.execute(
        select(StudyPlan, Unit.name)
        .join(Unit, Unit.id == StudyPlan.unit_id)
        .where(access.within(Unit.lft, *ROLES))
        .order_by(StudyPlan.ended_at.is_not(None), Unit.lft, StudyPlan.id.desc())
    )
    return [Listed(plan, unit) for plan, unit in rows]


def open_plan_or_404(plan_id: int) -> tuple[StudyPlan, Unit]:
    """An open plan of a unit in the reach of the signed-in person, and that unit."""
    row = db.session.execute(
        select(StudyPlan, Unit)
        .join(Unit, Unit.id == StudyPlan.unit_id)
        .where(StudyPlan.id == plan_id, StudyPlan.ended_at.is_(None), access.within(Unit.lft, *ROLES))
    ).one_or_none()
    if row is None:
        not_found()
    return row[0], row[1]


def make(
    unit_id: int, regulations: Sequence[str], share: int, by_day: date, *, now: datetime, actor_id: int | None
) -> StudyPlan:
    """A plan of this unit. Refused where the unit has an open one."""
    plan = StudyPlan(
        unit_id=unit_id,
        regulations=list(regulations),
        share=share,
        by_day=by_day,
        created_by_id=actor_id,
        created_at=now,
    )
    try:
        with db.session.begin_nested():
            db.session.add(plan)
    except IntegrityError:
        raise Refused(
            "has_plan", "该单位已有学习计划，没有新建。", "请修改原来的计划，或者结束后再新建。"
        ) from None
    audit.record("plan.made", plan, actor_id=actor_id, **_told(plan))
    return plan


def change(
    plan: StudyPlan, regulations: Sequence[str], share: int, by_day: date, *, actor_id: int | None
) -> None:
    """Let a plan ask for something else from now on."""
    before = _told(plan)
    plan.regulations, plan.share, plan.by_day = list(regulations), share, by_day
    audit.record("plan.changed", plan, actor_id=actor_id, before=before, **_told(plan))


def end(plan: StudyPlan, *, now: datetime, actor_id: int | None) -> None:
    """Let a plan count no more; the plan of the next unit above counts then."""
    plan.ended_at = now
    audit.record("plan.ended", plan, actor_id=actor_id)


def _told(plan: StudyPlan) -> dict[str, object]:
    return {
        "unit": plan.unit_id,
        "regulations": plan.regulations,
        "share": plan.share,
        "by": plan.by_day.isoformat(),
    }
