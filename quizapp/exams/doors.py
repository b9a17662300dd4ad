"""Ways from the page of an exam into pages of areas to the right, each with the number that waits there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizapp.exams.models import Candidate, Exam


@dataclass(frozen=True)
class Door:
    """A button of the exam's page. count: what waits behind it; 0 shows none."""

    label: str
    url: str
    icon: str
    count: int = 0


sources: list[Callable[[Exam], Sequence[Door]]] = []  # create_app adds


@dataclass(frozen=True)
class SheetDoor:
    """An answer sheet of a candidate, on the candidate's page."""

    label: str
    state: str
    url: str


of_candidate: list[Callable[[Candidate], Sequence[SheetDoor]]] = []


def sheets(candidate: Candidate) -> list[SheetDoor]:
    """Every answer sheet that the areas have of this candidate: at most one statement each."""
    return [door for source in of_candidate for door in source(candidate)]


def doors(exam: Exam) -> list[Door]:
    """Every door that the areas have for this exam: at most one statement each."""
    return [door for source in sources for door in source(exam)]
