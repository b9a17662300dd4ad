"""Changes of this area: a 投诉建议 is sent and answered, settings are stored."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from quizapp import audit, config
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.home import queries
from quizapp.home.models import Feedback

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # no look-alikes
UNSIGNED_PER_HOUR = 60


def send(text: str, contact: str, page: str, *, person_id: int | None, now: datetime) -> Feedback:
    """Keep a 投诉建议. Refuses when too many came without a sender within the hour."""
    if person_id is None and queries.sent_since(now - timedelta(hours=1)) >= UNSIGNED_PER_HOUR:
        raise Refused(
            "too_many", "目前提交的人较多，您的内容没有保存。", "请登录后提交，或一小时后再试。", status=429
        )
    feedback = Feedback(
        code="".join(secrets.choice(LETTERS) for _ in range(8)),
        person_id=person_id,
        page=page[:200],
        text=text,
        contact=contact,
        sent_at=now,
    )
    db.session.add(feedback)
    db.session.flush()
    return feedback


def answer(feedback: Feedback, state: str, text: str, *, actor_id: int, now: datetime) -> None:
    """Say what became of it; the sender sees both."""
    if state == "answered" and not text:
        raise Refused("no_answer", "答复内容还没有填写，没有保存。", "请填写答复后再提交。")
    feedback.state, feedback.answer = state, text
    feedback.answered_by_id, feedback.answered_at = actor_id, now
    audit.record("feedback.answered", feedback, actor_id=actor_id, state=state)


def change_settings(values: dict[str, Any], *, actor_id: int) -> list[str]:
    """Store those editable settings whose value differs from what holds now; gives their names."""
    changed = [
        name for name, new in values.items() if config.BY_NAME[name].editable and new != config.value(name)
    ]
    for name in changed:
        config.store(name, values[name])
    if changed:
        audit.record("settings.changed", ("setting", ",".join(changed)), actor_id=actor_id)
    return changed


def switch_daily_names(on: bool, reason: str, *, actor_id: int) -> None:
    """Show or hide names in the report of daily quizzes. The reason is logged, and shown on that report."""
    config.store("DAILY_NAMES", on)
    config.store("DAILY_NAMES_REASON", reason)
    audit.record("settings.daily_names", ("setting", "DAILY_NAMES"), actor_id=actor_id, on=on, reason=reason)
