"""Completion of an exam: one definition of every figure, by unit, for whom the unit is theirs."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from quizapp.db import db
from quizapp.people.models import Grant, Unit
from quizapp.reports.completion import Counts, cumulative
from tests.cast import sign_in


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts(), ["—"] * 5),
        (Counts(listed=4, expected=4), ["0.0%", "—", "0.0%", "—", "—"]),
        (
            Counts(
                listed=6, exempt=1, deferred=1, expected=4, submitted=3, passed=2, excellent=1, points=2165
            ),
            ["75.0%", "66.7%", "50.0%", "33.3%", "72.2"],
        ),
        (
            Counts(listed=16, expected=16, submitted=5, passed=5, points=3125),
            ["31.3%", "100.0%", "31.3%", "0.0%", "62.5"],
        ),
    ],
)
def test_the_rates_follow_their_definitions(counts, words):
    assert [counts.words[name] for name in ("参考率", "合格率", "应考合格率", "优秀率", "平均分")] == words


@given(st.lists(st.builds(Counts, *[st.integers(0, 1000)] * 9), max_size=8))
def test_the_whole_is_the_sum_of_its_parts(parts):
    whole = sum(parts, Counts())
    assert whole.expected == sum(part.expected for part in parts)
    assert whole.missing == sum(part.missing for part in parts)


@given(st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 3, 1)), st.integers(1, 50), max_size=20))
def test_a_running_count_never_falls_and_ends_with_everybody(days):
    points = cumulative(days)
    counts = [count for _, count in points]
    assert counts == sorted(counts)
    assert (counts[-1] if counts else 0) == sum(days.values())


def test_the_leader_sees_the_county_and_each_unit_below(results, as_li):
    page = as_li.page(f"/reports/exams/{results}")
    assert "名册6人，免考1人，缓考1人" in page.text
    assert "应考人数4人" in page.text.replace(" ", "")
    assert "实考3人，还有1人未考" in page.text
    assert "合格2人，应考合格率50.0%" in page.text
    assert "72.2分" in page.text.replace(" ", "")
    below = page.follow("县信访局")
    assert "应考人数2人" in below.text.replace(" ", "")
    assert "60.5分" in below.text.replace(" ", "")


def test_names_down_to_those_who_have_not_sat_it(results, as_li):
    page = as_li.page(f"/reports/exams/{results}/people")
    assert "李文" in page.text
    assert "江映雪" not in page.text
    done = page.follow("已考")
    assert "江映雪" in done.text
    assert "78.5分" in done.text
    excluded = page.follow("免考、缓考")
    assert "方圆" in excluded.text
    assert "周明" in excluded.text
    assert "罗成" in page.follow("全部").press("搜索", q="lc").text


def test_excel_and_csv_carry_the_figures_of_the_page(results, as_li):
    book = CalamineWorkbook.from_filelike(io.BytesIO(as_li.get(f"/reports/exams/{results}/file.xlsx").data))
    header, whole, *rest = book.get_sheet_by_name("完成情况").to_python()
    figures = dict(zip(header, whole, strict=True))
    assert (figures["应考人数"], figures["实考"], figures["参考率"], figures["平均分"]) == (
        4,
        3,
        "75.0%",
        "72.2",
    )
    assert [row[0] for row in rest] == ["青石县（本级）", "县信访局", "云岭镇"]
    assert len(book.get_sheet_by_name("名单").to_python()) == 7
    text = as_li.get(f"/reports/exams/{results}/file.csv").data.decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1] == [str(int(v)) if isinstance(v, float) else v for v in whole]


@pytest.fixture
def as_unit_administrator(app, cast, results):
    """罗, who may see who has sat it in 县信访局, and nothing of what they scored."""
    from quizapp import clock

    db.session.add(
        Grant(person_id=cast.luo, role="unit_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    db.session.commit()
    return sign_in(app.test_client(), cast.luo)


def test_a_unit_administrator_sees_completion_of_the_own_unit_without_scores(
    as_unit_administrator, results, cast
):
    page = as_unit_administrator.page(f"/reports/exams/{results}")
    assert "县信访局" in page.text
    assert "应考人数2人" in page.text.replace(" ", "")
    people = as_unit_administrator.page(f"/reports/exams/{results}/people?only=done")
    assert "江映雪" in people.text
    assert "78.5" not in people.text
    book = as_unit_administrator.get(f"/reports/exams/{results}/file.xlsx").data
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name("名单").to_python()
    assert sheet[0] == ["单位", "姓名", "职务", "状态"]
    for other in (cast.county, cast.town):
        for path in ("", "/people", "/file.xlsx", "/file.csv"):
            assert (
                as_unit_administrator.get(f"/reports/exams/{results}{path}?unit={other}").status_code == 404
            )


def test_the_report_keeps_the_tree_of_the_day_of_publishing(results, as_li, cast):
    db.session.get_one(Unit, cast.office).name = "县信访工作局"
    db.session.get_one(Unit, cast.office).parent_id = cast.town
    db.session.commit()
    page = as_li.page(f"/reports/exams/{results}")
    assert "县信访局" in page.text
    assert "县信访工作局" not in page.text


def test_the_number_of_statements_does_not_grow_with_units(results, as_li, cast):
    def statements():
        count = []
        listen = (db.engine, "before_cursor_execute", lambda *_: count.append(1))
        event.listen(*listen)
        try:
            as_li.page(f"/reports/exams/{results}")
        finally:
            event.remove(*listen)
        return len(count)

    before = statements()
    from quizapp.exams.models import ExamUnit, Tally

    for number in range(60):
        unit = Unit(
            code=f"U{number}",
            name=f"单位{number}",
            parent_id=cast.county,
            lft=10_401 + 2 * number,
            rgt=10_402 + 2 * number,
        )
        db.session.add(unit)
        db.session.flush()
        db.session.add(
            ExamUnit(
                exam_id=results,
                unit_id=unit.id,
                parent_id=cast.county,
                lft=unit.lft,
                rgt=unit.rgt,
                name=unit.name,
            )
        )
        db.session.add(Tally(exam_id=results, lft=unit.lft, listed=5, expected=5))
    db.session.commit()
    assert statements() == before
