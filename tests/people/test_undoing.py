"""Taking an import back as a whole: everything as before, but for people who changed since."""

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from quizapp import clock, jobs, spreadsheets
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, importing, undo_rules, undoing
from quizapp.people.models import Leave, Membership, Person, RosterImport, Unit
from quizapp.people.undo_rules import CHANGED, CLOSED, FOREIGN, GONE, TAKEN, USED, Circumstances, Kept
from quizapp.spreadsheets import Row
from tests.cast import sign_in
from tests.statements import statements

HEADER = ["姓名", "单位编码", "工号", "手机号", "学法账号", "人员关系", "职务", "备注"]
EVERYWHERE = {1, 2, 3}
LINES = [
    ("钱七", "QS-XF", "31", "13900000031", "", "", "主任"),
    ("江映雪", "QS-YL", "", "", "10000017", "", "副镇长"),
    ("罗成", "QS-XF", "77", "13900000077", "10000025", "", "", "产假"),
    ("方圆", "QS-XF", "", "", "10000066", "挂职"),
]


def sheet(lines):
    rows = [list(line) + [""] * (len(HEADER) - len(line)) for line in lines]
    return [Row(1, HEADER)] + [Row(number, row) for number, row in enumerate(rows, 2)]


def people():
    """All rows of people, memberships and leaves."""
    db.session.expire_all()
    tables = (Person, Membership, Leave)
    return [db.session.execute(select(*table.__table__.columns).order_by(table.id)).all() for table in tables]


@pytest.fixture
def apply(app, cast):
    """Applies a sheet as it stands; gives the id of the import."""

    def act(*lines, chosen=None):
        from quizapp.people import acceptance

        planned = importing.plan_people(sheet(lines), EVERYWHERE, clock.now(), chosen or {})
        planned = acceptance.narrowed(planned, chosen or {})
        importing.apply("people", planned, "名册.xlsx", "h" * 64, clock.now(), actor_id=cast.zhou)
        db.session.commit()
        return db.session.scalars(select(RosterImport.id).order_by(RosterImport.id.desc()).limit(1)).one()

    return act


@pytest.fixture
def take_back(cast):
    def act(import_id, may=EVERYWHERE):
        seen = undoing.foresee(import_id, may).undo.digest
        undo = undoing.take_back(import_id, may, seen=seen, now=clock.now(), actor_id=cast.zhou)
        db.session.commit()
        return undo

    return act


def test_everything_is_as_before_when_nobody_changed_since(apply, take_back, cast):
    before = people()
    day = clock.today() - timedelta(days=1)
    lines = (*LINES, ("孙八", "QS", "32"))
    undo = take_back(apply(*lines, chosen={f"m{cast.zhou}": f"left:{day}", f"m{cast.he}": f"retired:{day}"}))
    assert (len(undo.restored), len(undo.removed), undo.blocked) == (5, 2, {})
    assert people() == before


def test_taking_back_leaves_its_audit_rows_and_happens_once(apply, take_back, cast):
    number = apply(*LINES)
    take_back(number)
    told = list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert told.count("people.import_undone") == 1
    assert told.count("people.person_removed") == 1
    row = db.session.get_one(RosterImport, number)
    assert (row.undone_by_id, row.undo) == (cast.zhou, None)
    with pytest.raises(Refused, match="已经撤销"):
        undoing.foresee(number, EVERYWHERE)


def test_who_changed_since_stays_and_the_others_go_back(apply, take_back, cast):
    number = apply(*LINES)
    db.session.get_one(Person, cast.luo).phone = "13800000000"
    db.session.commit()
    undo = take_back(number)
    assert undo.blocked == {cast.luo: CHANGED}
    luo = db.session.get_one(Person, cast.luo)
    assert (luo.staff_number, luo.phone) == ("77", "13800000000")
    assert db.session.scalars(select(Leave.person_id)).all() == [cast.luo]
    assert db.session.scalars(select(Person).where(Person.staff_number == "31")).all() == []


def test_a_newcomer_who_was_given_a_role_or_signed_in_is_not_deleted(apply, take_back, cast):
    number = apply(("钱七", "QS-XF", "31"), ("孙八", "QS-XF", "32"), ("吴九", "QS-XF", "33"))
    ids = dict(db.session.execute(select(Person.staff_number, Person.id)).all())
    unit = db.session.get_one(Unit, cast.office)
    actions.grant(db.session.get_one(Person, ids["31"]), "leader", unit, now=clock.now(), actor_id=cast.zhou)
    own = db.session.get_one(Person, ids["32"])
    actions.set_password(own, "a hash", now=clock.now())
    actions.issue_slips([ids["33"]], clock.now(), actor_id=cast.zhou)
    db.session.commit()
    undo = take_back(number)
    assert undo.blocked == {ids["31"]: USED, ids["32"]: USED}
    assert undo.removed == (ids["33"],)


def test_numbers_exchanged_by_an_import_go_back_to_their_owners(apply, take_back, cast):
    one, other = "13900000001", "13900000002"
    apply(("罗成", "QS-XF", "A", one, "10000025"), ("方圆", "QS-YL", "B", other, "10000066"))
    number = apply(("罗成", "QS-XF", "A", other), ("方圆", "QS-YL", "B", one))
    assert db.session.get_one(Person, cast.luo).phone == other
    take_back(number)
    assert db.session.get_one(Person, cast.luo).phone == one
    assert db.session.get_one(Person, cast.fang).phone == other


def test_a_number_that_somebody_else_has_by_now_does_not_come_back(apply, take_back, cast):
    apply(("罗成", "QS-XF", "A", "", "10000025"))
    number = apply(("罗成", "QS-XF", "B", "", "10000025"))
    db.session.get_one(Person, cast.he).staff_number = "A"
    db.session.commit()
    assert take_back(number).blocked == {cast.luo: TAKEN}
    assert db.session.get_one(Person, cast.luo).staff_number == "B"


def test_nobody_goes_back_into_a_closed_unit_nor_where_one_may_not_act(apply, cast):
    number = apply(("江映雪", "QS-YL", "", "", "10000017"))
    db.session.get_one(Unit, cast.office).closed_on = clock.today()
    db.session.commit()
    assert undoing.foresee(number, EVERYWHERE).undo.blocked == {cast.jiang: CLOSED}
    assert undoing.foresee(number, {cast.county}).undo.blocked == {cast.jiang: FOREIGN}


def test_what_changed_after_the_page_was_shown_is_not_taken_back_unseen(apply, cast):
    number = apply(*LINES)
    seen = undoing.foresee(number, EVERYWHERE).undo.digest
    db.session.get_one(Person, cast.luo).phone = "13800000000"
    db.session.commit()
    with pytest.raises(Refused, match="情况有变化"):
        undoing.take_back(number, EVERYWHERE, seen=seen, now=clock.now(), actor_id=cast.zhou)


def test_what_was_kept_of_people_is_forgotten_in_time(apply, at):
    number = apply(*LINES)
    at(clock.now() + undo_rules.KEPT_FOR + timedelta(days=1))
    apply(("孙八", "QS-XF", "32"))
    with pytest.raises(Refused, match="时间已久"):
        undoing.foresee(number, EVERYWHERE)


def test_statements_do_not_grow_with_the_people(app, apply, take_back):
    def asked(count, first):
        number = apply(*[("钱七", "QS-XF", f"{first + i}") for i in range(count)])
        with statements() as seen:
            take_back(number)
        return len(seen)

    assert asked(3, 100) == asked(60, 500)


def snapshot(number, unit=2, main=True):
    membership = [1, unit, "2020-01-01", None, "staff", main, "", "", 9999]
    return {"person": ["甲", "jia", "j", number, None, None], "memberships": [membership], "leaves": []}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({}, None),
        ({"now": {}}, GONE),
        ({"now": {1: snapshot("C")}}, CHANGED),
        ({"owners": {"A": 9}}, TAKEN),
        ({"owners": {"A": 1}}, None),
        ({"closed": {2}}, CLOSED),
        ({"may": set()}, FOREIGN),
    ],
)
def test_what_stands_in_the_way_is_said(change, reason):
    kept = Kept.of({1: snapshot("A")}, {1: snapshot("B")}, [])
    free = {"now": {1: snapshot("B")}, "owners": {}, "used": set(), "closed": set(), "may": {2}}
    undo = undo_rules.plan(kept, Circumstances(**free | change))
    assert undo.blocked == ({1: reason} if reason else {})
    assert undo.restored == (() if reason else (1,))


def test_one_who_stays_keeps_the_number_that_another_would_get_back():
    before = {1: snapshot("A"), 2: snapshot("B"), 3: snapshot("C")}
    after = {1: snapshot("B"), 2: snapshot("C"), 3: snapshot("D")}
    seen = Circumstances(after | {1: snapshot("B", unit=3)}, {"A": 9, "B": 1, "C": 2}, set(), set(), {2, 3})
    assert undo_rules.plan(Kept.of(before, after, []), seen).blocked == {1: CHANGED, 2: TAKEN, 3: TAKEN}


# On the page ------------------------------------------------------------------------------------------------


def upload(client, *lines):
    rows = [list(line) + [""] * (len(HEADER) - len(line)) for line in lines]
    data = spreadsheets.workbook([spreadsheets.Sheet("人员", HEADER, rows)])
    return client.page("/people/import").press("检查文件", file=(BytesIO(data), "十一月.xlsx"))


def test_the_list_leads_to_a_page_that_says_what_taking_back_does(as_zhou, cast):
    before = people()
    upload(as_zhou, *LINES).press("确认导入")
    page = as_zhou.page("/people/imports")
    assert "十一月.xlsx" in page.text
    assert "新增1人，更新3人" in page.text
    page = page.follow("撤销")
    assert "3人恢复为导入前的内容" in page.text
    assert "新增的1人删除" in page.text
    address, page = page.path, page.press("撤销导入")
    assert "已撤销：恢复3人，删除新增的1人。" in page.text
    assert "这次导入已经撤销。没有改动任何内容。" in as_zhou.page(address).text
    assert "已撤销" in page.text
    assert people() == before


def test_the_page_names_who_stays_and_asks_again_when_that_changes(as_zhou, cast):
    upload(as_zhou, *LINES).press("确认导入")
    page = as_zhou.page("/people/imports").follow("撤销")
    db.session.get_one(Person, cast.luo).phone = "13800000000"
    again = page.press("撤销导入")
    assert again.status == 409
    assert "罗成" in again.text
    assert CHANGED in again.text
    assert "已撤销：恢复2人，删除新增的1人。1人在导入后有变化" in again.press("撤销导入").text


def test_only_who_imported_and_the_administrator_of_the_root_see_an_import(as_zhou, app, cast):
    upload(as_zhou, *LINES).press("确认导入")
    town = db.session.get_one(Unit, cast.town)
    fang = db.session.get_one(Person, cast.fang)
    actions.grant(fang, "administrator", town, now=clock.now(), actor_id=None)
    number = db.session.scalars(select(RosterImport.id)).one()
    theirs = sign_in(app.test_client(), cast.fang)
    assert "还没有导入过人员" in theirs.page("/people/imports").text
    assert theirs.get(f"/people/imports/{number}").status_code == 404
    sent = {"csrf_token": theirs.token, "seen": ""}
    assert theirs.post(f"/people/imports/{number}", data=sent).status_code == 404


def test_a_long_import_is_taken_back_as_a_job(as_zhou, app, monkeypatch):
    from quizapp.people import import_views

    before = people()
    upload(as_zhou, *LINES).press("确认导入")
    monkeypatch.setattr(import_views, "LONG", 0)
    app.extensions["huey_run"] = lambda _job_id: None
    page = as_zhou.page("/people/imports").follow("撤销").press("撤销导入")
    jobs.run(db.session.scalars(select(jobs.Job.id)).one())
    assert "已撤销：恢复3人" in as_zhou.page(page.path).text
    assert people() == before
