"""How transactions begin and end: reading requests cannot write, writers take turns, times are aware."""

import threading
from datetime import datetime

import pytest
from sqlalchemy import func, select, text

from quizapp import clock
from quizapp.config import SettingRow
from quizapp.db import china_day, db
from quizapp.people.models import LoginFailure


def store(name: str) -> str:
    db.session.add(SettingRow(name=name, value=1))
    db.session.commit()
    return "stored"


def test_a_get_that_writes_fails_and_leaves_nothing(app):
    app.add_url_rule("/writes", "writes", lambda: store("by GET"), methods=["GET"])
    with pytest.raises(Exception, match=r"readonly|read-only"):
        app.test_client().get("/writes")
    assert db.session.scalar(select(func.count()).select_from(SettingRow)) == 0


def test_a_post_writes(app):
    from quizapp.forms import csrf

    app.add_url_rule("/writes", "writes", csrf.exempt(lambda: store("by POST")), methods=["POST"])
    assert app.test_client().post("/writes").text == "stored"
    assert db.session.scalar(select(SettingRow.name)) == "by POST"


def test_a_naive_time_cannot_be_stored(app):
    db.session.add(LoginFailure(login="x", address="::1", at=datetime(2026, 1, 1)))  # noqa: DTZ001
    with pytest.raises(Exception, match="naive"):
        db.session.flush()
    db.session.rollback()


def test_times_come_back_aware_and_belong_to_the_day_in_china(app):
    moment = clock.from_local(datetime(2026, 12, 31, 23, 59, 59))  # noqa: DTZ001
    db.session.add(LoginFailure(login="x", address="::1", at=moment))
    db.session.add(LoginFailure(login="y", address="::1", at=clock.from_local(datetime(2027, 1, 1))))  # noqa: DTZ001
    db.session.commit()
    rows = db.session.execute(
        select(LoginFailure.at, china_day(LoginFailure.at)).order_by(LoginFailure.login)
    ).all()
    assert rows[0].at == moment
    assert [str(row[1]) for row in rows] == ["2026-12-31", "2027-01-01"]


def test_eight_writers_take_turns_and_none_fails(app):
    """Hazard H46 in small."""
    failures = []

    def write(number: int) -> None:
        with app.app_context():
            for step in range(5):
                try:
                    store(f"{number}-{step}")
                except Exception as error:
                    failures.append(error)
            db.session.remove()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert db.session.scalar(select(func.count()).select_from(SettingRow)) == 40


def test_a_failed_transaction_gives_the_turn_back(app):
    store("once")
    with pytest.raises(Exception, match="(?i)unique|duplicate"):
        store("once")
    db.session.rollback()
    assert store("twice") == "stored"


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_server_that_may_no_longer_write_is_left_for_the_one_that_may(app, database):
    """As after a failover in which the old primary came back as a standby: 503 once, then the new one."""
    from quizapp.forms import csrf

    app.add_url_rule("/writes", "writes", csrf.exempt(lambda: store("by POST")), methods=["POST"])

    def every_new_session(writes: str) -> None:
        db.session.execute(
            text(f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = {writes}')
        )
        db.session.commit()

    every_new_session("on")
    db.session.remove()
    db.engine.dispose()
    reply = app.test_client().post("/writes")
    assert (reply.status_code, "Retry-After" in reply.headers) == (503, True)
    with db.engine.connect() as before:
        before.execute(text("SET TRANSACTION READ WRITE"))
        before.execute(text(f'ALTER DATABASE "{database.name}" SET default_transaction_read_only = off'))
        before.commit()
        assert before.execute(text("SHOW default_transaction_read_only")).scalar() == "on"
    # that session is back in the pool and still may not write
    assert [app.test_client().post("/writes").status_code for _ in range(2)] == [503, 200]
