"""The page of an exam, its list of names and the reminders to copy."""

import pytest

from quizapp.db import db
from quizapp.exams.models import Exam, ExamUnit, Tally
from quizapp.people.models import Unit
from quizapp.reports.jobs import refresh_spreads
from quizapp.reports.models import ExamSpread
from tests.statements import statements


def test_before_the_job_has_been_there_the_page_says_so_and_then_shows_the_distribution(results, as_li):
    assert "每5分钟更新一次，稍后刷新" in as_li.page(f"/reports/exams/{results}").text
    refresh_spreads()
    page = as_li.page(f"/reports/exams/{results}")
    assert "78.5分" in page.text.replace(" ", "")
    assert "成绩分布" in page.text
    assert "不合格（60分以下）" in page.text
    assert "公务员" in page.text
    assert "90—100" in page.text


def test_the_first_answer_leads_to_the_list(results, as_li):
    page = as_li.page(f"/reports/exams/{results}")
    assert "还有1人未考" in page.text.replace(" ", "")
    assert page.follow("查看名单").h1 == "人员名单"


def test_reminders_for_groups_name_nobody(results, as_li):
    page = as_li.page(f"/reports/exams/{results}/people")
    groups, named = (field.split("</textarea>")[0] for field in page.html.split("<textarea")[1:])
    assert "还有1人未考" in groups
    assert "李文" not in groups
    assert "李文" in named
    assert "提醒" not in as_li.page(f"/reports/exams/{results}/people?only=done").text


def test_no_reminder_is_offered_when_the_exam_is_over(results, as_li, at):
    at(db.session.get_one(Exam, results).closes_at)
    assert "<textarea" not in as_li.page(f"/reports/exams/{results}/people").html


def test_only_who_decides_sees_how_many_requests_wait(results, as_he, as_li):
    assert "免考缓考" in as_he.page(f"/reports/exams/{results}").text
    assert "待批" not in as_li.page(f"/reports/exams/{results}").text


@pytest.fixture
def last_year(results, cast):
    """An exam of the same kind a year before, with counters of its own."""
    this = db.session.get_one(Exam, results)
    values = {c.name: getattr(this, c.name) for c in Exam.__table__.columns if c.name != "id"}
    values |= {
        "title": "2025年度考试",
        "opens_at": this.opens_at.replace(year=2025),
        "closes_at": this.closes_at.replace(year=2025),
        "figures": None,
        "figures_at": None,
    }
    other = Exam(**values)
    db.session.add(other)
    db.session.flush()
    db.session.add(
        ExamUnit(exam_id=other.id, unit_id=cast.county, parent_id=None, lft=10_000, rgt=11_000, name="青石县")
    )
    db.session.add(Tally(exam_id=other.id, lft=10_000, listed=10, expected=10, submitted=5, passed=5))
    db.session.commit()
    return other.id


def test_the_newest_exam_of_the_same_kind_stands_beside_it(results, last_year, as_li):
    text = as_li.page(f"/reports/exams/{results}").text
    assert "参考率75.0%50.0%上升25.0个百分点" in text.replace(" ", "")
    assert "对照考试：2025年度考试" in text
    assert "暂无对照" in as_li.page(f"/reports/exams/{last_year}").text


@pytest.mark.parametrize("change", [{"purpose": "mock"}, {"bank_ids": [0]}, {"state": "voided"}])
def test_exams_of_another_kind_are_not_offered(results, last_year, as_li, change):
    for name, value in change.items():
        setattr(db.session.get_one(Exam, last_year), name, value)
    db.session.commit()
    assert "暂无对照" in as_li.page(f"/reports/exams/{results}").text


def more_units(exam_id, cast, numbers):
    for number in numbers:
        place = {"parent_id": cast.county, "name": f"单位{number}"}
        place |= {"lft": 10_401 + 2 * number, "rgt": 10_402 + 2 * number}
        unit = Unit(code=f"U{number}", **place)
        db.session.add(unit)
        db.session.flush()
        db.session.add(ExamUnit(exam_id=exam_id, unit_id=unit.id, **place))
        db.session.add(Tally(exam_id=exam_id, lft=unit.lft, listed=5, expected=5))
        spread = {"steps": [], "levels": [], "categories": []}
        db.session.add(ExamSpread(exam_id=exam_id, lft=unit.lft, **spread))
    db.session.commit()


@pytest.mark.parametrize(
    "path", ["/reports/", "/reports/exams/{}", "/reports/exams/{}/people", "/reports/exams/{}/file.xlsx"]
)
def test_a_report_of_200_units_asks_as_often_as_one_of_5(results, last_year, as_li, cast, path):
    refresh_spreads()

    def asked():
        with statements() as seen:
            assert as_li.get(path.format(results)).status_code == 200
        return len(seen)

    more_units(results, cast, range(3))
    few = asked()
    more_units(results, cast, range(3, 198))
    assert asked() == few


@pytest.mark.parametrize(("only", "count"), [("open", 1), ("done", 3), ("excluded", 2), ("", 6)])
def test_the_counters_know_how_many_names_a_list_holds(results, as_li, only, count):
    page = as_li.page(f"/reports/exams/{results}/people?only={only}")
    assert f"青石县 · {count}人 · 数据截至" in page.text
    found = as_li.page(f"/reports/exams/{results}/people?only={only}&q=李文")
    assert f"青石县 · {1 if only in ('open', '') else 0}人 · 数据截至" in found.text
