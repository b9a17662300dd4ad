"""The GBT index: against a literal computation, under a null model, and with somebody who copied."""

from dataclasses import replace
from itertools import combinations, product
from math import exp

import numpy as np
import pytest

from quizapp.analysis import false_hints, leaving_out, response_model, similarity
from quizapp.analysis.sheets import Column, Sheets


def sheets_of(letters, right):
    """letters: people × items as bits, 0 blank; right: the right bits of each item."""
    letters = np.asarray(letters, dtype=np.uint8)
    people = np.arange(len(letters), dtype=np.int32)
    columns = tuple(
        Column(people, np.where(letters[:, at] == key, 10.0, 0.0), letters[:, at])
        for at, key in enumerate(right)
    )
    return Sheets(
        tuple(range(len(right))),
        np.full(len(right), 10.0),
        np.zeros(len(right), bool),
        columns,
        sum(column.marks for column in columns),
    )


def alone(people, items, seed, *, spread=1.0):
    """People who answer by themselves: four options, A right, some wrong options liked more than others."""
    chance = np.random.default_rng(seed)
    ability, difficulty = chance.normal(1, spread, people), chance.normal(0, 1, items)
    letters = np.zeros((people, items), dtype=np.uint8)
    for at in range(items):
        right = chance.random(people) < 1 / (1 + np.exp(difficulty[at] - ability))
        wrong = chance.choice([2, 4, 8], people, p=chance.dirichlet([2, 2, 2]))
        letters[:, at] = np.where(right, 1, wrong)
    return letters


def copied(letters, source, copier, count, seed=1):
    at = np.random.default_rng(seed).choice(letters.shape[1], count, replace=False)
    letters = letters.copy()
    letters[copier, at] = letters[source, at]
    return letters


def everybody(sheets, **given):
    return similarity.compare(response_model.fit(sheets), [range(sheets.size)], **given)


def literal_tail(chances, least):
    """Every outcome of the events, one after the other."""
    total = 0.0
    for happened in product([0, 1], repeat=len(chances)):
        if sum(happened) >= least:
            one = 1.0
            for p, yes in zip(chances, happened, strict=True):
                one *= p if yes else 1 - p
            total += one
    return total


def literal(model, letters, right, c, s):
    """The index as its authors write it down, with dictionaries: p_i = Σ_a P_i(a | c) · P_i(a | s)."""
    chances, same, wrong, same_wrong = [], 0, 0, 0
    for at, key in enumerate(right):
        mine, theirs = int(letters[c][at]), int(letters[s][at])
        if not mine or not theirs:
            continue
        given = [int(row[at]) for row in letters if row[at]]
        item = model.items[model.columns.index(at)]

        def likely(person, answer, given=given, key=key, item=item):
            p = 1 / (1 + exp(item.difficulty - model.ability[person]))
            among = [one for one in given if (one == key) == (answer == key)]
            return (p if answer == key else 1 - p) * among.count(answer) / len(among)

        chances.append(sum(likely(c, answer) * likely(s, answer) for answer in set(given)))
        same += mine == theirs
        wrong += mine != key and theirs != key
        same_wrong += mine == theirs != key
    return chances, same, wrong, same_wrong


def test_tails_are_those_of_every_outcome_counted_one_by_one():
    chance = np.random.default_rng(3)
    chances = chance.random((7, 9))
    for least in range(10):
        found = similarity.tail(chances, np.full(7, least))
        assert found == pytest.approx([literal_tail(row, least) for row in chances], rel=1e-12)


def test_the_index_is_the_literal_one_pair_by_pair():
    letters, right = alone(9, 12, 5), [1] * 12
    letters[0, 3] = letters[4, 7] = 0
    sheets = sheets_of(letters, right)
    model = response_model.fit(sheets)
    found = everybody(sheets, far=-99.0)
    assert found.pairs == len(found.far) == 9 * 8 // 2
    for pair in found.far:
        chances, same, wrong, same_wrong = literal(model, letters, right, pair.first, pair.second)
        assert (pair.common, pair.same) == (len(chances), same)
        assert (pair.both_wrong, pair.same_wrong) == (wrong, same_wrong)
        assert pair.expected == pytest.approx(sum(chances), rel=1e-5)
        assert pair.p == pytest.approx(literal_tail(chances, same), rel=1e-4)


def test_the_fit_gives_everybody_and_every_question_the_number_right_that_it_saw():
    letters = alone(400, 30, 8)
    sheets = sheets_of(letters, [1] * 30)
    model = response_model.fit(sheets)
    expected = sum(model.right(item, slice(None)).sum() for item in model.items)
    assert expected == pytest.approx((letters == 1).sum(), rel=0.01)
    order = np.argsort(model.ability)
    right = (letters == 1).sum(axis=1)
    assert all(right[a] <= right[b] for a, b in zip(order, order[1:], strict=False))


def test_whoever_copied_is_found_and_nobody_else():
    letters = copied(alone(60, 60, 1, spread=0.3), 5, 9, 54)
    hints = everybody(sheets_of(letters, [1] * 60)).hints()
    assert [(pair.first, pair.second) for pair in hints] == [(5, 9)]
    assert hints[0].same_wrong >= similarity.LEAST_SAME_WRONG
    assert hints[0].p < similarity.FAMILY / (60 * 59 / 2)


def test_two_who_know_everything_are_no_hint():
    letters = alone(60, 40, 2)
    letters[3] = letters[7] = 1
    found = everybody(sheets_of(letters, [1] * 40), far=-99.0)
    pair = next(pair for pair in found.far if (pair.first, pair.second) == (3, 7))
    assert pair.same == 40
    assert pair.same_wrong == 0
    assert pair not in found.hints(family=1.0)


@pytest.mark.parametrize("nominal", [0.05, 0.01])
def test_people_who_answer_alone_are_named_no_oftener_than_said(nominal):
    """10 exams of 45 people, 9,900 pairs: by the binomial, a true rate of `nominal` gives no more than this once in
    ten thousand times; the fitted model makes the index more careful than it says, so the rate lies below."""
    below = pairs = 0
    for seed in range(10):
        found = everybody(sheets_of(alone(45, 50, 100 + seed), [1] * 50), far=1.0)
        pairs += found.pairs
        below += sum(pair.p <= nominal for pair in found.far)
    assert pairs == 9900
    assert below <= nominal * pairs + 3.72 * (nominal * (1 - nominal) * pairs) ** 0.5
    assert below > 0


def test_the_simulation_counts_what_chance_did_and_is_the_same_for_the_same_seed():
    letters = copied(alone(40, 40, 4), 1, 2, 38)  # that somebody copied does not enter the null model
    sheets = sheets_of(letters, [1] * 40)
    rates = false_hints.simulate(sheets, [range(40)], rounds=6, seed=11)
    assert (rates.rounds, rates.pairs) == (6, 6 * 40 * 39 // 2)
    assert rates == false_hints.simulate(sheets, [range(40)], rounds=6, seed=11)
    spread = (rates.nominal * (1 - rates.nominal) * rates.pairs) ** 0.5
    assert rates.below <= rates.nominal * rates.pairs + 3.72 * spread
    assert rates.named <= 2  # each with a chance of 1 %: more than two of six happen once in 50,000 times


def test_simulated_sheets_keep_who_answered_what():
    letters = alone(30, 20, 6)
    letters[4, 5:] = 0
    sheets = sheets_of(letters, [1] * 20)
    drawn = response_model.independent(sheets, response_model.fit(sheets), np.random.default_rng(1))
    for before, after in zip(sheets.columns, drawn.columns, strict=True):
        assert ((before.choices > 0) == (after.choices > 0)).all()
    assert drawn.totals == pytest.approx(sum(column.marks for column in drawn.columns))


def test_looking_only_at_those_far_above_the_mean_loses_no_hint():
    letters = copied(copied(alone(80, 50, 9), 5, 9, 45), 20, 30, 40)
    sheets = sheets_of(letters, [1] * 50)
    assert everybody(sheets).hints() == everybody(sheets, far=-99.0).hints()
    assert len(everybody(sheets).far) < len(everybody(sheets, far=-99.0).far) / 4


def test_blocks_give_what_one_piece_gives(monkeypatch):
    sheets = sheets_of(copied(alone(50, 40, 3), 1, 40, 36), [1] * 40)
    whole = everybody(sheets, far=0.0)
    monkeypatch.setattr(similarity, "BLOCK", 7)
    parts = everybody(sheets, far=0.0)
    assert whole.pairs == parts.pairs
    assert [(p.first, p.second) for p in whole.far] == [(p.first, p.second) for p in parts.far]
    assert [p.p for p in whole.far] == pytest.approx([p.p for p in parts.far])


def test_people_with_few_questions_in_common_are_not_compared():
    letters = alone(30, 40, 7)
    letters[:15, 24:] = 0  # the first half met questions 0 to 23, the others 16 to 39: eight in common
    letters[15:, :16] = 0
    found = everybody(sheets_of(letters, [1] * 40), far=-99.0)
    assert found.pairs == 2 * (15 * 14 // 2)
    assert all((pair.first < 15) == (pair.second < 15) for pair in found.far)


def test_those_with_the_same_label_are_left_to_another_comparison():
    sheets = sheets_of(alone(12, 20, 7), [1] * 20)
    model = response_model.fit(sheets)
    labels = [0] * 6 + [1] * 6
    inside = similarity.compare(model, [range(6), range(6, 12)], far=-99.0)
    across = similarity.compare(model, [range(12)], apart=labels, far=-99.0)
    both = similarity.merged([inside, across])
    assert (inside.pairs, across.pairs, both.pairs) == (30, 36, 66)
    assert {(p.first, p.second) for p in both.far} == set(combinations(range(12), 2))
    assert [p.p for p in both.far] == sorted(p.p for p in both.far)


def test_a_key_that_was_put_right_and_accepts_two_answers_tells_them_apart():
    letters = alone(40, 20, 12)
    sheets = sheets_of(letters, [1] * 20)
    first = sheets.columns[0]
    both = Column(first.rows, np.where(first.choices <= 2, 10.0, 0.0), first.choices)
    found = response_model.fit(replace(sheets, columns=(both, *sheets.columns[1:])))
    assert found.items[0].is_right.sum() == 2
    assert found.items[0].alike_right < 1


def test_only_some_people_keep_their_answers():
    sheets = sheets_of(alone(10, 6, 2), [1] * 6)
    some = leaving_out.only(sheets, [2, 5, 9])
    assert some.size == 3
    for before, after in zip(sheets.columns, some.columns, strict=True):
        assert after.choices.tolist() == before.choices[[2, 5, 9]].tolist()
        assert after.rows.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("ascending", "tests", "kept"),
    [
        ([], 10, 0),
        ([0.0005], 10, 1),
        ([0.0005, 0.0011, 0.00112], 10, 3),
        ([0.0011, 0.0012], 10, 0),
        ([0.01], 1, 1),
    ],
)
def test_holm_rejects_step_by_step(ascending, tests, kept):
    """0.01 ÷ 10, 0.01 ÷ 9, 0.01 ÷ 8."""
    assert similarity.holm(ascending, tests, 0.01) == kept


def test_marks_without_letters_are_refused():
    sheets = sheets_of(alone(5, 3, 1), [1] * 3)
    bare = replace(sheets, columns=tuple(Column(column.rows, column.marks) for column in sheets.columns))
    with pytest.raises(ValueError, match="letters"):
        response_model.fit(bare)
