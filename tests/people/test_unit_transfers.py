"""Memberships that go over to another unit: nobody is lost on any day, nobody comes twice, the past stays."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.people.unit_transfers import Stay, transfer

FIRST = date(2026, 3, 1)
DAYS = [FIRST + timedelta(days=i) for i in range(12)]
EVER = [*DAYS, FIRST + timedelta(days=400)]
DAY = DAYS[5]


@st.composite
def memberships(draw):
    """Of up to three people in up to two units "A" and "B": one main membership at a time, others as they come."""
    found, number = {"A": [], "B": []}, 0
    for person in range(draw(st.integers(1, 3))):
        edges = sorted(draw(st.sets(st.integers(0, 12), min_size=1, max_size=4)))
        for start, end in zip(edges, [*edges[1:], None], strict=True):
            number += 1
            until = None if end is None else FIRST + timedelta(days=end - 1)
            stay = Stay(number, person, FIRST + timedelta(days=start), until, True, post=f"职务{number}")
            found[draw(st.sampled_from("AB"))].append(stay)
        for _ in range(draw(st.integers(0, 2))):
            number += 1
            start, length = draw(st.integers(0, 10)), draw(st.none() | st.integers(0, 6))
            since = FIRST + timedelta(days=start)
            until = None if length is None else since + timedelta(days=length)
            found[draw(st.sampled_from("AB"))].append(Stay(number, person, since, until, False, "seconded"))
    return found


def on(stays, day):
    return [stay for stay in stays if stay.since <= day and (stay.until is None or day <= stay.until)]


def after(found, result):
    cut = {stay.id: stay for stay in result.cut}
    gone = {stay.id for stay in result.dropped}
    kept = {
        unit: [cut.get(stay.id, stay) for stay in stays if stay.id not in gone]
        for unit, stays in found.items()
    }
    return {"A": kept["A"], "B": kept["B"] + list(result.begun)}


@given(memberships())
def test_from_the_day_on_everybody_is_there_and_before_it_nothing_changed(found):
    now = after(found, transfer(found["A"], found["B"], DAY))
    for day in EVER:
        if day < DAY:
            assert on(now["A"], day) == [s for s in now["A"] if s.id in {o.id for o in on(found["A"], day)}]
            for unit in "AB":
                assert {s.id for s in on(now[unit], day)} == {s.id for s in on(found[unit], day)}
            continue
        assert on(now["A"], day) == []
        everybody = {s.person_id for s in (*on(found["A"], day), *on(found["B"], day))}
        assert {s.person_id for s in on(now["B"], day)} == everybody


@given(memberships())
def test_a_main_membership_goes_on_as_what_it_was_and_there_is_one_a_day(found):
    now = after(found, transfer(found["A"], found["B"], DAY))
    for day in EVER:
        before = sorted((s.person_id, s.post) for unit in "AB" for s in on(found[unit], day) if s.main)
        assert sorted((s.person_id, s.post) for unit in "AB" for s in on(now[unit], day) if s.main) == before


@given(memberships())
def test_every_membership_has_days(found):
    result = transfer(found["A"], found["B"], DAY)
    assert all(stay.until is None or stay.since <= stay.until for stay in (*result.cut, *result.begun))
    assert {stay.id for stay in result.begun} <= {stay.id for stay in (*result.cut, *result.dropped)}
    assert result.joined <= result.people


def stay(number, *, main, since=0, until=None):
    end = None if until is None else DAYS[until]
    return Stay(number, 7, DAYS[since], end, main, "staff" if main else "seconded")


def test_who_belongs_to_both_keeps_the_main_membership():
    coming_main = transfer([stay(1, main=True)], [stay(2, main=False)], DAY)
    assert [s.id for s in coming_main.begun] == [1]
    assert {s.id for s in coming_main.cut} == {1, 2}
    coming_second = transfer([stay(1, main=False)], [stay(2, main=True)], DAY)
    assert coming_second.begun == ()
    assert {s.id for s in coming_second.cut} == {1}
    assert coming_main.joined == coming_second.joined == {7}


def test_a_second_membership_that_lasts_longer_is_kept():
    result = transfer([stay(1, main=True, until=7)], [stay(2, main=False)], DAY)
    assert {s.id for s in result.cut} == {1}
    assert result.joined == frozenset()


def test_what_began_on_the_day_or_later_moves_whole():
    result = transfer([stay(1, main=True, since=5), stay(2, main=False, since=8)], [], DAY)
    assert [s.id for s in result.dropped] == [1, 2]
    assert [(s.id, s.since) for s in result.begun] == [(1, DAYS[5]), (2, DAYS[8])]


def test_what_ended_before_stays_where_it_was():
    assert transfer([stay(1, main=True, until=4)], [], DAY).people == frozenset()
