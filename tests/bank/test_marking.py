"""What an answer earns: a table of cases and the properties that no rule may break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.bank.marking import TREATMENTS, best_earned, earned

LETTERS = st.frozensets(st.sampled_from("ABCDEFGH"))
KEYS = st.frozensets(st.sampled_from("ABCDEFGH"), min_size=1)
POINTS = st.integers(0, 1000)
RULES = st.one_of(
    st.sampled_from(["all", "half", "per_letter"]), st.integers(0, 200).map(lambda tenths: f"fixed:{tenths}")
)


def mark(key: str, chosen: str, points: int = 20, **how: str) -> int:
    return earned(frozenset(key), frozenset(chosen), points, **how)


@pytest.mark.parametrize(("chosen", "tenths"), [("AC", 20), ("A", 0), ("ACD", 0), ("", 0), ("BD", 0)])
def test_by_default_every_right_letter_and_no_other_earns_all_points(chosen, tenths):
    assert mark("AC", chosen) == tenths


@pytest.mark.parametrize(
    ("rule", "chosen", "tenths"),
    [
        ("half", "A", 10),
        ("half", "AB", 10),
        ("half", "ABC", 20),
        ("half", "AD", 0),
        ("half", "", 0),
        ("per_letter", "A", 6),  # a third of 2 分 is 0.66: rounded down to a tenth
        ("per_letter", "AB", 13),
        ("per_letter", "ABC", 20),
        ("per_letter", "ABD", 0),
        ("fixed:5", "A", 5),
        ("fixed:5", "AB", 5),
        ("fixed:5", "AE", 0),
        ("fixed:50", "AB", 20),
    ],
)
def test_some_right_letters_earn_what_the_rule_says(rule, chosen, tenths):
    assert mark("ABC", chosen, rule=rule) == tenths


def test_half_of_an_odd_number_of_tenths_is_rounded_down():
    assert mark("AB", "A", 15, rule="half") == 7


@pytest.mark.parametrize("treatment", ["full", "void"])
def test_a_question_given_to_all_or_voided_earns_its_points_for_everyone(treatment):
    assert mark("AC", "B", treatment=treatment) == mark("AC", "", treatment=treatment) == 20


@pytest.mark.parametrize(
    "how",
    [
        {"rule": "most"},
        {"rule": "fixed:"},
        {"rule": "fixed:-5"},
        {"rule": "fixed:1.5"},
        {"treatment": "kept"},
    ],
)
def test_an_unknown_rule_or_treatment_is_an_error_even_for_a_right_answer(how):
    with pytest.raises(ValueError, match="rule|treatment"):
        mark("A", "A", **how)


def test_a_question_without_a_key_cannot_be_marked():
    with pytest.raises(ValueError, match="without a right answer"):
        mark("", "A")
    with pytest.raises(ValueError, match="without a right answer"):
        best_earned([], frozenset("A"), 20)


def test_points_are_never_negative():
    with pytest.raises(ValueError, match="points -1"):
        mark("A", "A", -1)


@given(KEYS, LETTERS, POINTS, RULES, st.sampled_from(TREATMENTS))
def test_never_less_than_nothing_and_never_more_than_the_points(key, chosen, points, rule, treatment):
    assert 0 <= earned(key, chosen, points, rule=rule, treatment=treatment) <= points


@given(KEYS, LETTERS, POINTS, RULES)
def test_a_wrong_letter_earns_nothing(key, chosen, points, rule):
    if chosen - key:
        assert earned(key, chosen, points, rule=rule) == 0


@given(KEYS, POINTS, RULES, st.data())
def test_another_right_letter_never_costs_anything(key, points, rule, data):
    more = data.draw(st.frozensets(st.sampled_from(sorted(key)), min_size=1))
    fewer = more - {data.draw(st.sampled_from(sorted(more)))}
    assert earned(key, more, points, rule=rule) >= earned(key, fewer, points, rule=rule)


@given(KEYS, LETTERS, POINTS, RULES, st.permutations("ABCDEFGH"))
def test_shuffled_options_earn_the_same(key, chosen, points, rule, order):
    moved = dict(zip("ABCDEFGH", order, strict=True))
    shuffled = earned(
        frozenset(moved[letter] for letter in key),
        frozenset(moved[letter] for letter in chosen),
        points,
        rule=rule,
    )
    assert shuffled == earned(key, chosen, points, rule=rule)


@given(KEYS, LETTERS, POINTS, RULES, st.sampled_from(TREATMENTS[1:]))
def test_no_treatment_takes_a_point_away(key, chosen, points, rule, treatment):
    assert earned(key, chosen, points, rule=rule, treatment=treatment) >= earned(
        key, chosen, points, rule=rule
    )


@given(st.lists(KEYS, min_size=1, max_size=4), LETTERS, POINTS, RULES)
def test_several_accepted_keys_give_the_best_of_them(keys, chosen, points, rule):
    marks = [earned(key, chosen, points, rule=rule) for key in keys]
    assert best_earned(keys, chosen, points, rule=rule) == max(marks)
