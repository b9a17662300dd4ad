"""Blueprints for the exams of tests."""

from typing import Any

from quizapp.exams import blueprint


def totals(**numbers: int) -> list[dict[str, Any]]:
    """A stored blueprint of totals alone: totals(single=6, judge=2)."""
    return blueprint.stored(blueprint.of_grid({(kind, ""): count for kind, count in numbers.items()}))
