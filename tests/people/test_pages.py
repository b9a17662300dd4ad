"""The pages of this area through a real client: first sign-in, 我的, units, people, slips, grants."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from quizapp import clock, config
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.people import actions, notices, queries, unit_listing
from quizapp.people.actions import NewPerson
from quizapp.people.models import BackupCode, Grant, LoginSession, Person, Unit
from tests.cast import PASSWORD, sign_in

NEW = "Yunling-2027"


def person(person_id):
    return db.session.get_one(Person, person_id)


def slip_for(person_id):
    [slip] = actions.issue_slips([person_id], clock.now())
    db.session.commit()
    return slip


def actions_recorded():
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))


# The first sign-in ------------------------------------------------------------------------------------------


def test_the_first_sign_in_settles_password_notice_and_codes_then_goes_where_it_was_going(client, cast):
    slip = slip_for(cast.jiang)
    jiang = person(cast.jiang)
    jiang.notice_accepted_at = None
    page = client.page("/me?from=slip")
    page = page.press("登录", login=slip.account, password=slip.one_time_password)
    assert page.h1 == "设置新口令"
    assert client.page("/me").h1 == "设置新口令", "nothing else opens before"
    page = client.page("/welcome?next=/me?from=slip").press("保存口令", password=NEW, again=NEW)
    assert page.h1 == "个人信息处理告知"
    assert client.page("/me").h1 == "个人信息处理告知"
    page = client.page("/welcome?next=/me").press("已阅读并同意")
    assert page.h1 == "备用码"
    assert db.session.scalar(select(func.count()).select_from(BackupCode)) == 0
    page = page.press("生成备用码")
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", page.html)
    assert len(codes) == 5
    assert page.reply.headers["Cache-Control"] == "no-store"
    assert page.follow("已保存，继续").path == "/me"
    assert jiang.notice_version == notices.version(config.value("PRIVACY_NOTICE"))
    fresh = client.application.test_client()
    assert fresh.page("/sign-in").press("登录", login=slip.account, password=NEW).path == "/"


def test_a_first_password_must_fit_and_must_not_be_the_slip(client, cast):
    slip = slip_for(cast.jiang)
    page = client.page("/sign-in").press("登录", login=slip.account, password=slip.one_time_password)
    for bad, why in (
        ("short", "至少10个字符"),
        ("10000017-Abc", "不能包含"),
        (slip.one_time_password, "与一次性口令相同"),
    ):
        refused = page.press("保存口令", password=bad, again=bad)
        assert refused.status == 422
        assert why in refused.text
    refused = page.press("保存口令", password=NEW, again=PASSWORD)
    assert "两次输入的口令不一致" in refused.text
    assert person(cast.jiang).must_change


def test_the_notice_is_asked_again_when_its_text_changes_but_never_in_an_exam(client, as_jiang, cast):
    person(cast.jiang).notice_version = notices.version(config.value("PRIVACY_NOTICE"))
    assert as_jiang.page("/me").h1 == "我的"
    config.store("PRIVACY_NOTICE", "一、新的告知。")
    page = as_jiang.page("/me")
    assert page.h1 == "个人信息处理告知"
    assert "告知内容有修改" in page.text
    assert as_jiang.send("POST", "/text-size", {}).status_code == 400, "only opening a page asks"
    exam = as_jiang.get("/my-exams/")
    assert exam.status_code != 303 or "/welcome" not in exam.headers["Location"]
    page.press("已阅读并同意")
    assert as_jiang.page("/me").h1 == "我的"
    assert person(cast.jiang).notice_version == notices.version("一、新的告知。")


def test_accepting_names_the_text_that_was_read(as_jiang, cast):
    person(cast.jiang).notice_accepted_at = None
    page = as_jiang.page("/welcome")
    config.store("PRIVACY_NOTICE", "一、又改了。")
    assert page.press("已阅读并同意").h1 == "个人信息处理告知"
    assert person(cast.jiang).notice_accepted_at is None


# Passwords --------------------------------------------------------------------------------------------------


def test_changing_the_password_needs_the_old_one_and_ends_other_sign_ins(app, as_jiang, cast):
    other = sign_in(app.test_client(), cast.jiang)
    page = as_jiang.page("/password")
    refused = page.press("修改口令", old="Wrong-1-Wrong", password=NEW, again=NEW)
    assert "口令没有改动" in refused.text
    assert other.page("/me").path == "/me"
    page = page.press("修改口令", old=PASSWORD, password=NEW, again=NEW)
    assert page.path == "/me"
    assert other.page("/me").path == "/sign-in"
    assert "people.password_changed" in actions_recorded()


def test_after_a_code_the_old_password_is_not_asked_for(client, cast):
    code = actions.issue_codes(person(cast.jiang))[0]
    page = client.page("/sign-in").press("登录", login="10000017", password=code)
    assert page.press("修改口令", password=NEW, again=NEW).path == "/"
    later = client.page("/password").form("修改口令")
    assert "old" in later.names


def test_confirming_the_password_moves_the_moment_and_counts_failures(as_jiang, cast, at):
    at.later(hours=13)
    row = db.session.scalars(select(LoginSession)).one()
    row.expires_at = clock.now() + timedelta(hours=12)
    with as_jiang.session_transaction() as cookie:
        cookie["seen"] = int(clock.now().timestamp())
    page = as_jiang.page("/confirm?next=/me")
    assert page.press("确认口令", password="nonsense").status == 401
    assert page.press("确认口令", password=PASSWORD).path == "/me"
    assert row.confirmed_at == clock.now()


def test_codes_are_not_given_to_whoever_finds_an_open_browser(as_jiang, cast, at):
    row = db.session.scalars(select(LoginSession)).one()
    row.confirmed_at -= timedelta(hours=13)
    page = as_jiang.page("/me").press("生成备用码")
    assert page.h1 == "确认口令"
    assert db.session.scalar(select(func.count()).select_from(BackupCode)) == 0


def test_an_expired_password_is_asked_for_on_pages_of_work_only(as_zhou, as_jiang, cast, at):
    for person_id in (cast.zhou, cast.jiang):
        person(person_id).password_set_at -= timedelta(days=91)
    assert as_zhou.page("/me").path == "/me"
    assert as_zhou.page("/people").path == "/password"
    assert as_jiang.page("/me").path == "/me"


# 我的 --------------------------------------------------------------------------------------------------------


def test_me_shows_account_unit_and_sign_ins_and_ends_the_others(app, as_jiang, cast):
    other = sign_in(app.test_client(), cast.jiang)
    page = as_jiang.page("/me")
    for words in ("10000017", "县信访局", "当前设备"):
        assert words in page.text
    assert "其他设备上的登录已退出" in page.press("退出其他设备").text
    assert other.page("/me").path == "/sign-in"
    assert as_jiang.page("/me").path == "/me"


@pytest.mark.parametrize("size", ["standard", "large", "xlarge"])
def test_the_text_size_is_kept_with_the_person(as_jiang, cast, size):
    fields = {"size": size, "next": "/me", "csrf_token": as_jiang.page("/me").token}
    assert as_jiang.post("/text-size", data=fields).headers["Location"] == "/me"
    assert f'data-size="{size}"' in as_jiang.page("/me").html


def test_another_text_size_is_refused(as_jiang):
    fields = {"size": "huge", "csrf_token": as_jiang.page("/me").token}
    assert as_jiang.post("/text-size", data=fields).status_code == 400


# Units ------------------------------------------------------------------------------------------------------


def test_the_tree_counts_people_with_those_below(as_zhou, cast):
    rows = {row.name: row for row in unit_listing.whole([(10_000, 11_000)], clock.today())}
    assert (rows["青石县"].people, rows["青石县"].people_below) == (3, 6)
    assert (rows["县信访局"].people, rows["县信访局"].people_below) == (2, 2)
    assert [rows[name].depth for name in ("青石县", "县信访局", "云岭镇")] == [0, 1, 1]
    assert "云岭镇" in as_zhou.page("/units?q=云岭").text
    assert "县信访局" not in as_zhou.page("/units?q=云岭").text


def test_a_unit_is_added_below_another_and_described(as_zhou, cast):
    page = as_zhou.page(f"/units/new?parent={cast.town}")
    page = page.press("添加单位", code="QS-YL-1", name="云岭镇信访办", sort="3")
    assert "已添加" in page.text
    town, new = (
        db.session.get_one(Unit, cast.town),
        db.session.scalars(select(Unit).where(Unit.code == "QS-YL-1")).one(),
    )
    assert town.lft < new.lft < new.rgt < town.rgt
    as_zhou.page(f"/units/{new.id}").press("保存", kind="乡镇街道")
    assert new.kind == "乡镇街道"
    assert actions_recorded() == ["people.unit_added", "people.unit_changed"]


def test_a_code_in_use_is_refused_in_words(as_zhou, cast):
    refused = as_zhou.page("/units/new").press("添加单位", code="QS-XF", name="另一个", sort="1")
    assert refused.status == 422
    assert "已有单位使用" in refused.text


def test_moving_a_unit_among_its_siblings_moves_all_below(as_zhou, cast):
    as_zhou.page(f"/units/{cast.office}").press("保存", sort="9")
    units = {u.id: u for u in db.session.scalars(select(Unit))}
    assert units[cast.town].rgt < units[cast.office].lft
    assert units[cast.county].lft < units[cast.town].lft
    assert units[cast.office].rgt < units[cast.county].rgt


# People -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("江映雪", ["江映雪"]),
        ("映雪", ["江映雪"]),
        ("jyx", ["江映雪"]),
        ("jiangying", ["江映雪"]),
        ("10000017", ["江映雪"]),
        ("1000", ["李文", "何平", "周明", "江映雪", "罗成", "方圆"]),
        ("0099", ["罗成"]),
        ("99", []),
        ("XF-7", ["江映雪"]),
        ("阿依古丽买买提", ["阿依古丽·买买提"]),
        ("阿依古丽•买买提", ["阿依古丽·买买提"]),
        ("aygl", ["阿依古丽·买买提"]),
        ("%", []),
        ("_", []),
    ],
)
def test_people_are_found_by_name_initials_account_and_phone_tail(app, cast, words, found):
    person(cast.jiang).staff_number = "XF-7"
    person(cast.luo).phone = "13812340099"
    actions.add_people([NewPerson("阿依古丽•买买提", cast.town)], clock.now())
    db.session.execute(db.update(Person).where(Person.name.contains("阿依")).values(account="20000015"))
    rows, total = queries.people_page([(10_000, 11_000)], clock.today(), words=words)
    names = [row.name for row in rows]
    assert sorted(names) == sorted(found)
    assert total == len(found)


def test_the_list_is_in_order_of_unit_post_number_and_pinyin(app, cast):
    new = [
        NewPerson("赵一", cast.office, sort=2),
        NewPerson("安二", cast.office, sort=2),
        NewPerson("周三", cast.office, sort=1),
        NewPerson("白四", cast.office),
    ]
    actions.add_people(new, clock.now())
    rows, _ = queries.people_page([(10_100, 10_200)], clock.today())
    assert [row.name for row in rows] == ["江映雪", "罗成", "周三", "安二", "赵一", "白四"]


def test_the_list_is_paged_by_fifty(as_zhou, cast):
    actions.add_people([NewPerson(f"张{i:03}", cast.town) for i in range(70)], clock.now())
    page = as_zhou.page("/people")
    assert "第1/2页，共76人" in page.text
    assert page.html.count('name="person"') == 50
    assert page.follow("下一页").html.count('name="person"') == 26
    assert as_zhou.page("/people?page=99&unit=2").status == 200


def test_a_unit_in_the_list_means_all_below(as_zhou, cast):
    assert "方圆" in as_zhou.page(f"/people?unit={cast.county}").text
    assert "方圆" not in as_zhou.page(f"/people?unit={cast.office}").text


def test_lists_need_the_same_statements_for_ten_and_a_hundred_people(app, as_zhou, cast):
    def statements(address):
        count = []

        def note(*_arguments):
            count.append(1)

        for engine in db.engines.values():
            event.listen(engine, "before_cursor_execute", note)
        try:
            as_zhou.page(address)
        finally:
            for engine in db.engines.values():
                event.remove(engine, "before_cursor_execute", note)
        return len(count)

    addresses = [
        "/people",
        "/units",
        "/grants",
        f"/people/slips?unit={cast.town}",
        f"/people/{cast.fang}",
        "/me",
    ]
    actions.add_people([NewPerson(f"张{i:03}", cast.town) for i in range(10)], clock.now())
    before = [statements(address) for address in addresses]
    ids = actions.add_people([NewPerson(f"王{i:03}", cast.town) for i in range(90)], clock.now())
    actions.add_units([actions.NewUnit(f"U{i}", f"单位{i}", "QS") for i in range(40)], clock.now())
    town = db.session.get_one(Unit, cast.town)
    for person_id in ids[:30]:
        actions.grant(person(person_id), "leader", town, now=clock.now(), actor_id=None)
    assert [statements(address) for address in addresses] == before


def test_disabling_ends_sign_ins_and_leaves_an_audit_row(as_zhou, as_jiang, cast):
    page = as_zhou.page(f"/people/{cast.jiang}").press("停用账号")
    assert "已停用江映雪的账号" in page.text
    assert as_jiang.page("/me").path == "/sign-in"
    as_zhou.page(f"/people/{cast.jiang}").press("启用账号")
    assert person(cast.jiang).disabled_at is None
    assert actions_recorded() == ["people.disabled", "people.enabled"]


def test_the_exported_list_can_be_imported_again_and_changes_nothing(as_zhou, cast):
    from quizapp import spreadsheets
    from quizapp.people import importing

    data = as_zhou.get("/people/export").data
    planned = importing.plan_people(spreadsheets.read(data, "a.xlsx"), {1, 2, 3}, clock.now())
    assert planned.problems == []
    assert planned.changes_nothing
    assert planned.unchanged == 6


# Slips ------------------------------------------------------------------------------------------------------


def test_slips_are_asked_about_printed_once_and_open_the_account(as_zhou, as_jiang, client, cast):
    page = as_zhou.page(f"/people/slips?person={cast.jiang}&person={cast.fang}")
    assert "原口令立即失效" in page.text
    assert as_jiang.page("/me").path == "/me", "asking changes nothing"
    page = page.press("生成并显示口令条")
    assert page.reply.headers["Cache-Control"] == "no-store"
    assert page.html.count('class="slip"') == 2
    assert page.html.count("<svg") >= 2
    assert "style=" not in page.html
    shown = re.findall(r'class="code">([^<]+)<', page.html)
    assert shown[0] == "10000017"
    assert as_jiang.page("/me").path == "/sign-in"
    assert client.page("/sign-in?login=10000017").press("登录", password=shown[1]).h1 == "设置新口令"
    assert actions_recorded() == ["people.password_reset"] * 2
    details = db.session.scalars(select(AuditEvent.detail)).all()
    assert not any(shown[1] in str(detail) for detail in details)


def test_slips_of_a_unit_can_be_for_those_without_a_password_only(as_zhou, cast):
    actions.add_people([NewPerson("新来的", cast.town)], clock.now())
    page = as_zhou.page(f"/people/slips?unit={cast.town}").follow("只给未发口令的人员")
    assert "新来的" in page.text
    assert "方圆" not in page.text
    assert page.press("生成并显示口令条").html.count('class="slip"') == 1
    assert not person(cast.fang).must_change


def test_nobody_chosen_is_said(as_zhou):
    assert "没有选择人员" in as_zhou.page("/people/slips", status=422).text


def test_the_address_on_the_slip_is_that_of_the_site(as_zhou, cast):
    page = as_zhou.page(f"/people/slips?person={cast.jiang}").press("生成并显示口令条")
    assert "登录地址：http://localhost/sign-in" in page.text


# Who may --------------------------------------------------------------------------------------------------


@pytest.fixture
def as_fang(app, cast):
    """方圆 as 单位管理员 of 云岭镇."""
    actions.grant(
        person(cast.fang),
        "unit_administrator",
        db.session.get_one(Unit, cast.town),
        now=clock.now(),
        actor_id=None,
    )
    db.session.commit()
    return sign_in(app.test_client(), cast.fang)


def test_a_unit_administrator_sees_and_resets_the_own_unit_only(as_fang, cast):
    [mine] = actions.add_people([NewPerson("镇里人", cast.town)], clock.now())
    text = as_fang.page("/people").text
    assert "镇里人" in text
    assert "江映雪" not in text
    assert as_fang.get(f"/people/{cast.jiang}").status_code == 404
    assert as_fang.get(f"/people?unit={cast.office}").status_code == 404
    assert as_fang.get(f"/people/slips?unit={cast.county}").status_code == 404
    assert "没有可以打印" in as_fang.page(f"/people/slips?person={cast.jiang}").text
    page = as_fang.page(f"/people/slips?person={cast.jiang}&person={mine}").press("生成并显示口令条")
    assert page.html.count('class="slip"') == 1
    assert not person(cast.jiang).must_change


@pytest.mark.parametrize(
    "address",
    ["/grants", "/people/import", "/units/import", "/units/new", "/units/2", "/people/template.xlsx"],
)
def test_a_unit_administrator_neither_grants_nor_imports(as_fang, address):
    assert as_fang.get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/units", "/people", "/people/1", "/grants", "/people/import", "/people/slips"]
)
def test_a_cadre_knows_of_none_of_these_pages(as_jiang, address):
    assert as_jiang.get(address).status_code == 404


def test_nobody_gets_at_a_role_by_resetting_its_holder(as_fang, cast):
    """A password lends its roles: 单位管理员 reset nobody with a role, administrators only roles in their reach."""
    [writer] = actions.add_people([NewPerson("命题人", cast.town)], clock.now())
    town = db.session.get_one(Unit, cast.town)
    actions.grant(person(writer), "writer", town, now=clock.now(), actor_id=None)
    page = as_fang.page(f"/people/slips?person={writer}")
    assert "须由上级系统管理员办理" in page.text
    fields = {"person": writer, "csrf_token": page.token}
    as_fang.post("/people/slips", data=fields)
    as_fang.post(f"/people/{writer}/disable", data=fields)
    assert person(writer).password_hash is None
    assert person(writer).disabled_at is None


def test_an_administrator_of_a_part_cannot_reset_one_of_the_whole(app, cast):
    town = db.session.get_one(Unit, cast.town)
    actions.grant(person(cast.fang), "administrator", town, now=clock.now(), actor_id=None)
    [chief] = actions.add_people([NewPerson("县管理员", cast.town)], clock.now())
    root = db.session.get_one(Unit, cast.county)
    actions.grant(person(chief), "administrator", root, now=clock.now(), actor_id=None)
    part = sign_in(app.test_client(), cast.fang)
    page = part.page(f"/people/slips?person={chief}")
    part.post("/people/slips", data={"person": chief, "csrf_token": page.token})
    assert person(chief).password_hash is None


# Grants -----------------------------------------------------------------------------------------------------


def test_a_role_is_granted_on_a_unit_and_withdrawn(as_zhou, cast):
    page = as_zhou.page("/grants").press("授予角色", login="10000066", role="leader", unit=str(cast.town))
    assert "已授权方圆" in page.text
    given = db.session.scalars(select(Grant).where(Grant.person_id == cast.fang)).one()
    assert (given.role, given.unit_id, given.granted_by_id) == ("leader", cast.town, cast.zhou)
    as_zhou.page("/grants").press(f"/grants/{given.id}/withdraw")
    assert db.session.scalars(select(Grant).where(Grant.person_id == cast.fang)).all() == []
    assert actions_recorded() == ["people.granted", "people.withdrawn"]


def test_granting_twice_is_one_grant(as_zhou, cast):
    for _ in range(2):
        as_zhou.page("/grants").press("授予角色", login="10000066", role="leader", unit=str(cast.town))
    assert len(db.session.scalars(select(Grant).where(Grant.person_id == cast.fang)).all()) == 1


@pytest.mark.parametrize("act", ["withdraw", "disable"])
def test_the_last_administrator_stays(as_zhou, app, cast, act):
    held = db.session.scalars(
        select(Grant).where(Grant.person_id == cast.zhou, Grant.role == "administrator")
    ).one()
    if act == "withdraw":
        assert "最后一名" in as_zhou.page("/grants").press(f"/grants/{held.id}/withdraw").text
    else:
        with pytest.raises(Exception, match="last_administrator"):
            actions.set_disabled(person(cast.zhou), True, now=clock.now(), actor_id=None)
    assert as_zhou.page("/grants").status == 200


def test_a_person_outside_ones_reach_is_not_told_apart_from_nobody(app, cast):
    town = db.session.get_one(Unit, cast.town)
    actions.grant(person(cast.fang), "administrator", town, now=clock.now(), actor_id=None)
    part = sign_in(app.test_client(), cast.fang)
    told = set()
    for login in ("10000017", "99999999"):
        page = part.page("/grants").press("授予角色", login=login, role="leader", unit=str(cast.town))
        told.add((page.status, page.text))
    assert len(told) == 1
    assert db.session.scalars(select(Grant).where(Grant.person_id == cast.jiang)).all() == []


@pytest.mark.parametrize("extra", ["role", "granted_by_id", "must_change", "account"])
def test_h39_fields_that_a_form_does_not_list_change_nothing(as_zhou, cast, extra):
    page = as_zhou.page(f"/units/{cast.office}")
    fields = {"name": "县信访局", "short_name": "", "kind": "", "sort": "1", "csrf_token": page.token}
    before = db.session.execute(
        select(Unit.code, Unit.parent_id, Unit.lft).where(Unit.id == cast.office)
    ).one()
    as_zhou.post(
        f"/units/{cast.office}", data=fields | {extra: "9", "code": "X", "parent_id": "", "lft": "5"}
    )
    after = db.session.execute(
        select(Unit.code, Unit.parent_id, Unit.lft).where(Unit.id == cast.office)
    ).one()
    assert before == after
