"""Item statistics against a second computation, literal and slow, and against cases worked by hand."""

from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import example, given

from quizapp.analysis import items
from tests.analysis import literal
from tests.analysis.tables_of_marks import drawn_tables, sheets_of, whole_tables


def near(value):
    return value if value is None else pytest.approx(float(value), rel=1e-9, abs=1e-9)


@given(whole_tables())
def test_each_figure_is_that_of_the_definition(made):
    table, maxima = made
    weights = literal.effective_weights(table, [False] * len(maxima))
    for at, item in enumerate(items.statistics(sheets_of(table, maxima))):
        x = [row[at] for row in table]
        assert item.attempts == len(table)
        assert item.mean == near(literal.mean(x))
        assert item.facility == near(literal.mean(x) / maxima[at])
        assert item.deviation == near(sqrt(literal.covariance(x, x)))
        assert item.discrimination == near(literal.discrimination(table, at))
        assert item.efficiency == near(literal.efficiency(table, at))
        assert item.intended_weight == near(Fraction(maxima[at], sum(maxima)))
        assert item.effective_weight == near(weights[at])
        assert item.negative_covariance == (literal.with_total(table, at) < 0)
        assert item.top == x.count(maxima[at])


NO_COVARIANCE_BUT_DECIMALS = (
    [
        [Fraction(mark) for mark in (0, 0, 0, 1)],
        [Fraction(mark) for mark in (2, 2, 2, 0)],
        [Fraction(mark) for mark in (0, 2, 2, 2)],
    ],
    [2] * 4,
    [False, False, False, True],
)


@example(NO_COVARIANCE_BUT_DECIMALS)
@given(drawn_tables())
def test_a_drawn_item_is_judged_by_those_who_met_it_and_the_whole_total(made):
    table, maxima, drawn = made
    weights = literal.effective_weights(table, drawn)
    full = sum(m for m, lot in zip(maxima, drawn, strict=True) if not lot)
    full += sum(m for m, mark, lot in zip(maxima, table[0], drawn, strict=True) if lot and mark is not None)
    for at, item in enumerate(items.statistics(sheets_of(table, maxima, drawn))):
        x = [row[at] for row in table if row[at] is not None]
        assert item.attempts == len(x)
        assert item.mean == (near(literal.mean(x)) if x else None)
        assert item.discrimination == near(literal.discrimination(table, at, drawn[at]))
        assert item.efficiency == near(literal.efficiency(table, at, drawn[at]))
        assert item.effective_weight == near(weights[at])
        assert item.intended_weight == (None if drawn[at] else near(Fraction(maxima[at], full)))
        if len(x) > 1:
            assert item.deviation == near(sqrt(literal.covariance(x, x)))
            assert item.negative_covariance == (literal.with_total(table, at) < 0)


def test_three_attempts_worked_by_hand():
    """x = 0, 1, 1 and r = 1, 0, 2 of the first item, so T = 1, 1, 3: mean x 2/3, mean r 1.

    cov(x,r) = ((-2/3)(0) + (1/3)(-1) + (1/3)(1)) / 2 = 0; sorted r is 0, 1, 2: cov_max = (2/3 + 0 + 1/3)/2 = 1/2.
    var x = (4 + 1 + 1)/9/2 = 1/3. cov(x,T) = var x + cov(x,r) = 1/3. Of the second item x = 1, 0, 2 and r = 0, 1, 1.
    """
    first, second = items.statistics(sheets_of([[0, 1], [1, 0], [1, 2]], [1, 2]))
    assert (first.facility, first.deviation) == (near(2 / 3), near(sqrt(1 / 3)))
    assert (first.discrimination, first.efficiency) == (0, 0)
    assert (second.facility, second.deviation) == (near(1 / 2), near(1))
    assert (first.intended_weight, second.intended_weight) == (near(1 / 3), near(2 / 3))
    root, other = sqrt(1 / 3), sqrt(1)
    assert first.effective_weight == near(root / (root + other))
    assert second.effective_weight == near(other / (root + other))


def test_a_perfect_guttman_order_has_an_efficiency_of_one():
    """Whoever answers the hard item answers the easy one too: no other order of the same marks would say more."""
    easy, hard = items.statistics(sheets_of([[0, 0], [1, 0], [1, 0], [1, 1]], [1, 1]))
    assert easy.efficiency == near(1)
    assert hard.efficiency == near(1)
    assert easy.discrimination == near(1 / 3)  # x = 0 1 1 1, r = 0 0 0 1: cov 1/12, variances 1/4 each


def test_an_item_that_goes_against_the_total_has_no_weight_and_is_marked():
    against, with_it = items.statistics(sheets_of([[1, 0], [1, 0], [0, 5], [0, 5]], [1, 5]))
    assert against.negative_covariance
    assert against.effective_weight is None
    assert against.discrimination == near(-1)
    assert not with_it.negative_covariance
    assert with_it.effective_weight == near(1)  # it alone is left


@pytest.mark.parametrize(
    "table",
    [
        [[1, 0], [1, 1], [1, 0]],  # x does not vary
        [[1, 4], [0, 4], [1, 4]],  # r does not
        [[Fraction(7, 10), Fraction(1, 10)]] * 3,  # decimals whose sums leave a remainder
    ],
)
def test_without_a_variance_there_is_no_discrimination(table):
    first = items.statistics(sheets_of(table, [1, 4]))[0]
    assert first.discrimination is None
    assert first.efficiency is None


def test_one_attempt_has_a_facility_and_no_spread():
    only = items.statistics(sheets_of([[3, 5]], [4, 5]))[0]
    assert (only.facility, only.deviation, only.discrimination, only.effective_weight) == (
        0.75,
        None,
        None,
        None,
    )


def test_an_item_that_nobody_met_has_no_figures():
    table = [[1, None, 2], [0, None, 1], [2, None, 2]]
    nobody = items.statistics(sheets_of(table, [2, 2, 2], [False, True, True]))[1]
    assert (nobody.attempts, nobody.mean, nobody.facility, nobody.discrimination) == (0, None, None, None)


def test_where_attempts_met_different_numbers_of_drawn_items_there_are_no_weights():
    table = [[1, 1, None], [0, 1, 1], [2, None, 2]]
    found = items.statistics(sheets_of(table, [2, 2, 2], [False, True, True]))
    assert [item.intended_weight for item in found] == [None] * 3
    assert [item.effective_weight for item in found] == [None] * 3
    assert found[0].discrimination is not None


@pytest.mark.parametrize(
    ("kind", "options", "share"),
    [("single", 4, 0.25), ("single", 5, 0.2), ("judge", 2, 0.5), ("multiple", 5, None)],
)
def test_what_pure_guessing_earns(kind, options, share):
    assert items.guess_score(kind, options) == share
