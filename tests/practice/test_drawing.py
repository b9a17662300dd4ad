"""The daily draw keeps its promises on random histories."""

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.drawing import Entry, draw_daily, draw_some
from quizapp.practice.memory import fold
from tests.practice.test_memory import LOGS, START, logged

NOW = START + timedelta(days=100)


def pool_of(articles: list[int]) -> list[Entry]:
    """One question per element, on that article; question n has revision 100 + n."""
    kinds = ("single", "multiple", "judge")
    return [
        Entry(100 + n, n, kinds[n % 3], 3, (("law", str(article)),), "1")
        for n, article in enumerate(articles)
    ]


HISTORIES = st.dictionaries(st.integers(0, 29), LOGS.map(fold), max_size=15)
POOLS = st.lists(st.integers(1, 8), max_size=30).map(pool_of)


@given(HISTORIES, POOLS, st.integers(1, 10), st.integers())
def test_a_daily_quiz_asks_what_is_needed_and_nothing_else(known, pool, wanted, seed):
    drawn = draw_daily(known, pool, wanted, NOW, Random(seed))
    by_revision = {entry.revision_id: entry for entry in pool}
    due = {e.revision_id for e in pool if e.question_id in known and known[e.question_id].due_at <= NOW}
    fresh = {e.revision_id for e in pool if e.question_id not in known}
    assert len(drawn) == len(set(drawn)) == min(wanted, len(due) + len(fresh))
    assert set(drawn) <= by_revision.keys()
    assert set(drawn) <= due | fresh
    assert len(due & set(drawn)) == min(wanted, len(due))


@given(HISTORIES, POOLS, st.integers(1, 10), st.integers())
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_pool(known, pool, wanted, seed):
    turned = draw_daily(known, pool[::-1], wanted, NOW, Random(seed))
    assert draw_daily(known, pool, wanted, NOW, Random(seed)) == turned


def test_the_most_forgotten_comes_first():
    known = {
        0: fold([logged(1, True, days=90)]),
        1: fold([logged(1, False, days=40)]),
        2: fold([logged(1, True, days=10)]),
    }
    assert draw_daily(known, pool_of([1, 2, 3]), 2, NOW, Random(1)) == [101, 102]


def test_what_is_known_and_not_due_is_left_alone():
    known = {0: fold([logged(1, True, days=99.9)])}
    assert draw_daily(known, pool_of([1]), 5, NOW, Random(1)) == []


def test_weak_articles_come_more_often():
    known = {n: fold([logged(1, True, days=99.5)]) for n in range(6)}  # article 1 is known well
    pool = pool_of([1] * 6 + [1, 2])  # one new question on each of the two
    drawn = Counter(draw_daily(known, pool, 1, NOW, Random(seed))[0] for seed in range(400))
    assert drawn[107] > 2 * drawn[106] > 0


def test_new_questions_are_spread_over_articles():
    pool = pool_of([1] * 20 + [2, 3, 4, 5])
    articles = [
        len({pool[revision - 100].place for revision in draw_daily({}, pool, 5, NOW, Random(seed))})
        for seed in range(100)
    ]
    assert sum(articles) / len(articles) > 3


@given(POOLS, st.none() | st.integers(1, 40), st.integers())
def test_a_self_test_has_the_number_asked_for_sorted_by_type(pool, wanted, seed):
    drawn = draw_some(pool, wanted, Random(seed))
    kinds = [next(e.kind for e in pool if e.revision_id == revision) for revision in drawn]
    assert len(drawn) == len(set(drawn)) == (len(pool) if wanted is None else min(wanted, len(pool)))
    assert kinds == sorted(kinds, key=("single", "multiple", "judge").index)
