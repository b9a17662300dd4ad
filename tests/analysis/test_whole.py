"""Test statistics against the literal computation, hand-worked numbers and published examples."""

from math import sqrt
from statistics import median, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import whole
from tests.analysis import literal
from tests.analysis.tables_of_marks import drawn_tables, right_or_wrong, sheets_of, whole_tables
from tests.analysis.test_items import near


@given(whole_tables(least=4))
def test_each_figure_is_that_of_the_definition(made):
    table, maxima = made
    found, totals = whole.statistics(sheets_of(table, maxima)), literal.totals(table)
    alpha = literal.consistency([list(column) for column in zip(*table, strict=True)], totals)
    assert (found.attempts, found.places, found.maximum) == (len(table), len(maxima), sum(maxima))
    assert found.mean == near(literal.mean(totals))
    assert found.median == near(median(totals))
    assert found.deviation == near(stdev(totals))
    varies = literal.central(totals, 2) > 0
    assert found.skewness == (near(literal.skewness(totals)) if varies else None)
    assert found.kurtosis == (near(literal.kurtosis(totals)) if varies else None)
    assert found.consistency == near(alpha)
    if alpha is not None:
        assert found.error_ratio == near(sqrt(1 - alpha))
        assert found.standard_error == near(sqrt(1 - alpha) * stdev(totals))


@given(drawn_tables())
def test_drawn_items_share_places(made):
    table, maxima, drawn = made
    found = whole.statistics(sheets_of(table, maxima, drawn))
    columns = literal.places(table, drawn)
    assert found.places == len(columns)
    assert found.consistency == near(literal.consistency(columns, literal.totals(table)))


@given(right_or_wrong(), st.integers(1, 30))
def test_kr20_is_the_consistency_of_items_that_are_right_or_wrong(table, points):
    found = whole.statistics(
        sheets_of([[mark * points for mark in row] for row in table], [points] * len(table[0]))
    )
    assert found.kr20 == near(literal.kr20(table))
    assert found.kr20 == near(found.consistency)


def test_kr20_counts_right_items_whatever_they_are_worth():
    table = [[1, 1, 0], [1, 0, 0], [1, 1, 1], [0, 0, 0]]
    worth = [[20 * a, 10 * b, 40 * c] for a, b, c in table]
    assert whole.statistics(sheets_of(worth, [20, 10, 40])).kr20 == near(literal.kr20(table))


def test_part_marks_have_no_kr20():
    assert whole.statistics(sheets_of([[1, 2], [2, 2], [0, 0]], [2, 2])).kr20 is None


def test_five_totals_worked_by_hand():
    """T = 1 2 3 4 10: mean 4, m2 = (9+4+1+0+36)/5 = 10, m3 = (-27-8-1+0+216)/5 = 36, m4 = (81+16+1+0+1296)/5 = 278.8.

    k2 = 5/4·10 = 12.5; k3 = 25·36/12 = 75; k4 = 25·(6·278.8 - 12·100)/24 = 492.5.
    """
    found = whole.statistics(sheets_of([[1], [2], [3], [4], [10]], [10]))
    assert (found.mean, found.median) == (4, 3)
    assert found.deviation == near(sqrt(12.5))
    assert found.skewness == near(75 / 12.5**1.5)
    assert found.kurtosis == near(492.5 / 12.5**2)
    assert found.consistency is None  # of one item there is none


@pytest.mark.parametrize(
    ("attempts", "known"), [(0, set()), (1, set()), (2, {"k2"}), (3, {"k2", "k3"}), (4, {"k2", "k3", "k4"})]
)
def test_few_attempts_leave_figures_out(attempts, known):
    found = whole.statistics(sheets_of([[1, 2], [2, 0], [0, 2], [2, 2]][:attempts], [2, 2]))
    figures = {"k2": found.deviation, "k3": found.skewness, "k4": found.kurtosis}
    assert {name for name, value in figures.items() if value is not None} == known
    assert (found.mean is None) == (attempts == 0)


def test_equal_totals_have_no_shape_and_no_consistency():
    found = whole.statistics(sheets_of([[1, 0], [0, 1], [1, 0], [0, 1]], [1, 1]))
    assert found.deviation == 0
    assert (found.skewness, found.kurtosis, found.consistency, found.standard_error, found.kr20) == (
        None,
    ) * 5
