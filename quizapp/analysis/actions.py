"""Saying that a doubtful key is right, and taking that back."""

from datetime import datetime

from sqlalchemy import delete

from quizapp import audit
from quizapp.analysis import dialects
from quizapp.analysis.models import KeyCheck
from quizapp.db import db


def check(exam_id: int, revision_id: int, *, by_id: int, now: datetime) -> bool:
    """已核对，无误. False where somebody has said so before. The caller commits."""
    row = dialects.insert(KeyCheck).values(exam_id=exam_id, revision_id=revision_id, by_id=by_id, at=now)
    new = db.session.execute(row.on_conflict_do_nothing().returning(KeyCheck.revision_id)).one_or_none()
    if new is not None:
        audit.record("analysis.key_checked", ("exam", exam_id), actor_id=by_id, revision=revision_id)
    return new is not None


def uncheck(exam_id: int, revision_id: int, *, by_id: int) -> bool:
    """Take it back. False where it is not there any more. The caller commits."""
    gone = db.session.execute(
        delete(KeyCheck)
        .where(KeyCheck.exam_id == exam_id, KeyCheck.revision_id == revision_id)
        .returning(KeyCheck.revision_id)
    ).one_or_none()
    if gone is not None:
        audit.record("analysis.key_unchecked", ("exam", exam_id), actor_id=by_id, revision=revision_id)
    return gone is not None
