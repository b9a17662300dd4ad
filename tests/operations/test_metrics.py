"""/metrics: figures for Prometheus, for this machine alone or for whoever has the token."""

import re

import pytest

from quizapp import clock
from quizapp.db import db
from quizapp.jobs import Job

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


def figures(client, **options) -> dict[str, float]:
    reply = client.get("/metrics", **options)
    assert reply.status_code == 200
    return {
        name: float(value)
        for name, value in re.findall(r"^(\S+) (\S+)$", reply.text, re.MULTILINE)
        if not name.startswith("#")
    }


def test_requests_are_counted_by_view_and_status_and_timed(client):
    name = 'quizapp_requests_total{endpoint="operations.healthz",status="200"}'
    before = figures(client).get(name, 0)
    for _ in range(3):
        client.get("/healthz")
    after = figures(client)
    assert after[name] == before + 3
    assert after['quizapp_request_seconds_count{endpoint="operations.healthz"}'] >= 3
    assert 'quizapp_requests_total{endpoint="none",status="404"}' in figures_after_a_wrong_address(client)


def figures_after_a_wrong_address(client) -> dict[str, float]:
    client.get("/no-such-page-of-7f3a")
    found = figures(client)
    assert not [name for name in found if "7f3a" in name]
    return found


def test_jobs_that_wait_and_the_database_are_looked_up(app, client):
    assert figures(client)["quizapp_jobs_waiting"] == 0
    moment = clock.now()
    db.session.add(Job(token="t", kind="x", payload={}, created_at=moment, touched_at=moment))
    db.session.commit()
    found = figures(client)
    assert found["quizapp_jobs_waiting"] == 1
    assert found["quizapp_database_up"] == 1
    assert found["quizapp_wal_bytes"] > 0
    assert found["quizapp_open_attempts"] == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_page_is_not_there_for_others(client):
    assert client.get("/metrics", environ_base=ELSEWHERE).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": ""}).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_who_comes_through_a_proxy_on_this_machine_is_not_this_machine(client, header):
    assert client.get("/metrics", headers={header: "192.0.2.7"}).status_code == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_token_opens_it_from_elsewhere_and_no_other_does(make_app):
    client = make_app(METRICS_TOKEN="a-token-of-monitoring").test_client()
    for given, status in [("a-token-of-monitoring", 200), ("a-token", 404), ("", 404), ("例", 404)]:
        headers = {"Authorization": f"Bearer {given}".encode().decode("latin-1")}
        assert client.get("/metrics", environ_base=ELSEWHERE, headers=headers).status_code == status
