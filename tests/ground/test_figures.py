"""Figures are counted from integers and rounded half up, alike everywhere."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import figures


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        (5, 16, "31.3%"),
        (1, 3, "33.3%"),
        (2, 3, "66.7%"),
        (0, 7, "0.0%"),
        (7, 7, "100.0%"),
        (0, 0, "—"),
        (1, 32, "3.1%"),
    ],
)
def test_a_share_is_rounded_half_up(part, whole, words):
    assert figures.percent(part, whole) == words


@pytest.mark.parametrize(
    ("tenths", "count", "words"),
    [(1650, 2, "82.5"), (825, 1, "82.5"), (1, 4, "0.0"), (2, 4, "0.1"), (0, 0, "—")],
)
def test_a_mean_of_points(tenths, count, words):
    assert figures.mean_points(tenths, count) == words


@pytest.mark.parametrize(("tenths", "words"), [(20, "2"), (15, "1.5"), (0, "0"), (1000, "100"), (5, "0.5")])
def test_points_as_printed(tenths, words):
    assert figures.points(tenths) == words


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_rounding_errs_by_half_a_step_at_most_and_upwards_on_a_tie(part, whole):
    exact, rounded = Fraction(part * 100, whole), Fraction(figures.ratio(part, whole))
    assert -Fraction(1, 20) <= exact - rounded < Fraction(1, 20) or exact - rounded == -Fraction(1, 20)
