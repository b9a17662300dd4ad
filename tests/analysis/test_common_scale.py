"""Rasch values of several exams on one scale: the truth is known here, since answers are simulated from it."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import rasch, sheets
from quizapp.analysis.common_scale import LEAST_COMMON, Linked, Measured, on_one_scale, shift_between

ITEMS = 40
TRUE = np.random.default_rng(20).normal(0, 1, ITEMS)


def measured(items, *, ability=0.0, attempts=1500, seed=1, true=TRUE):
    """What one exam with these questions gives: question → difficulty, 0 the mean of its own."""
    chance = np.random.default_rng(seed)
    theta = chance.normal(ability, 1, attempts)
    b = true[list(items)]
    marks = 20.0 * (chance.random((attempts, len(b))) < 1 / (1 + np.exp(b - theta[:, None])))
    scale = rasch.difficulties(sheets.of_table(list(items), marks, [20] * len(b)))
    assert scale.converged
    return {int(one.id): Measured(one.logit, one.error) for one in scale.difficulties}


EASY = sorted(range(ITEMS), key=lambda item: TRUE[item])[:25]
HARD = sorted(range(ITEMS), key=lambda item: TRUE[item])[15:]


def away(found, exam_items):
    """By how many standard errors each difficulty misses the truth, on the scale whose 0 is the mean of these items."""
    begin = TRUE[list(exam_items)].mean()
    return {item: (one.logit - (TRUE[item] - begin)) / one.whole_error for item, (one, _) in found.items()}


def test_an_easy_and_a_hard_exam_come_onto_one_scale_within_their_errors():
    weak, strong = measured(EASY, ability=-1, seed=2), measured(HARD, ability=1, seed=3)
    links, found = on_one_scale([(1, weak), (2, strong)])
    assert links[1] == Linked(on_scale=True, begins=True)
    true_shift = TRUE[HARD].mean() - TRUE[EASY].mean()
    assert true_shift > 0.8
    assert abs(links[2].shift - true_shift) < 3 * links[2].error
    assert links[2].error < 0.1
    assert links[2].common == frozenset(EASY) & frozenset(HARD)
    missed = np.array(list(away(found, EASY).values()))
    assert np.abs(missed).max() < 3.5
    assert np.mean(missed**2) < 1.6
    assert all(on_scale for _, on_scale in found.values())


def test_the_shift_is_as_uncertain_as_its_standard_error_says():
    """Forty pairs of exams: the misses of the shift in its own errors have variance 1, as near as forty can show."""
    missed = []
    true_shift = TRUE[HARD].mean() - TRUE[EASY].mean()
    for seed in range(40):
        one = measured(EASY, attempts=300, seed=2 * seed)
        other = measured(HARD, attempts=300, seed=2 * seed + 1)
        link = shift_between(one, other)
        missed.append((link.shift - true_shift) / link.error)
    assert np.mean(np.square(missed)) == pytest.approx(1, abs=0.55)


def test_a_question_that_drifted_moves_nothing_and_its_newer_value_stays():
    """Of the second exam's common questions two have become two logits easier: their key was printed somewhere."""
    changed = TRUE.copy()
    leaked = [item for item in HARD if item in EASY][:2]
    changed[leaked] -= 2
    before = measured(EASY, seed=4)
    after = measured(HARD, seed=5, true=changed)
    link = shift_between(before, after)
    assert link.drifted == set(leaked)
    true_shift = changed[HARD].mean() - TRUE[EASY].mean()
    assert abs(link.shift - true_shift) < 3 * link.error
    _, found = on_one_scale([(1, before), (2, after)])
    for item in leaked:
        assert found[item][0].logit == pytest.approx(after[item].logit + link.shift)
        assert found[item][0].logit < before[item].logit - 1.5


values = st.floats(-4, 4).map(lambda logit: round(logit, 3))
errors = st.floats(0.05, 0.6).map(lambda error: round(error, 3))
exams = st.dictionaries(st.integers(0, 14), st.builds(Measured, values, errors), min_size=1)


def as_lists(found):
    return {item: (one.logit, one.whole_error, on_scale) for item, (one, on_scale) in found.items()}


@given(exams, exams)
def test_the_order_of_two_exams_moves_the_zero_and_what_drifted_and_nothing_else(one, other):
    links, found = on_one_scale([(1, one), (2, other)])
    swapped_links, swapped = on_one_scale([(2, other), (1, one)])
    linked = links[1].on_scale and links[2].on_scale
    assert linked == (swapped_links[1].on_scale and swapped_links[2].on_scale)
    if not linked:
        return
    assert swapped_links[1].shift == pytest.approx(-links[2].shift, abs=1e-9)
    assert swapped_links[1].error == pytest.approx(links[2].error)
    assert swapped_links[1].common == links[2].common
    for item in (one.keys() | other.keys()) - links[2].drifted:
        assert swapped[item][0].logit == pytest.approx(found[item][0].logit - links[2].shift, abs=1e-9)
        assert swapped[item][0].error == pytest.approx(found[item][0].error)


@given(exams, st.lists(exams, max_size=4), st.floats(-3, 3), st.integers(0, 4))
def test_the_zero_of_an_exam_s_own_scale_says_nothing(first, others, by, which):
    """Whichever constant is added to one exam's values, the bank's values differ by no more than a common constant."""
    every = [(number, one) for number, one in enumerate([first, *others])]
    moved = [
        (number, {q: Measured(v.logit + by, v.error) for q, v in one.items()} if number == which else one)
        for number, one in every
    ]
    links, found = on_one_scale(every)
    moved_links, moved_found = on_one_scale(moved)
    assert {exam: link.common for exam, link in links.items()} == {
        exam: link.common for exam, link in moved_links.items()
    }
    on_scale = [item for item, (_, there) in found.items() if there]
    apart = [moved_found[item][0].logit - found[item][0].logit for item in on_scale]
    assert max(apart) - min(apart) < 1e-9


@given(st.lists(exams, min_size=1, max_size=5))
def test_every_question_has_a_value_and_every_exam_a_standing(all_exams):
    links, found = on_one_scale(list(enumerate(all_exams)))
    assert links.keys() == set(range(len(all_exams)))
    assert found.keys() == {item for one in all_exams for item in one}
    assert sum(link.begins for link in links.values()) == 1
    for link in links.values():
        assert link.on_scale or not (link.common or link.drifted or link.shift or link.error)
        assert not link.common or len(link.common) >= max(LEAST_COMMON, len(link.drifted))


def exam_of(items, logit=0.0, error=0.1):
    return {item: Measured(logit + item / 10, error) for item in items}


def test_too_few_common_questions_leave_an_exam_alone():
    known = exam_of(range(10))
    assert shift_between(known, exam_of(range(6, 20))) is None
    links, found = on_one_scale([(1, known), (2, exam_of(range(6, 15)))])
    assert links == {1: Linked(True, True), 2: Linked(False, False)}
    assert found[6] == (known[6], True), "what stands on the bank's scale stays"
    assert found[12] == (Measured(1.2, 0.1), False)


def test_where_most_have_drifted_nothing_is_believed():
    new = exam_of(range(12))
    for item in range(5):
        new[item] = Measured(new[item].logit + 3 + item, 0.1)
    assert shift_between(exam_of(range(12)), new).drifted == set(range(5))
    new[5], new[6] = Measured(new[5].logit - 5, 0.1), Measured(new[6].logit + 8, 0.1)
    assert shift_between(exam_of(range(12)), new) is None


def test_an_exam_between_two_that_had_nothing_in_common_brings_them_together():
    apart = [(1, exam_of(range(12))), (2, exam_of(range(20, 30), logit=3.0))]
    links, _ = on_one_scale(apart)
    assert [links[exam].on_scale for exam in (1, 2)] == [True, False]
    links, found = on_one_scale([*apart, (3, exam_of(range(5, 26), logit=1.0))])
    assert [links[exam].on_scale for exam in (1, 2, 3)] == [True, True, True]
    assert [links[exam].begins for exam in (1, 2, 3)] == [True, False, False]
    assert (links[2].shift, links[3].shift) == (pytest.approx(-3), pytest.approx(-1))
    assert links[2].error > links[3].error > 0
    assert found[28][0].logit == pytest.approx(2.8)
    for item in (*range(5, 12), *range(20, 26)):
        assert found[item][0].logit == pytest.approx(item / 10)
        assert found[item][0].error == pytest.approx(0.1 / sqrt(2)), "measured twice"


def test_of_what_drifted_the_exam_between_counts_and_not_what_it_brings_in():
    between = exam_of(range(5, 26), logit=1.0)
    between[22] = Measured(between[22].logit - 2, 0.1)
    first, second = exam_of(range(12)), exam_of(range(20, 30), logit=3.0)
    links, found = on_one_scale([(1, first), (2, second), (3, between)])
    assert links[2].drifted == {22}
    assert found[22][0].logit == pytest.approx(0.2)
    assert found[22][0].error == 0.1


def test_a_small_case_by_hand():
    """Five common questions, differences 1.0 1.0 1.0 1.0 1.4, all errors 0.3 and 0.4, so variances 0.25."""
    known = {item: Measured(1.0, 0.3) for item in range(5)}
    new = {item: Measured(0.0, 0.4) for item in range(4)} | {4: Measured(-0.4, 0.4), 9: Measured(2.0, 0.4)}
    link = shift_between(known, new)
    assert link.shift == pytest.approx(1.08)
    assert link.error == pytest.approx(sqrt(0.25 / 5))
    _, found = on_one_scale([(1, known), (2, new)])
    assert found[9][0].logit == pytest.approx(3.08)
    assert found[9][0].whole_error == pytest.approx(sqrt(0.16 + 0.05))
    assert found[0][0].error == pytest.approx(0.24)
    assert found[0][0].logit == pytest.approx((1 / 0.09 * 1.0 + 1 / 0.16 * 1.08) / (1 / 0.09 + 1 / 0.16))


def test_questions_that_scatter_more_than_their_errors_say_make_the_shift_less_certain():
    known = {item: Measured(0.0, 0.01) for item in range(6)}
    new = {item: Measured(0.3 if item % 2 else -0.3, 0.01) for item in range(6)}
    assert shift_between(known, new).error == pytest.approx(0.3 / sqrt(5), rel=1e-6)
