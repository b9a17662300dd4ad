"""忘记口令 through real pages: who asks, who confirms, whose browser sets the password; and what an attacker tries."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.people import actions, recovery, recovery_queries
from quizapp.people.models import LoginFailure, PasswordRecovery, Person, Unit
from tests.cast import PASSWORD, sign_in
from tests.statements import statements

PHONE, NEW = "13800000017", "Yunling-2027"
LIST = "/people/recoveries"


@pytest.fixture(autouse=True)
def jiang_has_a_phone(app, cast):
    db.session.get_one(Person, cast.jiang).phone = PHONE
    db.session.commit()


@pytest.fixture
def as_unit(app, cast):
    """方, unit administrator of 县信访局 (江, 罗)."""
    office = db.session.get_one(Unit, cast.office)
    actions.grant(
        db.session.get_one(Person, cast.fang), "unit_administrator", office, now=clock.now(), actor_id=None
    )
    return sign_in(app.test_client(), cast.fang)


@pytest.fixture
def phone(app):
    """The browser of who has forgotten."""
    return app.test_client()


def ask(client, login="10000017", number=PHONE, *, again=False):
    page = client.page("/recover?again=1" if again else "/recover")
    return page.press("提交申请", login=login, phone=number)


def code_on(page):
    return "".join(re.search(r'class="check-code"[^>]*>(\d{3}) (\d{3})<', page.html).groups())


def decide(client, cast, act="confirm", **fields):
    page = client.page(LIST)
    return client.read(
        client.post(
            f"{LIST}/{cast.jiang}/{act}", data={"csrf_token": page.token, **fields}, follow_redirects=True
        )
    )


def confirm(client, cast, code, how="phone"):
    return decide(client, cast, code=code, how=how)


def recorded():
    wanted = select(AuditEvent.action, AuditEvent.actor_id).order_by(AuditEvent.id)
    return [tuple(row) for row in db.session.execute(wanted) if row.action != "people.granted"]


def new_password(client):
    return client.page("/recover").press("保存新口令", password=NEW, again=NEW)


# The way that it is meant ------------------------------------------------------------------------------------


def test_who_forgot_asks_the_administrator_confirms_and_the_same_phone_sets_a_new_password(
    phone, as_unit, as_jiang, client, cast
):
    page = ask(phone)
    assert page.h1 == "等待确认"
    code = code_on(page)
    listed = as_unit.page("/").follow("1人忘记口令，等您确认")
    assert listed.h1 == "找回口令申请"
    for words in ("江映雪", "县信访局", PHONE, "所填号码一致", "拨打名册上的手机号"):
        assert words in listed.text
    assert code not in listed.html, "the person tells it"
    done = listed.press("确认是本人", how="phone", code=f"{code[:3]} {code[3:]}")
    assert "已确认，江映雪可以" in done.text
    assert as_jiang.page("/me").path == "/me", "confirming alone changes nothing"
    after = new_password(phone)
    assert after.path == "/sign-in"
    assert "学法账号10000017" in after.text
    assert as_jiang.page("/me").path == "/sign-in", "all old sign-ins end"
    assert client.page("/sign-in").press("登录", login="10000017", password=PASSWORD).status == 401
    home = phone.page("/sign-in").press("登录", login="10000017", password=NEW)
    assert home.path == "/"
    assert "通过“忘记口令”重新设置，由方圆确认" in home.text
    assert "由方圆确认" in phone.page("/me").text
    assert recorded() == [
        ("people.recovery_asked", None),
        ("people.recovery_confirmed", cast.fang),
        ("people.password_changed", cast.jiang),
        ("people.recovery_used", cast.jiang),
    ]
    assert "没有待办理的找回口令申请" in as_unit.page(LIST).text


@pytest.mark.parametrize("login", ["10000017", "XF-7", "江映雪", PHONE, " １００００017"])
def test_account_staff_number_name_and_phone_all_name_the_person(phone, cast, login):
    db.session.get_one(Person, cast.jiang).staff_number = "XF-7"
    ask(phone, login)
    assert db.session.scalars(select(PasswordRecovery)).one().person_id == cast.jiang


def test_the_typed_number_is_not_kept(phone, cast):
    ask(phone, number="13911112222")
    row = db.session.execute(select(PasswordRecovery.__table__)).one()
    assert "13911112222" not in str(row)
    assert "13911112222" not in str(db.session.scalars(select(AuditEvent.detail)).all())


def test_a_lock_is_lifted_by_the_new_password(phone, as_unit, cast):
    for _ in range(5):
        db.session.add(LoginFailure(login="10000017", address="127.0.0.1", at=clock.now()))
    confirm(as_unit, cast, code_on(ask(phone)))
    new_password(phone)
    assert phone.page("/sign-in").press("登录", login="10000017", password=NEW).path == "/"


def test_a_password_that_is_too_simple_is_refused_and_the_request_stands(phone, as_unit, cast):
    confirm(as_unit, cast, code_on(ask(phone)))
    refused = phone.page("/recover").press("保存新口令", password="short", again="short")
    assert refused.status == 422
    assert "至少10个字符" in refused.text
    assert new_password(phone).path == "/sign-in"


# What it must not tell ----------------------------------------------------------------------------------------


def shape(page):
    """The page without what is drawn by chance and what every page has of its own."""
    return re.sub(r"\d{3} \d{3}|核对码\d{6}|\d{2}:\d{2}|value=\"[^\"]*\"|content=\"[^\"]*\"", "", page.html)


@pytest.mark.parametrize(
    ("login", "number"),
    [("99999999", PHONE), ("没有此人", PHONE), ("江映雪", "13911112222"), ("10000025", PHONE)],
)
def test_the_answer_is_the_same_whether_the_account_is_there_or_not(app, phone, login, number, at):
    at("2027-01-05 09:00")
    known, other = ask(app.test_client()), ask(phone, login, number)
    assert shape(known) == shape(other)
    assert other.status == known.status == 200


def test_asking_costs_the_same_statements_whoever_is_meant(app, cast):
    def cost(login):
        client = app.test_client()
        page = client.page("/recover")
        with statements() as seen:
            page.press("提交申请", login=login, phone=PHONE)
        return len(seen)

    assert cost("10000017") == cost("99999999") == cost("没有此人")


def test_a_disabled_account_is_nobody(phone, as_unit, cast):
    db.session.get_one(Person, cast.jiang).disabled_at = clock.now()
    assert ask(phone).h1 == "等待确认"
    assert "江映雪" not in as_unit.page(LIST).text


@pytest.mark.parametrize("login", ["10000017", "99999999"])
def test_asking_again_and_again_is_refused_alike_for_everybody(app, login):
    for _ in range(5):
        assert ask(app.test_client(), login).status == 200
    refused = ask(app.test_client(), login)
    assert refused.status == 429
    assert "申请次数过多，没有提交新的申请" in refused.text
    assert db.session.scalar(select(func.count()).select_from(PasswordRecovery)) == 5
    assert ask(app.test_client(), "10000025").status == 200


def test_asking_locks_nobody_out(app, client):
    for _ in range(5):
        ask(app.test_client())
    assert client.page("/sign-in").press("登录", login="10000017", password=PASSWORD).path == "/"


# What an attacker tries ---------------------------------------------------------------------------------------


def test_another_browser_cannot_use_a_confirmed_request(app, phone, as_unit, cast):
    confirm(as_unit, cast, code_on(ask(phone)))
    thief = app.test_client()
    page = thief.page("/recover")
    assert page.h1 == "忘记口令"
    fields = {"csrf_token": page.token, "password": NEW, "again": NEW}
    assert thief.post("/recover/password", data=fields).headers["Location"].endswith("/recover")
    assert thief.page("/sign-in").press("登录", login="10000017", password=NEW).status == 401


@pytest.mark.parametrize("forged", ["", "x", "eyJ4IjoxfQ.aGVsbG8.c2ln"])
def test_a_forged_cookie_is_none(app, phone, as_unit, cast, forged):
    confirm(as_unit, cast, code_on(ask(phone)))
    thief = app.test_client()
    thief.set_cookie(f"{app.config['SESSION_COOKIE_NAME']}-recovery", forged)
    assert thief.page("/recover").h1 == "忘记口令"


def test_the_cookie_is_for_this_browser_alone(phone):
    page = phone.page("/recover")
    reply = phone.post("/recover", data={"csrf_token": page.token, "login": "10000017", "phone": PHONE})
    [cookie] = [one for one in reply.headers.getlist("Set-Cookie") if "-recovery=" in one]
    for part in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=86400"):
        assert part in cookie


def test_somebody_elses_request_is_not_confirmed_with_the_code_of_the_person(app, phone, as_unit, cast):
    """The person tells the 核对码 of the own screen; the other browser's request ends by it."""
    thief = app.test_client()
    theirs = code_on(ask(thief))
    own = code_on(ask(phone))
    if theirs == own:
        pytest.fail("two codes drawn alike: one in a million")
    listed = as_unit.page(LIST)
    assert "共2份" in listed.text
    assert listed.html.count("<section") == 1, "one person, one entry, however many requests"
    confirm(as_unit, cast, own)
    assert thief.page("/recover").h1 == "申请未予确认"
    assert new_password(phone).path == "/sign-in"


def test_a_wrong_code_confirms_nothing(phone, as_unit, cast):
    code = code_on(ask(phone))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    refused = confirm(as_unit, cast, wrong)
    assert refused.status == 422
    assert "核对码与江映雪的申请不符，没有确认" in refused.text
    assert phone.page("/recover").h1 == "等待确认"


def test_two_requests_with_the_same_code_are_not_told_apart(app, phone, as_unit, cast):
    code = code_on(ask(phone))
    ask(app.test_client())
    db.session.execute(update(PasswordRecovery).values(code=code))
    assert confirm(as_unit, cast, code).status == 422


@pytest.mark.parametrize("number", ["13911112222", PHONE])
def test_a_number_that_differs_needs_the_person_in_front_of_one(phone, as_unit, cast, number):
    if number == PHONE:
        db.session.get_one(Person, cast.jiang).phone = None
    code = code_on(ask(phone, number=number))
    assert confirm(as_unit, cast, code, "phone").status == 422
    assert "已确认" in confirm(as_unit, cast, code, "in_person").text


def test_asking_again_on_the_same_phone_ends_the_first_request(phone, as_unit, cast):
    first = code_on(ask(phone))
    second = code_on(ask(phone, again=True))
    assert "共2份" not in as_unit.page(LIST).text
    if first != second:
        assert confirm(as_unit, cast, first).status == 422
    assert "已确认" in confirm(as_unit, cast, second).text


def test_a_request_is_used_once(phone, as_unit, cast):
    confirm(as_unit, cast, code_on(ask(phone)))
    page = phone.page("/recover")
    cookie = phone.get_cookie(f"{phone.application.config['SESSION_COOKIE_NAME']}-recovery").value
    page.press("保存新口令", password=NEW, again=NEW)
    phone.set_cookie(f"{phone.application.config['SESSION_COOKIE_NAME']}-recovery", cookie)
    again = phone.page("/recover")
    assert again.h1 == "忘记口令"
    assert "以前的申请已经结束" in again.text
    fields = {"csrf_token": again.token, "password": "Other-Yunling-1", "again": "Other-Yunling-1"}
    phone.post("/recover/password", data=fields)
    assert phone.page("/sign-in").press("登录", login="10000017", password=NEW).path == "/"


def test_a_confirmed_request_that_was_used_meanwhile_is_refused_by_the_action(app, phone, as_unit, cast):
    from quizapp.errors import Refused
    from quizapp.people import passwords, recovery_actions

    confirm(as_unit, cast, code_on(ask(phone)))
    row = db.session.scalars(select(PasswordRecovery)).one()
    asked = recovery_queries.asked(row.token_hash, clock.now())
    hashed = passwords.hash_password(NEW)
    recovery_actions.use(asked, hashed, now=clock.now())
    with pytest.raises(Refused) as refused:
        recovery_actions.use(asked, hashed, now=clock.now())
    assert refused.value.code == "recovery_over"


def test_after_a_day_it_can_neither_be_confirmed_nor_used(app, phone, as_unit, cast, at):
    code = code_on(ask(phone))
    at(clock.now() + recovery.LASTS)
    late = sign_in(app.test_client(), cast.fang)
    assert "江映雪" not in late.page(LIST).text
    assert confirm(late, cast, code).status == 409
    assert phone.page("/recover").h1 == "忘记口令"


def test_a_confirmed_request_runs_out_too(phone, as_unit, cast, at):
    confirm(as_unit, cast, code_on(ask(phone)))
    page = phone.page("/recover")
    at(clock.now() + recovery.LASTS)
    assert page.press("保存新口令", password=NEW, again=NEW).h1 == "忘记口令"
    assert phone.page("/sign-in").press("登录", login="10000017", password=PASSWORD).path == "/"


def test_a_slip_or_an_own_new_password_ends_a_request(phone, as_unit, cast, at):
    confirm(as_unit, cast, code_on(ask(phone)))
    at.later(minutes=1)
    actions.issue_slips([cast.jiang], clock.now())
    page = phone.page("/recover")
    assert page.h1 == "忘记口令"
    assert "江映雪" not in as_unit.page(LIST).text


def test_refusing_ends_all_requests_and_a_confirmation_is_taken_back(app, phone, as_unit, cast):
    other = app.test_client()
    ask(other)
    code = code_on(ask(phone))
    assert "已结束江映雪的申请" in decide(as_unit, cast, "refuse").text
    assert [client.page("/recover").h1 for client in (phone, other)] == ["申请未予确认"] * 2
    assert confirm(as_unit, cast, code).status == 409
    code = code_on(ask(phone, again=True))
    confirm(as_unit, cast, code)
    assert "撤回确认" in as_unit.page(LIST).text
    decide(as_unit, cast, "refuse")
    assert phone.page("/recover").h1 == "申请未予确认"
    assert [action for action, actor in recorded() if actor == cast.fang] == [
        "people.recovery_refused",
        "people.recovery_confirmed",
        "people.recovery_refused",
    ]


def test_the_person_who_is_signed_in_elsewhere_is_told_at_once(phone, as_jiang):
    ask(phone)
    assert "有人申请找回您的口令，口令还没有改动" in as_jiang.page("/").text


def test_nothing_is_told_after_a_week(phone, as_unit, as_jiang, cast, at):
    confirm(as_unit, cast, code_on(ask(phone)))
    new_password(phone)
    now = clock.now()
    assert [one.state for one in recovery_queries.notices(cast.jiang, now)] == ["used"]
    assert recovery_queries.notices(cast.jiang, now + recovery.TOLD) == []


def test_requests_are_forgotten_after_a_month(app, phone, at):
    ask(phone)
    at(clock.now() + recovery.LASTS + recovery.KEPT + timedelta(seconds=1))
    ask(app.test_client(), "10000025")
    assert db.session.scalar(select(func.count()).select_from(PasswordRecovery)) == 1


# Which administrator ------------------------------------------------------------------------------------------


def test_an_administrator_of_another_unit_neither_sees_nor_confirms(app, phone, cast):
    town = db.session.get_one(Unit, cast.town)
    actions.grant(
        db.session.get_one(Person, cast.fang), "unit_administrator", town, now=clock.now(), actor_id=None
    )
    code = code_on(ask(phone))
    elsewhere = sign_in(app.test_client(), cast.fang)
    assert "江映雪" not in elsewhere.page(LIST).text
    assert confirm(elsewhere, cast, code).status == 404
    assert decide(elsewhere, cast, "refuse").status == 404
    assert phone.page("/recover").h1 == "等待确认"


def test_nobody_confirms_the_own_request_nor_that_of_who_holds_a_role(phone, as_unit, cast):
    """A password lends its roles; 江 administers the unit, and so would 罗's colleague confirm 江's powers."""
    office = db.session.get_one(Unit, cast.office)
    actions.grant(
        db.session.get_one(Person, cast.jiang), "unit_administrator", office, now=clock.now(), actor_id=None
    )
    own = sign_in(phone.application.test_client(), cast.jiang)
    code = code_on(ask(phone))
    for administrator in (own, as_unit):
        listed = administrator.page(LIST)
        assert "须由上级系统管理员办理" in listed.text
        assert "确认是本人" not in listed.text
        refused = confirm(administrator, cast, code)
        assert refused.status == 409
        assert "不能办理本人的申请" in refused.text
    assert phone.page("/recover").h1 == "等待确认"


def test_the_system_administrator_confirms_who_holds_a_role(phone, as_zhou, cast):
    office = db.session.get_one(Unit, cast.office)
    actions.grant(
        db.session.get_one(Person, cast.jiang), "unit_administrator", office, now=clock.now(), actor_id=None
    )
    code = code_on(ask(phone))
    assert as_zhou.page("/").follow("1人忘记口令，等您确认").h1 == "找回口令申请"
    assert "已确认" in confirm(as_zhou, cast, code).text


def test_the_list_costs_the_same_for_one_and_for_many(app, as_unit, cast):
    def cost():
        with statements() as seen:
            as_unit.page(LIST)
        return len(seen)

    ask(app.test_client())
    before = cost()
    ids = actions.add_people([actions.NewPerson(f"张{i:02}", cast.office) for i in range(12)], clock.now())
    for account in db.session.scalars(select(Person.account).where(Person.id.in_(ids))).all():
        ask(app.test_client(), account)
    assert cost() == before
