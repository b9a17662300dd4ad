"""The way from a candidate's page to each of the attempts. One statement."""

from collections.abc import Sequence

from flask import url_for

from quizapp.attempts.interventions import queries, rules
from quizapp.exams.doors import SheetDoor
from quizapp.exams.models import Candidate


def sheets(candidate: Candidate) -> Sequence[SheetDoor]:
    """Registered with exams."""
    return [
        SheetDoor(
            f"第{one.number}次考试",
            rules.SHEET_STATES[one.state],
            url_for("attempts.intervention", exam_id=candidate.exam_id, attempt_id=attempt_id),
        )
        for attempt_id, one in queries.sheets(candidate.id).items()
    ]
