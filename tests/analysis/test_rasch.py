"""Rasch difficulties: recovered from simulated answers within their standard errors, and right where one can check."""

from math import log

import numpy as np
import pytest

from quizapp.analysis import rasch, sheets


def simulated(attempts, items, each=None, *, mean=0.7, spread=1.1, seed=8):
    """Sheets of a Rasch model, and the true difficulties. each: items that every attempt was asked, by lot."""
    chance = np.random.default_rng(seed)
    b = chance.normal(0, 1, items)
    b -= b.mean()
    theta = chance.normal(mean, spread, attempts)
    marks = 20.0 * (chance.random((attempts, items)) < 1 / (1 + np.exp(b - theta[:, None])))
    if each:
        order = np.argsort(chance.random((attempts, items)), axis=1)
        np.put_along_axis(marks, order[:, each:], np.nan, axis=1)
    return sheets.of_table(range(items), marks, [20] * items, [each is not None] * items), b


@pytest.mark.parametrize(("items", "each"), [(30, None), (60, 30)])
def test_difficulties_are_recovered_within_their_standard_errors(items, each):
    made, b = simulated(4000, items, each)
    scale = rasch.difficulties(made)
    assert scale.converged
    away = np.array([(one.logit - true) / one.error for one, true in zip(scale.difficulties, b, strict=True)])
    assert np.mean(away**2) == pytest.approx(
        1, abs=0.6
    )  # seeded: as large as the errors say, no larger or smaller
    assert np.abs(away).max() < 3.5
    assert scale.mean == pytest.approx(0.7, abs=0.07)
    assert scale.spread == pytest.approx(1.1, abs=0.07)


def test_twenty_simulations_cover_as_often_as_95_of_100():
    inside = []
    for seed in range(20):
        made, b = simulated(1000, 20, seed=seed)
        for one, true in zip(rasch.difficulties(made).difficulties, b, strict=True):
            inside.append(abs(one.logit - true) < 1.96 * one.error)
    assert 0.92 < np.mean(inside) < 0.99


def test_the_expected_facility_is_that_of_everybody_and_not_of_those_who_met_it():
    """The weak were asked the first ten items, the strong the last ten, everybody the ten between."""
    made, _ = simulated(6000, 30)
    table = np.full((6000, 30), np.nan)
    for at, column in enumerate(made.columns):
        table[:, at] = column.marks
    true = table.mean(axis=0) / 20
    weak = table[:, 10:20].sum(axis=1) < np.median(table[:, 10:20].sum(axis=1))
    table[np.ix_(weak, range(20, 30))] = np.nan
    table[np.ix_(~weak, range(10))] = np.nan
    raw = np.nanmean(table, axis=0) / 20
    scale = rasch.difficulties(sheets.of_table(range(30), table, [20] * 30, [True] * 30))
    told = np.array([one.facility for one in scale.difficulties])
    ends = [*range(10), *range(20, 30)]
    assert np.abs(raw - true)[ends].mean() > 0.08
    assert np.abs(told - true)[ends].mean() < 0.03


def test_equal_items_are_equally_hard():
    rows = [[20, 0, 20], [0, 20, 20], [20, 0, 0], [0, 20, 0]] * 10
    scale = rasch.difficulties(sheets.of_table("abc", np.array(rows, dtype=float), [20] * 3))
    assert [one.logit for one in scale.difficulties] == pytest.approx([0, 0, 0], abs=1e-6)


def test_two_items_differ_by_the_log_of_who_got_only_one():
    """Of two items, those with one right say all: by conditional likelihood b2 − b1 is log(n10/n01)."""
    rows = [[20, 0]] * 60 + [[0, 20]] * 20 + [[20, 20]] * 60 + [[0, 0]] * 60
    first, second = rasch.difficulties(
        sheets.of_table("ab", np.array(rows, dtype=float), [20] * 2)
    ).difficulties
    assert second.logit - first.logit == pytest.approx(log(60 / 20), abs=0.02)


def test_items_that_all_or_none_got_right_have_no_place():
    made, _ = simulated(200, 5)
    table = np.stack([column.marks for column in made.columns] + [np.full(200, 20.0), np.zeros(200)], axis=1)
    found = rasch.difficulties(sheets.of_table(range(7), table, [20] * 7)).difficulties
    assert [one.logit is None for one in found] == [False] * 5 + [True] * 2
    assert found[5].error is None


def test_part_marks_are_not_right():
    made, _ = simulated(300, 4)
    table = np.stack([column.marks for column in made.columns], axis=1)
    part = np.where(table == 0, 10.0, table)
    of = [rasch.difficulties(sheets.of_table(range(4), one, [20] * 4)).difficulties for one in (table, part)]
    assert of[0] == of[1]


@pytest.mark.parametrize("rows", [[[20.0]], [[20.0], [0.0]], [[20.0, 0.0], [20.0, 0.0]]])
def test_nothing_to_estimate_says_so(rows):
    scale = rasch.difficulties(sheets.of_table(range(len(rows[0])), np.array(rows), [20] * len(rows[0])))
    assert not scale.converged
    assert {one.logit for one in scale.difficulties} == {None}


def test_too_few_rounds_say_so():
    made, _ = simulated(500, 10)
    scale = rasch.difficulties(made, rounds=1)
    assert (scale.converged, scale.rounds) == (False, 1)
    assert {one.error for one in scale.difficulties} == {None}


def test_many_attempts_are_read_evenly(monkeypatch):
    made, b = simulated(6000, 20, 10)
    monkeypatch.setattr(rasch, "CELLS", 40_000)
    scale = rasch.difficulties(made)
    assert (scale.attempts, scale.converged) == (2000, True)
    away = [(one.logit - true) / one.error for one, true in zip(scale.difficulties, b, strict=True)]
    assert np.abs(away).max() < 4
