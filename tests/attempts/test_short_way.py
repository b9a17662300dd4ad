"""A further sheet of a page is let in on what the whole way found out; whatever is not plainly stored goes that way."""

import logging
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from quizapp.attempts import saving
from quizapp.attempts.models import SheetEvent
from quizapp.db import db
from quizapp.people import confined
from quizapp.people.models import LoginSession

SHEET, OTHER = "A.B.AC.A", "B.B.AC.A"


@pytest.fixture
def whole(monkeypatch):
    """The sheets that went the whole way, one entry each."""
    went = []

    def save(*arguments):
        went.append(arguments)
        return known(*arguments)

    known = saving.save
    monkeypatch.setattr(saving, "save", save)
    return went


def saved(reply) -> bool:
    return (reply.status_code, reply.json["code"]) == (200, "saved")


def test_the_second_sheet_takes_the_short_way_and_is_stored_like_the_first(page, attempt, whole):
    assert saved(page.save(SHEET))
    assert saved(page.save(OTHER, doubts=[2]))
    assert len(whole) == 1
    db.session.expire_all()
    assert (attempt.sheet, attempt.revision) == (OTHER, 2)
    lines = db.session.query(SheetEvent).filter_by(attempt_id=attempt.id, kind="save").order_by(SheetEvent.id)
    assert [(line.sheet, line.extra) for line in lines] == [(SHEET, ""), (OTHER, '{"doubts":[2]}')]


def test_both_ways_reply_alike(page, at):
    first, second = page.save(SHEET), page.save(OTHER)
    assert second.json == first.json | {"revision": 2}
    assert [*second.json] == [*first.json]
    assert sorted(second.headers.keys()) == sorted(first.headers.keys())
    own = {"X-Request-Id", "Content-Length"}
    assert {pair for pair in second.headers if pair[0] not in own} == {
        pair for pair in first.headers if pair[0] not in own
    }
    assert second.headers["X-Request-Id"] != first.headers["X-Request-Id"]
    assert second.content_length == len(second.data)


def test_after_two_minutes_the_whole_way_looks_again(page, at, whole):
    for seconds in (0, 119, 1, 60, 59, 2):
        at.later(seconds=seconds)
        assert saved(page.save(SHEET if seconds else OTHER))
    assert len(whole) == 3  # at 0, 120 and 241 seconds


def test_a_cookie_that_was_signed_anew_is_known_at_once(page, at, whole):
    at.later(minutes=3)
    assert "Set-Cookie" in page.save(SHEET).headers
    assert saved(page.save(OTHER))
    assert len(whole) == 1


def test_another_token_is_refused_as_ever(page, whole):
    page.save(SHEET)
    page.client.token = "stale"
    reply = page.save(OTHER)
    assert (reply.status_code, reply.json["code"]) == (403, "token")
    assert len(whole) == 1


def test_another_cookie_is_somebody_else(page, as_luo, whole):
    page.save(SHEET)
    page.client = as_luo
    assert page.save(OTHER).status_code in (403, 404)


def test_a_sign_in_that_ended_meanwhile_saves_nothing(page, attempt, at):
    page.save(SHEET)
    db.session.query(LoginSession).update({"ended_at": at.later(seconds=1)})
    db.session.commit()
    reply = page.save(OTHER)
    assert (reply.status_code, reply.json["code"]) == (401, "signed_out")
    db.session.expire_all()
    assert attempt.sheet == SHEET


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"sheet": "A.B"}, 422, "shape"),
        ({"revision": 0}, 422, "shape"),
        ({"more": 1}, 422, "shape"),
        ({"epoch": 9}, 409, "superseded"),
        ({"revision": 1, "sheet": OTHER}, 409, "conflict"),
        ({"sheet": "A" * 9000}, 413, "http_413"),
    ],
)
def test_what_is_not_plainly_stored_is_answered_by_the_whole_way(page, sent, status, code):
    page.save(SHEET)
    reply = page.save(**{"sheet": SHEET} | sent)
    assert (reply.status_code, reply.json["code"]) == (status, code)
    page.revision = 10
    assert saved(page.save(OTHER))


def test_a_form_is_no_sheet(page, whole):
    page.save(SHEET)
    headers = {"X-CSRFToken": page.client.token, "Accept": "application/json"}
    reply = page.client.put(f"/attempts/{page.token}/sheet", data={"sheet": SHEET}, headers=headers)
    assert reply.status_code == 415


def test_a_hall_goes_the_whole_way_each_time(page, whole, monkeypatch):
    """Its sign-in may do one thing only, and that is looked at there."""
    monkeypatch.setattr(confined, "is_confined", lambda: True)
    monkeypatch.setattr(confined, "_is_allowed", lambda: True)
    for sheet in (SHEET, OTHER):
        assert saved(page.save(sheet))
    assert len(whole) == 2


@contextmanager
def failing():
    """The database loses each statement; how often it was asked."""
    asked = []

    def fail(*about):
        asked.append(about)
        raise OperationalError("UPDATE", {}, Exception("gone"))

    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)


def test_a_database_that_fails_is_asked_once_and_the_reply_is_a_sentence(page, whole):
    page.save(SHEET)
    with failing() as asked:
        reply = page.save(OTHER)
    assert (reply.status_code, reply.json["code"]) == (503, "busy")
    assert reply.headers["Retry-After"]
    assert len(asked) == 1
    assert saved(page.save(OTHER))


def test_it_is_counted_and_logged_like_the_other(page, app, monkeypatch, caplog):
    monkeypatch.setitem(app.config, "ACCESS_LOG", "all")
    page.save(SHEET)
    before = _count(page.client)
    caplog.clear()
    with caplog.at_level(logging.INFO, "quizapp.access"):
        reply = page.save(OTHER)
    assert _count(page.client) == before + 1
    told = [record.fields for record in caplog.records if record.name == "quizapp.access"]
    assert [(line["method"], line["endpoint"], line["status"]) for line in told][:1] == [
        ("PUT", "attempts.sheet", 200)
    ]
    assert reply.headers["X-Request-Id"]


def _count(client) -> float:
    name = 'quizapp_requests_total{endpoint="attempts.sheet",status="200"} '
    return sum(
        float(line.removeprefix(name))
        for line in client.get("/metrics").text.splitlines()
        if line.startswith(name)
    )


def test_pages_that_are_not_used_any_more_are_forgotten(page, app, monkeypatch, whole):
    monkeypatch.setattr("quizapp.short_way.MOST", 0)
    for sheet in (SHEET, OTHER):
        assert saved(page.save(sheet))
    assert len(whole) == 2
