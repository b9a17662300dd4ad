"""The roster sheet: who a row is about (hazard H27), all or nothing (H28), and what is never read."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import event, func, select

from quizapp import clock, jobs, spreadsheets, uploads
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.people import actions, importing, matching, roster
from quizapp.people.matching import Plan
from quizapp.people.models import Membership, Person, RosterImport, Unit
from quizapp.people.roster import Belonging, Known
from quizapp.people.unit_sheet import KnownUnit
from quizapp.spreadsheets import Row
from tests.cast import sign_in

HEADER = ["姓名", "单位编码", "工号", "手机号", "学法账号", "人员关系", "职务"]
UNITS = [
    KnownUnit(1, "QS", "青石县", "", "", None, 0, 1),
    KnownUnit(2, "QS-XF", "青石县信访局", "县信访局", "", 1, 1, 100),
    KnownUnit(3, "QS-YL", "云岭镇", "", "", 1, 2, 300),
    KnownUnit(4, "QS-BH", "白河镇", "", "", 1, 3, 500),
    KnownUnit(5, "QS-XF2", "办公室", "", "", 2, 1, 120),
    KnownUnit(6, "QS-YL2", "办公室", "", "", 3, 1, 320),
]
TODAY = date(2026, 11, 2)
ZHANG, LI, WANG, WANG_2, ZHAO = 1, 2, 3, 4, 5


def known(person_id, name, unit, number=None, phone=None, account=None, disabled=False, **more):
    belonging = Belonging(
        person_id, unit, "staff", True, "公务员", more.get("post", ""), 9999, date(2020, 1, 1)
    )
    return Known(person_id, account or f"1000000{person_id}", name, number, phone, (belonging,), disabled)


KNOWN = [
    known(ZHANG, "张三", 2, number="1001", phone="13800000001"),
    known(LI, "李四", 2, phone="13800000002", post="科员"),
    known(WANG, "王五", 3, number="1003"),
    known(WANG_2, "王五", 4),
    known(ZHAO, "赵六", 3, number="1005", phone="13800000005", disabled=True),
]


def sheet(*lines):
    return [Row(1, HEADER)] + [
        Row(2 + i, list(line) + [""] * (7 - len(line))) for i, line in enumerate(lines)
    ]


def plan(*lines, people=KNOWN, may=(1, 2, 3, 4, 5, 6), answers=None) -> Plan:
    entries, problems, _ = roster.read(sheet(*lines), UNITS)
    planned = matching.plan(entries, people, UNITS, may, TODAY, answers=answers or {})
    planned.problems = problems + planned.problems
    return planned


def outcome(planned):
    if planned.problems:
        return "problem"
    if planned.doubts:
        return "asked"
    return f"{len(planned.new)} new, {len(planned.edits)} changed, {planned.unchanged} same"


# H27: every kind of row, and what becomes of it -------------------------------------------------------------

ONE_SAME = "0 new, 0 changed, 1 same"
ONE_CHANGED = "0 new, 1 changed, 0 same"
ONE_NEW = "1 new, 0 changed, 0 same"
KINDS = {
    "known by number": ([("张三", "QS-XF", "1001")], ONE_SAME),
    "known by phone": ([("李四", "QS-XF", "", "13800000002")], ONE_SAME),
    "known by account": ([("李四", "QS-XF", "", "", "10000002")], ONE_SAME),
    "known by name and unit": ([("李四", "QS-XF")], ONE_SAME),
    "same name in another unit, without numbers": ([("李四", "QS-YL")], "asked"),
    "same name in another unit, said to be new": ([("李四", "QS-YL", "2001", "", "新增")], ONE_NEW),
    "said to be new without any number": ([("李四", "QS-YL", "", "", "新增")], "problem"),
    "two known of one name, each in a unit": (
        [("王五", "QS-YL"), ("王五", "QS-BH")],
        "0 new, 0 changed, 2 same",
    ),
    "two rows of one name in a unit, no numbers": ([("钱七", "QS-XF"), ("钱七", "QS-XF")], "problem"),
    "two rows of one name in a unit, both numbered": (
        [("钱七", "QS-XF", "31"), ("钱七", "QS-XF", "32")],
        "2 new, 0 changed, 0 same",
    ),
    "two rows of one name in a unit, one numbered": ([("钱七", "QS-XF", "31"), ("钱七", "QS-XF")], "problem"),
    "the same row twice": ([("张三", "QS-XF", "1001"), ("张三", "QS-XF", "1001")], "problem"),
    "one number, two names": ([("钱七", "QS-XF", "31"), ("孙八", "QS-XF", "31")], "problem"),
    "one phone, two people": (
        [("钱七", "QS-XF", "31", "13900000001"), ("孙八", "QS-XF", "32", "13900000001")],
        "problem",
    ),
    "a changed number": ([("张三", "QS-XF", "9001")], "asked"),
    "a changed number, settled by the account": ([("张三", "QS-XF", "9001", "", "10000001")], ONE_CHANGED),
    "a first number for somebody known by name": ([("李四", "QS-XF", "1002")], ONE_CHANGED),
    "a changed phone of somebody known by number": ([("张三", "QS-XF", "1001", "13900000009")], ONE_CHANGED),
    "a changed phone of somebody known by name alone": ([("李四", "QS-XF", "", "13900000009")], "asked"),
    "a phone that went to somebody new": ([("钱七", "QS-XF", "31", "13800000001")], "problem"),
    "a phone that went on, and its old owner got another": (
        [("钱七", "QS-XF", "31", "13800000001"), ("张三", "QS-XF", "1001", "13900000001")],
        "1 new, 1 changed, 0 same",
    ),
    "two who exchange their phones": (
        [("张三", "QS-XF", "1001", "13800000002"), ("李四", "QS-XF", "", "13800000001", "10000002")],
        "0 new, 2 changed, 0 same",
    ),
    "number of one, account of another": ([("张三", "QS-XF", "1001", "", "10000002")], "problem"),
    "an account with a typing error": ([("张三", "QS-XF", "", "", "99999999")], "problem"),
    "a number that is somebody's account": ([("钱七", "QS-XF", "10000003")], "problem"),
    "a corrected name, known by number": ([("张叁", "QS-XF", "1001")], ONE_CHANGED),
    "another name, known by phone alone": ([("张叁", "QS-XF", "", "13800000001")], "problem"),
    "a transfer": ([("张三", "QS-YL", "1001")], ONE_CHANGED),
    "挂职 beside the own unit": ([("张三", "QS-YL", "1001", "", "", "挂职")], ONE_CHANGED),
    "own unit and 挂职 in two rows": (
        [("钱七", "QS-YL", "31", "", "", "挂职"), ("钱七", "QS-XF", "31")],
        ONE_NEW,
    ),
    "a first number and a 挂职 in two rows": (
        [("李四", "QS-YL", "1002", "", "", "挂职"), ("李四", "QS-XF", "1002")],
        ONE_CHANGED,
    ),
    "a changed number and a 挂职 in two rows": (
        [("张三", "QS-YL", "9001", "", "", "挂职"), ("张三", "QS-XF", "9001")],
        "asked",
    ),
    "two own units in two rows": ([("钱七", "QS-YL", "31"), ("钱七", "QS-XF", "31")], "problem"),
    "a unit named by its name": ([("李四", "", "", "", "")], "problem"),
    "an identity number as 工号": ([("钱七", "QS-XF", "110101199001011234")], "problem"),
    "no name": ([("", "QS-XF", "31")], "problem"),
    "an unknown unit": ([("钱七", "QS-ZZ", "31")], "problem"),
    "a phone of ten digits": ([("钱七", "QS-XF", "31", "1380000000")], "problem"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_h27_every_kind_of_row_is_matched_on_stable_numbers_or_listed(kind):
    lines, expected = KINDS[kind]
    planned = plan(*lines)
    assert outcome(planned) == expected, planned.problems
    for problem in planned.problems:
        assert problem.column
        assert problem.message
        assert 2 <= problem.row <= 1 + len(lines)


def test_h27_all_problems_come_at_once_with_row_and_column():
    planned = plan(("", "QS-ZZ", "a b"), ("李四", "QS-YL"), ("张三", "QS-XF", "9001"), ("钱七", "QS-XF"))
    assert [(p.row, p.column) for p in planned.problems] == [
        (2, "姓名"),
        (2, "单位编码"),
        (2, "工号"),
    ]
    assert [doubt.entry.row for doubt in planned.doubts] == [3, 4]


def test_a_name_that_changes_is_pointed_out():
    planned = plan(("张叁", "QS-XF", "1001"))
    assert "系统中的姓名是“张三”" in planned.warnings[0].message


def test_a_namesake_elsewhere_is_pointed_out_when_numbers_say_it_is_somebody_else():
    planned = plan(("李四", "QS-YL", "2001"))
    assert len(planned.new) == 1
    assert "如是同一人请填写其学法账号" in planned.warnings[0].message


def test_people_not_in_the_sheet_are_listed_and_left_alone():
    planned = plan(("张三", "QS-XF", "1001"))
    assert [person.name for person in planned.missing] == ["李四"]
    assert planned.edits == []


def test_blank_cells_change_nothing():
    planned = plan(("李四", "QS-XF", "", "", "", "", ""))
    assert planned.changes_nothing


@pytest.mark.parametrize(
    "lines", [[("张三", "QS-XF", "1001")], [("张三", "QS-YL", "1001")], [("钱七", "QS-XF", "31")]]
)
def test_rows_outside_ones_reach_are_problems(lines):
    assert plan(*lines, may=(3, 6)).problems


def test_a_unit_by_name_works_and_an_ambiguous_one_asks_for_the_code():
    rows = [Row(1, ["姓名", "单位"]), Row(2, ["李四", "县信访局"]), Row(3, ["钱七", "办公室"])]
    entries, problems, _ = roster.read(rows, UNITS)
    assert entries[0].unit_id == 2
    assert "有2个单位叫“办公室”" in problems[0].message


def test_a_unit_is_found_by_a_name_that_it_had_unless_another_has_it_now():
    renamed = replace(UNITS[2], former=("云岭乡", "白河镇"))
    rows = [
        Row(1, ["姓名", "单位编码", "单位"]),
        Row(2, ["李四", "", "云岭乡"]),
        Row(3, ["钱七", "", "白河镇"]),
    ]
    rows.append(Row(4, ["孙八", "QS-YL", "云岭乡"]))
    entries, problems, _ = roster.read(rows, [*UNITS[:2], renamed, *UNITS[3:]])
    assert problems == []
    assert [entry.unit_id for entry in entries] == [3, 4, 3]


def test_who_retired_before_is_not_asked_about_again():
    gone = Known(9, "10000099", "吴九", None, None, (), disabled=True)
    rows = [Row(1, ["姓名", "单位编码", "备注"]), Row(2, ["吴九", "QS-XF", "退休"])]
    entries, _, _ = roster.read(rows, UNITS)
    planned = matching.plan(entries, [gone], UNITS, {2}, TODAY)
    assert (planned.doubts, planned.new, planned.changes_nothing) == ([], [], True)


def test_who_was_lent_and_stays_for_good_moves_and_is_not_counted_twice():
    lent = replace(KNOWN[0].belongings[0], id=90, unit_id=3, kind="attached", main=False)
    person = replace(KNOWN[0], belongings=(*KNOWN[0].belongings, lent))
    [edit] = plan(("张三", "QS-YL", "1001", "", "", "在编"), people=[person]).edits
    assert {belonging.unit_id for belonging in edit.closed} == {2, 3}
    assert [(entry.unit_id, main) for entry, main in edit.opened] == [(3, True)]
    assert edit.kinds == ("moved",)


def test_all_rows_of_one_person_wait_for_one_answer():
    lines = [("张三", "QS-YL", "9001", "", "", "挂职"), ("张三", "QS-XF", "9001")]
    assert (plan(*lines).new, plan(*lines).edits) == ([], [])
    settled = plan(*lines, answers={3: str(ZHANG)})
    assert [edit.person.id for edit in settled.edits] == [ZHANG]
    assert [len(one.entries) for one in plan(*lines, answers={3: "other"}).new] == [2]


def test_a_number_without_its_zeros_that_is_anothers_is_asked_about_and_renames_nobody():
    people = [known(1, "张三", 2, number="123"), known(2, "李四", 2, number="00123")]
    planned = plan(("李四", "QS-XF", "123"), people=people)
    assert [person.name for person in planned.doubts[0].candidates] == ["李四", "张三"]
    assert planned.edits == []


def test_code_and_name_that_disagree_are_a_problem():
    rows = [Row(1, ["姓名", "单位编码", "单位名称"]), Row(2, ["李四", "QS-XF", "云岭镇"])]
    assert "与所填名称不符" in roster.read(rows, UNITS)[1][0].message


def test_a_long_number_damaged_by_the_program_is_a_problem():
    rows = [Row(1, HEADER), Row(2, ["钱七", "QS-XF", "1234567890123456"], damaged=(2,))]
    assert "已被表格软件改动" in roster.read(rows, UNITS)[1][0].message


def test_identity_numbers_are_neither_read_nor_kept():
    rows = [Row(1, ["姓名", "单位编码", "身份证号"]), Row(2, ["钱七", "QS-XF", "110101199001011234"])]
    entries, problems, has_identity = roster.read(rows, UNITS)
    assert has_identity
    assert problems == []
    assert "110101199001011234" not in repr(entries)


def test_phones_are_read_as_people_write_them():
    for written in ("138 0000 0002", "138-0000-0002", "+8613800000002", "１３８００００００02"):  # noqa: RUF001
        assert outcome(plan(("李四", "QS-XF", "", written))) == ONE_SAME


# Applying, on both databases --------------------------------------------------------------------------------


@pytest.fixture
def do(app, cast):
    """Plans a sheet against the tables and applies it."""

    def act(*lines, commit=True):
        planned = importing.plan_people(sheet(*lines), {1, 2, 3}, clock.now())
        assert planned.problems == []
        importing.apply("people", planned, "名册.xlsx", "h" * 64, clock.now(), actor_id=cast.zhou)
        if commit:
            db.session.commit()
        return planned

    return act


def contents():
    """All rows of the tables that an import touches."""
    db.session.expire_all()
    tables = (Person, Membership, RosterImport, AuditEvent, Unit)
    return [db.session.execute(select(*table.__table__.columns).order_by(table.id)).all() for table in tables]


LINES = [
    ("钱七", "QS-XF", "31", "13900000031", "", "", "主任"),
    ("江映雪", "QS-YL", "", "", "10000017", "", "副镇长"),
    ("罗成", "QS-XF", "77", "13900000077", "10000025"),
    ("方圆", "QS-XF", "", "", "10000066", "挂职"),
    ("孙八", "QS-YL", "32", "", "", "挂职"),
    ("孙八", "QS-XF", "32"),
]


def test_a_roster_adds_changes_transfers_and_attaches(do, cast):
    planned = do(*LINES)
    assert outcome(planned) == "2 new, 3 changed, 0 same"
    today = clock.today()
    moved = db.session.scalars(
        select(Membership).where(Membership.person_id == cast.jiang).order_by(Membership.id)
    ).all()
    assert [(m.unit_id, m.until) for m in moved] == [
        (cast.office, date.fromordinal(today.toordinal() - 1)),
        (cast.town, None),
    ]
    assert moved[1].since == today
    assert (moved[1].post, moved[1].category) == ("副镇长", "")
    attached = db.session.scalars(select(Membership).where(Membership.person_id == cast.fang)).all()
    assert sorted((m.unit_id, m.kind, m.main) for m in attached) == [
        (cast.office, "attached", False),
        (cast.town, "staff", True),
    ]
    sun = db.session.scalars(select(Person).where(Person.staff_number == "32")).one()
    both = db.session.scalars(select(Membership).where(Membership.person_id == sun.id)).all()
    assert sorted((m.unit_id, m.kind, m.main) for m in both) == [
        (cast.office, "staff", True),
        (cast.town, "attached", False),
    ]
    assert sun.password_hash is None
    luo = db.session.get_one(Person, cast.luo)
    assert (luo.staff_number, luo.phone) == ("77", "13900000077")


def test_phones_exchanged_between_two_people_meet_no_constraint(do, cast):
    do(("罗成", "QS-XF", "A", "13900000001", "10000025"), ("方圆", "QS-YL", "B", "13900000002", "10000066"))
    do(("罗成", "QS-XF", "A", "13900000002"), ("方圆", "QS-YL", "B", "13900000001"))
    rows = db.session.execute(
        select(Person.name, Person.staff_number, Person.phone).where(Person.phone.is_not(None))
    )
    assert sorted(rows.all()) == [("方圆", "B", "13900000001"), ("罗成", "A", "13900000002")]


def test_a_transfer_twice_in_a_day_leaves_no_membership_without_a_day(do, cast):
    do(("江映雪", "QS-YL", "", "", "10000017"))
    do(("江映雪", "QS", "", "", "10000017"))
    rows = db.session.scalars(select(Membership).where(Membership.person_id == cast.jiang)).all()
    assert sorted((m.unit_id, m.until is None) for m in rows) == [(cast.county, True), (cast.office, False)]


def test_h28_the_same_sheet_again_changes_nothing(do):
    do(*LINES)
    before = contents()
    again = do(*LINES)
    assert again.changes_nothing
    assert contents() == before


def test_h28_a_crash_at_any_statement_leaves_nothing_behind(app, cast):
    """The import is stopped before its first, second, third … statement; the last time it is let through."""
    before = contents()
    db.session.rollback()
    stopped = 0
    for allowed in range(60):
        seen = []

        def stop(_connection, _cursor, statement, *_more, seen=seen, allowed=allowed):
            seen.append(statement)
            if len(seen) > allowed:
                raise RuntimeError("the machine went away")

        engine = db.engine
        event.listen(engine, "before_cursor_execute", stop)
        try:
            planned = importing.plan_people(sheet(*LINES), {1, 2, 3}, clock.now())
            importing.apply("people", planned, "名册.xlsx", "h" * 64, clock.now(), actor_id=cast.zhou)
            db.session.commit()
        except RuntimeError:
            stopped += 1
            db.session.rollback()
            event.remove(engine, "before_cursor_execute", stop)
            assert contents() == before
            db.session.rollback()
            continue
        event.remove(engine, "before_cursor_execute", stop)
        break
    else:
        pytest.fail("the import never got through")
    assert stopped >= 10
    assert db.session.scalar(select(func.count()).select_from(RosterImport)) == 1
    assert contents() != before


def test_h28_statements_do_not_grow_with_the_rows(app, cast):
    def statements(lines):
        count = []
        engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *_a: count.append(1), named=False)
        planned = importing.plan_people(sheet(*lines), {1, 2, 3}, clock.now())
        importing.apply("people", planned, "a.xlsx", "h" * 64, clock.now(), actor_id=None)
        db.session.rollback()
        return len(count)

    def some(count):
        """With and without a phone, and some on leave: blank columns must not part the rows."""
        phones = [f"139{i:08}" if i % 2 else "" for i in range(count)]
        return [("钱七", "QS-XF", f"{i}", phones[i], "", "", "") for i in range(count)]

    assert statements(some(10)) == statements(some(100))


def test_an_import_leaves_its_own_audit_row_and_one_for_each_person(do, cast):
    do(*LINES)
    rows = db.session.execute(select(AuditEvent.action, AuditEvent.actor_id, AuditEvent.object_id)).all()
    told = [row.action for row in rows]
    assert told.count("people.person_added") == 2
    assert told.count("people.person_changed") == 3
    assert told.count("people.people_imported") == 1
    assert {row.actor_id for row in rows} == {cast.zhou}


# The three steps on the page --------------------------------------------------------------------------------


def workbook(*lines):
    return BytesIO(spreadsheets.workbook([spreadsheets.Sheet("人员", HEADER, lines)]))


def test_the_three_steps_store_nothing_before_the_last(as_zhou, app, cast):
    before = contents()
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*LINES), "名册.xlsx"))
    assert "检查通过：新增2人，更新3人" in page.text
    assert contents() == before
    page = page.press("确认导入")
    assert "导入完成：新增2人，更新3人" in page.text
    assert db.session.scalar(select(func.count()).select_from(Person)) == 8
    assert list(uploads._folder().iterdir()) == []
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*LINES), "名册.xlsx"))
    assert "不需要导入" in page.text
    assert all("确认导入" not in words for form in page.forms for words, _, _ in form.buttons)


def test_h28_confirming_twice_is_harmless(as_zhou, cast):
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*LINES), "名册.xlsx"))
    page.press("确认导入")
    before = contents()
    assert "本次没有改动任何内容" in page.press("确认导入").text
    assert contents() == before


def test_what_changed_since_the_check_is_shown_again_before_anything_is_written(as_zhou, do, cast):
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*LINES), "名册.xlsx"))
    do(("钱七", "QS-YL", "31"))
    again = page.press("确认导入")
    assert again.status == 409
    assert "请再次核对" in again.text
    assert "导入完成" in again.press("确认导入").text


def test_a_sheet_with_problems_shows_them_all_and_cannot_be_confirmed(as_zhou, cast):
    lines = [("", "QS-XF"), ("钱七", "QS-ZZ"), ("孙八", "QS-XF", "1 2")]
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*lines), "名册.xlsx"))
    assert "共3处问题" in page.text
    assert all("确认导入" not in words for form in page.forms for words, _, _ in form.buttons)
    reply = as_zhou.post(page.path, data={"csrf_token": page.token, "fingerprint": "x"})
    assert reply.status_code == 409


def test_a_broken_file_is_refused_on_the_first_step(as_zhou):
    page = as_zhou.page("/people/import").press("检查文件", file=(BytesIO(b"PK\x03\x04x"), "名册.xlsx"))
    assert page.status == 422
    assert "文件已损坏" in page.text


def test_an_upload_belongs_to_whoever_made_it(as_zhou, app, cast):
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*LINES), "名册.xlsx"))
    root = db.session.get_one(Unit, cast.county)
    actions.grant(db.session.get_one(Person, cast.he), "administrator", root, now=clock.now(), actor_id=None)
    assert sign_in(app.test_client(), cast.he).get(page.path).status_code == 404
    assert as_zhou.get(page.path).status_code == 200
    assert as_zhou.get("/people/import/..%2F..%2Fsecret_key").status_code == 404


def test_the_page_says_that_identity_numbers_are_not_read(as_zhou, app):
    data = "姓名,单位编码,工号,身份证号\n钱七,QS-XF,110101199001011234,110101199001011234\n".encode("gb18030")
    page = as_zhou.page("/people/import").press("检查文件", file=(BytesIO(data), "a.csv"))
    assert "系统没有读取" in page.text
    assert "像是身份证号" in page.text
    assert "110101199001011234" not in page.html
    [kept] = uploads._folder().glob("*/data")
    assert "110101199001011234" not in kept.read_text()


def test_the_templates_can_be_filled_in_and_uploaded(as_zhou):
    rows = spreadsheets.read(as_zhou.get("/people/template.xlsx").data, "a.xlsx")
    assert roster.header(rows)[0] == 0
    assert len(roster.header(rows)[1]) == len(roster.HEADINGS)
    units = spreadsheets.read(as_zhou.get("/units/template.xlsx").data, "a.xlsx")
    assert "青石县信访局" in [row.cell(1) for row in units]


@pytest.fixture
def confirmed(as_zhou, app, monkeypatch):
    """A sheet so long that it is imported as a job, confirmed and waiting: the page that shows the job."""
    from quizapp.people import import_views

    monkeypatch.setattr(import_views, "LONG", 0)
    app.extensions["huey_run"] = lambda _job_id: None
    page = as_zhou.page("/people/import").press("检查文件", file=(workbook(*LINES), "名册.xlsx"))
    return page.press("确认导入")


def job_id():
    return db.session.scalars(select(jobs.Job.id)).one()


def test_a_long_sheet_is_imported_as_a_job_that_shows_its_progress(confirmed, as_zhou, cast):
    assert "正在排队" in confirmed.text
    assert as_zhou.get(f"{confirmed.path}/state").json["state"] == "waiting"
    before = db.session.scalar(select(func.count()).select_from(Person))
    jobs.run(job_id())
    assert db.session.scalar(select(func.count()).select_from(Person)) > before
    page = as_zhou.page(confirmed.path)
    assert "导入完成" in page.text
    assert page.follow("查看结果").path == "/people"


def test_a_job_changes_nothing_when_the_roster_moved_meanwhile(confirmed, as_zhou, cast):
    actions.add_people([actions.NewPerson(name=LINES[0][0], unit_id=cast.office)], clock.now())
    db.session.commit()
    before = db.session.scalar(select(func.count()).select_from(Person))
    jobs.run(job_id())
    assert db.session.scalar(select(func.count()).select_from(Person)) == before
    assert "名册有了变化" in as_zhou.page(confirmed.path).text


def test_a_job_that_runs_twice_imports_once(confirmed, cast):
    jobs.run(job_id())
    before = db.session.scalar(select(func.count()).select_from(Person))
    db.session.get_one(jobs.Job, job_id()).state = "waiting"
    db.session.commit()
    jobs.run(job_id())
    assert db.session.scalar(select(func.count()).select_from(Person)) == before
