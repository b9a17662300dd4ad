"""Sheets that wait for the same thread share a commit on SQLite, and each is answered as it would be alone."""

import json
import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from quizapp import grouping
from quizapp.attempts import journal, protocol, saving, script_views
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.db import db
from quizapp.operations import lanes
from quizapp.operations.server import _in_lanes
from quizapp.people.models import LoginSession
from tests.attempts.conftest import Page, opened_page
from tests.lining_up import Replied, Request, line_up

FIRST, SECOND, THIRD = "A.B.AC.A", "B.B.AC.A", "C.B.AC.B"
OWN = {"X-Request-Id", "Content-Length"}

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def other(exam: Any, cast: Any, as_luo: Any) -> Page:
    """罗's exam page, opened like 江's."""
    return opened_page(exam, cast.luo, as_luo)


@pytest.fixture
def both(page: Page, other: Page) -> tuple[Page, Page]:
    """Two pages that have stored a first sheet, so that the next may take the short way."""
    for one in (page, other):
        assert one.save(FIRST).json["code"] == "saved"
    return page, other


@pytest.fixture
def together(app: Any) -> Iterator[Callable[..., list[Any]]]:
    """together(request, …): their replies, after all had waited for the exam's one thread."""
    made = _in_lanes(app)

    def run(*requests: Request, **more: Any) -> list[Any]:
        db.session.commit()  # an open transaction of the test would hold the writer's turn
        try:
            return line_up(made, requests, **more)
        finally:
            db.session.expire_all()

    yield run
    made.__rsgi_del__(None)  # type: ignore[arg-type]


@pytest.fixture
def groups(monkeypatch: Any) -> list[int]:
    """How many sheets each group had; those that went alone or the whole way are in none."""
    sizes = list[int]()
    known = saving.save_together

    def save_together(several: Any) -> Any:
        sizes.append(len(several))
        return known(several)

    monkeypatch.setattr(saving, "save_together", save_together)
    return sizes


@pytest.fixture
def whole(monkeypatch: Any) -> list[Any]:
    """The sheets that went the whole way."""
    went = list[Any]()
    known = saving.save

    def save(*arguments: Any) -> Any:
        went.append(arguments[1].revision)
        return known(*arguments)

    monkeypatch.setattr(saving, "save", save)
    return went


def sheet(
    page: Page, letters: str = SECOND, *, what: str = "sheet", headers: Any = None, **given: Any
) -> Request:
    """The page's next sheet, as its browser would send it."""
    page.revision += 1
    body = {"epoch": page.epoch, "revision": page.revision, "sheet": letters} | given
    name = page.client.application.config["SESSION_COOKIE_NAME"]
    return Request(
        "POST" if what == "hand-in" else "PUT",
        f"/attempts/{page.token}/{what}",
        json.dumps(body).encode(),
        host="localhost",
        cookie=f"{name}={page.client.get_cookie(name).value}",
        x_csrftoken=page.client.token,
        content_type="application/json",
        accept="application/json",
        **headers or {},
    )


def row(page: Page) -> Attempt:
    return db.session.query(Attempt).filter_by(token=page.token).one()


def lines(page: Page) -> list[tuple[int, str]]:
    """Revisions and sheets of its journal, in order."""
    kept = (
        db.session.query(SheetEvent).filter_by(attempt_id=row(page).id, kind="save").order_by(SheetEvent.id)
    )
    return [(line.revision, line.sheet) for line in kept]


def told(replies: list[Any]) -> list[tuple[int, str]]:
    return [(reply.status, reply.json["code"]) for reply in replies]


SAVED = (200, "saved")


def test_those_who_wait_are_stored_with_one_commit(both, together, groups, whole):
    with counted_commits() as commits:
        replies = together(*(sheet(one, SECOND, doubts=[2]) for one in both))
    assert told(replies) == [SAVED, SAVED]
    assert (groups, whole, len(commits)) == ([2], [], 1)
    for one in both:
        assert (row(one).sheet, row(one).revision) == (SECOND, 2)
        assert lines(one) == [(1, FIRST), (2, SECOND)]
        kept = db.session.query(SheetEvent).filter_by(attempt_id=row(one).id, kind="save", revision=2).one()
        assert kept.extra == '{"doubts":[2]}'


def test_each_reply_equals_that_of_a_sheet_that_went_alone(both, together, groups):
    page, _ = both
    alone = page.save(SECOND)
    replies = together(*(sheet(one, THIRD) for one in both))
    assert groups == [2]
    for reply, revision in zip(replies, (3, 2), strict=True):
        assert reply.json == alone.json | {"revision": revision}
        assert [*reply.json] == [*alone.json]
        assert reply.headers.keys() == {*alone.headers.keys()}
        assert {name: value for name, value in reply.headers.items() if name not in OWN} == {
            name: value for name, value in alone.headers.items() if name not in OWN
        }
        assert int(reply.headers["Content-Length"]) == len(reply.data)
    assert replies[0].headers["X-Request-Id"] != replies[1].headers["X-Request-Id"]


def test_who_has_nobody_behind_goes_alone_and_a_group_is_no_larger_than_its_limit(
    both, together, groups, monkeypatch
):
    assert told(together(sheet(both[0]))) == [SAVED]
    assert groups == []
    monkeypatch.setattr(lanes, "TOGETHER", 1)
    assert told(together(*(sheet(one) for one in both))) == [SAVED, SAVED]
    assert groups == [1]


def test_statements_of_a_group_are_two_for_each_sheet_at_most(both, together):
    asked = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement.split()[0])

    requests = [sheet(one) for one in both]
    db.session.commit()
    with heard("before_cursor_execute", note):
        together(*requests)
    assert asked == ["UPDATE", "UPDATE", "INSERT"]


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"sheet": "A.B"}, 422, "shape"),
        ({"revision": "x"}, 422, "shape"),
        ({"epoch": 9}, 409, "superseded"),
        ({"revision": 1, "sheet": SECOND}, 409, "conflict"),
        ({"sheet": "A" * 9000}, 413, "http_413"),
    ],
)
def test_one_that_is_refused_leaves_the_others_stored(both, together, sent, status, code):
    page, other = both
    requests = [sheet(page, **{"sheet": SECOND} | sent), sheet(other, SECOND)]
    assert told(together(*requests)) == [(status, code), SAVED]
    page.revision = 10
    assert told(together(sheet(other, THIRD), sheet(page, THIRD), sheet(other))) == [SAVED] * 3
    assert lines(other) == [(1, FIRST), (2, SECOND), (3, THIRD), (4, SECOND)]
    assert lines(page) == [(1, FIRST), (11, THIRD)]


def test_one_that_is_refused_behind_another_changes_nothing(both, together, groups):
    page, other = both
    assert told(together(sheet(other), sheet(page, revision=1))) == [SAVED, (409, "conflict")]
    assert groups == [2]
    assert (row(page).sheet, lines(page)) == (FIRST, [(1, FIRST)])


def test_of_one_page_there_is_one_in_a_group_and_the_newer_revision_stays(both, together, groups, whole):
    page, other = both
    older, newer = sheet(page, SECOND), sheet(page, THIRD)
    assert told(together(sheet(other), newer, older, sheet(other))) == [
        SAVED,
        SAVED,
        (200, "overtaken"),
        SAVED,
    ]
    assert (groups, whole) == ([2], [2])
    assert (row(page).sheet, row(page).revision, lines(page)) == (THIRD, 3, [(1, FIRST), (3, THIRD)])
    older, newer = sheet(other, FIRST), sheet(other, SECOND)
    assert told(together(older, newer)) == [SAVED, SAVED]
    assert lines(other)[-2:] == [(4, FIRST), (5, SECOND)]


def test_a_hand_in_behind_them_comes_after_them_and_keeps_nobody_waiting(both, together, groups):
    page, other = both
    first, second, third = sheet(page), sheet(other), sheet(page, THIRD, what="hand-in")
    order = list[Replied]()
    replies = together(first, second, third, sheet(page), sheet(other), order=order)
    assert told(replies) == [SAVED, SAVED, (200, "handed_in"), (409, "closed"), SAVED]
    assert order == replies
    assert groups == [2, 2]
    assert (row(page).state, row(page).sheet) == ("submitted", THIRD)


def test_the_first_reply_of_its_kind_comes_by_the_whole_way_in_its_turn(
    page, other, together, groups, whole, app
):
    app.extensions["short_way"].forget()
    assert told(together(sheet(page), sheet(other), sheet(page), sheet(other))) == [SAVED] * 4
    assert groups == [2]
    assert whole == [1]
    assert lines(other) == [(1, SECOND), (2, SECOND)]


def test_a_sign_in_that_ended_is_told_so_and_the_others_are_stored(both, together, cast, at):
    page, other = both
    db.session.query(LoginSession).filter_by(person_id=cast.jiang).update({"ended_at": at.later(seconds=1)})
    assert [code for _, code in told(together(sheet(other), sheet(page)))] == ["saved", "signed_out"]
    assert row(page).sheet == FIRST


@contextmanager
def heard(what: str, listener: Any) -> Iterator[None]:
    """Tell the listener of what the engine does, until the end of the block."""
    event.listen(db.engine, what, listener)
    try:
        yield
    finally:
        event.remove(db.engine, what, listener)


@contextmanager
def counted_commits() -> Iterator[list[Any]]:
    made = list[Any]()
    with heard("commit", lambda connection: made.append(connection)):
        yield made


def test_nobody_has_a_reply_before_the_commit(both, together):
    order, seen = list[Replied](), list[int]()

    def about_to_commit(_connection: Any) -> None:
        time.sleep(0.05)  # enough for a reply that would come too early
        seen.append(len(order))

    requests = [sheet(one) for one in both]
    db.session.commit()
    with heard("commit", about_to_commit):
        together(*requests, order=order)
    assert seen == [0]
    assert len(order) == 2


@contextmanager
def failing_at(number: int, error: Exception) -> Iterator[list[Any]]:
    """The n-th statement from now on fails, and each after it; those that were asked."""
    asked = list[Any]()

    def fail(*about: Any) -> None:
        asked.append(about[2])
        if len(asked) >= number:
            raise error

    with heard("before_cursor_execute", fail):
        yield asked


@pytest.mark.parametrize("statement", [1, 2, 3])
def test_a_database_that_fails_is_asked_once_for_all_and_each_is_told_so(both, together, whole, statement):
    requests = [sheet(one) for one in both]
    with failing_at(statement, OperationalError("UPDATE", {}, Exception("gone"))) as asked:
        replies = together(*requests)
    assert told(replies) == [(503, "busy")] * 2
    assert all(reply.headers["Retry-After"] for reply in replies)
    assert len(asked) == statement
    assert whole == []
    for one in both:
        assert (row(one).sheet, lines(one)) == (FIRST, [(1, FIRST)])
        assert one.save(THIRD).json["code"] == "saved"


def test_a_commit_that_fails_acknowledges_nothing(both, together):
    requests = [sheet(one) for one in both]

    def fail(_connection: Any) -> None:
        raise OperationalError("COMMIT", None, Exception("disk I/O error"))

    db.session.commit()
    with heard("commit", fail):
        replies = together(*requests)
    assert told(replies) == [(503, "busy")] * 2
    for one in both:
        assert (row(one).sheet, lines(one)) == (FIRST, [(1, FIRST)])


def test_a_mistake_in_the_midst_stores_nothing_of_the_group_and_each_then_goes_by_itself(
    both, together, whole, monkeypatch, caplog
):
    add = journal.add

    def add_no_two(rows: Any, *more: Any) -> None:
        if len(rows) > 1:
            raise ArithmeticError("of ours")
        add(rows, *more)

    monkeypatch.setattr(journal, "add", add_no_two)
    assert told(together(*(sheet(one) for one in both))) == [SAVED, SAVED]
    assert whole == [2, 2]
    assert [lines(one) for one in both] == [[(1, FIRST), (2, SECOND)]] * 2
    assert "2 requests together failed" in caplog.text


def test_what_may_not_last_is_acknowledged_to_nobody(both, together, monkeypatch):
    """Only PostgreSQL says so, and nothing is grouped there today; a group asks all the same."""
    monkeypatch.setattr(grouping.durable, "is_durable", lambda: False)
    assert told(together(*(sheet(one) for one in both))) == [(503, "not_durable")] * 2


def test_who_waited_too_long_is_in_no_group(both, together, groups):
    requests = [sheet(one) for one in both]
    replies = together(*requests, waited=lanes.LONGEST_WAIT + 1)
    assert told(replies) == [(503, "busy")] * 2
    assert groups == []
    assert [row(one).sheet for one in both] == [FIRST, FIRST]


def test_a_browser_that_left_meanwhile_harms_no_other(both, together):
    page, other = both
    requests = [sheet(page, SECOND), sheet(other, SECOND), sheet(page, THIRD)]
    replies = together(*requests, gone=[0])
    assert told(replies[1:]) == [SAVED, SAVED]
    assert (row(other).sheet, row(page).sheet) == (SECOND, THIRD)


def test_each_is_counted_logged_and_numbered(both, together, app, monkeypatch, caplog):
    monkeypatch.setitem(app.config, "ACCESS_LOG", "all")
    client = both[0].client
    before = _count(client)
    caplog.clear()
    with caplog.at_level(logging.INFO, "quizapp.access"):
        together(*(sheet(one) for one in both))
    logged = [record.fields for record in caplog.records if record.name == "quizapp.access"]
    assert [(line["method"], line["endpoint"], line["status"]) for line in logged] == [
        ("PUT", "attempts.sheet", 200)
    ] * 2
    assert _count(client) == before + 2


def _count(client: Any) -> float:
    name = 'quizapp_requests_total{endpoint="attempts.sheet",status="200"} '
    found = [line for line in client.get("/metrics").text.splitlines() if line.startswith(name)]
    return sum(float(line.removeprefix(name)) for line in found)


def test_each_keeps_the_time_at_which_it_entered(both, together, groups, app, at, monkeypatch):
    """A proxy stamps them: one came in time, the other, with which it shares the commit, too late."""
    monkeypatch.setitem(app.config, "TRUSTED_PROXY", 1)
    monkeypatch.setitem(app.config, "REQUEST_START_SECONDS", 60)
    ends = row(both[0]).refused_after
    at(ends - timedelta(seconds=30))
    assert [one.save(FIRST).json["code"] for one in both] == ["saved", "saved"]
    at(ends + timedelta(seconds=1))
    entered = ends - timedelta(seconds=1)
    stamp = {"x_request_start": f"t={entered.timestamp():.3f}"}
    replies = together(sheet(both[0], headers=stamp), sheet(both[1]))
    assert (told(replies), groups) == ([SAVED, (409, "closed")], [2])
    assert replies[0].json["server_time"] == protocol.stamp(entered)
    line = db.session.query(SheetEvent).filter_by(attempt_id=row(both[0]).id, revision=3).one()
    assert line.at == entered


@pytest.mark.parametrize("seed", range(6))
def test_whatever_waits_together_ends_as_one_after_the_other(both, together, groups, seed):
    """Two pages send by chance, one request after the other; opened again, they send the same, waiting together."""
    chance = Random(seed)
    sent = [(chance.randrange(2), _by_chance(chance, number // 2)) for number in range(2, 40)]
    alone = [both[who].save(**given) for who, given in sent]
    for one in both:
        assert one.open().status_code == 200
        assert one.save(FIRST).json["code"] == "saved"
    grouped, rest = list[Any](), list(sent)
    while rest:
        size = chance.randint(2, 6)
        grouped += together(*(sheet(both[who], **given) for who, given in rest[:size]))
        del rest[:size]
    assert 2 in groups
    assert told(grouped) == [(reply.status_code, reply.json["code"]) for reply in alone]
    for one in both:
        kept = lines(one)
        assert kept[len(kept) // 2 :] == kept[: len(kept) // 2]
        assert (row(one).revision, row(one).sheet) == kept[-1]


def _by_chance(chance: Random, revision: int) -> dict[str, Any]:
    """A sheet that may be of another page, too old, another of the same revision, or of no shape."""
    given = {
        "revision": max(1, revision + chance.choice((0, 0, 1, -1))),
        "sheet": chance.choice((FIRST, SECOND, THIRD, THIRD, "A.B")),
    }
    return given | ({"epoch": 9} if chance.random() < 0.1 else {})


def test_postgresql_and_slow_pages_group_nothing(app, monkeypatch):
    assert _in_lanes(app)._exam.together
    assert not _in_lanes(app)._others.together
    monkeypatch.setitem(app.config, "DATABASE_URL", "postgresql://somewhere")
    assert not _in_lanes(app)._exam.together
    assert script_views.next_sheets([]) == []
