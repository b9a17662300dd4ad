"""Figures of learning: the sums of a tree are those of a slow recomputation; a part taken away leaves the others."""

import json
from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import tree
from quizapp.reports.study.sums import (
    KEPT,
    Figures,
    Own,
    Pool,
    Study,
    first_kept,
    own_of,
    rising,
    study_of,
    to_json,
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


chosen = st.dictionaries(
    st.sampled_from(["7", "8", "90"]), st.lists(st.integers(0, 9), min_size=9, max_size=9)
)


def added(tables):
    """Counters by key, one table after the other."""
    found = {}
    for table in tables:
        for key, row in table.items():
            found[key] = [a + b for a, b in zip(found.get(key, [0] * len(row)), row, strict=True)]
    return found


def slowly(studies):
    """Several units together, one after the other."""
    total = Counter()
    for one in studies:
        total.update(people=one.people, thousandths=one.thousandths, questions=one.questions, met=one.met)
    return Study(
        *(total[name] for name in ("people", "thousandths", "questions", "met")),
        days=added(one.days for one in studies),
        articles=added(one.articles for one in studies),
    )


@given(trees(), st.data())
def test_each_unit_is_the_sum_of_all_below_it(places, data):
    intervals = tree.numbering(places)
    practising = data.draw(st.sets(st.sampled_from([place.id for place in places])))
    own = {
        place.id: Figures(
            place.id,
            *intervals[place.id],
            data.draw(owns).study(data.draw(st.sampled_from(POOLS[1:])))
            if place.id in practising
            else Study(),
            data.draw(chosen) if place.id in practising else {},
            data.draw(st.booleans()),
        )
        for place in places
    }
    found = list(rising(sorted(own.values(), key=lambda one: one.lft)))
    assert sorted(one.unit_id for one in found) == sorted(own)
    for one in found:
        inside = [own[place] for place in below(places, next(p for p in places if p.id == one.unit_id))]
        assert one.study == slowly([each.study for each in inside])
        assert one.chosen == added(each.chosen for each in inside)
        assert one.behind == any(each.behind for each in inside)


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
