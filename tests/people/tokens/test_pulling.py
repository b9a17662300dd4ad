"""Units and people for programs: what a token opens, page by page, and nothing else. Every reply fits the document."""

import itertools
import logging
from datetime import date, timedelta

import pytest
from flask import g
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from quizapp import clock, openapi
from quizapp.db import db
from quizapp.people import pulling, throttle, tree
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.tokens import actions
from quizapp.people.tokens.models import ApiToken
from quizapp.people.tree import Place
from tests.cast import PEOPLE, sign_in
from tests.pulling import Puller, make_token
from tests.statements import statements

BOTH = ("units:read", "people:read")
serial = itertools.count(1)


@pytest.fixture
def puller(client, cast):
    """A program with a token of the county for units and people."""
    return Puller(client, make_token(cast.county, *BOTH))


# The door ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({}, "token_missing"),
        ({"Authorization": "Basic abc"}, "token_missing"),
        ({"Authorization": "Bearer xuekao_wrong"}, "token_wrong"),
        ({"Authorization": "Bearer 令牌".encode().decode("latin-1")}, "token_wrong"),
    ],
)
def test_without_a_right_token_nothing_is_told(client, cast, header, code):
    puller = Puller(client)
    reply = puller.get("/units", **header)
    assert (reply.status_code, reply.json["code"]) == (401, code)
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert "QS" not in reply.text
    assert reply.json["sentence"].endswith("。")
    assert reply.json["advice"].endswith("。")


def test_an_expired_token_opens_nothing_from_midnight(client, cast, at):
    at("2026-12-10 09:00")
    puller = Puller(client, make_token(cast.county, *BOTH, days=2))
    at("2026-12-11 23:59:59")
    assert puller.get("/units").status_code == 200
    at("2026-12-12 00:00:00")
    assert puller.get("/units").json["code"] == "token_expired"


@pytest.mark.parametrize(("scope", "address"), [("people:read", "/units"), ("units:read", "/people")])
def test_a_scope_that_is_missing_is_named(client, cast, scope, address):
    reply = Puller(client, make_token(cast.county, scope)).get(address)
    assert (reply.status_code, reply.json["code"]) == (403, "scope_missing")
    assert f"（{address[1:]}:read）" in reply.json["sentence"]


def test_a_signed_in_administrator_is_nobody_here_and_a_cookie_adds_nothing(app, cast):
    zhou = sign_in(app.test_client(), cast.zhou)
    assert Puller(zhou).get("/units").json["code"] == "token_missing"
    below = Puller(zhou, make_token(cast.office, *BOTH))
    assert [unit["code"] for unit in below.all("/units")] == ["QS-XF"]


def test_a_token_opens_no_page_and_changes_nothing(client, cast):
    headers = {"Authorization": f"Bearer {make_token(cast.county, *BOTH)}"}
    assert client.get("/people", headers=headers).status_code == 303
    assert client.post("/api/v1/units", headers=headers).status_code in (400, 405)
    assert client.get("/api/v1/nothing", headers=headers).json["code"] == "http_404"


def test_a_token_is_in_no_log_and_in_no_table(make_app, cast, caplog):
    app = make_app(ACCESS_LOG="all")
    token = make_token(cast.county, *BOTH)
    with caplog.at_level(logging.DEBUG):
        for address in ("/units", "/people?limit=x", "/units"):
            Puller(app.test_client(), token).get(address)
        Puller(app.test_client(), f"{token}x").get("/units")
    assert any(getattr(one, "fields", {}).get("endpoint") == "people.api_units" for one in caplog.records)
    told = "".join(f"{one.getMessage()}{getattr(one, 'fields', '')}{one.exc_text}" for one in caplog.records)
    stored = "".join(
        str(db.session.execute(text(f'SELECT * FROM "{name}"')).all())  # noqa: S608
        for name in ("api_token", "audit_event", "login_failure")
    )
    assert token[7:] not in told + stored


def test_each_request_is_counted_by_one_statement_and_the_last_use_kept_to_the_minute(puller, at):
    at("2026-12-10 09:00:05")
    assert puller.document  # read before counting
    secret = make_token(db.session.scalar(select(Unit.id).where(Unit.code == "QS")), *BOTH)
    own = Puller(puller.client, secret)
    assert own.document  # read before counting
    with statements("UPDATE") as first:
        own.get("/units")
    at("2026-12-10 09:00:50")
    with statements("UPDATE") as second:
        own.get("/units")
    at("2026-12-10 09:01:10")
    with statements("UPDATE") as third:
        own.get("/people")
    assert [len(seen) for seen in (first, second, third)] == [1, 1, 1]
    used, calls = db.session.execute(
        select(ApiToken.last_used_at, ApiToken.calls).order_by(ApiToken.id.desc())
    ).first()
    assert used.astimezone(clock.CHINA).strftime("%H:%M:%S") == "09:01:00"
    assert calls == 1


def test_more_requests_than_allowed_wait_for_the_next_minute(cast, make_app, at):
    at("2026-12-10 09:00:05")
    app = make_app(API_CALLS=3)
    own = Puller(app.test_client(), make_token(cast.county, *BOTH))
    other = Puller(app.test_client(), make_token(cast.county, *BOTH))
    for path in ("/units", "/people", "/units?limit=x"):  # a mistake counts as well
        assert own.get(path).status_code in (200, 400)
    at("2026-12-10 09:00:38")
    with statements("UPDATE") as seen:
        reply = own.get("/units")
    assert seen == []  # whoever hammers on writes nothing
    assert (reply.status_code, reply.json["code"]) == (429, "too_many")
    assert reply.headers["Retry-After"] == "22"
    assert "3次" in reply.json["sentence"]
    assert reply.json["advice"].startswith("请过22秒再取")
    assert other.get("/units").status_code == 200  # each token by itself
    at("2026-12-10 09:01:00")
    assert own.get("/units").status_code == 200


def test_requests_at_the_same_moment_are_each_counted(cast, at):
    """Two processes read that one call is left: the database lets one of them through."""
    now = at("2026-12-10 09:00:05")
    make_token(cast.county, *BOTH)
    token = db.session.scalars(select(ApiToken.id)).one()
    counted = [actions.count_call(token, now, "192.0.2.1") for _ in range(3)]
    assert counted == [1, 2, 3]
    waits = [throttle.seconds_to_wait(throttle.minute_of(now), n - 1, now=now, allowed=2) for n in counted]
    assert waits == [0, 0, 55]
    assert actions.count_call(token, at("2026-12-10 09:01:00"), "192.0.2.1") == 1


# What is given ----------------------------------------------------------------------------------------------


def test_units_name_each_other_by_code_within_reach(puller, client, cast):
    units = puller.all("/units")
    assert [(unit["code"], unit["parent_code"]) for unit in units] == [
        ("QS", None),
        ("QS-XF", "QS"),
        ("QS-YL", "QS"),
    ]
    below = Puller(client, make_token(cast.town, *BOTH)).all("/units")
    assert [(unit["code"], unit["parent_code"]) for unit in below] == [("QS-YL", None)]


def test_people_are_given_with_their_unit_and_nothing_personal(puller, cast):
    jiang = db.session.get_one(Person, cast.jiang)
    jiang.phone, jiang.staff_number = "13812345678", "A-17"
    db.session.commit()
    reply = puller.get("/people")
    entry = next(one for one in reply.json["data"] if one["account"] == "10000017")
    assert entry == {
        "account": "10000017",
        "name": "江映雪",
        "unit_code": "QS-XF",
        "staff_number": "A-17",
        "post": "",
        "category": "公务员",
        "relation": "staff",
        "since": "2020-01-01",
        "active": True,
    }
    assert len(reply.json["data"]) == len(PEOPLE)
    assert "13812345678" not in reply.text
    assert "argon2" not in reply.text


def test_phone_numbers_come_only_with_their_own_scope(client, cast):
    jiang = db.session.get_one(Person, cast.jiang)
    jiang.phone = "13812345678"
    db.session.commit()
    told = Puller(client, make_token(cast.office, "people:read", "people.phone:read")).all("/people")
    assert {one["name"]: one["phone"] for one in told} == {"江映雪": "13812345678", "罗成": None}


def test_who_has_left_is_not_given_and_who_is_disabled_is_marked(puller, cast):
    db.session.get_one(Person, cast.luo).disabled_at = clock.now()
    left = db.session.scalars(select(Membership).where(Membership.person_id == cast.fang)).one()
    left.until = clock.today() - timedelta(days=1)
    db.session.commit()
    active = {one["name"]: one["active"] for one in puller.all("/people")}
    assert active["罗成"] is False
    assert active["江映雪"] is True
    assert "方圆" not in active


# Pages and ETag ---------------------------------------------------------------------------------------------


def test_pages_are_complete_and_without_doubles_while_people_are_added(puller, cast):
    before = {account for account, *_ in PEOPLE.values()}
    got: list[str] = []
    for number, page in enumerate(puller.pages("/people?limit=2")):
        got += [one["account"] for one in page]
        newcomer = Person(account=f"2000000{number}", name="新人", name_key="xin ren", created_at=clock.now())
        if number < 3:
            db.session.add(newcomer)
            db.session.flush()
            db.session.add(Membership(person_id=newcomer.id, unit_id=cast.town, since=date(2020, 1, 1)))
            db.session.commit()
    assert len(got) == len(set(got))
    assert before <= set(got)


def test_a_page_names_the_next_one_and_the_last_names_none(puller):
    first = puller.get("/units?limit=2")
    assert first.headers["Link"] == f'<{first.json["next"]}>; rel="next"'
    last = puller.get(first.json["next"])
    assert (len(last.json["data"]), last.json["next"]) == (1, None)
    assert "Link" not in last.headers


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "limit"),
        (f"limit={openapi.MOST + 1}", "limit"),
        ("limit=many", "limit"),
        ("limit=١٢", "limit"),
        ("cursor=", "cursor"),
        ("cursor=!!", "cursor"),
        ("cursor=5Lq6", "cursor"),
        ("cursor=L2FwaS92MS91bml0czo5OTk5OTk5OTk5OTk5", "cursor"),  # a key beyond any row
        ("updated_since=2026-01-01", "parameter"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_named(puller, query, code):
    reply = puller.get(f"/units?{query}")
    assert (reply.status_code, reply.json["code"]) == (400, code)


def test_a_cursor_serves_its_own_list_alone(puller):
    cursor = puller.get("/units?limit=1").json["next"].partition("cursor=")[2].partition("&")[0]
    assert puller.get(f"/units?cursor={cursor}").status_code == 200
    assert puller.get(f"/people?cursor={cursor}").json["code"] == "cursor"


def test_whoever_has_it_already_is_told_so_until_it_changes(puller, cast):
    tag = puller.get("/units").headers["ETag"]
    again = puller.get("/units", **{"If-None-Match": tag})
    assert (again.status_code, again.headers["ETag"]) == (304, tag)
    db.session.get_one(Unit, cast.town).name = "云岭乡"
    db.session.commit()
    changed = puller.get("/units", **{"If-None-Match": tag})
    assert changed.status_code == 200
    assert "云岭乡" in [unit["name"] for unit in changed.json["data"]]


def test_a_page_costs_the_same_statements_however_long_it_is(puller, cast):
    puller.get("/people")
    for address in ("/units", "/people"):
        with statements() as short:
            puller.get(f"{address}?limit=1")
        with statements() as long:
            puller.get(f"{address}?limit=1000")
        assert len(short) == len(long) == 3  # the token, its count, and the page


def test_behind_a_prefix_all_addresses_carry_it(make_app, cast):
    client = make_app(URL_PREFIX="/xuekao").test_client()
    puller = Puller(client, make_token(cast.county, *BOTH), prefix="/xuekao")
    assert puller.document["servers"] == [{"url": "/xuekao/api/v1"}]
    assert puller.get("/units?limit=1").json["next"].startswith("/xuekao/api/v1/units?")
    assert len(puller.all("/units?limit=1")) == 3


# Whatever the tree is ---------------------------------------------------------------------------------------


@st.composite
def trees(draw):
    """(parent of each unit, how many people it has, the unit of the token, the size of a page)."""
    size = draw(st.integers(1, 12))
    parents = [draw(st.integers(0, max(i - 1, 0))) for i in range(size)]
    people = [draw(st.integers(0, 2)) for _ in range(size)]
    return parents, people, draw(st.integers(0, size - 1)), draw(st.integers(1, 5))


def below(parents, top):
    """The unit and everything below it, found by walking."""
    found = {top}
    for unit in range(1, len(parents)):
        if parents[unit] in found:
            found.add(unit)
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=trees())
def test_pages_hold_exactly_the_units_and_people_below_the_token(app, world):
    """Hazard H38: the token's unit and all below it, each once, whatever the size of a page."""
    parents, numbers, top, size = world
    run = next(serial)
    where = tree.numbering(Place(i, parents[i] if i else None, 0, f"c{i:02d}") for i in range(len(parents)))
    try:
        units = [
            Unit(
                code=f"R{run}-{i}", name=f"单位{i}", lft=where[i][0] + 1_000_000, rgt=where[i][1] + 1_000_000
            )
            for i in range(len(parents))
        ]
        db.session.add_all(units)
        db.session.flush()
        for i, unit in enumerate(units):
            unit.parent_id = units[parents[i]].id if i else None
            for n in range(numbers[i]):
                person = Person(
                    account=f"{run:04d}{i:02d}{n:02d}", name="人", name_key="ren", created_at=clock.now()
                )
                db.session.add(person)
                db.session.flush()
                db.session.add(Membership(person_id=person.id, unit_id=unit.id, since=date(2020, 1, 1)))
        db.session.flush()
        reached = below(parents, top)
        interval = [(units[top].lft, units[top].rgt)]
        told = walk(lambda after: pulling.units(interval, after=after, limit=size), lambda u: u.id)
        assert sorted(u.code for u in told) == sorted(units[i].code for i in reached)
        assert {u.code: u.parent_code for u in told} == {
            units[i].code: units[parents[i]].code if i and parents[i] in reached else None for i in reached
        }
        day = clock.today()
        people = walk(lambda a: pulling.people(interval, day, after=a, limit=size), lambda p: p.person.id)
        assert sorted(p.unit_code for p in people) == sorted(
            units[i].code for i in reached for _ in range(numbers[i])
        )
        assert len({p.person.id for p in people}) == len(people)
    finally:
        db.session.rollback()
        g.pop("held", None)


def walk(page, key):
    """All rows, page after page."""
    found = []
    while rows := page(key(found[-1]) if found else 0):
        found += rows
    return found
