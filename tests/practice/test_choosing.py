"""Which questions a set takes, and where it goes on."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.choosing import Choice, chosen, next_open
from quizapp.practice.drawing import Entry


def entry(number: int, kind: str = "single", article: str = "1", chapter: str = "1") -> Entry:
    return Entry(number, number + 1000, kind, 3, (("law", article),), chapter)


POOL = [
    entry(1, "judge", "10", "2"),
    entry(2, "single", "9", "2"),
    entry(3, "multiple", "2"),
    entry(4, "single", "120-1", "10"),
    entry(5, "single", "120", "10"),
]


def test_in_order_follows_the_regulation_and_not_the_alphabet():
    everything = Choice(wanted=None, order="in_order")
    assert chosen(POOL, everything, set(), Random(1)) == [3, 2, 1, 5, 4]
    assert chosen(POOL, Choice(wanted=2, order="in_order"), set(), Random(1)) == [3, 2]


def test_what_was_met_and_other_types_are_left_out():
    choice = Choice(wanted=None, kinds=("single", "judge"), order="in_order", unmet=True)
    assert chosen(POOL, choice, {1002}, Random(1)) == [1, 5, 4]
    assert set(chosen(POOL, Choice(wanted=None, unmet=True), {1001}, Random(1))) == {2, 3, 4, 5}


def test_in_order_with_unmet_goes_on_where_it_stopped():
    choice = Choice(wanted=2, order="in_order", unmet=True)
    met: set[int] = set()
    asked = []
    while drawn := chosen(POOL, choice, met, Random(1)):
        asked += drawn
        met |= {revision + 1000 for revision in drawn}
    assert asked == [3, 2, 1, 5, 4]


@given(st.integers(1, 8), st.integers())
def test_by_chance_every_question_comes_at_most_once(wanted, seed):
    drawn = chosen(POOL, Choice(wanted=wanted), set(), Random(seed))
    assert len(drawn) == len(set(drawn)) == min(wanted, len(POOL))


@pytest.mark.parametrize("wrong", [{"order": "x"}, {"kinds": ()}, {"kinds": ("essay",)}])
def test_a_choice_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="no such choice"):
        Choice(**wrong)


@pytest.mark.parametrize(
    ("number", "done", "onwards"),
    [(1, {1}, 2), (1, {1, 2}, 3), (3, {3}, 1), (3, {1, 2, 3}, None), (0, set(), 1), (2, {1, 3}, 2)],
)
def test_after_the_last_question_the_first_open_one_comes(number, done, onwards):
    assert next_open(number, 3, done) == onwards
