"""The daily draw keeps its promises on random histories."""

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.drawing import SECONDS, Aims, Entry, draw_daily, draw_some, needed_for
from quizapp.practice.memory import fold
from tests.practice.test_memory import LOGS, START, logged

NOW = START + timedelta(days=100)
SHORTEST = min(SECONDS.values())


def pool_of(articles: list[int]) -> list[Entry]:
    """One question per element, on that article; question n has revision 100 + n."""
    kinds = ("single", "multiple", "judge")
    return [
        Entry(100 + n, n, kinds[n % 3], 3, (("law" if article < 7 else "other", str(article)),), "1")
        for n, article in enumerate(articles)
    ]


HISTORIES = st.dictionaries(st.integers(0, 29), LOGS.map(fold), max_size=15)
POOLS = st.lists(st.integers(1, 8), max_size=30).map(pool_of)
BUDGETS = st.sampled_from([120, 300, 600]) | st.integers(0, 900)
PULLS = st.dictionaries(
    st.integers(1, 8).map(lambda n: ("law" if n < 7 else "other", str(n))), st.floats(0, 9), max_size=4
)
AIMS = st.builds(
    Aims,
    met=st.just(False),
    regulations=st.sampled_from([None, frozenset(["law"]), frozenset(["law", "other"])]),
    fresh=st.none() | st.integers(0, 6),
    pulls=PULLS,
)


def split(known, pool):
    """The entries that are due, and those never met."""
    due = {e.revision_id: e for e in pool if e.question_id in known and known[e.question_id].due_at <= NOW}
    return due, {e.revision_id: e for e in pool if e.question_id not in known}


@given(HISTORIES, POOLS, BUDGETS, st.integers(), AIMS)
def test_never_more_than_the_minutes_allow_and_nothing_twice(known, pool, seconds, seed, aims):
    drawn = draw_daily(known, pool, seconds, NOW, Random(seed), aims)
    kinds = {entry.revision_id: entry.kind for entry in pool}
    assert needed_for(kinds[revision] for revision in drawn) <= seconds
    assert len(drawn) == len(set(drawn))


@given(HISTORIES, POOLS, BUDGETS, st.integers(), AIMS)
def test_due_comes_before_new_and_what_is_known_and_not_due_is_left_alone(known, pool, seconds, seed, aims):
    drawn = draw_daily(known, pool, seconds, NOW, Random(seed), aims)
    due, fresh = split(known, pool)
    assert set(drawn) <= due.keys() | fresh.keys()
    marks = [revision in fresh for revision in drawn]
    assert marks == sorted(marks)
    if any(marks):
        assert due.keys() <= set(drawn)


@given(HISTORIES, POOLS, BUDGETS, st.integers())
def test_nothing_that_fits_and_is_needed_is_left_out(known, pool, seconds, seed):
    drawn = draw_daily(known, pool, seconds, NOW, Random(seed))
    due, fresh = split(known, pool)
    entries = {entry.revision_id: entry for entry in pool}
    left = seconds - needed_for(entries[revision].kind for revision in drawn)
    waiting = due.keys() - set(drawn) or fresh.keys() - set(drawn)
    assert all(SECONDS[entries[revision].kind] > left for revision in waiting)


@given(HISTORIES, POOLS, st.integers(), AIMS)
def test_new_questions_keep_to_the_plan_and_its_number(known, pool, seed, aims):
    drawn = set(draw_daily(known, pool, 600, NOW, Random(seed), aims))
    _, fresh = split(known, pool)
    new = [fresh[revision] for revision in drawn & fresh.keys()]
    assert aims.fresh is None or len(new) <= aims.fresh
    if aims.regulations is not None:
        assert all(e.place[0] in aims.regulations or e.place in aims.pulls for e in new)


@given(HISTORIES, POOLS, BUDGETS, st.integers(), PULLS)
def test_an_aim_that_is_met_offers_nothing_further(known, pool, seconds, seed, pulls):
    assert draw_daily(known, pool, seconds, NOW, Random(seed), Aims(met=True, pulls=pulls)) == []


@given(HISTORIES, POOLS, BUDGETS, st.integers(), AIMS)
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_pool(known, pool, seconds, seed, aims):
    turned = draw_daily(known, pool[::-1], seconds, NOW, Random(seed), aims)
    assert draw_daily(known, pool, seconds, NOW, Random(seed), aims) == turned


def test_the_most_forgotten_comes_first():
    known = {
        0: fold([logged(1, True, days=90)]),
        1: fold([logged(1, False, days=40)]),
        2: fold([logged(1, True, days=10)]),
    }
    pool = pool_of([1, 2, 3])
    assert draw_daily(known, pool, 70, NOW, Random(1)) == [101, 102]
    asked = Aims(pulls={("law", "3"): 9.0})  # the exam of tomorrow is about article 3
    assert draw_daily(known, pool, 70, NOW, Random(1), asked) == [102, 101]


def test_a_long_question_that_does_not_fit_makes_room_for_a_short_one():
    known = {n: fold([logged(1, False, days=40 + n)]) for n in range(3)}
    assert draw_daily(known, pool_of([1, 2, 3]), 45, NOW, Random(1)) == [100, 102]


def test_what_is_known_and_not_due_is_left_alone():
    known = {0: fold([logged(1, True, days=99.9)])}
    assert draw_daily(known, pool_of([1]), 300, NOW, Random(1)) == []


def test_weak_articles_come_more_often():
    known = {n: fold([logged(1, True, days=99.5)]) for n in range(6)}  # article 1 is known well
    pool = pool_of([1] * 6 + [1, 2])  # one new question on each of the two
    drawn = Counter(draw_daily(known, pool, 40, NOW, Random(seed))[0] for seed in range(400))
    assert drawn[107] > 2 * drawn[106] > 0


def test_what_the_coming_exam_asks_for_comes_more_often():
    pool = pool_of([1, 2, 3, 4, 5, 6])
    aims = Aims(pulls={("law", "4"): 4.0})
    drawn = Counter(draw_daily({}, pool, 40, NOW, Random(seed), aims)[0] for seed in range(400))
    assert drawn[103] > 2 * max(drawn[101], drawn[102], drawn[105])
    assert min(drawn[entry.revision_id] for entry in pool) > 0


def test_new_questions_are_spread_over_articles():
    pool = pool_of([1] * 20 + [2, 3, 4, 5])
    spread = [
        len({pool[revision - 100].place for revision in draw_daily({}, pool, 130, NOW, Random(seed))})
        for seed in range(100)
    ]
    assert sum(spread) / len(spread) > 3


@given(POOLS, st.none() | st.integers(1, 40), st.integers())
def test_a_self_test_has_the_number_asked_for_sorted_by_type(pool, wanted, seed):
    drawn = draw_some(pool, wanted, Random(seed))
    kinds = [next(e.kind for e in pool if e.revision_id == revision) for revision in drawn]
    assert len(drawn) == len(set(drawn)) == (len(pool) if wanted is None else min(wanted, len(pool)))
    assert kinds == sorted(kinds, key=("single", "multiple", "judge").index)
