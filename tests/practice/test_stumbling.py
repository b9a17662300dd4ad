"""Where most people go wrong, and when it may be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.stumbling import FEWEST, Stumble, stumble

COUNTS = st.dictionaries(st.sampled_from(["A", "B", "C", "AB", "ABC", "BC"]), st.integers(0, 40))


def test_the_wrong_option_chosen_most_often():
    told = stumble("B", {"A": 38, "B": 50, "C": 12}, 5, many=False)
    assert told == Stumble("A", False, 38, 100)
    assert told.percent == 38


def test_of_several_right_ones_one_can_be_left_out():
    told = stumble("ABC", {"ABC": 10, "AB": 8, "A": 2, "ABCD": 4}, 5, many=True)
    assert told == Stumble("C", True, 10, 24)


def test_nobody_leaves_out_the_only_answer():
    assert stumble("B", {"B": 40}, 5, many=False) is None


@pytest.mark.parametrize(("a", "b", "told"), [(9, 10, False), (10, 10, True), (4, 30, False), (5, 30, True)])
def test_few_people_are_not_told_of(a, b, told):
    """Under twenty people, or when fewer than the smallest group went the same wrong way."""
    assert (stumble("B", {"A": a, "B": b}, 5, many=False) is not None) == told


@given(COUNTS, st.integers(1, 10))
def test_what_is_told_always_stands_for_enough_people(counts, smallest):
    told = stumble("AB", counts, smallest, many=True)
    if told is not None:
        assert told.of == sum(counts.values()) >= FEWEST
        assert smallest <= told.people <= told.of
        assert told.missed == (told.letter in "AB")
