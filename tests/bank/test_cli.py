"""`quizapp bank …`: what it prints, what it writes, and its exit status."""

import json

import pytest
from sqlalchemy import func, select

from quizapp.bank import cli
from quizapp.bank.models import ImportBatch, Revision
from quizapp.db import db
from tests.bank.conftest import SHIPPED

GOOD = """## 判断题

1. 受理有争议的，由其共同的上一级机关、单位决定受理机关。
答案：正确
依据：第二十四条第一款 “受理有争议的，由其共同的上一级机关、单位决定受理机关”
解析：原文。
编号：LX-01
"""
BAD = GOOD + "\n2. 没有答案。\n编号：LX-02\n"


@pytest.fixture
def run(app):
    def command(*arguments):
        return app.test_cli_runner().invoke(args=["bank", *map(str, arguments)])

    return command


def count():
    return db.session.scalar(select(func.count()).select_from(Revision))


@pytest.fixture
def paper(tmp_path):
    def write(text, name="题.md"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_shipped_folder_is_clean_and_its_figures_are_printed(run):
    result = run("check", SHIPPED)
    assert (result.exit_code, result.stderr) == (0, "")
    for words in (
        "题可导入。",
        "题型：单选题",
        "难度：1级",
        "单选题答案位置：A ",
        "最长选项",
        "没有试题的条文：无",
    ):
        assert words in result.stdout


def test_a_file_with_an_error_is_told_with_its_line_and_status_1(run, paper, bank):
    result = run("check", paper(BAD))
    assert result.exit_code == 1
    assert "题.md:9 [答案] 错误：没有答案。" in result.stderr
    assert "共2题，1题可导入，1题有错误。" in result.stdout


def test_a_misquote_is_found_with_the_law_of_the_database_and_said_to_be_unchecked_without(run, paper, app):
    wrong = paper(GOOD.replace("“受理", "“不予受理"))
    result = run("check", wrong)
    assert (result.exit_code, "没有核对依据" in result.stderr) == (0, True)
    from quizapp import clock
    from quizapp.bank.actions import load_folder

    load_folder(SHIPPED, clock.now())
    db.session.commit()
    assert run("check", wrong).exit_code == 1


def test_json_lists_every_question_with_verdict_and_problems(run, paper, bank):
    good, bad = json.loads(run("check", paper(BAD), "--json").stdout)
    assert (good["kind"], good["answer"], good["verdict"], good["problems"]) == ("judge", "A", "可导入", [])
    assert good["options"][0] == {"label": "A", "text": "正确", "correct": True, "feedback": ""}
    assert good["citations"][0]["article"] == "第二十四条第一款"
    assert (bad["verdict"], bad["line"], bad["problems"][0]["severity"]) == ("有错误", 9, "note")


@pytest.mark.parametrize(("name", "text"), [("题.exe", "?"), ("题.xlsx", "?"), ("题.json", "{}")])
def test_what_cannot_be_read_is_status_2(run, paper, name, text):
    assert run("check", paper(text, name)).exit_code == 2


def test_a_folder_that_is_no_bank_and_a_path_that_is_not_there_are_status_2(run, tmp_path):
    assert run("check", tmp_path).exit_code == 2
    assert run("check", tmp_path / "nothing.md").exit_code == 2


def test_an_import_enters_drafts_and_is_undone_by_its_batch(run, paper, bank):
    before = count()
    result = run("import", paper(BAD), "--bank", "xinfang-gongzuo-tiaoli")
    assert (result.exit_code, "新增1题" in result.stdout) == (1, True)
    assert count() == before + 1
    batch_id = db.session.scalars(select(ImportBatch.id)).one()
    result = run("undo", batch_id)
    assert (result.exit_code, count()) == (0, before)
    assert run("undo", batch_id).exit_code == 2
    assert run("undo", 999).exit_code == 2


def test_a_dry_run_writes_nothing(run, paper, bank):
    before = count()
    result = run("import", paper(GOOD), "--bank", "xinfang-gongzuo-tiaoli", "--dry-run")
    assert (result.exit_code, "将新增1题" in result.stdout, count()) == (0, True, before)
    assert db.session.scalars(select(ImportBatch)).all() == []


def test_the_shipped_folder_imported_again_makes_no_revision(run, bank):
    before = count()
    result = run("import", SHIPPED, "--bank", "xinfang-gongzuo-tiaoli", "--json")
    assert (result.exit_code, count()) == (0, before)
    assert len(json.loads(result.stdout)) == before
    assert "新增0题，更新0题" in result.stderr


def test_importing_into_a_bank_that_is_not_there_is_status_2(run, paper, bank):
    assert run("import", paper(GOOD), "--bank", "nowhere").exit_code == 2


@pytest.mark.parametrize("kind", ["md", "xlsx", "json"])
def test_a_folder_converted_there_and_back_is_the_same(run, tmp_path, kind):
    there, back = tmp_path / f"there.{kind}", tmp_path / "back.md"
    assert run("convert", SHIPPED, there).exit_code == 0
    assert run("convert", there, back).exit_code == 0
    direct = run("convert", SHIPPED, "-", "--to", "md")
    assert back.read_text(encoding="utf-8") == direct.stdout


def test_a_file_may_begin_with_a_title(run, paper):
    text = run("convert", paper(GOOD), "-", "--to", "md", "--title", "自测题").stdout
    assert text.startswith("# 自测题\n")


def test_a_format_that_cannot_be_written_is_status_2(run, paper, tmp_path):
    assert run("convert", paper(GOOD), tmp_path / "out.exe").exit_code == 2


def test_the_banks_are_listed(run, bank):
    assert run("list").stdout.startswith("xinfang-gongzuo-tiaoli  《信访工作条例》题库")
    [row] = json.loads(run("list", "--json").stdout)
    assert row["slug"] == "xinfang-gongzuo-tiaoli"


def test_every_command_explains_itself_in_chinese(run):
    for name in ("check", "import", "convert", "undo", "list"):
        assert any("\u4e00" <= character <= "\u9fff" for character in run(name, "--help").stdout)
    assert cli.bp.cli.help
