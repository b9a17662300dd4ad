"""/healthz: what a load balancer asks before it sends people here."""

from datetime import timedelta

import pytest

from quizapp import clock
from tests.databases import free_port


def test_it_is_well_when_the_database_answers_and_the_clocks_agree(client):
    reply = client.get("/healthz")
    assert (reply.status_code, reply.json) == (200, {"status": "ok"})


def test_it_needs_no_sign_in_and_leaves_no_cookie(client):
    assert "Set-Cookie" not in client.get("/healthz").headers


@pytest.mark.parametrize(
    ("seconds", "status"), [(0.9, 200), (-0.9, 200), (1.1, 503), (-1.1, 503), (86_400, 503)]
)
def test_a_node_whose_clock_differs_from_the_databases_is_not_ready(client, monkeypatch, seconds, status):
    """Hazard H7."""
    monkeypatch.setattr(clock, "_offset", timedelta(seconds=seconds))
    assert client.get("/healthz").status_code == status


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_without_its_database_it_is_not_ready(make_app, tmp_path, kind):
    away = {
        "sqlite": f"sqlite:///{tmp_path / 'no such folder' / 'quizapp.db'}",
        "postgresql": f"postgresql+psycopg://nobody:nothing@127.0.0.1:{free_port()}/gone",
    }
    client = make_app(DATABASE_URL=away[kind]).test_client()
    reply = client.get("/healthz")
    assert reply.status_code == 503
    assert "Retry-After" in reply.headers
    page = client.page("/sign-in", status=503)
    assert page.h1 == "系统繁忙"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_state_of_a_node_comes_from_no_cache(client):
    assert client.get("/healthz").headers["Cache-Control"] == "no-store"
