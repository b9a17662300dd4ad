"""场次 of units: whose counts for whom, how a window is split and units are dealt, and what publishing freezes."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from quizapp import clock
from quizapp.clock import CHINA
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, exceptions, queries, slots, slotting
from quizapp.exams.models import Candidate
from quizapp.exams.slot_queries import slots_of
from quizapp.exams.slots import Slot
from quizapp.exams.windows import Window
from quizapp.people.models import Unit
from tests.statements import statements

HOUR = timedelta(hours=1)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


FIRST, SECOND = at("2026-12-01 09:00"), at("2026-12-02 09:00")


def slot(unit_id, lft, rgt, opens_at=FIRST):
    return Slot(unit_id, f"单位{unit_id}", lft, rgt, opens_at, opens_at + HOUR)


def test_a_units_own_slot_wins_over_one_above():
    above, own = slot(1, 100, 900), slot(2, 200, 300, SECOND)
    assert slots.slot_for(250, [above, own]) == own
    assert slots.slot_for(150, [above, own]) == above
    assert slots.slot_for(950, [above, own]) is None


def test_a_window_is_split_within_the_hours_of_its_days():
    window = Window(at("2026-12-01 10:30"), at("2026-12-02 12:00"), None, 540, 780)
    starts = [at(f"2026-12-{text}") for text in ("01 10:30", "01 11:30", "02 09:00", "02 10:00", "02 11:00")]
    assert slots.pieces(window, HOUR) == [(start, start + HOUR) for start in starts]


def test_days_that_are_not_worked_are_left_out():
    window = Window(at("2026-12-04 00:00"), at("2026-12-08 00:00"), None, 540, 660)
    found = slots.pieces(window, HOUR, works=lambda day: day.weekday() < 5)
    assert [start.astimezone(CHINA).strftime("%m-%d %H") for start, _ in found] == [
        "12-04 09",
        "12-04 10",
        "12-07 09",
        "12-07 10",
    ]


@given(
    st.integers(1, 3000),
    st.integers(5, 600),
    st.none() | st.tuples(st.integers(0, 1000), st.integers(1001, 1440)),
)
def test_slots_lie_in_the_window_one_after_the_other(hours, length, daily):
    window = Window(FIRST, FIRST + hours * HOUR, None, *(daily or (None, None)))
    found = slots.pieces(window, timedelta(minutes=length))
    assert all(window.begins <= start < end <= window.ends for start, end in found)
    assert all(end - start == timedelta(minutes=length) for start, end in found)
    assert all(before[1] <= after[0] for before, after in zip(found, found[1:], strict=False))
    assert all(window.may_start(start) == "open" for start, _ in found)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=80), st.integers(1, 30))
def test_neighbours_stay_together_and_the_load_is_even(people, count):
    places = slots.deal(people, count)
    assert places == sorted(places)
    assert set(places) <= set(range(count))
    loads = [sum(own for own, place in zip(people, places, strict=True) if place == n) for n in range(count)]
    assert max(loads) <= sum(people) / count + max(people)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=7), st.integers(1, 4))
def test_the_fullest_slot_is_as_small_as_neighbours_allow(people, count):
    def fullest(cuts):
        edges = [0, *cuts, len(people)]
        return max(sum(people[low:high]) for low, high in pairwise(edges))

    places = slots.deal(people, count)
    loads = Counter()
    for own, place in zip(people, places, strict=True):
        loads[place] += own
    ways = combinations_with_replacement(range(len(people) + 1), count - 1)
    assert max(loads.values()) == min(fullest(cuts) for cuts in ways)


def test_equal_units_are_dealt_in_equal_numbers():
    assert slots.deal([10] * 6, 3) == [0, 0, 1, 1, 2, 2]
    assert slots.deal([3, 2, 1], 3) == [0, 1, 2]
    assert slots.deal([], 3) == []
    with pytest.raises(ValueError, match="nothing"):
        slots.deal([1], 0)


@pytest.mark.parametrize(
    ("closes", "words"),
    [
        ("2026-12-01 10:30", "10:30"),
        ("2026-12-02 00:00", "24:00"),
        ("2026-12-02 10:00", "2026年12月2日 10:00"),
    ],
)
def test_a_slot_in_words(closes, words):
    assert slots.span_in_words(FIRST, at(closes)) == f"2026年12月1日 09:00至{words}"


def test_many_names_are_counted():
    assert slots.shortened(["甲", "乙"]) == "甲、乙"
    assert slots.shortened(list("甲乙丙丁戊")) == "甲、乙、丙等5个单位"


# Stored ------------------------------------------------------------------------------------------------------


def of(exam, person_id):
    found = select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    return db.session.scalars(found.execution_options(populate_existing=True)).one()


def give(exam, unit_id, start, cast):
    unit = db.session.get_one(Unit, unit_id)
    slotting.give(exam, unit, start, start + 2 * HOUR, clock.now(), actor_id=cast.he)


def test_publishing_writes_each_candidates_slot(make_exam, cast):
    exam = make_exam()
    morning, evening = exam.opens_at + HOUR, exam.opens_at + 10 * HOUR
    give(exam, cast.county, morning, cast)
    give(exam, cast.office, evening, cast)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    assert of(exam, cast.jiang).slot_opens_at == evening
    assert of(exam, cast.jiang).slot_closes_at == evening + 2 * HOUR
    assert of(exam, cast.fang).slot_opens_at == morning
    with pytest.raises(Refused, match="场次不能再修改"):
        give(exam, cast.office, morning, cast)


def test_who_is_added_later_gets_the_slot_of_the_unit(make_exam, cast):
    exam = make_exam(audience=[(cast.town, True)])
    give(exam, cast.office, exam.opens_at + HOUR, cast)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    exceptions.add_candidate(exam, "10000017", "调入", clock.now(), actor_id=cast.he)
    db.session.commit()
    assert of(exam, cast.jiang).slot_opens_at == exam.opens_at + HOUR


def test_who_has_no_slot_has_the_whole_window(make_exam, cast):
    exam = make_exam()
    give(exam, cast.office, exam.opens_at + HOUR, cast)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    assert of(exam, cast.fang).slot_opens_at is None


def test_a_slot_outside_of_the_window_and_a_foreign_unit_are_refused(make_exam, cast):
    exam = make_exam(unit=cast.office, audience=[(cast.office, True)])
    with pytest.raises(Refused, match="场次不在考试起止时间内"):
        give(exam, cast.office, exam.opens_at - HOUR, cast)
    with pytest.raises(Refused, match="不属于主办单位"):
        give(exam, cast.town, exam.opens_at, cast)
    assert slots_of(exam.id) == []


def test_units_are_spread_in_tree_order(make_exam, cast):
    midnight = clock.now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    exam = make_exam(opens_at=midnight + timedelta(days=2), daily_from=540, daily_until=720)
    assert slotting.spread(exam, 3, 60, clock.now(), actor_id=cast.he) == 3
    given_slots = slots_of(exam.id)
    assert [one.unit_id for one in given_slots] == [cast.county, cast.office, cast.town]
    starts = [one.opens_at for one in given_slots]
    assert starts == sorted(starts)
    assert len(set(starts)) == 3
    assert [one.opens_at.astimezone(CHINA).hour for one in given_slots] == [9, 10, 11]
    slotting.spread(exam, 3, 60, clock.now(), hours=(600, 720), actor_id=cast.he)
    assert [one.opens_at.astimezone(CHINA).hour for one in slots_of(exam.id)] == [10, 11, 10]
    with pytest.raises(Refused, match="最多能安排"):
        slotting.spread(exam, 150, 60, clock.now(), actor_id=cast.he)
    assert len(slots_of(exam.id)) == 3


def test_the_status_follows_the_slot_in_both_ways_of_reading(make_exam, cast):
    exam = make_exam()
    give(exam, cast.office, exam.opens_at + HOUR, cast)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    jiang = of(exam, cast.jiang)
    for now, words in ((jiang.slot_closes_at - HOUR, "未开始"), (jiang.slot_closes_at, "缺考")):
        assert queries.status_of(jiang, exam, now) == words
        rows, _ = queries.candidates(exam, now, status=words, words="江映雪")
        assert [row.candidate.person_id for row in rows] == [cast.jiang]
    counted = queries.numbers(exam, jiang.slot_closes_at)
    assert (counted["缺考"], counted["未开始"]) == (2, 4)
    jiang.personal_closes_at = jiang.slot_closes_at + HOUR
    db.session.commit()
    assert queries.status_of(jiang, exam, jiang.slot_closes_at) == "未开始"
    assert queries.numbers(exam, jiang.slot_closes_at)["缺考"] == 1


def test_spreading_and_freezing_cost_the_same_however_many_units(make_exam, cast):
    def cost(more):
        for n in range(more):
            lft = 10_500 + 10 * n
            db.session.add(Unit(code=f"N{n}", name=f"单位{n}", parent_id=cast.county, lft=lft, rgt=lft + 5))
        exam = make_exam()
        with statements() as seen:
            slotting.spread(exam, 2, 60, clock.now(), actor_id=cast.he)
            actions.publish(exam, clock.now(), actor_id=cast.he)
        return len(seen)

    assert cost(0) == cost(20)
