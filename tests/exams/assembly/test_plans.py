"""千人千卷: every candidate's paper keeps every row, all have one mix, and the plan says how equal they are."""

from collections import Counter
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.assembly.plans import Plan, Share, Spread, draw, plan, spread
from quizapp.exams.blueprint import Row

from .pools import POINTS, blueprints, cases, item, items, keeps_everything, pool_of, section


def papers_of(frozen, pool, count=5, seed="江"):
    by_id = {one.revision_id: one for one in pool}
    return [[by_id[found] for found in draw(frozen, Random(f"{seed}/{n}"))] for n in range(count)]


@given(cases(forms=1, largest=12))
def test_every_paper_drawn_keeps_every_row_and_has_the_same_mix(case):
    frozen = plan(case.rows, case.pool, enemies=case.enemies, seed="1")
    papers = papers_of(frozen, case.pool)
    peace = [] if frozen.enemies_left else case.enemies
    assert all(keeps_everything(case.rows, [paper], enemies=peace) for paper in papers)
    mixes = [
        Counter((one.kind, one.difficulty, *(row.matches(one) for row in case.rows)) for one in paper)
        for paper in papers
    ]
    assert mixes.count(mixes[0]) == len(papers)
    event(f"enemies left: {frozen.enemies_left}")


@given(blueprints(), items())
def test_there_is_a_plan_unless_there_is_a_conflict(rows, pool):
    assert (plan(rows, pool) is None) is bool(conflict(rows, pool))


@given(cases(forms=1), st.data())
def test_the_same_pool_gives_the_same_plan_in_whatever_order_it_comes(case, data):
    again = data.draw(st.permutations(case.pool))
    one, other = (plan(case.rows, pool, enemies=case.enemies, seed="a") for pool in (case.pool, again))
    assert one == other


def test_counts_follow_the_sizes_of_the_cells():
    pool = pool_of(("single", "1", 60), ("single", "2", 30), ("single", "3", 10))
    rows = [section("single", 10), *(Row(chapter=chapter) for chapter in "123")]
    frozen = plan(rows, pool)
    assert [(len(share.revision_ids), share.count) for share in frozen.shares] == [(60, 6), (30, 3), (10, 1)]


def test_a_bound_moves_the_counts_no_further_than_it_asks():
    pool = pool_of(("single", "1", 60), ("single", "2", 30), ("single", "3", 10))
    rows = [section("single", 10), Row(chapter="3", least=4), Row(chapter="1", least=6), Row(chapter="2")]
    assert [share.count for share in plan(rows, pool).shares] == [6, 4]


def test_cells_are_split_by_difficulty():
    pool = [item(number, difficulty=1 + number % 2) for number in range(20)]
    frozen = plan([section("single", 10)], pool)
    assert [share.count for share in frozen.shares] == [5, 5]


def test_one_of_each_enemy_group_stays_and_chance_says_which():
    pool = pool_of(("single", "1", 12))
    enemies = [frozenset({1000, 1001, 1002}), frozenset({1002, 1003})]
    stayed = set()
    for seed in range(20):
        frozen = plan([section("single", 5)], pool, enemies=enemies, seed=str(seed))
        (share,) = frozen.shares
        assert frozen.enemies_left == 0
        assert all(len(group & set(share.revision_ids)) == 1 for group in enemies)
        stayed |= enemies[0] & set(share.revision_ids)
    assert stayed == {1000, 1001, 1002}


def test_enemies_come_back_only_where_a_paper_would_lack_questions():
    pool = pool_of(("single", "1", 6), ("single", "2", 6))
    enemies = [frozenset({1000, 1001, 1002}), frozenset({1006, 1007})]
    rows = [section("single", 8), Row(chapter="1", least=5)]
    frozen = plan(rows, pool, enemies=enemies, seed="x")
    drawable = {found for share in frozen.shares for found in share.revision_ids}
    assert frozen.enemies_left == 1
    assert len(drawable & enemies[0]) == 2
    assert len(drawable & enemies[1]) == 1


def test_no_plan_where_no_paper_can_be_made():
    assert plan([section("single", 5)], pool_of(("single", "1", 4))) is None


def test_the_spread_is_that_of_many_papers():
    pool = [
        item(number, difficulty=1 + number % 2, expected=0.4 + number % 2 * 0.3 + number / 500)
        for number in range(60)
    ]
    frozen = plan([section("single", 20)], pool)
    told = spread(frozen, pool, POINTS)
    scores = [sum(one.expected * 10 for one in paper) for paper in papers_of(frozen, pool, 4000)]
    assert fmean(scores) == pytest.approx(told.mean, abs=0.05)
    assert pstdev(scores) == pytest.approx(told.deviation, rel=0.05)


def test_papers_that_take_everything_do_not_differ():
    pool = [item(number, expected=number / 10) for number in range(5)]
    assert spread(Plan((Share(tuple(range(1000, 1005)), 5),)), pool, POINTS) == Spread(
        pytest.approx(10.0), 0.0
    )
