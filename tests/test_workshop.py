"""The workshop itself: fresh databases, no way out, pages read as a person does, locks that fit."""

import os
import re
import socket
import tomllib
import urllib.request
from contextlib import closing
from io import BytesIO
from pathlib import Path

import psycopg
import pytest
from flask import Flask, request
from packaging.requirements import Requirement
from sqlalchemy import event, text

from quizapp import clock
from quizapp.db import db
from tests import databases as harness
from tests import forking
from tests.http import QuizClient
from tests.kept import Kept
from tests.live import children_of, consumer_of, parent_of, soon

ROOT = Path(__file__).parent.parent
BANK = """
    INSERT INTO bank (slug, title, created_at, description, owner, licence, reviewer, sealed)
    VALUES ('ceshi', '测试', now(), '', '', '', '', false) RETURNING id
"""
FORM = """
<h1>试题</h1><p>正文</p><script>nothing();</script>
<form method="post" action="/store" enctype="multipart/form-data">
  <input type="hidden" name="csrf_token" value="abc"><textarea name="stem">
旧题干</textarea>
  <select name="kind"><option value="single">单选题<option value="multiple">多选题</select>
  <input type="radio" name="level" value="1"><input type="radio" name="level" value="2" checked>
  <input type="checkbox" name="key" value="A"><input type="checkbox" name="key" value="B">
  <input type="file" name="picture"><button name="then" value="next">保存并继续</button><button>保存</button>
</form>
<form action="/find"><input name="q"><button>查找</button></form>
"""


@pytest.fixture
def clerk() -> QuizClient:
    """A client of a small app that gives back what it was sent."""
    app = Flask(__name__)
    app.test_client_class = QuizClient
    app.add_url_rule("/", view_func=lambda: FORM, endpoint="page")
    app.add_url_rule("/find", view_func=lambda: f"<p>{request.args['q']}</p>", endpoint="find")
    app.add_url_rule(
        "/store", view_func=lambda: request.form.to_dict(flat=False), methods=["POST"], endpoint="store"
    )
    return app.test_client()


def test_pressing_a_button_sends_what_the_form_shows(clerk):
    done = clerk.page("/").press("保存并继续", key=["A", "B"], picture=(BytesIO(b"x"), "a.png"))
    assert done.reply.json == {
        "csrf_token": ["abc"],
        "stem": ["旧题干"],
        "kind": ["single"],
        "level": ["2"],
        "key": ["A", "B"],
        "then": ["next"],
    }


def test_a_form_that_asks_goes_to_an_address(clerk):
    assert clerk.page("/").press("查找", q="信访").text == "信访"


@pytest.mark.parametrize("wrong", [{"answer": "A"}, {"key": ["C"]}, {"kind": "judge"}])
def test_a_field_or_choice_that_the_form_lacks_is_an_error(clerk, wrong):
    with pytest.raises(LookupError):
        clerk.page("/").press("保存并继续", **wrong)


@pytest.mark.parametrize("turn", [1, 2])
def test_every_test_finds_an_empty_database(app, turn):
    assert db.session.scalar(text("SELECT count(*) FROM unit")) == 0
    db.session.execute(text("CREATE TABLE left_behind (turn INTEGER)"))
    db.session.commit()


@pytest.fixture(params=[False, True], ids=["fresh", "with_bank"])
def lent(databases, request):
    """A database on PostgreSQL as a test has it, and whether it could be made as it was."""
    database = databases.lend("postgresql", with_bank=request.param)
    address = harness.psycopg_url(database)
    yield address, lambda: databases.model(request.param).put_back(address)
    databases.drop(database)


def test_a_database_that_was_put_back_counts_from_where_it_began(lent):
    address, can_be_put_back = lent
    numbers = set()
    for _ in range(3):
        with psycopg.connect(address) as connection:
            numbers.add(connection.execute(BANK).fetchone())
        assert can_be_put_back()
    assert len(numbers) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = 'another'",
        "DELETE FROM alembic_version",
        "DELETE FROM citation",
        "UPDATE revision SET stem = stem || '?' WHERE id % 2 = 0",
        "UPDATE person SET name = name",
    ],
)
def test_rows_that_a_test_changed_are_as_before(lent, change):
    tables = "SELECT format('%I', tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"

    def look():
        with psycopg.connect(address) as connection:
            names = [name for (name,) in connection.execute(tables).fetchall()]
            rows = {name: f"SELECT t::text FROM {name} t ORDER BY 1" for name in names}  # noqa: S608
            return {name: connection.execute(of).fetchall() for name, of in rows.items()}

    address, can_be_put_back = lent
    before = look()
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(change)
    assert can_be_put_back()
    assert look() == before


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE further (id int)",
        "ALTER TABLE bank ADD COLUMN further int",
        "ALTER TABLE bank ALTER COLUMN title DROP NOT NULL",
        "DROP INDEX ix_attempt_open",
    ],
)
def test_a_database_whose_tables_were_changed_is_not_lent_again(lent, change):
    address, can_be_put_back = lent
    with psycopg.connect(address) as connection:
        connection.execute(change)
    assert not can_be_put_back()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_kept_app_is_put_back(make_app):
    app = make_app(PASSWORD_MINIMUM=12)
    kept = Kept(app)
    app.config["PASSWORD_MINIMUM"] = 20
    app.extensions["remembered:anything"] = {}
    note = Path(app.config["INSTANCE_DIR"]) / "note"
    note.touch()
    assert kept.put_back()
    assert (app.config["PASSWORD_MINIMUM"], "remembered:anything" in app.extensions) == (12, False)
    assert not note.exists()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "change",
    [
        lambda app: app.add_url_rule("/further", "further", lambda: ""),
        lambda app: app.before_request(lambda: None),
        lambda app: app.register_error_handler(KeyError, lambda _error: ""),
        lambda app: event.listen(db.engine, "before_cursor_execute", lambda *_about: None),
        lambda app: app.jinja_env.filters.update(further=str),
    ],
)
def test_an_app_whose_shape_was_changed_is_not_kept(app, change):
    kept = Kept(app)
    change(app)
    assert not kept.put_back()


def test_the_clock_stands_where_it_was_put(client, at):
    at("2026-12-31 23:59:59")
    assert clock.today().isoformat() == "2026-12-31"
    at.later(seconds=1)
    assert clock.today().isoformat() == "2027-01-01"


@pytest.mark.parametrize("host", ["192.0.2.77", "2001:db8::1", "example.com"])
def test_nothing_outside_this_machine_is_reached(nothing_goes_out, host):
    with pytest.raises(PermissionError):
        socket.create_connection((host, 80))
    assert nothing_goes_out == [f"{host}:80"]
    nothing_goes_out.clear()


def test_this_machine_is_reached():
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_lack_is_a_skip_for_people_and_a_failure_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="apt install postgresql"):
        harness.lacking(harness.INSTALL)


@pytest.mark.skipif(not forking.can_fork(), reason="servers are forked on Linux")
def test_a_forked_server_has_its_own_settings_and_all_processes_and_leaves_none(make_live):
    named, plain = make_live(QUIZAPP_SITE_NAME="青石学考"), make_live()
    for live in (named, plain):
        live.start()
        assert parent_of(live.pid) not in (None, os.getpid())  # the nursery's
        assert len(live.workers) == 2
        assert consumer_of(live.pid) is not None
    titles = []
    for live in (named, plain):
        with urllib.request.urlopen(f"{live.url}/sign-in") as reply:  # noqa: S310
            titles.append("青石学考" in reply.read().decode())
    assert titles == [True, False]
    started = [named.pid, *children_of(named.pid)]
    named.stop()
    assert soon(lambda: not any(parent_of(one) is not None for one in started))
    assert plain.is_well()


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_hold_what_the_project_asks_for(lock):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + (project["optional-dependencies"]["dev"] if "dev" in lock else [])
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))
    missing = [need for need in map(Requirement, wanted) if not _holds(need, locked)]
    assert not missing, f"run `make lock`: {missing}"


def _holds(need: Requirement, locked: dict[str, str]) -> bool:
    return need.name.lower() in locked and need.specifier.contains(
        locked[need.name.lower()], prereleases=True
    )


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_the_locks_name_no_address(lock):
    assert not re.findall(r"://|--index|--find-links|\s@\s", (ROOT / lock).read_text())
