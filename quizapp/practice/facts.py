"""How often questions were met in practice: what assembling papers avoids."""

from collections.abc import Sequence

from sqlalchemy import func, select

from quizapp.bank import facts
from quizapp.db import db
from quizapp.practice.models import PracticeAnswer


def refresh(question_ids: Sequence[int]) -> None:
    """Registered with assembly: count the answers given in practice to these questions. Two statements."""
    rows = db.session.execute(
        select(PracticeAnswer.question_id, func.count())
        .where(PracticeAnswer.question_id.in_(question_ids))
        .group_by(PracticeAnswer.question_id)
    )
    facts.keep("practice_seen", dict(rows.all()))
