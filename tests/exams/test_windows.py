"""Edges of an exam's times: when one may start, when a sitting closes, what the exam is just now."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.clock import CHINA, end_of, today
from quizapp.exams import windows
from quizapp.exams.windows import Window

OPENS = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
CLOSES = datetime(2026, 12, 25, 16, 0, tzinfo=UTC)  # 24:00 of the 25th in China
second, minute = timedelta(seconds=1), timedelta(minutes=1)


def at(text: str) -> datetime:
    """A wall-clock time in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def window(**more) -> Window:
    return Window(OPENS, CLOSES, **more)


NINE_TO_SIX = {"daily_from": 540, "daily_until": 1080}
ENDS = {"closes_at": CLOSES}
SLOT = {"slot_opens_at": at("2026-12-03 14:00"), "slot_closes_at": at("2026-12-03 16:00")}


@pytest.mark.parametrize(
    ("started", "extra", "closes"),
    [
        (OPENS, {}, OPENS + 60 * minute),
        (CLOSES - 61 * minute, {}, CLOSES - minute),
        (CLOSES - 20 * minute, {}, CLOSES),
        (OPENS, {"extra_percent": 50}, OPENS + 90 * minute),
        (OPENS, {"extra_percent": 33}, OPENS + timedelta(minutes=79, seconds=48)),
        (OPENS, {"extra_minutes": 15}, OPENS + 75 * minute),
        (OPENS, {"extra_percent": 25, "extra_minutes": 5}, OPENS + 80 * minute),
        (CLOSES - 20 * minute, {"extra_minutes": 15}, CLOSES),
        (CLOSES - 20 * minute, {"extension": 10 * minute}, CLOSES + 10 * minute),
        (OPENS, {"extension": 10 * minute}, OPENS + 70 * minute),
    ],
)
def test_a_sitting_closes(started, extra, closes):
    assert window().closing_time(started, minutes=60, **extra) == closes


@pytest.mark.parametrize(
    ("own", "started", "closes"),
    [
        (ENDS | {"personal_closes_at": CLOSES + 30 * minute}, CLOSES - 20 * minute, CLOSES + 30 * minute),
        (ENDS | {"personal_closes_at": CLOSES + 90 * minute}, CLOSES - 20 * minute, CLOSES + 40 * minute),
        (ENDS | {"personal_closes_at": CLOSES - 10 * minute}, CLOSES - 20 * minute, CLOSES),
        (NINE_TO_SIX, at("2026-12-03 16:30"), at("2026-12-03 17:30")),
        (NINE_TO_SIX, at("2026-12-03 17:30"), at("2026-12-03 18:00")),
        ({"daily_from": 1200, "daily_until": 1440}, at("2026-12-31 23:30"), at("2027-01-01 00:00")),
        ({"daily_from": 0, "daily_until": 1440}, at("2026-12-03 23:30"), at("2026-12-04 00:00")),
        ({}, at("2026-12-03 23:30"), at("2026-12-04 00:30")),
        (SLOT, at("2026-12-03 14:00"), at("2026-12-03 15:00")),
        (SLOT, at("2026-12-03 15:30"), at("2026-12-03 16:00")),
        (
            SLOT | {"personal_closes_at": at("2026-12-03 16:20")},
            at("2026-12-03 15:30"),
            at("2026-12-03 16:20"),
        ),
        (
            SLOT | {"personal_closes_at": at("2026-12-03 15:40")},
            at("2026-12-03 15:30"),
            at("2026-12-03 16:00"),
        ),
        (
            NINE_TO_SIX | {"closes_at": at("2026-12-25 18:00"), "personal_closes_at": at("2026-12-25 20:00")},
            at("2026-12-25 19:30"),
            at("2026-12-25 20:00"),
        ),
    ],
)
def test_a_sitting_of_60_minutes_ends_with_the_hours_of_its_day_its_slot_and_its_window(own, started, closes):
    long = {"opens_at": OPENS, "closes_at": at("2027-01-05 00:00")}
    assert Window(**long | own).closing_time(started, minutes=60) == closes


moments = st.integers(0, 40 * 24 * 60).map(lambda n: OPENS - timedelta(days=3) + n * minute)


@st.composite
def windows_of_somebody(draw):
    """Any window: with and without hours, slots and personal ends."""
    closes = OPENS + draw(st.integers(1, 30 * 24 * 60)) * minute
    hours = draw(
        st.none() | st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda h: h[0] < h[1])
    )
    slot = draw(st.none() | st.tuples(moments, st.integers(1, 3000)))
    slot = slot if slot and OPENS <= slot[0] and slot[0] + slot[1] * minute <= closes else None
    return Window(
        OPENS,
        closes,
        draw(st.none() | moments.filter(lambda m: OPENS < m)),
        *(hours or (None, None)),
        *((slot[0], slot[0] + slot[1] * minute) if slot else (None, None)),
        draw(st.none() | moments),
    )


@given(windows_of_somebody(), moments)
def test_who_may_start_has_time_and_stops_inside_every_end(one, now):
    if one.may_start(now) != "open":
        return
    ends = one.closing_time(now, minutes=60)
    assert now < ends <= min(now + 60 * minute, one.ends)
    assert one.begins <= now < one.last_start
    if one.daily_from is not None and ends.astimezone(CHINA).date() != now.astimezone(CHINA).date():
        assert ends == end_of(today(now))


@given(windows_of_somebody(), moments)
def test_the_next_start_is_a_moment_at_which_one_may_start(one, now):
    following = one.next_start(now)
    if following is None:
        assert one.may_start(now) == "too_late" or (
            one.may_start(now) == "not_open" and one.may_start(one.begins) != "open"
        )
        return
    assert following >= now
    assert one.may_start(following) == "open"
    assert (one.may_start(now) == "open") == (following == now)


@given(windows_of_somebody(), moments, st.integers(1, 60))
def test_no_earlier_minute_would_do(one, now, before):
    following = one.next_start(now)
    if following is not None and following - before * minute >= now:
        assert one.may_start(following - before * minute) != "open"


@given(windows_of_somebody(), moments, moments)
def test_a_personal_end_only_lengthens(one, now, personal):
    plain, given_more = replace(one, personal_closes_at=None), replace(one, personal_closes_at=personal)
    assert plain.ends <= given_more.ends
    assert plain.last_start <= given_more.last_start
    if plain.may_start(now) == "open":
        assert given_more.may_start(now) == "open"
        assert plain.closing_time(now, minutes=60) <= given_more.closing_time(now, minutes=60)


@given(
    windows_of_somebody(),
    st.integers(5, 240),
    st.integers(0, 100),
    st.integers(0, 120),
    moments,
    st.integers(0, 3600),
)
def test_more_time_never_closes_a_sitting_earlier(one, minutes, percent, extra, started, extension):
    plain = one.closing_time(started, minutes=minutes)
    longer = one.closing_time(
        started,
        minutes=minutes,
        extra_percent=percent,
        extra_minutes=extra,
        extension=timedelta(seconds=extension),
    )
    assert plain <= longer
    assert plain <= one.ends


LAST = {"last_start_at": CLOSES - 30 * minute}


@pytest.mark.parametrize(
    ("now", "more", "answer"),
    [
        (OPENS - second, {}, "not_open"),
        (OPENS, {}, "open"),
        (CLOSES - second, {}, "open"),
        (CLOSES, {}, "too_late"),
        (CLOSES - 30 * minute, LAST, "too_late"),
        (CLOSES - 31 * minute, LAST, "open"),
        (CLOSES, {"personal_closes_at": CLOSES + minute}, "open"),
        (CLOSES + minute, {"personal_closes_at": CLOSES + minute}, "too_late"),
        (CLOSES - 30 * minute, LAST | {"personal_closes_at": CLOSES + minute}, "open"),
        (CLOSES - 29 * minute, LAST | {"personal_closes_at": CLOSES + minute}, "too_late"),
        (at("2026-12-03 08:59"), NINE_TO_SIX, "outside_hours"),
        (at("2026-12-03 09:00"), NINE_TO_SIX, "open"),
        (at("2026-12-03 17:59"), NINE_TO_SIX, "open"),
        (at("2026-12-03 18:00"), NINE_TO_SIX, "outside_hours"),
        (at("2026-12-25 18:00"), NINE_TO_SIX, "too_late"),
        (
            at("2026-12-25 18:00"),
            NINE_TO_SIX | {"personal_closes_at": at("2026-12-26 10:00")},
            "outside_hours",
        ),
        (at("2026-12-26 09:30"), NINE_TO_SIX | {"personal_closes_at": at("2026-12-26 10:00")}, "open"),
        (at("2026-12-26 20:30"), NINE_TO_SIX | {"personal_closes_at": at("2026-12-26 21:00")}, "open"),
        (at("2026-12-03 13:59"), SLOT, "not_open"),
        (at("2026-12-03 14:00"), SLOT, "open"),
        (at("2026-12-03 16:00"), SLOT, "too_late"),
        (at("2026-12-03 16:00"), SLOT | {"personal_closes_at": at("2026-12-03 16:10")}, "open"),
        (at("2026-12-03 15:59"), SLOT | LAST, "open"),
        (at("2026-12-03 15:00"), SLOT | {"last_start_at": at("2026-12-03 15:00")}, "too_late"),
    ],
)
def test_an_exam_may_be_started(now, more, answer):
    assert window(**more).may_start(now) == answer


@pytest.mark.parametrize(
    ("now", "more", "following"),
    [
        ("2026-11-20 12:00", {}, "2026-12-01 09:00"),
        ("2026-12-03 12:00", NINE_TO_SIX, "2026-12-03 12:00"),
        ("2026-12-03 08:00", NINE_TO_SIX, "2026-12-03 09:00"),
        ("2026-12-03 18:00", NINE_TO_SIX, "2026-12-04 09:00"),
        ("2026-11-20 12:00", {"daily_from": 480, "daily_until": 510}, "2026-12-02 08:00"),
        ("2026-11-20 12:00", SLOT, "2026-12-03 14:00"),
        ("2026-12-25 18:00", NINE_TO_SIX, None),
        ("2026-12-26 00:00", {}, None),
    ],
)
def test_the_next_start(now, more, following):
    assert window(**more).next_start(at(now)) == (at(following) if following else None)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_hours_are_those_of_china_wherever_the_machine_stands_and_whatever_the_year(zone, monkeypatch):
    """Hazard H14."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        new_year = Window(at("2026-12-31 00:00"), at("2027-01-03 00:00"), **NINE_TO_SIX)
        assert new_year.hours(date(2027, 1, 1)) == (at("2027-01-01 09:00"), at("2027-01-01 18:00"))
        assert new_year.may_start(at("2027-01-01 00:30")) == "outside_hours"
        assert new_year.next_start(at("2026-12-31 18:00")) == at("2027-01-01 09:00")
        assert new_year.closing_time(at("2026-12-31 17:30"), minutes=60) == at("2026-12-31 18:00")
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("hours", "words"), [((540, 1080), "9:00至18:00"), ((0, 1440), "0:00至24:00"), ((None, None), "全天")]
)
def test_the_hours_in_words(hours, words):
    assert windows.hours_in_words(*hours) == words


@dataclass
class Exam:
    state: str = "published"
    opens_at: datetime | None = OPENS
    closes_at: datetime | None = CLOSES
    released_at: datetime | None = None


@pytest.mark.parametrize(
    ("exam", "now", "state"),
    [
        (Exam("draft", None, None), OPENS, "draft"),
        (Exam("cancelled"), OPENS, "cancelled"),
        (Exam(), OPENS - second, "published"),
        (Exam(), OPENS, "running"),
        (Exam(), CLOSES - second, "running"),
        (Exam(), CLOSES, "closed"),
        (Exam(released_at=CLOSES + minute), CLOSES + second, "closed"),
        (Exam(released_at=CLOSES + minute), CLOSES + minute, "released"),
    ],
)
def test_an_exam_is(exam, now, state):
    assert windows.state_of(exam, now) == state
    assert state in windows.STATES


@pytest.mark.parametrize(
    ("now", "latest", "over"),
    [
        (CLOSES + 120 * second, None, False),
        (CLOSES + 121 * second, None, True),
        (CLOSES + 121 * second, CLOSES + minute, False),
        (CLOSES + 181 * second, CLOSES + minute, True),
        (CLOSES + 121 * second, CLOSES - minute, True),
    ],
)
def test_it_is_over_when_the_last_person_and_the_grace_are_through(now, latest, over):
    assert windows.is_over(now, closes_at=CLOSES, latest_personal=latest, grace_s=120) is over
