"""What waits for whoever makes exams, said above the list of exams: areas to the right add theirs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """One sentence, and where to go for it."""

    sentence: str
    label: str
    url: str


sources: list[Callable[[int], Sequence[Waiting]]] = []  # person id, who is signed in


def waiting(person_id: int) -> list[Waiting]:
    """Everything that waits for this person: one statement for each source."""
    return [one for source in sources for one in source(person_id)]
