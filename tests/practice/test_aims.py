"""What a plan asks of a day, and what a coming exam moves."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams.blueprint import Row, questions
from quizapp.practice.aims import Plan, nearest_missing, progress
from quizapp.practice.coming import NEAR, STRENGTH, Coming, nearness, pulls, shares
from quizapp.practice.drawing import SECONDS, Aims, Entry, draw_daily
from quizapp.practice.mastery import Mastery
from quizapp.practice.memory import Logged, fold
from tests.practice.test_drawing import HISTORIES, NOW, POOLS, pool_of
from tests.practice.test_memory import START, logged

DAY = date(2027, 2, 10)


def plan_of(share: int, days: int = 10) -> Plan:
    return Plan(1, "县信访局", frozenset(["law"]), share, DAY + timedelta(days=days - 1))


KNOWN = fold([logged(1, True, days=99.9)])


@pytest.mark.parametrize(
    ("share", "known", "needed", "left", "met"),
    [
        (100, {}, 3, 3, False),
        (100, {0: KNOWN, 1: KNOWN, 2: KNOWN, 3: KNOWN}, 3, 0, True),
        (50, {0: KNOWN, 1: KNOWN}, 2, 1, False),  # both on article 1; half of three is two
        (50, {0: KNOWN, 1: KNOWN, 2: KNOWN}, 2, 0, True),
        (34, {0: KNOWN}, 2, 2, False),  # one of the two questions of article 1 is not enough
    ],
)
def test_how_many_articles_are_left_to_the_aim(share, known, needed, left, met):
    found = progress(plan_of(share), pool_of([1, 1, 2, 3]), known, DAY, NOW)
    assert (found.articles, found.needed, found.left, found.met) == (3, needed, left, met)


def test_where_the_regulation_has_no_questions_no_aim_is_met():
    found = progress(plan_of(10), pool_of([8, 8]), {}, DAY, NOW)
    assert (found.articles, found.met, found.fresh) == (0, False, 0)


@pytest.mark.parametrize(("share", "days", "fresh"), [(100, 10, 2), (100, 1, 20), (50, 10, 1), (100, -5, 20)])
def test_new_questions_of_a_day_follow_from_the_date(share, days, fresh):
    assert progress(plan_of(share, days), pool_of([1, 2, 3, 4] * 5), {}, DAY, NOW).fresh == fresh


@given(HISTORIES, POOLS, st.integers(10, 100), st.integers(1, 60))
def test_who_does_the_new_ones_of_every_day_has_met_the_share_by_the_date(known, pool, share, days):
    """Day after day: nothing is left over at the end, whatever the history was."""
    plan, met = plan_of(share, days), dict(known)
    for day in range(days):
        found = progress(plan, pool, met, DAY + timedelta(days=day), NOW)
        open_ones = [e for e in pool if e.place[0] == "law" and e.question_id not in met]
        for entry in open_ones[: found.fresh]:
            met[entry.question_id] = fold([logged(1, False, days=90)])  # met, and not even known
    own = [entry for entry in pool if entry.place[0] == "law"]
    assert 100 * sum(entry.question_id in met for entry in own) >= share * len(own)


def test_a_person_who_follows_the_plan_reaches_its_aim_and_is_then_left_in_peace():
    pool, plan, chance = pool_of([1, 2, 3, 4, 5, 6] * 5), plan_of(80, 30), Random(3)
    logs: dict[int, list[Logged]] = {}
    offered = []
    for day in range(30):
        now = NOW + timedelta(days=day)
        known = {question: fold(log) for question, log in logs.items()}
        found = progress(plan, pool, known, DAY + timedelta(days=day), now)
        aims = Aims(met=found.met, regulations=plan.regulations, fresh=found.fresh)
        drawn = draw_daily(known, pool, 300, now, chance, aims)
        offered.append(len(drawn))
        for number, revision in enumerate(drawn):
            moment = now + timedelta(seconds=number)
            entry = Logged(f"{day}-{number}", True, moment.date(), moment, moment)
            logs.setdefault(revision - 100, []).append(entry)
        if found.met:
            assert drawn == []
    assert found.met
    assert max(offered) <= 300 // min(SECONDS.values())


def test_what_lacks_least_is_named_by_chapter():
    found = {
        ("law", "1"): Mastery(4000, 4, 4),
        ("law", "2"): Mastery(700, 1, 1),
        ("law", "3"): Mastery(1200, 2, 2),
        ("law", "4"): Mastery(0, 3, 0),
    }
    chapters = {("law", "1"): "一", ("law", "2"): "一", ("law", "3"): "二", ("law", "4"): "二"}
    assert nearest_missing(found, chapters, 2) == {"一": 1, "二": 1}
    assert nearest_missing(found, chapters, 9) == {"一": 1, "二": 2}
    assert nearest_missing(found, chapters, 0) == {}


# What an exam asks for ----------------------------------------------------------------------------------------------


def entry(number: int, kind: str, chapter: str) -> Entry:
    return Entry(number, number, kind, 3, (("law", str(number)),), chapter)


POOL = [entry(n, "single", "1") for n in (1, 2)] + [entry(n, "single", "2") for n in (3, 4, 5, 6)]
ROWS = (Row("single", least=10, most=10), Row("single", chapter="1", least=6, most=6))


def test_a_row_is_shared_out_over_its_questions_and_the_rest_over_the_kind():
    found = shares(ROWS, POOL)
    assert found[1] == pytest.approx(3 + 4 / 6)
    assert found[6] == pytest.approx(4 / 6)


@given(POOLS, st.integers(5, 40), st.integers(0, 60), st.sampled_from(["1", "9"]))
def test_shares_add_up_to_the_paper(pool, count, least, chapter):
    rows = (Row("single", least=count, most=count), Row("single", chapter=chapter, least=least))
    kinds = {one.kind for one in pool}
    expected = questions(rows) if "single" in kinds else 0
    assert sum(shares(rows, pool).values()) == pytest.approx(expected)


@pytest.mark.parametrize(("days", "near"), [(90, 0), (60, 0), (30, 0.5), (0, 1), (-3, 1)])
def test_an_exam_counts_more_the_nearer_it_is(days, near):
    assert nearness(START + timedelta(days=days), START) == pytest.approx(near)


def test_articles_that_are_asked_for_often_pull_more_and_far_exams_do_not():
    def of(days):
        exam = Coming(1, "考试", ROWS, START + timedelta(days=days), START + timedelta(days=days + 5))
        return pulls([exam], POOL, START)

    assert of(0)[("law", "1")] > 5 * of(0)[("law", "3")] > 0
    assert of(30)[("law", "1")] == pytest.approx(of(0)[("law", "1")] / 2)
    assert sum(of(0).values()) / 6 == pytest.approx(STRENGTH)
    assert of(NEAR.days + 1) == {}
