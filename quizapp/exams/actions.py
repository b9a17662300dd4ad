"""Changes of an exam: made, changed while a draft, published (frozen), released, cancelled, voided."""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, select

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import assembling, blueprint, checks, frozen_tree, queries, windows
from quizapp.exams.models import Candidate, Exam, ExamAudience, ExamUnit, Tally
from quizapp.people.models import Unit
from quizapp.people.queries import MemberRow

EDITABLE = (
    *(
        "title",
        "purpose",
        "bank_ids",
        "blueprint",
        "points",
        "multiple_rule",
        "minutes",
        "opens_at",
        "closes_at",
    ),
    *(
        "last_start_at",
        "attempts_allowed",
        "counts",
        "pass_mark",
        "bands",
        "excellent_mark",
        "shuffle_questions",
    ),
    *(
        "shuffle_options",
        "open_book",
        "show_score",
        "show_right",
        "show_key",
        "show_explanation",
        "appeal_days",
        "mode",
        "forms_wanted",
        "overlap",
        "avoid_days",
        "picked",
        "daily_from",
        "daily_until",
        "gate",
        "notice",
        "pledge",
        "grace_s",
        "categories",
    ),
    *("certificates", "certificate_title", "certificate_issuer"),
)
BATCH = 5000  # rows of one insert

Audience = Sequence[tuple[int, bool]]  # unit, with all below it

# What areas to the right do in the same transaction: on_publish(exam, now) makes the first marking run;
# before_extension(candidate ids) locks the sittings under way, for a hand-in locks its sitting before its candidate;
# on_extension(exam, candidate ids, now) moves their ends after candidates were given more time (see `extra_time`).
# Candidate ids come as a SELECT: a whole county is too long for a list.
Chosen = Select[int]
on_publish: list[Callable[[Exam, datetime], None]] = []
before_extension: list[Callable[[Chosen], None]] = []
on_extension: list[Callable[[Exam, Chosen, datetime], None]] = []


# A draft ----------------------------------------------------------------------------------------------------


def create(
    *, unit_id: int, values: Mapping[str, Any], audience: Audience, now: datetime, actor_id: int | None
) -> Exam:
    """A new draft held by a unit. values: of EDITABLE. Its seed is random and never changes."""
    exam = Exam(unit_id=unit_id, seed=secrets.token_hex(16), created_by_id=actor_id, created_at=now)
    _set(exam, values)
    db.session.add(exam)
    db.session.flush()
    _invite(exam, audience)
    audit.record("exam.created", exam, actor_id=actor_id, title=exam.title)
    return exam


def update(exam: Exam, values: Mapping[str, Any], audience: Audience, *, actor_id: int | None) -> None:
    """Change a draft. Raises Refused once it is published: then its rules stand."""
    exam = editable(exam)
    before = {name: getattr(exam, name) for name in values}
    _set(exam, values)
    _invite(exam, audience)
    changed = sorted(name for name in values if before[name] != getattr(exam, name))
    audit.record("exam.changed", exam, actor_id=actor_id, fields=changed)


def replan(exam: Exam, values: Mapping[str, Any], *, actor_id: int | None) -> None:
    """Change the blueprint of a draft and how its papers come about. Forms assembled before no longer stand."""
    exam = locked(exam)
    _only_draft(exam)
    shaping = ("blueprint", "points", "mode", "forms_wanted", "overlap", "avoid_days")
    moved = any(name in values and values[name] != getattr(exam, name) for name in shaping)
    changed = sorted(name for name in values if values[name] != getattr(exam, name))
    _set(exam, values)
    if moved:
        exam.assembled = None
    audit.record("exam.replanned", exam, actor_id=actor_id, fields=changed)


def pick(exam: Exam, question_ids: Sequence[int], *, actor_id: int | None) -> None:
    """The questions of a fixed paper, in their order. Raises Refused for one that comes twice or is too many."""
    exam = locked(exam)
    _only_draft(exam)
    if len(set(question_ids)) < len(question_ids):
        raise Refused("twice", "同一试题只能选一次，没有保存改动。")
    if len(question_ids) > blueprint.MOST:
        raise Refused("too_many", f"每份试卷最多{blueprint.MOST}题，没有保存改动。")
    exam.picked = list(question_ids)
    audit.record("exam.picked", exam, actor_id=actor_id, questions=len(question_ids))


def _set(exam: Exam, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in EDITABLE:
            raise KeyError(name)
        setattr(exam, name, value)


def _invite(exam: Exam, audience: Audience) -> None:
    """Replace the invited units; left-out units and named people stay. None may lie outside of the holding one."""
    holder = db.session.get_one(Unit, exam.unit_id)
    wanted = dict(audience)
    inside = select(func.count()).where(Unit.id.in_(wanted), Unit.lft.between(holder.lft, holder.rgt))
    if db.session.scalar(inside) != len(wanted):
        raise Refused("foreign_unit", "考生范围中有不属于主办单位的单位，没有保存任何改动。")
    invited = ExamAudience.excluded.is_(False)
    db.session.execute(delete(ExamAudience).where(ExamAudience.exam_id == exam.id, invited))
    rows = [
        {"exam_id": exam.id, "unit_id": unit_id, "with_below": below} for unit_id, below in wanted.items()
    ]
    if rows:
        db.session.execute(insert(ExamAudience), rows)


def locked(exam: Exam) -> Exam:
    """The exam as it is now, kept so until the transaction ends: two who publish wait for each other."""
    return db.session.execute(
        select(Exam).where(Exam.id == exam.id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()


def editable(exam: Exam) -> Exam:
    """A draft, kept as it is now until the transaction ends. Raises Refused once it is published."""
    exam = locked(exam)
    _only_draft(exam)
    return exam


def _only_draft(exam: Exam) -> None:
    if exam.state != "draft":
        raise Refused(
            "not_draft", "考试已发布或已取消，规则不能再修改。", "如有差错，请取消这次考试后重新制作。"
        )


# Publishing -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Published:
    """What was frozen."""

    candidates: int
    questions: int  # that papers may draw
    units: int  # with candidates


def publish(
    exam: Exam, now: datetime, *, actor_id: int | None, seen: int | None = None, warned: bool = True
) -> Published:
    """Freeze the questions' revisions, the candidates with their units of today, and the units' tree.

    From here on transfers, renamed units and edited questions change nothing of this exam. Raises Refused with
    everything that stands in the way (see `checks`). seen: the number of people that the confirmation named.
    warned: whether the warnings were accepted. The number of statements does not grow with the people.
    """
    exam = editable(exam)
    members = queries.invited(exam, today(now))
    facts = queries.facts(exam, now, by_id=actor_id, listed=len(members))
    found = checks.checks(exam, facts, now)
    if hindrances := checks.hindrances(found):
        raise Refused("not_ready", f"考试还不能发布：{'；'.join(hindrances)}。", "请修改后再发布。")
    if seen is not None and seen != len(members):
        sentence = f"名册刚有变动，考生由{seen}人变为{len(members)}人，考试没有发布。"
        raise Refused("people_changed", sentence, "请返回核对后再发布。")
    if not warned and any(check.tone == "warn" for check in found):
        raise Refused("warned", "发布前请勾选“已知悉以上提示”，考试没有发布。", "请返回勾选后再发布。")
    assembling.freeze(exam, facts.forms)
    questions = assembling.questions_of(facts.forms)
    units = _freeze_units(exam, members)
    _freeze_candidates(exam, members, units)
    exam.state, exam.published_at = "published", now
    frozen = Published(len(members), questions, len({member.unit_id for member in members}))
    audit.record("exam.published", exam, actor_id=actor_id, **vars(frozen))
    db.session.flush()
    for hook in on_publish:
        hook(exam, now)
    return frozen


def _freeze_units(exam: Exam, members: Sequence[MemberRow]) -> dict[int, int]:
    """Copy the units on the way from the holding unit to a candidate; gives each one's lft."""
    holder = db.session.get_one(Unit, exam.unit_id, populate_existing=True)
    units = queries.units_of(holder, closed=True)
    try:
        kept = frozen_tree.on_the_way(units, {holder.id, *(member.unit_id for member in members)})
    except KeyError:
        raise Refused("tree_moved", "单位名册正在调整，考试没有发布。", "请稍后再试。") from None
    rows = [unit_row(exam, unit, root=holder.id) for unit in kept]
    db.session.execute(insert(ExamUnit), rows)
    return {unit.id: unit.lft for unit in kept}


def unit_row(exam: Exam, unit: Unit, *, root: int) -> dict[str, Any]:
    return {
        "exam_id": exam.id,
        "lft": unit.lft,
        "rgt": unit.rgt,
        "unit_id": unit.id,
        "parent_id": None if unit.id == root else unit.parent_id,
        "name": unit.name,
        "sort": unit.sort,
    }


def _freeze_candidates(exam: Exam, members: Sequence[MemberRow], lft_of: Mapping[int, int]) -> None:
    for start in range(0, len(members), BATCH):  # a batch of rows at a time: a province has a million
        batch = members[start : start + BATCH]
        rows = [candidate_row(exam, member, lft_of[member.unit_id]) for member in batch]
        db.session.execute(insert(Candidate), rows)
    listed = Counter(lft_of[member.unit_id] for member in members)
    db.session.execute(
        insert(Tally),
        [{"exam_id": exam.id, "lft": lft, "listed": n, "expected": n} for lft, n in sorted(listed.items())],
    )


def candidate_row(exam: Exam, member: MemberRow, lft: int) -> dict[str, Any]:
    return {
        "exam_id": exam.id,
        "person_id": member.person_id,
        "unit_id": member.unit_id,
        "lft": lft,
        "name": member.name,
        "name_key": member.name_key,
        "post": member.post,
        "post_sort": member.post_sort,
        "category": member.category,
    }


# After publishing -------------------------------------------------------------------------------------------


def release(exam: Exam, now: datetime, *, actor_id: int | None) -> None:
    """Let candidates see the answers. Only when nobody can be answering any more; it cannot be taken back."""
    exam = locked(exam)
    if exam.state != "published" or exam.closes_at is None:
        raise Refused("not_published", "考试没有发布，没有可以公布的答案。")
    if exam.released_at is not None:
        raise Refused("released", "答案已经公布。")
    latest = queries.latest_personal(exam.id)
    if not windows.is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s):
        raise Refused(
            "running", "考试还没有结束，仍可能有考生在作答，没有公布答案。", "请在考试结束后再公布。"
        )
    exam.released_at = now
    audit.record("exam.released", exam, actor_id=actor_id)


def cancel(exam: Exam, reason: str, now: datetime, *, actor_id: int | None) -> None:
    """Call an exam off before it ends. Sheets stay stored and count nowhere; it cannot be taken back."""
    exam = locked(exam)
    state = windows.state_of(exam, now)
    if state not in ("draft", "published", "running"):
        raise Refused("too_late_to_cancel", "考试已经结束或已经取消，没有改动。")
    if not reason:
        raise Refused("reason", "请填写取消考试的原因。")
    exam.state = "cancelled"
    audit.record("exam.cancelled", exam, actor_id=actor_id, reason=reason, state=state)


def void(exam: Exam, reason: str, title: str, now: datetime, *, actor_id: int | None) -> None:
    """Let an exam that has begun count nowhere. It cannot be taken back, so its title is asked for.

    Sheets, receipts, marks and counters stay stored; candidates are told and see no results, reports leave it out.
    title: as typed by whoever voids it. Raises Refused.
    """
    exam = locked(exam)
    state = windows.state_of(exam, now)
    if state not in ("running", "closed", "released"):
        raise Refused("not_voidable", "只有已经开始的考试可以作废，没有改动。", "还没有开始的考试可以取消。")
    if not reason:
        raise Refused("reason", "请填写作废考试的原因，没有改动。")
    if title != exam.title:
        raise Refused("title", "填写的考试名称与本次考试不一致，没有改动。", "请返回核对后重新填写。")
    exam.state = "voided"
    audit.record("exam.voided", exam, actor_id=actor_id, reason=reason, state=state)
