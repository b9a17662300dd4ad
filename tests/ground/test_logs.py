"""The log tells what happened without telling secrets, and nobody can forge a line of it. Hazard H52."""

import io
import json
import logging

import pytest
from sqlalchemy import text

from quizapp.db import db
from quizapp.logs import JsonLine
from tests.cast import PASSWORD
from tests.databases import free_port

CANARY = "Canary-9f3c"


@pytest.fixture
def written():
    """Everything that any logger writes, as the file would hold it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_passwords_tokens_and_texts_stay_out_of_the_log(app, cast, written):
    client = app.test_client()
    client.page("/sign-in").press("登录", login=f"{CANARY}-login", password=f"{CANARY}-wrong")
    page = client.page("/sign-in").press("登录", login="10000017", password=PASSWORD)
    assert "江映雪" in page.text
    client.page("/feedback").press("提交", text=f"{CANARY} 建议", contact=f"{CANARY}-phone")
    client.get(f"/regulations/search?q={CANARY}")
    client.put("/attempts/x/sheet", json={"epoch": 1, "revision": 1, "sheet": CANARY})
    client.send("PUT", "/attempts/x/sheet", {"epoch": 1, "revision": 1, "sheet": "A.B"})
    client.post("/feedback", data={"text": CANARY})
    with client.session_transaction() as cookie:
        token = cookie["sid"]
    log = written.getvalue()
    for secret in (CANARY, PASSWORD, token):
        assert secret not in log


def test_an_unexpected_error_is_logged_without_what_the_person_typed(make_app, cast, written):
    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    def fail() -> str:
        db.session.execute(text("SELECT :secret FROM no_such_table"), {"secret": f"{CANARY}-parameter"})
        return ""

    def crash() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/fail", "fail", fail)
    app.add_url_rule("/crash", "crash", crash)
    page = app.test_client().get(f"/crash?typed={CANARY}")
    assert page.status_code == 500
    logged = [json.loads(line) for line in written.getvalue().splitlines()]
    errors = [
        line for line in logged if line["logger"] == "quizapp" and "unexpected error" in line["message"]
    ]
    assert len(errors) == 1
    assert errors[0]["message"].split()[2] in page.text
    app.test_client().get("/fail")
    assert CANARY not in written.getvalue()


def test_no_text_can_forge_a_line(written):
    logging.getLogger("quizapp").warning("name: %s", 'x\r\n{"level": "INFO", "message": "forged"}\u2028y')
    lines = written.getvalue().splitlines()
    assert [json.loads(line)["level"] for line in lines if "forged" in line] == ["WARNING"]


@pytest.mark.parametrize("address", ["/regulations/%00", "/feedback/state?code=%00A"])
def test_a_nul_in_an_address_is_refused(client, address):
    assert client.get(address).status_code in (400, 404)


def test_a_nul_beside_a_body_of_json_is_refused(client):
    client.page("/sign-in")
    body = {"login": "10000017", "password": "x"}
    assert client.send("POST", "/sign-in.json?next=%00", body).json["code"] == "http_400"
    assert client.send("POST", "/sign-in.json?next=A", body).json["code"] == "refused"


def test_a_nul_in_a_form_is_refused_and_nothing_is_stored(as_jiang):
    page = as_jiang.page("/feedback").press("提交", text="建议\0")
    assert page.status == 400
    assert "没有保存" in page.text


def of_requests(written) -> list[dict]:
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    return [line for line in lines if line["logger"] == "quizapp.access"]


def test_every_reply_has_a_number_of_its_own(client):
    numbers = {client.get("/healthz").headers["X-Request-Id"] for _ in range(5)}
    assert len(numbers) == 5
    assert "X-Request-Id" in client.put("/attempts/x/sheet", json={}).headers


def test_a_number_from_outside_counts_only_behind_a_trusted_proxy(make_app):
    given = {"X-Request-Id": "4f0c2a9be17d4f0c"}
    assert (
        make_app().test_client().get("/healthz", headers=given).headers["X-Request-Id"] != "4f0c2a9be17d4f0c"
    )
    behind = make_app(TRUSTED_PROXY=1).test_client()
    assert behind.get("/healthz", headers=given).headers["X-Request-Id"] == "4f0c2a9be17d4f0c"
    forged = behind.get("/healthz", headers={"X-Request-Id": 'x", "level": "INFO'})
    assert forged.headers["X-Request-Id"].isalnum()


def test_an_error_page_shows_the_number_that_the_log_holds(make_app, cast, written):
    app = make_app(TESTING=False, PROPAGATE_EXCEPTIONS=False)

    def crash() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/crash", "crash", crash)
    reply = app.test_client().get("/crash")
    number = reply.headers["X-Request-Id"]
    assert f'编号：<b class="num">{number}</b>' in reply.text
    failed = [json.loads(line) for line in written.getvalue().splitlines() if number in line]
    assert {line["request"] for line in failed} == {number}
    assert [line["status"] for line in failed if line["logger"] == "quizapp.access"] == [500]


def test_ordinary_requests_leave_no_line_slow_ones_do(make_app, written):
    make_app().test_client().get("/healthz")
    assert of_requests(written) == []
    make_app(SLOW_MILLISECONDS=0).test_client().get("/healthz")
    slow = of_requests(written)
    assert [(line["endpoint"], line["method"], line["status"]) for line in slow] == [
        ("operations.healthz", "GET", 200)
    ]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_log_can_hold_every_request_but_never_its_address_line(make_app, written):
    make_app(ACCESS_LOG="all").test_client().get(f"/attempts/{CANARY}/receipt?q={CANARY}")
    assert [line["endpoint"] for line in of_requests(written)] == ["attempts.receipt"]
    assert CANARY not in written.getvalue()
    make_app(ACCESS_LOG="off", SLOW_MILLISECONDS=0).test_client().get("/healthz")
    assert len(of_requests(written)) == 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_number_stands_on_the_page_of_a_database_that_is_away(make_app):
    away = f"postgresql+psycopg://nobody:nothing@127.0.0.1:{free_port()}/gone"
    reply = make_app(DATABASE_URL=away).test_client().get("/sign-in")
    assert (reply.status_code, reply.headers["X-Request-Id"] in reply.text) == (503, True)
