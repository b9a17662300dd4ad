"""/readyz: whether a proxy may send people to this node."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from quizapp import clock
from quizapp.db import db
from tests.databases import free_port


def test_a_node_with_database_tables_and_the_right_time_is_ready(client):
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json) == (200, {"status": "ready"})
    assert "Set-Cookie" not in reply.headers


def test_a_node_that_is_asked_to_leave_is_not_ready_and_still_serves(app, client):
    run = app.test_cli_runner().invoke
    assert "503" in run(args=["drain"]).output
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["status"]) == (503, "draining")
    assert client.get("/healthz").status_code == 200
    assert client.get("/sign-in").status_code == 200
    run(args=["drain", "--end"])
    assert client.get("/readyz").status_code == 200


def test_a_node_whose_tables_are_older_than_its_program_is_not_ready(app, client):
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()
    reply = client.get("/readyz")
    assert (reply.status_code, reply.json["status"]) == (503, "migrations")
    assert "quizapp db upgrade" in reply.json["sentence"]


def test_a_node_whose_clock_is_wrong_is_not_ready(client, monkeypatch):
    """Hazard H7."""
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=1.1))
    assert client.get("/readyz").json["status"] == "clock"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_node_without_its_database_is_not_ready(make_app):
    away = f"postgresql+psycopg://nobody:nothing@127.0.0.1:{free_port()}/gone"
    assert make_app(DATABASE_URL=away).test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_fresh_database_without_tables_is_not_ready(make_app, bare_database):
    client = make_app(DATABASE_URL=bare_database.url, TESTING=False).test_client()
    assert client.get("/readyz").status_code in (500, 503)
