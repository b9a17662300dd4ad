"""Parallel forms on one scale: identity, known shifts, and standard errors that hold in simulation."""

from dataclasses import replace
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import linking
from tests.analysis.tables_of_marks import sheets_of

TOTALS = st.lists(st.integers(0, 1000), min_size=2, max_size=40)


@given(TOTALS, st.integers(0, 1000))
def test_identical_forms_give_identity(totals, total):
    found = linking.link(1, np.array(totals), 2, np.array(totals[::-1]))
    assert found.shift == pytest.approx(0, abs=1e-9)
    assert found.mean(total) == pytest.approx(total)
    if len(set(totals)) > 1:
        assert found.linear(total)[0] == pytest.approx(total)
    else:
        with pytest.raises(ValueError, match="do not vary"):
            found.linear(total)


@given(TOTALS.filter(lambda totals: len(set(totals)) > 1), st.integers(1, 5), st.integers(-300, 300))
def test_a_form_that_only_stretches_and_shifts_is_undone(totals, times, shift):
    x = np.array(totals)
    found = linking.link(1, x, 2, x * times + shift)
    assert found.linear(totals[0])[0] == pytest.approx(totals[0] * times + shift)
    if times == 1:
        assert found.mean(totals[0]) == pytest.approx(totals[0] + shift)


def test_the_error_of_the_shift_worked_by_hand():
    """x 2 4 6: mean 4, variance 4; y 1 3 5 7: mean 4, variance 20/3. √(4/3 + 20/3/4) = √3."""
    found = linking.link(1, np.array([2, 4, 6]), 2, np.array([1, 3, 5, 7]))
    assert (found.shift, found.shift_error) == (0, pytest.approx(sqrt(3)))


@pytest.mark.parametrize("score", [600, 700, 760])
def test_the_error_of_linear_linking_is_that_of_repeated_draws(score):
    chance = np.random.default_rng(20261127)
    errors, values = [], []
    for _ in range(2000):
        x = 1000 - chance.gamma(4, 60, 300)  # skewed to the left, as marks of an easy exam are
        y = 1000 - chance.gamma(5, 50, 200)
        value, error = linking.link(1, x, 2, y).linear(score)
        values.append(value)
        errors.append(error)
    assert np.mean(errors) == pytest.approx(np.std(values), rel=0.05)


def test_each_form_is_linked_to_the_first():
    table = [[3, 1], [4, 2], [8, 1], [9, 2], [6, 3]]
    made = replace(sheets_of(table, [10, 5]), forms=np.array([1, 1, 3, 3, 2], dtype=np.int16))
    [found] = linking.forms(made)  # only one sat form 2
    assert (found.x.number, found.y.number) == (3, 1)
    assert found.shift == pytest.approx(-5)


def test_one_paper_for_all_links_nothing():
    assert linking.forms(sheets_of([[1, 2], [2, 3]], [5, 5])) == []


def test_one_attempt_is_no_form():
    with pytest.raises(ValueError, match="fewer than two"):
        linking.link(1, np.array([5]), 2, np.array([5, 6]))
