"""What the page may send: exactly these keys, whole numbers, a sheet; anything else is answered 422."""

import json

import pytest

from quizapp.attempts.protocol import HIGHEST, OpenBody, SheetBody, WrongShape, open_body, sheet_body

GOOD = {"epoch": 3, "revision": 17, "sheet": "C.ABD..A"}


def body(**changes):
    return json.dumps({key: value for key, value in (GOOD | changes).items() if value is not ...}).encode()


def test_a_save_as_the_protocol_shows_it():
    assert sheet_body(body()) == SheetBody(3, 17, "C.ABD..A", 4)


def test_doubts_and_seconds_travel_along():
    extra = sheet_body(body(doubts=[3], seconds=[12, 0, 5, 9])).extra
    assert json.loads(extra) == {"doubts": [3], "seconds": [12, 0, 5, 9]}


@pytest.mark.parametrize(
    "changes",
    [
        {"epoch": ...},
        {"revision": ...},
        {"sheet": ...},
        {"epoch": 0},
        {"revision": 0},
        {"epoch": "3"},
        {"epoch": 3.0},
        {"epoch": True},
        {"revision": HIGHEST + 1},
        {"sheet": None},
        {"sheet": ["C"]},
        {"sheet": "c.a"},
        {"state": "submitted"},
        {"closes_at": "2099-01-01T00:00:00Z"},
        {"person_id": 1},
        {"doubts": [0]},
        {"doubts": [5]},
        {"doubts": "3"},
        {"doubts": [1, 1, 1, 1, 1]},
        {"seconds": [-1]},
        {"seconds": [1, 2, 3, 4, 5]},
        {"seconds": [10**9]},
    ],
)
def test_a_save_of_any_other_shape_is_refused(changes):
    with pytest.raises(WrongShape):
        sheet_body(body(**changes))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b'"C"',
        b'{"epoch":NaN,"revision":1,"sheet":"A"}',
        b'{"epoch":1,"epoch":2,"revision":1,"sheet":"A"}',
        b"[" * 4000,
        b"\xff",
    ],
)
def test_what_is_no_object_is_refused(data):
    with pytest.raises(WrongShape):
        sheet_body(data)


def test_an_opening_may_be_empty():
    assert open_body(b"") == open_body(b"{}") == OpenBody(None, (0, 0), False)


@pytest.mark.parametrize(
    "given",
    [
        {"page_key": 5},
        {"page_key": "x" * 65},
        {"log": [1]},
        {"log": [1, -1]},
        {"log": None},
        {"takeover": 1},
        {"takeover": "true"},
        {"state": "created"},
    ],
)
def test_an_opening_of_any_other_shape_is_refused(given):
    with pytest.raises(WrongShape):
        open_body(json.dumps(given).encode())
