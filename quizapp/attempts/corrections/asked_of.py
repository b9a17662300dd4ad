"""待批准 on the page of whoever may approve."""

from collections.abc import Sequence

from flask import url_for

from quizapp.attempts.corrections import queries
from quizapp.exams.waiting import Waiting


def waiting(person_id: int) -> Sequence[Waiting]:
    """Registered with exams: the corrections of others that this person may approve. One statement."""
    found = queries.waiting(person_id)
    if not found:
        return []
    url = url_for("attempts.corrections_waiting")
    if len(found) == 1:
        url = url_for("attempts.correction", exam_id=found[0].exam.id, run_id=found[0].run.id)
    return [Waiting(f"有{len(found)}项更正答案等待您批准。", "查看更正", url)]
