"""How well an answer is foretold from what was known before it: fitted on some people, tested on others. Pure.

Of every answer only what was known before it is used: the kind of the question, whether this person had answered it
before, how that went, and the recall that FSRS predicted for the moment. Half of the people (by a digest of their id)
teach what share of such answers is right; on the answers of the other half, which taught nothing, predicted and seen
are compared. A forecast may be shown only while that comparison is good: see `Report.is_good`.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from typing import Any

BINS = 10  # of equal width between 0 and 1
WEIGHT = 20  # answers that what is believed beforehand counts for in each cell
ENOUGH = 500  # held-out answers from which a judgement is possible
FEWEST = 10  # held-out people
WIDEST = 0.05  # of the mean distance between predicted and seen, weighted by answers
OF_ONE = 20  # answers of one person from which the person's own share says something
RANGE = 1.2816  # standard deviations on each side of the mean that hold 80 % of a normal distribution


@dataclass(frozen=True)
class Asked:
    """One answer, and what was known before it. recall: FSRS's prediction, 0–1; none: never answered before."""

    person_id: int
    kind: str
    recall: float | None
    last_right: bool
    correct: bool


def cell(kind: str, recall: float | None, last_right: bool) -> str:
    """Which answers are taken as alike: by kind where it was never met, else by the last answer and the recall."""
    if recall is None:
        return f"new {kind}"
    return f"{'right' if last_right else 'wrong'} {min(BINS - 1, int(recall * BINS))}"


@dataclass(frozen=True)
class Fitted:
    """What share of alike answers was right: cell → (right, answers)."""

    cells: Mapping[str, tuple[int, int]]

    def predict(self, kind: str, recall: float | None, last_right: bool) -> float:
        """The probability, 0–1, of a right answer. Few answers leave it near FSRS's own, or one half where new."""
        right, answers = self.cells.get(cell(kind, recall, last_right), (0, 0))
        believed = 0.5 if recall is None else recall
        return (right + WEIGHT * believed) / (answers + WEIGHT)


def fit(answers: Iterable[Asked]) -> Fitted:
    """Learn from these answers."""
    counted: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one in answers:
        tally = counted[cell(one.kind, one.recall, one.last_right)]
        tally[0] += one.correct
        tally[1] += 1
    return Fitted({name: (right, total) for name, (right, total) in counted.items()})


@dataclass(frozen=True)
class Bin:
    """The answers whose prediction lay in a tenth. predicted: the mean of the predictions."""

    low: float
    answers: int
    predicted: float
    right: int

    @property
    def seen(self) -> float:
        """The share that was right."""
        return self.right / self.answers


@dataclass(frozen=True)
class Report:
    """Predicted against seen on held-out answers.

    brier: mean of the squared distance between prediction and outcome (0 perfect, 0.25 for always saying one half);
    base: the same for always saying the share that was right. spread: how far (standard deviation) people differ
    from their predictions beyond chance. covered: of the people with OF_ONE answers or more, those (and of how
    many) whose share of right answers lay within the range that would have been shown.
    """

    answers: int
    people: int
    brier: float
    base: float
    bins: Sequence[Bin]
    spread: float
    covered: int
    covered_of: int

    @property
    def distance(self) -> float:
        """The mean distance between predicted and seen, weighted by answers; 0 without answers."""
        return sum(abs(b.predicted - b.seen) * b.answers for b in self.bins) / (self.answers or 1)

    @property
    def is_enough(self) -> bool:
        return self.answers >= ENOUGH and self.people >= FEWEST

    @property
    def is_good(self) -> bool:
        """Calibrated: enough answers, predicted and seen at most WIDEST apart, no worse than saying the mean."""
        return self.is_enough and self.distance <= WIDEST and self.brier <= self.base

    def to_json(self) -> dict[str, Any]:
        """As it is stored; `from_json` reads it."""
        return {**vars(self), "bins": [vars(one) for one in self.bins]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Report":
        return cls(**{**value, "bins": [Bin(**one) for one in value["bins"]]})


def is_held_out(person_id: int) -> bool:
    """Whether this person's answers test instead of teach: a half that stays the same."""
    return bool(sha256(f"calibration {person_id}".encode()).digest()[0] & 1)


def examine(answers: Iterable[Asked]) -> tuple[Fitted, Report]:
    """Learn from one half of the people and test on the other."""
    taught: list[Asked] = []
    tested: list[Asked] = []
    for one in answers:
        (tested if is_held_out(one.person_id) else taught).append(one)
    fitted = fit(taught)
    return fitted, compare(fitted, tested)


def compare(fitted: Fitted, answers: Sequence[Asked]) -> Report:
    """Predicted against seen on these answers, which must not have taught anything."""
    pairs = [(one, fitted.predict(one.kind, one.recall, one.last_right)) for one in answers]
    tenths: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    by_person: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for one, predicted in pairs:
        tenths[min(BINS - 1, int(predicted * BINS))].append((predicted, one.correct))
        by_person[one.person_id].append((predicted, one.correct))
    right = sum(one.correct for one in answers) / (len(answers) or 1)
    own = [given for given in by_person.values() if len(given) >= OF_ONE]
    spread = _spread(own)
    return Report(
        answers=len(answers),
        people=len(by_person),
        brier=sum((predicted - one.correct) ** 2 for one, predicted in pairs) / (len(pairs) or 1),
        base=right * (1 - right),
        bins=[_bin(number, given) for number, given in sorted(tenths.items())],
        spread=spread,
        covered=sum(_is_covered(given, spread) for given in own),
        covered_of=len(own),
    )


def _bin(number: int, given: Sequence[tuple[float, bool]]) -> Bin:
    mean = sum(predicted for predicted, _ in given) / len(given)
    return Bin(number / BINS, len(given), mean, sum(correct for _, correct in given))


def _residual(given: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Of one person: the share seen less the share predicted, and what of its variance chance explains."""
    count = len(given)
    distance = sum(correct - predicted for predicted, correct in given) / count
    return distance, sum(predicted * (1 - predicted) for predicted, _ in given) / count**2


def _spread(people: Sequence[Sequence[tuple[float, bool]]]) -> float:
    """The standard deviation among people that chance does not explain (method of moments); 0 for nobody."""
    residuals = [_residual(given) for given in people]
    beyond = sum(distance**2 - chance for distance, chance in residuals) / (len(residuals) or 1)
    return sqrt(max(0.0, beyond))


def _is_covered(given: Sequence[tuple[float, bool]], spread: float) -> bool:
    distance, chance = _residual(given)
    return abs(distance) <= RANGE * sqrt(chance + spread**2)
