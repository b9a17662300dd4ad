"""`quizapp people …`: the same actions as the pages, told in Chinese."""

import re

import pytest
from sqlalchemy import func, select

from quizapp import spreadsheets
from quizapp.db import db
from quizapp.people.models import Grant, Person, Unit


@pytest.fixture
def run(app):
    def call(*words, code=0):
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["people", *map(str, words)])
        assert result.exit_code == code, result.output
        db.session.expire_all()
        return result.output

    return call


def file(folder, header, *lines):
    path = folder / "表.xlsx"
    path.write_bytes(spreadsheets.workbook([spreadsheets.Sheet("表", header, lines)]))
    return path


def test_the_first_administrator_is_told_once(run):
    told = run("first-admin")
    assert re.search(r"学法账号 \d{8}\t一次性口令 \w{5}-\w{5}", told)
    assert "已有人员" in run("first-admin", code=1)


def test_units_then_people_from_files(run, tmp_path):
    run("first-admin")
    units = file(
        tmp_path, ["单位编码", "单位名称", "上级单位编码"], ("QS", "青石县", ""), ("QS-XF", "信访局", "QS")
    )
    assert "新增1，更新1" in run("units-import", units)
    roster = file(
        tmp_path, ["姓名", "单位编码", "工号"], ("张三", "QS-XF", "1001"), ("李四", "QS-XF", "1002")
    )
    assert "新增2" in run("import", roster)
    assert "没有改动" in run("import", roster)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 3


def test_a_file_with_problems_changes_nothing_and_fails(run, cast, tmp_path):
    roster = file(tmp_path, ["姓名", "单位编码"], ("张三", "QS-XF"), ("", "QS-ZZ"))
    told = run("import", roster, code=1)
    assert "第3行 [姓名]" in told
    assert "第3行 [单位编码]" in told
    assert "2处问题" in told
    assert db.session.scalar(select(func.count()).select_from(Person)) == 6


def test_adding_resetting_granting_listing(run, cast):
    told = run("add", "钱七", "QS-YL", "--number", "77")
    account = re.search(r"学法账号 (\d{8})", told)[1]
    assert "已有这名人员" in run("add", "钱七", "QS-YL", "--number", "77", code=1)
    assert account in run("reset", "77")
    assert "已授权钱七" in run("grant", "77", "leader", "QS-YL")
    assert db.session.scalars(
        select(Grant).join(Person, Person.id == Grant.person_id).where(Person.name == "钱七")
    ).one()
    listed = run("list", "--unit", "QS-YL")
    assert "钱七" in listed
    assert "江映雪" not in listed
    assert "江映雪" in run("list", "--find", "jyx")


@pytest.mark.parametrize(
    "words", [("reset", "nobody"), ("grant", "10000017", "leader", "ZZ"), ("add", "张三", "ZZ")]
)
def test_what_does_not_exist_is_said(run, cast, words):
    assert re.search("没有|问题", run(*words, code=1))
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 3


def test_help_is_written_for_administrators(run):
    told = run("--help")
    for words in ("导入人员名册", "导入单位", "重置口令", "授予角色", "列出人员"):
        assert words in told


def test_a_long_import_tells_how_far_it_is(run, cast, tmp_path, monkeypatch):
    from quizapp.people import applying

    monkeypatch.setattr(applying, "AT_ONCE", 1)
    roster = file(
        tmp_path, ["姓名", "单位编码", "工号"], ("张三", "QS-XF", "1001"), ("李四", "QS-XF", "1002")
    )
    told = run("import", roster)
    assert "已完成0/2人" in told
    assert "已完成1/2人" in told
    assert "新增2" in told


def test_what_only_a_person_can_decide_is_told_and_left_alone(run, cast, tmp_path):
    roster = file(tmp_path, ["姓名", "单位编码"], ("罗成", "QS-YL"), ("钱七", "QS-YL"))
    told = run("import", roster)
    assert "第2行 罗成：其他单位有同名人员" in told
    assert "表中没有的1项保持不变" in told
    assert "新增1" in told
    assert "没有添加" in run("add", "罗成", "QS-YL", code=1)
    assert db.session.scalar(select(func.count()).select_from(Person)) == 7
