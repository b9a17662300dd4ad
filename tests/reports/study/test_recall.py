"""Recall of many cards at once is what the package says of each."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.mastery import thousandths
from quizapp.practice.memory import Memory
from quizapp.reports.study import recall

NOW = datetime(2026, 12, 10, 1, tzinfo=UTC)
cards = st.tuples(st.floats(0.001, 36_500), st.timedeltas(timedelta(days=-3), timedelta(days=900)))


def memory(stability, ago):
    return Memory(stability, 5.0, NOW, NOW - ago, 1, 1, False, 1, None)


@given(st.lists(cards, max_size=30))
def test_the_numbers_are_those_of_the_package(found):
    together = recall.thousandths([s for s, _ in found], [ago.days for _, ago in found])
    assert together == [thousandths(memory(*card), NOW) for card in found]


def test_after_as_many_days_as_it_is_stable_nine_of_ten_are_recalled():
    assert recall.thousandths([7.0, 7.0, 7.0], [0, 7, -2]) == [1000, 900, 1000]
