"""Arranging a makeup: a draft with the rules of the exam, its own window, and the people by name."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import insert

from quizapp import audit
from quizapp.clock import today
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, makeup, makeup_queries, queries, windows
from quizapp.exams.models import Exam, ExamPerson

LONGEST_TITLE = 60
OWN = {"title", "opens_at", "closes_at", "last_start_at", "picked", "categories"}  # not taken over


def ready(exam: Exam, now: datetime) -> None:
    """Raises Refused unless a makeup of this exam can be arranged now."""
    if exam.makeup_of_id is not None:
        raise Refused("is_makeup", "这是一次补考，请在原考试中安排下一次补考。")
    if windows.state_of(exam, now) not in ("closed", "released") or exam.closes_at is None:
        raise Refused("not_closed", "考试结束后才能安排补考，没有保存任何内容。")
    latest = queries.latest_personal(exam.id)
    if not windows.is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s):
        raise Refused(
            "running", "仍有考生可能在作答，没有保存任何内容。", "请在全部考生的考试时间结束后再安排补考。"
        )
    if other := makeup_queries.open_one(makeup_queries.makeups(exam.id), now):
        sentence = f"“{other.title}”还没有结束，同时只能有一次补考，没有保存任何内容。"
        raise Refused("makeup_open", sentence, "请修改或取消这次补考，或等它结束。")


def arrange(
    exam: Exam,
    person_ids: Collection[int],
    window: tuple[datetime, datetime],
    reason: str,
    now: datetime,
    *,
    actor_id: int | None,
) -> Exam:
    """A draft of the makeup: the same rules, these people by name, papers still to be made. Raises Refused.

    person_ids: of those whom `makeup_queries.proposed` names and who are on the holding unit's roster today.
    """
    exam = actions.locked(exam)
    ready(exam, now)
    if not reason:
        raise Refused("reason", "请填写安排说明，没有保存任何内容。")
    opens_at, closes_at = window
    if not (opens_at < closes_at and now < closes_at):
        raise Refused("window", "补考的结束时间应晚于开始时间和现在，没有保存任何内容。")
    wanted = sorted(set(person_ids))
    if not wanted:
        raise Refused("nobody", "没有选择补考人员，没有保存任何内容。", "请勾选人员后重试。")
    entitled = {one.person_id for one in makeup_queries.proposed(exam, today(now)) if one.here}
    if not set(wanted) <= entitled:
        sentence = "所选人员中有人不能补考（已合格、免考、调离，或成绩刚有变动），没有保存任何内容。"
        raise Refused("not_entitled", sentence, "请返回核对后重新选择。")
    values = {name: getattr(exam, name) for name in actions.EDITABLE if name not in OWN}
    name = makeup.title(exam.title, len(makeup_queries.makeups(exam.id)), LONGEST_TITLE)
    made = actions.create(
        unit_id=exam.unit_id,
        values={**values, "title": name, "opens_at": opens_at, "closes_at": closes_at},
        audience=[],
        now=now,
        actor_id=actor_id,
    )
    made.makeup_of_id = exam.id
    rows = [{"exam_id": made.id, "person_id": person_id, "excluded": False} for person_id in wanted]
    db.session.execute(insert(ExamPerson), rows)
    audit.record(
        "exam.makeup_arranged", exam, actor_id=actor_id, makeup=made.id, people=len(wanted), reason=reason
    )
    return made
