"""Changes around hints: keeping what was found, what a candidate says, what a person makes of it."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select

from quizapp import audit
from quizapp.analysis.clues import queries
from quizapp.analysis.clues.finding import Found
from quizapp.analysis.clues.models import Clue, ClueReview, ClueRun, ClueStatement
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.errors import Refused

MOST_STATEMENTS = 5  # of one attempt


def keep(exam_id: int, found: Found, *, by_id: int | None, now: datetime) -> int:
    """Put what was found in the place of what an earlier search found; gives how many attempts have hints now.

    Where somebody has looked at an attempt, or its candidate has said something, the hints stay as they were seen.
    """
    fixed = queries.touched(exam_id)
    gone = delete(Clue).where(Clue.exam_id == exam_id)
    db.session.execute(gone.where(Clue.attempt_id.not_in(fixed)) if fixed else gone)
    rows = [
        {
            "exam_id": exam_id,
            "attempt_id": hint.attempt_id,
            "kind": hint.kind,
            "other_id": hint.other_id,
            "facts": hint.facts,
            "found_at": now,
        }
        for hint in found.hints
        if hint.attempt_id not in fixed
    ]
    if rows:
        db.session.execute(insert(Clue), rows)
    db.session.execute(delete(ClueRun).where(ClueRun.exam_id == exam_id))
    figures = {name: getattr(found.figures, name) for name in found.figures.__dataclass_fields__}
    db.session.add(ClueRun(exam_id=exam_id, at=now, by_id=by_id, figures=figures))
    number = db.session.scalar(select(func.count(Clue.attempt_id.distinct())).where(Clue.exam_id == exam_id))
    audit.record("exam.clues_searched", ("exam", exam_id), actor_id=by_id, attempts=number or 0)
    return number or 0


def review(attempt: Attempt, outcome: str, reason: str, *, by_id: int, now: datetime) -> None:
    """Record what a person made of the hints about an attempt. Raises Refused for the own attempt."""
    if attempt.person_id == by_id:
        raise Refused("own", "与本人有关的线索须由另一人核对，没有保存。")
    row = ClueReview(attempt_id=attempt.id, by_id=by_id, at=now, outcome=outcome, reason=reason)
    db.session.add(row)
    audit.record("attempt.clues_reviewed", attempt, actor_id=by_id, outcome=outcome, reason=reason)


def say(attempt: Attempt, text: str, *, now: datetime) -> None:
    """Keep what a candidate says to the hints about the own attempt. Raises Refused beyond MOST_STATEMENTS."""
    said = db.session.scalar(select(func.count()).where(ClueStatement.attempt_id == attempt.id)) or 0
    if said >= MOST_STATEMENTS:
        raise Refused("enough", f"最多提交{MOST_STATEMENTS}次说明，没有保存。", "如需补充，请联系主办单位。")
    db.session.add(ClueStatement(attempt_id=attempt.id, at=now, text=text))
