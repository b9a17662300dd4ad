"""找回口令, the rules alone: what a request is good for, and when it may be confirmed."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.people import recovery

ASKED = datetime(2026, 11, 27, 1, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "after", "set_after", "shown"),
    [
        ("asked", timedelta(0), None, "waiting"),
        ("asked", recovery.LASTS - SECOND, -SECOND, "waiting"),
        ("asked", recovery.LASTS, None, "over"),
        ("confirmed", recovery.LASTS - SECOND, -SECOND, "confirmed"),
        ("confirmed", recovery.LASTS, -SECOND, "over"),
        ("confirmed", timedelta(hours=1), timedelta(minutes=1), "over"),
        ("asked", timedelta(hours=1), timedelta(minutes=1), "over"),
        ("refused", timedelta(hours=1), None, "refused"),
        ("used", timedelta(hours=1), None, "over"),
        ("replaced", timedelta(hours=1), None, "over"),
    ],
)
def test_what_a_request_is_good_for(state, after, set_after, shown):
    """set_after: when the password was set last, counted from asking: whatever came later ended the request."""
    found = recovery.standing(
        state,
        asked_at=ASKED,
        expires_at=ASKED + recovery.LASTS,
        password_set_at=None if set_after is None else ASKED + set_after,
        now=ASKED + after,
    )
    assert found == shown


@pytest.mark.parametrize(
    ("matches", "how", "sentence"),
    [
        (True, "phone", None),
        (True, "in_person", None),
        (False, "in_person", None),
        (None, "in_person", None),
        (False, "phone", "江映雪所填手机号与名册不一致，须当面核实"),
        (None, "phone", "名册中没有江映雪的手机号，须当面核实"),
        (True, "", "请选择核实方式"),
    ],
)
def test_a_call_proves_something_only_where_both_numbers_are_the_same(matches, how, sentence):
    assert recovery.bars_confirming("江映雪", matches=matches, how=how) == sentence


@pytest.mark.parametrize(
    "typed", ["13800000017", "138 0000 0017", "138-0000-0017", "+86 13800000017", "１３８０００００017"]
)
def test_a_phone_number_is_read_however_it_is_typed(typed):
    assert recovery.plain_phone(typed) == "13800000017"
