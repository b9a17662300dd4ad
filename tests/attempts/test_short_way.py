"""A further sheet of a page is let in on what the whole way found out; whatever is not plainly stored goes that way."""

import logging
import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from quizapp.attempts import saving
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.db import db
from quizapp.people import confined, sessions
from quizapp.people.models import LoginSession
from tests.attempts.conftest import Page, own_phone
from tests.statements import statements

SHEET, OTHER = "A.B.AC.A", "B.B.AC.A"


@pytest.fixture
def whole(app, page, monkeypatch):
    """The sheets that went the whole way, one entry each; nothing is known yet."""
    app.extensions["short_way"].forget()
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
    for sheet in (SHEET, OTHER, SHEET):
        assert saved(page.save(sheet))
    assert app.extensions["short_way"]._known == {}


def test_a_page_is_known_to_every_worker_at_once(page, app, whole):
    """Another process has let it in before: this one looks up cookie and token by itself."""
    assert saved(page.save(SHEET))
    app.extensions["short_way"]._known.clear()
    assert saved(page.save(OTHER))
    assert len(whole) == 1


@pytest.mark.parametrize("change", ["cookie", "token", "no token", "no cookie", "kind", "person"])
def test_what_the_whole_way_would_not_let_in_is_not_let_in(page, app, whole, change):
    """Nothing is stored by a cookie or a token that is not what this system signed."""
    assert saved(page.save(SHEET))
    app.extensions["short_way"]._known.clear()
    client, name = page.client, app.config["SESSION_COOKIE_NAME"]
    value = client.get_cookie(name).value
    match change:
        case "cookie":
            client.set_cookie(name, value[:-3] + ("AAA" if value[-3:] != "AAA" else "BBB"))
        case "no cookie":
            client.delete_cookie(name)
        case "token":
            client.token = client.token[:-3] + ("AAA" if client.token[-3:] != "AAA" else "BBB")
        case "no token":
            client.token = ""
        case _:
            with client.session_transaction() as cookie:
                cookie.update({"kind": {"kind": "hall"}, "person": {"_user_id": "999"}}[change])
    reply = page.save(OTHER)
    assert reply.status_code in (401, 403, 404)
    db.session.expire_all()
    assert db.session.query(Attempt).filter_by(token=page.token).one().sheet == SHEET


def test_looking_up_writes_nothing_and_takes_no_turn(page, app, whole):
    """A sign-in that ends when it is idle needs the settings for it: one read more, once in two minutes."""
    with page.client.session_transaction() as cookie:
        cookie["kind"] = "short"
    assert saved(page.save(SHEET))
    app.extensions["short_way"]._known.clear()
    for cost in (1, 0):
        with statements("SELECT") as seen:
            assert saved(page.save(OTHER))
        assert len([sql for sql in seen if "setting" in sql]) == cost
    assert len(whole) == 1


def test_a_database_that_fails_while_it_is_looked_up_is_answered_with_a_sentence(page, app, whole):
    with page.client.session_transaction() as cookie:
        cookie["kind"] = "short"
    assert saved(page.save(SHEET))
    app.extensions["short_way"]._known.clear()
    with failing():
        reply = page.save(OTHER)
    assert (reply.status_code, reply.json["code"]) == (503, "busy")
    assert saved(page.save(OTHER))


def test_a_mistake_while_it_is_looked_up_is_told_and_not_hidden_by_the_whole_way(
    page, app, whole, monkeypatch
):
    def mistaken():
        raise ArithmeticError("of ours")

    assert saved(page.save(SHEET))
    app.extensions["short_way"]._known.clear()
    monkeypatch.setattr("quizapp.short_way._look", [mistaken])
    with pytest.raises(ArithmeticError):
        page.save(OTHER)
    assert len(whole) == 1


# From 开始答题 to the first sheet -----------------------------------------------------------------------------------


@pytest.fixture
def looked(monkeypatch):
    """How often the whole way looked up who is signed in."""
    seen = []

    def load(person_id):
        seen.append(person_id)
        return known(person_id)

    known = sessions.login_manager._user_callback
    monkeypatch.setattr(sessions.login_manager, "_user_callback", load)
    return seen


def press(client, exam):
    """开始答题; the reply, which leads to the paper."""
    address = f"/my-exams/{exam.id}"
    form = client.page(address).form("开始答题")
    reply = client.post(address, data=form.values.to_dict() | {"pledge": "y"})
    assert reply.status_code == 303
    assert reply.location.startswith("/attempts/")
    return reply


@pytest.fixture
def warm(exam, as_luo):
    """罗 has gone the way before, so this process knows its replies."""
    client = own_phone(as_luo)
    location = press(client, exam).location
    page = Page(client, location.removeprefix("/attempts/"))
    read(page, client.get(location).text)
    assert page.open().status_code == 200
    assert saved(page.save(SHEET))
    return page


def read(page, text: str) -> None:
    """What the script takes from the page."""
    page.key = re.search(r'data-page-key="([^"]+)"', text)[1]
    page.client.token = re.search(r'name="csrf-token" content="([^"]+)"', text)[1]


def test_from_the_press_to_the_first_sheet_nobody_is_looked_up_again(warm, jiang, exam, looked):
    location = press(jiang, exam).location
    looked.clear()
    with statements() as seen:
        reply = jiang.get(location)
    assert (reply.status_code, len(seen)) == (200, 1), seen
    page = Page(jiang, location.removeprefix("/attempts/"))
    read(page, reply.text)
    with statements() as seen:
        assert page.open().status_code == 200
    assert len(seen) == (1 if db.engine.dialect.name == "postgresql" else 2), seen
    assert saved(page.save(SHEET))
    assert looked == []
    assert db.session.query(Attempt).filter_by(token=page.token).one().sheet == SHEET


def test_the_paper_has_the_headers_of_the_whole_way(warm, jiang, exam):
    location = press(jiang, exam).location
    first, second = jiang.get(location), jiang.get(location)
    assert sorted(first.headers.keys()) == sorted(second.headers.keys())
    own = {"X-Request-Id", "Content-Length"}
    for name in set(first.headers.keys()) - own:
        assert first.headers.getlist(name) == second.headers.getlist(name)
    assert "no-store" in first.headers["Cache-Control"]


def test_a_paper_is_handed_over_once(warm, jiang, exam, looked):
    location = press(jiang, exam).location
    for known in (True, False, False):
        looked.clear()
        assert jiang.get(location).status_code == 200
        assert bool(looked) is not known


def test_after_two_minutes_a_paper_is_looked_through_again(warm, jiang, exam, looked, at):
    location = press(jiang, exam).location
    looked.clear()
    at.later(minutes=2)
    assert jiang.get(location).status_code == 200
    assert looked


def test_nobody_else_is_led_to_it(warm, jiang, as_li, exam):
    location = press(jiang, exam).location
    assert as_li.get(location).status_code == 404
    assert warm.client.get(location).status_code == 404
    assert jiang.application.test_client().get(location).status_code == 303


def test_a_sign_in_that_ended_meanwhile_reads_no_paper(warm, jiang, exam, at):
    location = press(jiang, exam).location
    db.session.query(LoginSession).update({"ended_at": at.later(seconds=1)})
    db.session.commit()
    reply = jiang.get(location)
    assert (reply.status_code, reply.location.partition("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize(
    ("change", "leads_to"),
    [
        ({"state": "submitted"}, "/receipt"),
        ({"state": "voided"}, "/receipt"),
        ({"refused_after": None}, "/receipt"),
    ],
)
def test_an_attempt_that_ended_meanwhile_shows_no_paper(warm, jiang, exam, at, change, leads_to):
    location = press(jiang, exam).location
    moment = at.later(seconds=1)
    change = {name: value or moment for name, value in change.items()}
    db.session.query(Attempt).filter_by(person_id=_person(jiang)).update(change)
    db.session.commit()
    at.later(seconds=1)
    reply = jiang.get(location)
    assert reply.status_code == 303
    assert reply.location.endswith(leads_to)


def _person(client) -> int:
    with client.session_transaction() as cookie:
        return int(cookie["_user_id"])


def test_a_page_without_its_token_writes_nothing(warm, jiang, exam):
    """What leads to a paper is no leave to write."""
    location = press(jiang, exam).location
    page = Page(jiang, location.removeprefix("/attempts/"), epoch=1)
    for token in ("", location):
        jiang.token = token
        reply = page.save(OTHER)
        assert (reply.status_code, reply.json["code"]) == (403, "token")
    assert jiang.get(location).status_code == 200


def test_the_second_page_of_somebody_is_told_so_by_the_whole_way(warm, jiang, exam):
    location = press(jiang, exam).location
    page = Page(jiang, location.removeprefix("/attempts/"))
    read(page, jiang.get(location).text)
    page.key = "another"
    reply = page.open()
    assert (reply.status_code, reply.json["code"]) == (409, "other_page")
    assert page.open(takeover=True).status_code == 200
    lines = db.session.query(SheetEvent).join(Attempt, Attempt.id == SheetEvent.attempt_id)
    assert [line.kind for line in lines.filter(Attempt.token == page.token)] == ["open", "open"]


def test_a_larger_text_is_there_at_once(warm, jiang, exam):
    location = press(jiang, exam).location
    assert 'data-size="standard"' in jiang.get(location).text
    token = re.search(r'name="csrf-token" content="([^"]+)"', jiang.get(location).text)[1]
    jiang.post("/text-size", data={"csrf_token": token, "size": "xlarge", "next": location})
    assert 'data-size="xlarge"' in jiang.get(location).text
