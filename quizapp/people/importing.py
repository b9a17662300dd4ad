"""Planning and applying a sheet: all of it in the running transaction, or nothing (hazard H28).

A sheet is checked twice with the same plan: when it is uploaded, and in the transaction that applies it. `fingerprint`
tells whether what the administrator saw is what would happen now.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import null, update

from quizapp import audit, clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import acceptance, matching, queries, roster, snapshots, undo_rules
from quizapp.people.applying import Report, apply_people, silent
from quizapp.people.models import RosterImport
from quizapp.people.plans import Plan
from quizapp.people.unit_importing import apply_units, plan_units
from quizapp.people.unit_sheet import UnitPlan
from quizapp.spreadsheets import Row

NOTHING = "没有改动任何内容。"


def plan_people(
    rows: Sequence[Row],
    reachable: Iterable[int],
    now: datetime,
    chosen: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    """What this roster would change now. reachable: ids of units that the importer may act in.

    chosen: what a person said so far, see `acceptance`; here only the answers to doubts count.
    """
    units, today = queries.known_units(), clock.today(now)
    entries, problems, has_identity = roster.read(rows, units)
    planned = matching.plan(
        entries,
        queries.known_people(today, entries),
        units,
        reachable,
        today,
        answers=acceptance.answers(chosen),
        troubled={getattr(problem, "name", "") for problem in problems},
    )
    planned.problems = sorted(planned.problems + problems, key=lambda problem: problem.row)
    planned.ignores_identity_numbers = has_identity
    return planned


def plan(kind: str, rows: Sequence[Row], reachable: Iterable[int], now: datetime) -> Plan | UnitPlan:
    """What a sheet of this kind, units or people, would change now; of people only what is taken by default."""
    if kind == "units":
        return plan_units(rows, reachable)
    return acceptance.narrowed(plan_people(rows, reachable, now), {})


def fingerprint(planned: Plan | UnitPlan) -> str:
    """Equal for plans that do the same."""
    return hashlib.sha256(repr(planned).encode()).hexdigest()[:32]


def note(
    kind: str,
    file_name: str,
    file_hash: str,
    summary: dict[str, Any],
    now: datetime,
    *,
    actor_id: int | None,
    undo: dict[str, Any] | None = None,
) -> None:
    """Remember that this file was applied, and leave the audit row of the import as a whole.

    undo: see `undo_rules.Kept`; what older imports kept of people is forgotten when its time is over.
    """
    row = RosterImport(
        kind=kind,
        file_name=file_name[:200],
        file_hash=file_hash,
        by_id=actor_id,
        at=now,
        summary=summary,
        undo=null() if undo is None else undo,
    )
    db.session.add(row)
    db.session.flush()
    old = RosterImport.at < now - undo_rules.KEPT_FOR
    db.session.execute(
        update(RosterImport)
        .where(old, RosterImport.undo.is_not(None))
        .values(undo=null())
        .execution_options(synchronize_session=False)
    )
    audit.record(f"people.{kind}_imported", row, actor_id=actor_id, file_name=file_name[:200], **summary)


def apply(
    kind: str,
    planned: Plan | UnitPlan,
    file_name: str,
    file_hash: str,
    now: datetime,
    *,
    actor_id: int | None,
    report: Report = silent,
) -> list[int]:
    """Apply a plan without problems and note it; ids of people added. A plan that changes nothing leaves nothing."""
    if planned.problems:
        raise ValueError("a plan with problems cannot be applied")
    if planned.changes_nothing:
        return []
    summary = {"added": len(planned.new), "changed": planned.changed, "unchanged": planned.unchanged}
    if isinstance(planned, UnitPlan):
        apply_units(planned, now, actor_id=actor_id)
        note(kind, file_name, file_hash, summary, now, actor_id=actor_id)
        return []
    touched = {edit.person.id for edit in planned.edits} | {e.missing.person.id for e in planned.endings}
    before = snapshots.snapshots(touched)
    ids = apply_people(planned, now, actor_id=actor_id, report=report)
    after = snapshots.snapshots(touched | set(ids))
    undo = undo_rules.Kept.of(before, after, ids).frozen()
    summary |= {"ended": len(planned.endings)}
    note(kind, file_name, file_hash, summary, now, actor_id=actor_id, undo=undo)
    return ids


def accepted(order: Mapping[str, Any], rows: Sequence[Row], now: datetime) -> Plan | UnitPlan:
    """The plan as it was shown, narrowed to what was chosen. Raises Refused with the code `changed` when it is not
    what was shown, `conflict` when the choices contradict one another or rows with problems were not left out.

    order: kind, reachable, fingerprint; of people also chosen, see `acceptance`.
    """
    queries.take_turn()
    if order["kind"] == "units":
        units = plan_units(rows, order["reachable"])
        if units.problems or fingerprint(units) != order["fingerprint"]:
            raise _changed()
        return units
    planned = plan_people(rows, order["reachable"], now)
    if fingerprint(planned) != order["fingerprint"]:
        raise _changed()
    chosen = order["chosen"]
    if bad := acceptance.bad_day(planned, chosen, clock.today(now)):
        raise Refused("conflict", f"{bad}{NOTHING}")
    if acceptance.answers(chosen):
        settled = plan_people(rows, order["reachable"], now, chosen)
        told = {(problem.row, problem.message) for problem in planned.problems}
        if new := [p for p in settled.problems if (p.row, p.message) not in told]:
            raise Refused("conflict", f"第{new[0].row}行：{new[0].message}。{NOTHING}")
        planned = settled
    narrow = acceptance.narrowed(planned, chosen)
    if narrow.problems:
        first, advice = narrow.problems[0], ""
        if first in planned.problems:
            advice = "请修改文件后重新上传，或在页面下方勾选不导入有问题的内容。"
        raise Refused("conflict", f"第{first.row}行：{first.message}。{NOTHING}{advice}")
    return narrow


def _changed() -> Refused:
    return Refused("changed", f"检查之后名册有了变化。{NOTHING}请按最新的检查结果再次核对。")


def sentence(kind: str, planned: Plan | UnitPlan) -> str:
    """What an import did, for people."""
    if kind == "units":
        return f"导入完成：新增{len(planned.new)}个单位，更新{planned.changed}个单位。"
    ended = f"，调离或退休{len(planned.endings)}人" if isinstance(planned, Plan) and planned.endings else ""
    told = f"导入完成：新增{len(planned.new)}人，更新{planned.changed}人{ended}。"
    return told + ("新增人员须打印口令条后才能登录。" if planned.new else "")
