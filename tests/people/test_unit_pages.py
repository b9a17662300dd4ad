"""单位变动 through the pages: form, consequences, confirmation, 沿革; and who may not."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.people import actions, queries, unit_actions
from quizapp.people.actions import NewPerson
from quizapp.people.models import Grant, Membership, Person, Unit, UnitContact, UnitEvent
from tests.cast import sign_in
from tests.statements import statements

NEXT = "下一步：核对影响"
REASON = "县委编办〔2026〕3号"


def unit(unit_id):
    return db.session.get_one(Unit, unit_id)


def events():
    return list(db.session.scalars(select(UnitEvent.kind).order_by(UnitEvent.id)))


def homes(unit_id):
    """Names of those who belong to a unit today, with their main membership."""
    rows = db.session.scalars(
        select(Person.name)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.unit_id == unit_id, Membership.main, queries.current(clock.today()))
        .order_by(Person.id)
    )
    return list(rows)


def let(person_id, role, unit_id):
    actions.grant(db.session.get_one(Person, person_id), role, unit(unit_id), now=clock.now(), actor_id=None)
    db.session.commit()


def test_a_unit_is_renamed_after_its_consequences_were_shown(as_zhou, cast):
    page = as_zhou.page(f"/units/{cast.office}").follow("改名")
    page = page.press(NEXT, name="县信访工作局", short_name="信访局", reason=REASON)
    assert "原名称记为曾用名" in page.text
    assert "本单位及下级的2人、0个下级单位和0项授权都不变" in page.text
    assert unit(cast.office).name == "县信访局", "telling the consequences changes nothing"
    page = page.press("确认改名")
    assert page.path == f"/units/{cast.office}"
    assert "“县信访局”改为“县信访工作局”" in page.text
    assert f"{REASON} · 周明于" in page.text
    assert "<dt>曾用名</dt><dd>县信访局</dd>" in page.html
    assert queries.former_names() == {cast.office: ("县信访局",)}
    assert [k.former for k in queries.known_units() if k.id == cast.office] == [("县信访局",)]
    found = as_zhou.page("/units?q=县信访局").text
    assert "县信访工作局" in found
    assert "曾用名：县信访局" in found
    last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()
    assert (last.action, last.actor_id, last.detail["reason"]) == ("people.unit_renamed", cast.zhou, REASON)


def test_a_corrected_name_leaves_no_former_one(as_zhou, cast):
    page = as_zhou.page(f"/units/{cast.office}/rename")
    page = page.press(NEXT, name="县信仿局", reason="误写", correction="y")
    assert "只更正文字" in page.text
    page = page.press("确认改名")
    assert "更正名称：“县信访局”改为“县信仿局”" in page.text
    assert queries.former_names() == {}


def test_a_unit_moves_with_all_below_and_the_page_says_who_gains_and_who_loses_it(as_zhou, cast):
    village = actions.add_unit(
        unit(cast.town), actions.NewUnit("QS-YL-1", "云岭村", "QS-YL"), actor_id=None
    ).id
    actions.add_people([NewPerson("村民", village)], clock.now())
    let(cast.fang, "leader", cast.town)
    let(cast.luo, "leader", cast.office)
    page = as_zhou.page(f"/units/{village}/move").press(
        NEXT, other="县信访局", sort="4", day="2026-01-01", reason=REASON
    )
    assert "生效日期" in page.text
    page = as_zhou.page(f"/units/{village}/move").press(NEXT, other="QS-XF", sort="4", reason=REASON)
    assert "本单位和0个下级单位、共1人一并调整" in page.text
    assert "原上级单位的1项授权不再管到本单位：方圆（单位负责人）" in page.text
    assert "新上级单位的1项授权开始管到本单位：罗成（单位负责人）" in page.text
    page = page.press("确认调整")
    assert "由“云岭镇”改隶“县信访局”" in page.text
    moved, office = unit(village), unit(cast.office)
    assert (moved.parent_id, moved.sort) == (cast.office, 4)
    assert office.lft < moved.lft < moved.rgt < office.rgt


def test_a_unit_merges_into_another_with_people_units_and_the_end_of_its_grants(app, cast, at):
    at("2026-07-12 10:00")
    as_zhou = sign_in(app.test_client(), cast.zhou)
    station = actions.add_unit(
        unit(cast.office), actions.NewUnit("QS-XF-1", "接待室", "QS-XF"), actor_id=None
    ).id
    let(cast.luo, "unit_administrator", cast.office)
    db.session.add(
        Membership(
            person_id=cast.jiang, unit_id=cast.town, since=date(2026, 1, 1), main=False, kind="village"
        )
    )
    page = as_zhou.page(f"/units/{cast.office}/merge").press(
        NEXT, other="云岭镇", day="2026-07-01", reason=REASON
    )
    assert "2人在原单位的任职到2026年6月30日为止，2026年7月1日起转入“云岭镇”" in page.text
    assert "其中1人在两个单位都有任职" in page.text
    assert "1个下级单位随之归“云岭镇”管理" in page.text
    assert "1项授权终止：罗成（单位管理员）" in page.text
    assert homes(cast.office) == ["江映雪", "罗成"]
    page = page.press("确认并入")
    assert "已于2026年7月1日撤销" in page.text
    assert homes(cast.office) == []
    assert homes(cast.town) == ["江映雪", "罗成", "方圆"]
    belongs = db.session.execute(
        select(Membership.unit_id, Membership.since, Membership.until, Membership.main, Membership.category)
        .where(Membership.person_id == cast.jiang)
        .order_by(Membership.id)
    ).all()
    assert belongs == [
        (cast.office, date(2020, 1, 1), date(2026, 6, 30), True, "公务员"),
        (cast.town, date(2026, 1, 1), date(2026, 6, 30), False, ""),
        (cast.town, date(2026, 7, 1), None, True, "公务员"),
    ]
    assert db.session.scalars(select(Grant).where(Grant.unit_id == cast.office)).all() == []
    assert unit(station).parent_id == unit(cast.office).parent_id == cast.town
    assert "“县信访局”并入" in as_zhou.page(f"/units/{cast.town}").text


def test_a_unit_is_split_and_the_chosen_people_go(as_zhou, cast):
    page = as_zhou.page(f"/units/{cast.office}/split").press(
        NEXT, name="县接待中心", code="QS-JD", sort="5", reason=REASON, people=[cast.luo]
    )
    assert "在“青石县”下设立“县接待中心”" in page.text
    assert "“县信访局”保留1人、0个下级单位和全部0项授权" in page.text
    page = page.press("返回修改")
    assert page.form(NEXT).values.getlist("people") == [str(cast.luo)]
    page = page.press(NEXT).press("确认分设")
    assert page.h1 == "县接待中心"
    made = db.session.scalars(select(Unit).where(Unit.code == "QS-JD")).one()
    assert (made.parent_id, homes(made.id), homes(cast.office)) == (cast.county, ["罗成"], ["江映雪"])
    assert "分设“县接待中心”" in as_zhou.page(f"/units/{cast.office}").text


def test_an_empty_unit_closes_disappears_and_comes_back_on_request(as_zhou, cast):
    empty = actions.add_unit(unit(cast.county), actions.NewUnit("QS-K", "空局", "QS"), actor_id=None).id
    page = as_zhou.page(f"/units/{empty}/close").press(NEXT, reason=REASON).press("确认撤销")
    assert "单位已撤销，只能查看" in page.text
    assert "空局" not in as_zhou.page("/units").text
    shown = as_zhou.page("/units").follow("显示已撤销单位（1个）")
    assert "空局 已撤销" in shown.text
    for address in ("/grants", "/people", "/units/new"):
        assert "空局" not in as_zhou.page(address).text
    page = as_zhou.page(f"/units/{cast.office}/move").press(NEXT, other="空局", reason=REASON)
    assert "或已经撤销" in page.text
    page = as_zhou.page(f"/units/{empty}/reopen").press(NEXT, reason="恢复").press("确认恢复")
    assert "空局" in as_zhou.page("/units").text
    assert events() == ["closed", "reopened"]


def test_closing_is_refused_with_what_to_do_while_people_are_there(as_zhou, cast):
    page = as_zhou.page(f"/units/{cast.office}/close").press(NEXT, reason=REASON)
    assert page.status == 422
    assert "“县信访局”还有2人。没有改动任何内容。请先办理调动，或改用“并入”" in page.text
    assert unit(cast.office).closed_on is None


def test_a_change_that_no_longer_does_what_was_shown_is_shown_again(as_zhou, cast):
    page = as_zhou.page(f"/units/{cast.office}/merge").press(NEXT, other="云岭镇", reason=REASON)
    actions.add_people([NewPerson("新来的", cast.office)], clock.now())
    page = page.press("确认并入")
    assert "核对之后情况有变化，没有办理" in page.text
    assert "3人在原单位的任职" in page.text
    assert unit(cast.office).closed_on is None
    page.press("确认并入")
    assert unit(cast.office).closed_on == clock.today()


def test_a_code_of_a_closed_unit_is_not_given_again(app, cast):
    unit(cast.town).closed_on = clock.today()
    db.session.flush()
    with pytest.raises(Exception, match="unit_closed"):
        actions.add_units([actions.NewUnit("QS-YL", "新云岭镇", "QS")], clock.now())
    with pytest.raises(Exception, match="unit_closed"):
        actions.add_unit(unit(cast.town), actions.NewUnit("QS-N", "新村", "QS-YL"), actor_id=None)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"other": "没有的单位"}, "没有编码或名称为“没有的单位”的单位"),
        ({"other": "办公室"}, "有2个单位叫“办公室”，请填写单位编码"),
        ({"other": "QS-XF"}, "不能隶属自己"),
        ({"other": "QS"}, "已经隶属“青石县”"),
        ({"other": "云岭镇", "reason": ""}, "请填写"),
        ({"other": "云岭镇", "day": "2999-01-01"}, "不能晚于今天"),
        ({"other": "云岭镇", "sort": "-1"}, "请填写0至9999的整数"),
    ],
)
def test_a_form_that_cannot_be_right_comes_back_with_what_was_typed(as_zhou, cast, fields, words):
    offices = [actions.NewUnit(f"{code}-0", "办公室", code) for code in ("QS-XF", "QS-YL")]
    actions.add_units(offices, clock.now())
    page = as_zhou.page(f"/units/{cast.office}/move")
    page = page.press(NEXT, **({"reason": REASON} | fields))
    assert page.status == 422
    assert words in page.text
    assert page.form(NEXT).values["other"] == fields["other"]
    assert events() == []


ACTS = ("rename", "move", "merge", "split", "close", "reopen")


@pytest.mark.parametrize("act", ["move", "merge", "split", "close", "reopen"])
def test_the_root_is_only_renamed(as_zhou, cast, act):
    page = as_zhou.page(f"/units/{cast.county}/{act}", status=409)
    assert "最上级单位，只能改名" in page.text
    assert as_zhou.page(f"/units/{cast.county}").text.count("调整隶属") == 0


@pytest.fixture
def as_fang(app, cast):
    """方圆, 系统管理员 of 云岭镇 alone."""
    let(cast.fang, "administrator", cast.town)
    return sign_in(app.test_client(), cast.fang)


def test_who_administers_a_part_renames_its_top_and_changes_what_is_below(as_fang, cast):
    village = actions.add_unit(
        unit(cast.town), actions.NewUnit("QS-YL-1", "云岭村", "QS-YL"), actor_id=None
    ).id
    page = as_fang.page(f"/units/{cast.town}")
    assert "由上级单位的系统管理员办理" in page.text
    assert as_fang.get(f"/units/{cast.town}/rename").status_code == 200
    for act in ACTS[1:]:
        assert as_fang.get(f"/units/{cast.town}/{act}").status_code == 404
    for act in ACTS:
        assert as_fang.get(f"/units/{cast.office}/{act}").status_code == 404
    page = as_fang.page(f"/units/{village}/merge").press(NEXT, other="县信访局", reason=REASON)
    assert "您的管理范围内没有" in page.text, "what lies outside of one's reach is not told"
    page.press(NEXT, other="QS-YL").press("确认并入")
    assert unit(village).closed_on == clock.today()


@pytest.mark.parametrize("who", ["li", "luo", "jiang"])
def test_leaders_and_unit_administrators_know_of_none_of_these_pages(app, cast, as_zhou, who):
    let(cast.luo, "unit_administrator", cast.county)
    client = sign_in(app.test_client(), getattr(cast, who))
    token = client.page("/me").token
    for act in ACTS:
        address = f"/units/{cast.office}/{act}"
        assert client.get(address).status_code == 404
        sent = {"csrf_token": token, "name": "改名", "reason": REASON, "day": "2026-01-01", "seen": "x"}
        assert client.post(address, data=sent).status_code == 404
    assert events() == []


def test_a_unit_says_whom_to_ask(as_zhou, cast):
    page = as_zhou.page(f"/units/{cast.office}")
    page = page.press("保存", head="李文", contact="江映雪", phone="0839-1234567")
    assert page.form("保存").values["contact"] == "江映雪"
    row = db.session.scalars(select(UnitContact)).one()
    assert (row.unit_id, row.head, row.name, row.phone) == (cast.office, "李文", "江映雪", "0839-1234567")


def test_a_change_asks_as_often_for_many_people_as_for_few(app, as_zhou, cast):
    def merged(count):
        made = actions.add_unit(
            unit(cast.county), actions.NewUnit(f"M{count}", f"单位{count}", "QS"), actor_id=None
        ).id
        ids = actions.add_people([NewPerson(f"人{count}-{i}", made) for i in range(count)], clock.now())
        for person_id in ids[: count // 2]:
            let(person_id, "leader", made)
            db.session.add(
                Membership(person_id=person_id, unit_id=cast.town, since=date(2026, 1, 1), main=False)
            )
        for i in range(count // 2):
            actions.add_units(
                [actions.NewUnit(f"M{count}-{i}", f"科室{count}-{i}", f"M{count}")], clock.now()
            )
        db.session.commit()
        page = as_zhou.page(f"/units/{made}/merge").press(NEXT, other="云岭镇", reason=REASON)
        with statements() as seen:
            page.press("确认并入")
        assert unit(made).closed_on is not None
        return len(seen)

    assert merged(4) == merged(40)


def test_a_unit_sheet_leaves_its_changes_in_the_history(app, cast):
    names = ({"name": "县信访局", "short_name": ""}, {"name": "县信访工作局", "short_name": ""})
    places = ({"name": "云岭镇", "parent": "青石县"}, {"name": "云岭镇", "parent": "县信访局"})
    unit_actions.note_import([(cast.office, *names), (cast.town, *places)], clock.now(), actor_id=cast.zhou)
    unit(cast.office).name = "县信访工作局"
    db.session.flush()
    assert events() == ["renamed", "moved"]
    assert queries.former_names() == {cast.office: ("县信访局",)}


def test_the_newest_former_name_comes_first_and_the_present_one_is_none(app, cast):
    for days, old, new in ((9, "甲局", "乙局"), (6, "乙局", "县信访局"), (3, "丙局", "县信访局")):
        db.session.add(
            UnitEvent(
                unit_id=cast.office,
                kind="renamed",
                day=clock.today() - timedelta(days=days),
                reason="改名",
                at=clock.now(),
                details={
                    "before": {"name": old, "short_name": "县信访局"},
                    "after": {"name": new, "short_name": ""},
                    "correction": False,
                },
            )
        )
    db.session.flush()
    assert queries.former_names() == {cast.office: ("丙局", "乙局", "甲局")}
    assert db.session.scalar(select(func.count()).select_from(UnitEvent)) == 3
