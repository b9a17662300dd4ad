"""Figures of learning: the sums of a tree are those of a slow recomputation; a part taken away leaves the others."""

import json
from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import tree
from quizapp.reports.study.sums import (
    KEPT,
    Own,
    Pool,
    Study,
    first_kept,
    own_of,
    study_of,
    to_json,
    wholes,
)
from tests.people.test_tree import trees
from tests.reports.test_spread import below

ARTICLES = [f"tiaoli:{n}" for n in range(1, 40)]
DAYS = [(date(2026, 10, 1) + timedelta(days=n)).isoformat() for n in range(30)]
POOLS = (Pool(), Pool(3, {"tiaoli:1": 2, "tiaoli:2": 1}), Pool(50, dict.fromkeys(ARTICLES, 2)))
numbers = st.integers(0, 3000)
owns = st.builds(
    Own,
    st.integers(1, 40),
    numbers,
    numbers,
    st.dictionaries(st.sampled_from(DAYS), st.lists(st.integers(1, 9), min_size=3, max_size=3)),
    st.dictionaries(st.sampled_from(ARTICLES[:2]), st.integers(1, 9000)),
)


def slowly(studies):
    """Several units together, one after the other."""
    total = Counter()
    days, articles = {}, {}
    for one in studies:
        total.update(people=one.people, thousandths=one.thousandths, questions=one.questions, met=one.met)
        for kept, more in ((days, one.days), (articles, one.articles)):
            for key, row in more.items():
                kept[key] = [a + b for a, b in zip(kept.get(key, [0, 0, 0]), row, strict=True)]
    return Study(
        *(total[name] for name in ("people", "thousandths", "questions", "met")), days=days, articles=articles
    )


@given(trees(), st.data())
def test_each_unit_is_the_sum_of_all_below_it(places, data):
    intervals = tree.numbering(places)
    practising = data.draw(st.lists(st.sampled_from(places), unique_by=lambda place: place.id))
    own = {place.id: (data.draw(owns), data.draw(st.sampled_from(POOLS[1:]))) for place in practising}
    found = wholes(list(intervals.values()), {intervals[key][0]: pair for key, pair in own.items()})
    for place in places:
        inside = [own[one] for one in below(places, place) if one in own]
        assert found[intervals[place.id][0]] == slowly([one.study(pool) for one, pool in inside])


@given(st.lists(st.tuples(owns, st.sampled_from(POOLS)), min_size=1, max_size=4))
def test_what_is_taken_away_leaves_the_others(pairs):
    studies = [one.study(pool) for one, pool in pairs]
    assert slowly(studies) - studies[0] == slowly(studies[1:])


@given(owns, st.sampled_from(POOLS))
def test_what_the_table_keeps_comes_back(one, pool):
    assert own_of(json.loads(json.dumps(to_json(one)))) == one
    assert study_of(json.loads(json.dumps(to_json(one.study(pool))))) == one.study(pool)
    assert study_of(None) == study_of({}) == Study()


def test_a_period_counts_people_by_their_latest_answer():
    study = Study(people=5, days={DAYS[0]: [4, 2, 1], DAYS[3]: [10, 9, 2]})
    assert study.since(date(2026, 10, 1)) == (3, 14, 11)
    assert study.since(date(2026, 10, 2)) == (2, 10, 9)
    assert study.since(date(2026, 11, 1)) == (0, 0, 0)


def test_a_quarter_is_kept():
    today = date(2026, 12, 31)
    assert (today - first_kept(today)).days + 1 == KEPT == 92
