"""One clock: the database server's; days of Asia/Shanghai; a node that goes wrong says so."""

from datetime import UTC, date, datetime, timedelta

import pytest

from quizapp import clock, dates
from quizapp.db import db


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 2, 28, 16, 0, tzinfo=UTC), date(2026, 3, 1)),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_day_is_chinas_whatever_the_machine_thinks(monkeypatch, zone, moment, day):
    """Hazard H14."""
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert clock.today(moment) == day
        assert clock.start_of(day) <= moment < clock.end_of(day)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_closing_day_means_24_hours():
    assert clock.end_of(date(2026, 12, 25)) == datetime(2026, 12, 25, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-12-11T00:00", "2026-12-26T00:00", "2026年12月11日至12月25日 24:00"),
        ("2026-12-11T08:00", "2026-12-11T18:30", "2026年12月11日至12月11日 18:30"),
        ("2026-12-30T00:00", "2027-01-02T12:00", "2026年12月30日至2027年1月2日 12:00"),
        ("2026-12-01T00:00", "2027-01-01T00:00", "2026年12月1日至12月31日 24:00"),
    ],
)
def test_a_window_says_its_year_once(first, last, words):
    opens, closes = (datetime.fromisoformat(f"{text}+08:00") for text in (first, last))
    assert dates.until(opens, closes) == words


def test_a_node_whose_clock_is_off_by_more_than_a_second_is_not_ready(client, monkeypatch):
    """Hazard H7."""
    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=1.2))
    assert client.get("/healthz").status_code == 503
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=-0.9))
    assert client.get("/healthz").status_code == 200


def test_the_difference_to_the_database_server_is_measured(app, database, monkeypatch):
    monkeypatch.setattr(clock, "_offset", timedelta(hours=1))
    clock.measure(db.engine)
    assert abs(clock._offset) < timedelta(seconds=1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1)


def test_the_time_of_a_request_stands_still(app, at):
    moments = []

    def look() -> str:
        moments.append(clock.now())
        at.later(seconds=30)
        moments.append(clock.now())
        return "seen"

    app.add_url_rule("/look", "look", look)
    at("2026-12-25 09:00")
    app.test_client().get("/look")
    assert moments[0] == moments[1]


NINE = datetime(2026, 12, 25, 1, 0, 0, tzinfo=UTC)


def stamped(**before: float) -> str:
    return f"t={(NINE - timedelta(**before)).timestamp():.3f}"


@pytest.mark.parametrize(
    ("stamp", "seconds"),
    [
        (stamped(seconds=4.25), 4.25),
        (stamped(seconds=30), 30),
        (stamped(hours=2), 30),  # a proxy whose clock is late gives nobody hours
        (stamped(seconds=-5), 0),  # nor does one whose clock is early take anything away
        (None, 0),
        ("", 0),
        ("t=soon", 0),
        ("t=1798160390", 0),
        ("1798160390.000", 0),
        ("t=１７９８１６０３９０.000", 0),
    ],
)
def test_a_request_enters_when_it_comes_to_our_proxy(stamp, seconds):
    assert clock.entered(stamp, NINE, 30) == NINE - timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("settings", "waited"),
    [
        ({"TRUSTED_PROXY": 1, "REQUEST_START_SECONDS": 30}, 12),
        ({"TRUSTED_PROXY": 1}, 0),  # a proxy that passes on what browsers send
        ({"REQUEST_START_SECONDS": 30}, 0),  # no proxy: whoever sends it is a browser
    ],
)
def test_only_a_proxy_that_is_said_to_stamp_requests_is_believed(make_app, at, settings, waited):
    app = make_app(**settings)
    app.add_url_rule("/when", "when", lambda: clock.now().isoformat())
    at(NINE)
    reply = app.test_client().get("/when", headers={"X-Request-Start": stamped(seconds=12)})
    assert reply.text == (NINE - timedelta(seconds=waited)).isoformat()
