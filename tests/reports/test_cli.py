"""The command line prints the figures of the pages."""

import csv
import io

import pytest
from sqlalchemy import delete, insert, select, update

from quizapp.db import db
from quizapp.exams.models import ExamUnit, Tally
from quizapp.reports import reconciling
from quizapp.reports.jobs import refresh_study
from quizapp.reports.study.models import StudyUnit
from tests.statements import statements


def printed(app, *arguments):
    result = app.test_cli_runner().invoke(args=["reports", *arguments])
    return result.exit_code, result.output


def test_the_command_prints_what_the_page_exports(results, app, as_li):
    code, text = printed(app, "exam", str(results))
    assert code == 0
    page = as_li.get(f"/reports/exams/{results}/file.csv").data.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == list(csv.reader(io.StringIO(page)))
    code, text = printed(app, "exam", str(results), "--unit", "QS-XF")
    assert text.splitlines()[1].startswith("县信访局（合计）,2,0,0,2,2")


def test_unknown_exams_and_units_are_named(results, app):
    assert printed(app, "exam", "999")[0] == 1
    code, text = printed(app, "exam", str(results), "--unit", "ZZ")
    assert code == 1
    assert "没有编码为ZZ的单位" in text


def test_small_groups_stay_hidden_on_the_command_line_too(results, app):
    code, text = printed(app, "daily", "--unit", "QS-XF")
    assert code == 0
    assert "不足5人" in text


def unit_called(exam_id, name):
    return db.session.scalars(
        select(ExamUnit.lft).where(ExamUnit.exam_id == exam_id, ExamUnit.name == name)
    ).one()


def test_counters_that_say_what_the_results_say_are_told_so(results, app):
    code, text = printed(app, "reconcile")
    assert (code, text) == (0, "已核对1场考试、3个单位的统计，与成绩一致。\n")


@pytest.mark.parametrize(
    ("counter", "stored", "words"),
    [
        ("submitted", 1, "“2026年度考试”县信访局：实考的统计为1，按成绩核算为2。"),
        ("points", 1209, "“2026年度考试”县信访局：总分（0.1分）的统计为1209，按成绩核算为1210。"),
        ("exempt", 7, "“2026年度考试”县信访局：免考的统计为7，按成绩核算为0。"),
    ],
)
def test_a_counter_that_was_tampered_with_is_named(results, app, counter, stored, words):
    here = (Tally.exam_id == results, Tally.lft == unit_called(results, "县信访局"))
    db.session.execute(update(Tally).where(*here).values({counter: stored}))
    db.session.commit()
    code, text = printed(app, "reconcile")
    assert code == 1
    first, last = text.splitlines()
    assert first == words
    assert "1个单位的统计与成绩不一致" in last


def test_a_counter_that_is_gone_and_one_too_many_are_named(results, app):
    lft = unit_called(results, "县信访局")
    db.session.execute(delete(Tally).where(Tally.exam_id == results, Tally.lft == lft))
    db.session.execute(insert(Tally).values(exam_id=results, lft=lft + 1, listed=3))
    db.session.commit()
    code, text = printed(app, "reconcile")
    assert code == 1
    assert "县信访局：名册人数的统计为0，按成绩核算为2。" in text
    assert f"（序号{lft + 1}的单位）：名册人数的统计为3，按成绩核算为0。" in text


def test_reconciling_asks_as_often_for_many_differences_as_for_one(results):
    counts = []
    for wrong in (Tally.lft == unit_called(results, "县信访局"), Tally.exam_id == results):
        db.session.execute(update(Tally).where(wrong).values(started=99))
        with statements() as seen:
            assert reconciling.reconcile().wrong
        counts.append(len(seen))
    assert counts[0] == counts[1] == 4


def test_kept_figures_of_learning_are_reconciled_too(results, app, cast):
    refresh_study()
    said = "已核对1场考试、3个单位的统计，与成绩一致。\n"
    assert printed(app, "reconcile") == (0, said + "已核对3个单位的学习统计，与答题记录一致。\n")


@pytest.mark.parametrize("column", ["own", "whole", "own_chosen", "chosen"])
def test_a_figure_of_learning_that_was_tampered_with_is_named(results, app, cast, column):
    refresh_study()
    db.session.execute(
        update(StudyUnit).where(StudyUnit.unit_id == cast.office).values({column: {"people": 9}})
    )
    db.session.commit()
    code, text = printed(app, "reconcile")
    assert code == 1
    assert "县信访局：学习统计与答题记录不一致。" in text
