"""The sheet of units: identity by code, every problem at once, the tree renumbered, all or nothing (H28)."""

from io import BytesIO

import pytest
from sqlalchemy import event, select

from quizapp import clock, spreadsheets
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.people import actions, importing, queries, unit_importing, unit_sheet, unit_wording
from quizapp.people.models import Grant, RosterImport, Unit, UnitEvent
from quizapp.people.unit_sheet import INITIAL_CODE, KnownUnit
from quizapp.spreadsheets import Row

HEADER = ["单位编码", "单位名称", "上级单位编码", "简称", "单位类别", "单位排序号"]
KNOWN = [
    KnownUnit(1, "QS", "青石县", "", "", None, 0, 1),
    KnownUnit(2, "QS-XF", "县信访局", "", "", 1, 1, 100),
    KnownUnit(3, "QS-YL", "云岭镇", "", "", 1, 2, 300),
]


def sheet(*lines):
    return [Row(1, HEADER)] + [Row(2 + i, [*line, *[""] * (6 - len(line))]) for i, line in enumerate(lines)]


def plan(*lines, known=KNOWN, may=(1, 2, 3)):
    entries, problems = unit_sheet.read(sheet(*lines))
    planned = unit_sheet.plan(entries, known, may)
    planned.problems = problems + planned.problems
    return planned


def outcome(planned):
    if planned.problems:
        return "problem"
    return f"{len(planned.new)} new, {len(planned.changes)} changed, {planned.unchanged} same"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("QS-XF", "县信访局", "QS")], "0 new, 0 changed, 1 same"),
        ([("QS-BH", "白河镇", "QS")], "1 new, 0 changed, 0 same"),
        ([("QS-XF", "信访局", "QS")], "0 new, 1 changed, 0 same"),
        ([("QS-XF", "县信访局", "QS-YL")], "0 new, 1 changed, 0 same"),
        ([("QS-BH-1", "站", "QS-BH"), ("QS-BH", "白河镇", "QS")], "2 new, 0 changed, 0 same"),
        ([("QS-BH", "白河镇", "QS-ZZ")], "problem"),
        ([("QS-BH", "白河镇", "")], "problem"),
        ([("QS", "青石县", "QS-XF")], "problem"),
        ([("QS-XF", "县信访局", "QS-XF")], "problem"),
        ([("QS-XF", "县信访局", "QS-YL"), ("QS-YL", "云岭镇", "QS-XF")], "problem"),
        ([("A", "甲", "QS"), ("A", "乙", "QS")], "problem"),
        ([("A", "", "QS")], "problem"),
        ([("", "甲", "QS")], "problem"),
        ([("A", "甲", "QS", "", "", "x")], "problem"),
        ([("A", "甲", "QS", "", "", "10000")], "problem"),
        ([], "problem"),
    ],
)
def test_what_becomes_of_a_row(lines, expected):
    planned = plan(*lines)
    assert outcome(planned) == expected, planned.problems


def test_all_problems_come_at_once():
    planned = plan(("A", "", "QS"), ("B", "乙", "ZZ"), ("A", "丙", "QS", "", "", "-1"))
    assert sorted((p.row, p.column) for p in planned.problems) == [
        (2, "单位名称"),
        (3, "上级单位编码"),
        (4, "单位排序号"),
        (4, "单位编码"),
    ]


@pytest.mark.parametrize(
    "line", [("QS-XF", "改名", "QS"), ("QS-BH", "白河镇", "QS"), ("QS-YL", "云岭镇", "QS-XF")]
)
def test_units_outside_ones_reach_stay_untouched(line):
    assert plan(line, may=(3,)).problems


def test_inside_ones_reach_a_part_can_be_changed():
    assert (
        outcome(plan(("QS-YL", "云岭", "QS"), ("QS-YL-1", "站", "QS-YL"), may=(3,)))
        == "1 new, 1 changed, 0 same"
    )


def test_the_first_sheet_gives_the_initial_root_its_name():
    initial = [KnownUnit(1, INITIAL_CODE, "本单位", "", "", None, 0, 1)]
    planned = plan(("QS", "青石县", ""), ("QS-XF", "县信访局", "QS"), known=initial, may=(1,))
    assert outcome(planned) == "1 new, 1 changed, 0 same"
    assert planned.changes[0].values == {"code": "QS", "name": "青石县"}


LINES = [
    ("QS", "青石县", "", "", "", "1"),
    ("QS-YL", "云岭镇", "QS-XF", "", "乡镇街道", "1"),
    ("QS-BH", "白河镇", "QS", "白河", "", "2"),
    ("QS-BH-1", "白河镇信访站", "QS-BH"),
]


def apply(*lines):
    planned = unit_importing.plan_units(sheet(*lines), set(db.session.scalars(select(Unit.id))))
    assert planned.problems == []
    importing.apply("units", planned, "单位.xlsx", "u" * 64, clock.now(), actor_id=None)
    return planned


def contents():
    db.session.expire_all()
    tables = (Unit, RosterImport, AuditEvent)
    return [db.session.execute(select(*table.__table__.columns).order_by(table.id)).all() for table in tables]


def test_a_sheet_adds_renames_and_moves_and_numbers_the_tree(app, cast):
    apply(*LINES)
    db.session.commit()
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    assert units["QS-XF"].lft < units["QS-YL"].lft < units["QS-YL"].rgt < units["QS-XF"].rgt
    assert units["QS-BH"].lft < units["QS-BH-1"].lft < units["QS-BH-1"].rgt < units["QS-BH"].rgt
    assert units["QS-XF"].rgt < units["QS-BH"].lft
    assert units["QS-BH"].short_name == "白河"
    assert units["QS-YL"].kind == "乡镇街道"
    before = contents()
    assert apply(*LINES).changes_nothing
    assert contents() == before


def test_a_sheet_that_renames_and_moves_writes_the_past_of_units(app, cast):
    apply(
        ("QS", "青石县", "", "青石", "", "1"),  # a first 简称 is no other name
        ("QS-XF", "青石县信访工作局", "QS"),
        ("QS-YL", "云岭街道", "QS-BH", "云岭"),
        ("QS-BH", "白河新区", "QS"),
    )
    events = db.session.scalars(select(UnitEvent).order_by(UnitEvent.unit_id, UnitEvent.kind.desc())).all()
    assert [(e.unit_id, e.kind, e.reason) for e in events] == [
        (cast.office, "renamed", "导入单位"),
        (cast.town, "renamed", "导入单位"),
        (cast.town, "moved", "导入单位"),
    ]
    assert [unit_wording.history_line(e.kind, e.details, is_other=False) for e in events] == [
        "“县信访局”改为“青石县信访工作局”",
        "“云岭镇”改为“云岭街道”",
        "由“青石县”改隶“白河新区”",
    ]
    assert queries.former_names()[cast.town] == ("云岭镇",)


def test_h28_a_crash_at_any_statement_leaves_the_tree_as_it_was(app, cast):
    before = contents()
    db.session.rollback()
    stopped = 0
    for allowed in range(60):
        seen = []

        def stop(*_arguments, seen=seen, allowed=allowed):
            seen.append(1)
            if len(seen) > allowed:
                raise RuntimeError("the machine went away")

        event.listen(db.engine, "before_cursor_execute", stop)
        try:
            apply(*LINES)
            db.session.commit()
        except RuntimeError:
            stopped += 1
            db.session.rollback()
        finally:
            event.remove(db.engine, "before_cursor_execute", stop)
        if len(seen) <= allowed:
            break
        assert contents() == before
        db.session.rollback()
    assert stopped >= 8
    assert contents() != before


def test_units_are_imported_in_three_steps(as_zhou, cast):
    data = BytesIO(spreadsheets.workbook([spreadsheets.Sheet("单位", HEADER, LINES)]))
    page = as_zhou.page("/units/import").press("检查文件", file=(data, "单位.xlsx"))
    assert "检查通过：新增2个单位，更新1个单位" in page.text
    assert db.session.scalars(select(Unit).where(Unit.code == "QS-BH")).all() == []
    page = page.press("确认导入")
    assert page.path == "/units"
    assert "白河镇信访站" in page.text


def test_the_first_administrator_is_made_once(app):
    made = actions.first_administrator(clock.now())
    db.session.commit()
    assert made is not None
    account, one_time = made
    page = app.test_client().page("/sign-in").press("登录", login=account, password=one_time)
    assert page.h1 == "设置新口令"
    assert actions.first_administrator(clock.now()) is None
    root = db.session.scalars(select(Unit)).one()
    assert (root.code, root.name) == (INITIAL_CODE, "本单位")
    assert db.session.scalars(select(Grant)).one().role == "administrator"
