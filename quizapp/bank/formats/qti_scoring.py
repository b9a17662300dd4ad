"""Which options a QTI 1.2 item means to be right: those whose choice earns most under its <resprocessing>.

Programs say the same in many styles: one condition with <and> and <not>, a <setvar> of 100, 1 or SCORE.max, a
weight for each option, negative weights for the wrong ones. So every possible choice is scored by the item's own rules,
and the best is the key; of several best ones that with the fewest letters, without options that are worth nothing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from xml.etree.ElementTree import Element

from quizapp.bank.formats.qti_text import children, descendants, name_of, words_of

MOST_OPTIONS = 8  # 256 choices to score
MOST_CONDITIONS = 200
_DEEPEST = 20
Award = tuple[str, float]  # set or add, points
_FULL = 1e9  # SCORE.max: all that there is


class TooComplicated(ValueError):
    """More options or conditions than any real question has."""


@dataclass
class Scoring:
    """right: identifiers in the options' order. partial: some other single option earns a part."""

    right: list[str]
    partial: bool = False


def scoring(item: Element, idents: Sequence[str], texts: Sequence[str], many: bool) -> Scoring:
    """What earns most. Raises TooComplicated."""
    conditions = descendants(item, "respcondition")
    if len(conditions) > MOST_CONDITIONS or (many and len(idents) > MOST_OPTIONS):
        raise TooComplicated
    choices = _Choices(idents, texts, many)
    scores = choices.scores(conditions, _award) or choices.scores(conditions, _shown_as_right)
    if not scores:
        return Scoring([])
    best = max(scores)
    winners = [chosen for chosen, score in zip(choices.all, scores, strict=True) if score >= best - 1e-9]
    right = set(winners[0]) if many else {place for chosen in winners for place in chosen}
    partial = not many and any(1e-9 < score < best - 1e-9 for score in scores)
    return Scoring([ident for place, ident in enumerate(idents) if place in right], partial)


class _Choices:
    """All ways to answer, the fewest letters first. A set of them is a number with a bit for each."""

    def __init__(self, idents: Sequence[str], texts: Sequence[str], many: bool) -> None:
        places = range(len(idents))
        sizes = range(len(idents) + 1) if many else range(2)
        self.all = [chosen for size in sizes for chosen in combinations(places, size)]
        self._every = (1 << len(self.all)) - 1
        self._many = many
        with_place = [
            sum(1 << bit for bit, chosen in enumerate(self.all) if place in chosen) for place in places
        ]
        self._with = {
            **dict(zip(texts, with_place, strict=True)),
            **dict(zip(idents, with_place, strict=True)),
        }

    def scores(
        self, conditions: Sequence[Element], award_of: Callable[[Element], Award | None]
    ) -> list[float]:
        """What each way earns; [] when none earns anything."""
        scores = [0.0] * len(self.all)
        before = 0
        for condition in conditions:
            award = award_of(condition)
            if award is None:
                continue
            holds = self._condition(condition, before)
            before |= holds
            added = award[0] == "add" or (self._many and self._is_weight(condition))
            for bit in range(len(scores)):
                if holds >> bit & 1:
                    scores[bit] = scores[bit] + award[1] if added else award[1]
        return scores if max(scores, default=0.0) > 0 else []

    def _is_weight(self, condition: Element) -> bool:
        """One option and nothing else: of a multiple choice this is its share, also where it says Set."""
        return [name_of(test) for var in children(condition, "conditionvar") for test in var] == ["varequal"]

    def _condition(self, condition: Element, before: int) -> int:
        tests = [test for var in children(condition, "conditionvar") for test in var]
        if any(name_of(test) == "other" for test in tests):
            return self._every & ~before
        holds = self._both([self._holds(test) for test in tests])
        if holds == 0 and not self._many:  # several right answers of which one may be chosen
            for test in tests:
                holds |= self._holds(test) if name_of(test) == "varequal" else 0
        return holds if tests else 0

    def _holds(self, test: Element, depth: int = 0) -> int:
        name = name_of(test)
        if name == "varequal":  # Blackboard names the option in respident and leaves the text empty
            words = words_of(test)
            return self._with.get(words or test.get("respident", ""), 0)
        if name == "varsubset":
            return self._both([self._with.get(word.strip(), 0) for word in words_of(test).split(",")])
        if name == "unanswered":
            return 1  # the empty choice comes first
        if name not in ("and", "or", "not") or depth > _DEEPEST:
            return 0
        inside = [self._holds(child, depth + 1) for child in test]
        if name == "or":
            return self._any(inside)
        return self._both(inside) if name == "and" else self._every & ~self._any(inside)

    def _both(self, sets: Sequence[int]) -> int:
        held = self._every
        for one in sets:
            held &= one
        return held

    def _any(self, sets: Sequence[int]) -> int:
        held = 0
        for one in sets:
            held |= one
        return held


def _award(condition: Element) -> Award | None:
    """What a condition earns; None where it sets no score. D2L counts wrong options in a variable of its own."""
    setvars = children(condition, "setvar")
    if not setvars:
        return None
    setvar = next((one for one in setvars if "score" in _variable(one)), setvars[0])
    action, points = setvar.get("action", "Set").casefold(), _points(words_of(setvar))
    if action == "subtract" or "incorrect" in _variable(setvar):
        return "add", -points
    return ("add" if action == "add" else "set"), points


def _variable(setvar: Element) -> str:
    return (setvar.get("varname") or setvar.get("variablename") or "").casefold()


def _points(words: str) -> float:
    if words.casefold().endswith(".max"):
        return _FULL
    try:
        points = float(words.replace(",", "."))
    except ValueError:
        return 0.0
    return points if math.isfinite(points) else 0.0


def _shown_as_right(condition: Element) -> Award | None:
    """For items without scores: the condition that is called correct, or that shows the feedback for it."""
    shown = [one.get("linkrefid", "") for one in children(condition, "displayfeedback")]
    names = [name.casefold() for name in (condition.get("title", ""), *shown)]
    return ("set", 1.0) if any(name.startswith("correct") for name in names) else None
