"""接口令牌: made and shown once, revoked, by administrators within their reach; from the command line alike."""

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Unit
from quizapp.people.tokens import actions, rules
from quizapp.people.tokens.models import ApiToken
from tests.cast import sign_in
from tests.pulling import Puller, make_token


def shown(page):
    """The token on the page that shows it."""
    [found] = [word for word in page.text.split() if word.startswith(rules.MARK)]
    return found


def test_a_token_is_shown_once_and_only_its_digest_is_kept(client, cast, at):
    at("2026-12-10 09:00")
    as_zhou = sign_in(client, cast.zhou)
    page = as_zhou.page("/grants").follow("接口令牌")
    made = page.press(
        "制作令牌", label="省信访局数据平台", unit=cast.office, days=30, scopes=["units:read", "people:read"]
    )
    secret = shown(made)
    assert "2027年1月8日 24:00" in made.text
    token = db.session.scalars(select(ApiToken)).one()
    assert (token.digest, token.scopes) == (rules.digest(secret), ["units:read", "people:read"])
    again = as_zhou.page("/grants/tokens")
    assert secret not in again.html
    assert "省信访局数据平台" in again.text
    assert "没有使用过" in again.text
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "token.made")).one()
    assert event.actor_id == cast.zhou
    assert secret not in str(event.detail)
    assert token.digest not in str(event.detail)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"scopes": []}, "请至少选择一项"),
        ({"scopes": ["people.phone:read"]}, "读取手机号须同时选择"),
        ({"label": " "}, "请填写"),
        ({"label": "长" * 51}, "不超过50个字符"),
    ],
)
def test_an_incomplete_form_makes_nothing_and_says_why(as_zhou, cast, fields, sentence):
    given = {"label": "省平台", "unit": cast.county, "days": 30, "scopes": ["units:read"]} | fields
    page = as_zhou.page("/grants/tokens").press("制作令牌", **given)
    assert page.status == 422
    assert sentence in page.text
    assert db.session.scalars(select(ApiToken)).all() == []


def test_a_unit_out_of_reach_is_not_offered_and_not_taken(app, as_zhou, cast):
    db.session.add(Unit(code="ELSEWHERE", name="外县", lft=20_000, rgt=20_100))
    db.session.commit()
    other = db.session.scalar(select(Unit.id).where(Unit.code == "ELSEWHERE"))
    page = as_zhou.page("/grants/tokens")
    assert str(other) not in page.form("制作令牌").choices["unit"]
    values = {"label": "x", "unit": other, "days": 30, "scopes": "units:read", "csrf_token": page.token}
    assert as_zhou.post("/grants/tokens", data=values).status_code == 422
    assert db.session.scalars(select(ApiToken)).all() == []


def test_a_revoked_token_opens_nothing_from_that_moment(app, as_zhou, cast, client):
    secret = make_token(cast.county, "units:read")
    assert Puller(client, secret).get("/units").status_code == 200
    page = as_zhou.page("/grants/tokens").press("撤销令牌")
    assert "已撤销接口令牌“省平台”" in page.text
    assert "撤销令牌" not in page.html
    reply = Puller(client, secret).get("/units")
    assert (reply.status_code, reply.json["code"]) == (401, "token_revoked")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "token.revoked")).one()
    assert event.actor_id == cast.zhou


def test_the_list_says_when_and_from_where_a_token_was_used_last(app, cast, client, at):
    at("2026-12-10 09:00")
    secret = make_token(cast.county, "units:read")
    at("2026-12-10 09:15:40")
    assert Puller(client, secret).get("/units").status_code == 200
    page = sign_in(app.test_client(), cast.zhou).page("/grants/tokens")
    assert "2026年12月10日 09:15" in page.text
    assert "127.0.0.1" in page.text


def test_the_action_refuses_what_the_form_would(app, cast):
    unit = db.session.get_one(Unit, cast.county)
    for scopes in ([], ["people.phone:read"], ["units:read", "everything"]):
        with pytest.raises(Refused):
            actions.make(unit, "x", scopes, 30, now=clock.now(), actor_id=None)
    with pytest.raises(ValueError, match="365"):
        actions.make(unit, "x", ["units:read"], 366, now=clock.now(), actor_id=None)


def test_commands_make_list_and_revoke(app, cast, client):
    run = app.test_cli_runner().invoke
    made = run(args=["people", "token", "make", "省平台", "QS", "units:read", "--days", "7"])
    secret = made.stdout.strip()
    assert Puller(client, secret).get("/units").status_code == 200
    listed = run(args=["people", "token", "list"]).stdout
    assert "省平台\t青石县\t单位\t有效期至" in listed
    assert secret not in listed
    number = listed.split("\t")[0]
    assert "已撤销“省平台”" in run(args=["people", "token", "revoke", number]).stdout
    assert Puller(client, secret).get("/units").json["code"] == "token_revoked"
    assert "没有编码为“NO”的单位" in run(args=["people", "token", "make", "x", "NO", "units:read"]).stderr
    assert "没有编号为999的令牌" in run(args=["people", "token", "revoke", "999"]).stderr
