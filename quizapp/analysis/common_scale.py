"""Rasch difficulties of several exams on one scale, by the questions that they have in common. Pure.

Each exam's difficulties have 0 where its own questions have their mean, so two exams differ by a constant: the mean
difference of their common questions (common-item nonequivalent groups, mean/mean: Loyd and Hoover 1980, J. Educ. Meas.
17; Kolen and Brennan, Test Equating, Scaling, and Linking, chapter 6), weighted by precision. Its standard error is
the larger of the internal and the external one (Birge 1932, Phys. Rev. 40), so questions that scatter more than their
errors say make it larger. Questions that drifted are left out: they lie both half a logit (Wright and Douglas 1975,
MESA memorandum 19) and three standard errors from the median difference, which fewer than half cannot move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np

LEAST_COMMON = 5  # questions that must agree
DRIFT = 0.5  # logits
DRIFT_ERRORS = 3.0  # standard errors of one difference


@dataclass(frozen=True)
class Measured:
    """A difficulty in logits. error: standard error inside its exams. apart: standard error of the way from there to
    the scale's beginning."""

    logit: float
    error: float
    apart: float = 0.0

    @property
    def whole_error(self) -> float:
        """Standard error on the scale."""
        return hypot(self.error, self.apart)


@dataclass(frozen=True)
class Shift:
    """What must be added to the values of one exam. common: questions that agree; drifted: those left out."""

    shift: float
    error: float
    common: frozenset[int]
    drifted: frozenset[int]


def shift_between(known: Mapping[int, Measured], new: Mapping[int, Measured]) -> Shift | None:
    """From the scale of `new` to that of `known`, question → difficulty on each. None where fewer than LEAST_COMMON
    agree, or fewer than drifted."""
    both = sorted(known.keys() & new.keys())
    if len(both) < LEAST_COMMON:
        return None
    apart = np.array([known[one].logit - new[one].logit for one in both])
    variance = np.array([known[one].error ** 2 + new[one].error ** 2 for one in both])
    away = np.abs(apart - np.median(apart))
    agrees = away <= np.maximum(DRIFT, DRIFT_ERRORS * np.sqrt(variance))
    count = int(agrees.sum())
    if count < max(LEAST_COMMON, len(both) - count):
        return None
    weight, apart = 1 / variance[agrees], apart[agrees]
    shift = float(weight @ apart / weight.sum())
    scatter = float(weight @ (apart - shift) ** 2) / (count - 1)
    way = np.array([known[one].apart ** 2 + new[one].apart ** 2 for one in both])[agrees]
    error = sqrt(max(1.0, scatter) / float(weight.sum()) + float(weight @ way / weight.sum()))
    common = frozenset(one for one, kept in zip(both, agrees, strict=True) if kept)
    return Shift(shift, error, common, frozenset(both) - common)


@dataclass(frozen=True)
class Linked:
    """How one exam stands to the scale of its bank. on_scale: its values are on it after the shift. begins: it is where
    the scale has its 0. Where it is not on the scale, shift and error are nothing and its values stand alone."""

    on_scale: bool
    begins: bool
    shift: float = 0.0
    error: float = 0.0
    common: frozenset[int] = frozenset()
    drifted: frozenset[int] = frozenset()


class _Scale:
    """Exams that are linked to each other, and what is known of their questions."""

    def __init__(self, exam: int, values: Mapping[int, Measured]) -> None:
        self.links = {exam: Shift(0.0, 0.0, frozenset(), frozenset())}
        self.values = dict(values)

    def take(self, exam: int, values: Mapping[int, Measured], by: Shift) -> None:
        """An exam comes in: of what drifted its value counts, which is newer."""
        self.links[exam] = by
        self._add(_moved(values, by), by.common, newer=True)

    def swallow(self, other: "_Scale", by: Shift) -> None:
        """All exams of another scale come in; of what drifted the value that stands here stays."""
        for exam, link in other.links.items():
            self.links[exam] = Shift(
                link.shift + by.shift,
                hypot(link.error, by.error),
                link.common or by.common,  # where the other scale began
                link.drifted if link.common else by.drifted,
            )
        self._add(_moved(other.values, by), by.common, newer=False)

    def _add(self, values: Mapping[int, Measured], agree: frozenset[int], *, newer: bool) -> None:
        """What agrees is pooled by precision."""
        for question, value in values.items():
            known = self.values.get(question)
            if known is None or newer:
                self.values[question] = value
            if known is not None and question in agree:
                self.values[question] = _pooled(known, value)


def _moved(values: Mapping[int, Measured], by: Shift) -> dict[int, Measured]:
    return {
        question: Measured(one.logit + by.shift, one.error, hypot(one.apart, by.error))
        for question, one in values.items()
    }


def _pooled(one: Measured, other: Measured) -> Measured:
    """By the errors inside the exams alone, so that it does not matter which came first."""
    first, second = 1 / one.error**2, 1 / other.error**2
    logit = (first * one.logit + second * other.logit) / (first + second)
    return Measured(logit, 1 / sqrt(first + second), min(one.apart, other.apart))


def _enter(scales: list[_Scale], exam: int, values: Mapping[int, Measured]) -> None:
    """Into the largest scale that it can be linked to; others that it can be linked to come in by the same way."""
    ways = [(scale, by) for scale in scales if (by := shift_between(scale.values, values))]
    if not ways:
        scales.append(_Scale(exam, values))
        return
    ways.sort(key=lambda way: -len(way[0].values))
    (largest, into), *others = ways
    largest.take(exam, values, into)
    for other, by in others:
        error = hypot(into.error, by.error)
        largest.swallow(other, Shift(into.shift - by.shift, error, by.common, by.drifted))
        scales.remove(other)


def on_one_scale(
    exams: Sequence[tuple[int, Mapping[int, Measured]]],
) -> tuple[dict[int, Linked], dict[int, tuple[Measured, bool]]]:
    """The exams of a bank in the order of their ends: (exam, question → difficulty on the exam's own scale).

    A question counts as the same in all its versions; where a new wording made it easier or harder, it has drifted.
    Gives the links by exam, and by question the difficulty and whether it is on the bank's scale: that of the exams
    that have most questions, if several do not hang together. Which exam was computed first makes no difference.
    """
    scales: list[_Scale] = []
    for exam, values in exams:
        _enter(scales, exam, values)
    if not scales:
        return {}, {}
    bank = max(scales, key=lambda one: len(one.values))
    found: dict[int, tuple[Measured, bool]] = {}
    links: dict[int, Linked] = {}
    for scale in scales:
        if scale is not bank:
            found |= {question: (value, False) for question, value in scale.values.items()}
            links |= dict.fromkeys(scale.links, Linked(on_scale=False, begins=False))
    found |= {question: (value, True) for question, value in bank.values.items()}
    links |= {
        exam: Linked(True, not one.common, one.shift, one.error, one.common, one.drifted)
        for exam, one in bank.links.items()
    }
    return links, found
