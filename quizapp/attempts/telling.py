"""What the page of an exam tells a person besides its rules: areas to the right add their sentences."""

from collections.abc import Callable, Sequence
from datetime import datetime

sources: list[Callable[[int, int, datetime], Sequence[str]]] = []  # (exam id, person id, now)


def told(exam_id: int, person_id: int, now: datetime) -> list[str]:
    """Every sentence that the areas have for this person: one statement each."""
    return [sentence for source in sources for sentence in source(exam_id, person_id, now)]
