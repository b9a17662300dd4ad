"""What holds in a hall: the door, seats, the invigilator's list."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.exams.halls import rules

OPENS = datetime(2026, 12, 25, 1, 0, tzinfo=UTC)
CLOSES = OPENS + timedelta(hours=2)
LATE = timedelta(minutes=30)
second = timedelta(seconds=1)


def door(now, **changes):
    standing = {"ended": False, "arrived": False, "admitted": False, "on_machine": False}
    return rules.door(now, opens_at=OPENS, closes_at=CLOSES, late=LATE, **standing | changes)


@pytest.mark.parametrize(
    ("now", "changes", "answer"),
    [
        (OPENS - rules.EARLY - second, {}, "not_yet"),
        (OPENS - rules.EARLY, {}, "open"),
        (OPENS, {}, "open"),
        (OPENS + LATE, {}, "open"),
        (OPENS + LATE + second, {}, "late"),
        (OPENS + LATE + second, {"admitted": True}, "open"),
        (OPENS + LATE + second, {"arrived": True}, "open"),
        (CLOSES - second, {"admitted": True}, "open"),
        (CLOSES, {"admitted": True}, "over"),
        (OPENS, {"ended": True, "admitted": True}, "over"),
        (OPENS, {"arrived": True, "on_machine": True}, "elsewhere"),
    ],
)
def test_the_door_is_open_from_half_an_hour_before_until_late(now, changes, answer):
    assert door(now, **changes) == answer
    assert answer == "open" or rules.DOORS[answer].endswith("。")


@pytest.mark.parametrize(
    ("wanted", "own", "free", "seat"),
    [
        (None, 7, [1, 2], 7),
        (None, None, [3, 5], 3),
        (None, None, [], None),
        (7, 7, [1, 2], 7),
        (2, 7, [1, 2], 2),
        (3, 7, [1, 2], None),  # somebody else's
        (99, 7, [1, 2], None),  # there is no such seat
        (0, 7, [1, 2], None),
    ],
)
def test_a_seat_is_the_typed_one_if_it_is_free_else_ones_own(wanted, own, free, seat):
    assert rules.seat_for(wanted, own, free) == seat


def test_free_seats_are_what_nobody_has():
    assert rules.free_seats(4, {2, None}) == [1, 3, 4]


@pytest.mark.parametrize(
    ("arrived", "answering", "finished", "state"),
    [
        (False, False, False, "absent"),
        (True, False, False, "waiting"),
        (True, True, False, "answering"),
        (False, True, False, "answering"),
        (True, False, True, "done"),
        (True, True, True, "answering"),  # a second sitting
    ],
)
def test_the_list_says_where_a_candidate_stands(arrived, answering, finished, state):
    assert rules.state(arrived=arrived, answering=answering, finished=finished) == state
    assert rules.STATES[state]


@pytest.mark.parametrize(
    ("state", "arrived", "on_machine", "acts"),
    [
        ("absent", False, False, ["admit", "time"]),
        ("waiting", True, True, ["move", "time"]),
        ("answering", True, True, ["move", "time"]),
        ("answering", False, False, ["time"]),
        ("done", True, True, ["move"]),
        ("done", True, False, []),
    ],
)
def test_an_invigilator_is_offered_what_helps_in_this_state(state, arrived, on_machine, acts):
    assert rules.acts(state, arrived=arrived, on_machine=on_machine) == acts


@pytest.mark.parametrize(
    ("opens", "closes", "fits"),
    [
        (OPENS, CLOSES, True),
        (OPENS - second, CLOSES, False),
        (OPENS, CLOSES + second, False),
        (CLOSES, OPENS, False),
        (OPENS, OPENS, False),
    ],
)
def test_a_session_lies_in_the_window_of_its_exam(opens, closes, fits):
    assert rules.fits(opens, closes, OPENS, CLOSES) is fits


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("10000017 10000025", ["10000017", "10000025"]),
        ("10000017，10000025、10000033;\n10000017\t", ["10000017", "10000025", "10000033"]),
        ("  \n", []),
    ],
)
def test_a_pasted_list_of_accounts_is_read_with_any_marks_between(text, accounts):
    assert rules.accounts_in(text) == accounts


def test_who_begins_at_the_last_moment_keeps_the_sign_in_for_the_whole_time():
    assert rules.signed_in_until(CLOSES, 90) == CLOSES + timedelta(minutes=90) + rules.SLACK


def test_who_came_after_the_door_was_closed_came_late():
    assert not rules.is_late(None, OPENS, LATE)
    assert not rules.is_late(OPENS + LATE, OPENS, LATE)
    assert rules.is_late(OPENS + LATE + second, OPENS, LATE)
