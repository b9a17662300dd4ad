"""李, leader of a county: who has sat the exam, down to names; the same figures as a file; the daily quizzes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import sign_in
from tests.browser.ways import h1, menu, settle, table_of
from tests.cast import Cast
from tests.papers import totals

TITLE = "2026年度《信访工作条例》考试"
Shot = Callable[..., Any]


def test_the_way_of_a_leader(live: Live, screen: BrowserContext, shot: Shot, tmp_path: Path) -> None:
    cast = settle(live)
    live.run(lambda: results(cast))
    live.run(counted_anew)
    page = screen.new_page()
    sign_in(page, "li")
    page.locator("main").get_by_role("link", name="完成情况").click()
    page.get_by_role("link", name=TITLE).click()
    county = he_sees_the_county(page, shot)
    he_downloads_the_same(page, county, tmp_path)
    he_goes_down_to_names(page, shot)
    he_looks_at_the_daily_quizzes(page, shot)


def results(cast: Cast) -> None:
    """An exam that runs: 江 and 罗 of 县信访局 have sat it, 何 is 免考; and two weeks of daily quizzes."""
    from quizapp.bank.models import Bank
    from quizapp.demo import practice, sitting
    from quizapp.exams import actions, exceptions
    from quizapp.exams.models import Candidate

    now, chance = clock.now(), Random("青石县")
    rules = {
        "title": TITLE,
        "purpose": "annual",
        "bank_ids": list(db.session.scalars(select(Bank.id))),
        "blueprint": totals(single=10),
        "points": {"single": 100},
        "minutes": 30,
        "pass_mark": 0,
        "excellent_mark": 1000,
        "opens_at": now - timedelta(days=3),
        "closes_at": now + timedelta(days=3),
    }
    exam = actions.create(
        unit_id=cast.county, values=rules, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    actions.publish(exam, now - timedelta(days=3), actor_id=cast.he)
    exempt = db.session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == cast.he)
    ).one()
    exceptions.set_status(exam, exempt, "exempt", "命题人员", actor_id=cast.zhou)
    sitting.sit(exam, {cast.jiang: 1.0, cast.luo: 0.5}, 1, now, chance)
    everybody = (cast.jiang, cast.luo, cast.he, cast.li, cast.zhou, cast.fang)
    practice.answer_daily(
        dict.fromkeys(everybody, 1.0), clock.today(now), 14, except_today=set(), chance=chance
    )


def counted_anew() -> None:
    """The figures of learning, which the server's own job may have counted before anybody was here."""
    from quizapp.reports import jobs
    from quizapp.reports.study.models import StudyState

    db.session.execute(delete(StudyState))
    db.session.commit()
    jobs.refresh_study()


def he_sees_the_county(page: Page, shot: Shot) -> dict[str, list[str]]:
    """应考 5 of 6 on the list, 实考 2; by unit in the order of the tree, each rate with its denominator."""
    h1(page, TITLE)
    expect(page.locator(".kpis")).to_contain_text("应考人数5人")
    expect(page.locator(".kpis")).to_contain_text("名册6人，免考1人，缓考0人")
    expect(page.locator(".kpis")).to_contain_text("40.0%")
    found = table_of(page, "各单位参考率")
    assert [name for name in found if name != "单位"] == ["青石县（本级）", "县信访局", "云岭镇", "合计"]
    assert [found[name][2] for name in ("青石县（本级）", "县信访局", "云岭镇", "合计")] == [
        "0/2",
        "2/2",
        "0/1",
        "2/5",
    ]
    denominators = page.locator("table", has_text="参考率").first.get_by_text("2/5").locator("visible=true")
    expect(denominators).to_have_count(1)  # on the phone below the rate, on the desktop in a column
    expect(page.get_by_text("参考率＝实考", exact=False)).to_be_visible()
    shot(page, "li-report")
    return found


def he_downloads_the_same(page: Page, county: dict[str, list[str]], folder: Path) -> None:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="导出Excel").click()
    path = folder / "report.xlsx"
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename == f"{TITLE}完成情况.xlsx"
    book = CalamineWorkbook.from_path(path)
    head, whole, *parts = book.get_sheet_by_name("完成情况").to_python()
    for row in [whole, *parts]:
        line = dict(zip(head, row, strict=True))
        name = "合计" if row is whole else str(line["单位"])
        bar = county[name]
        assert bar[2] == f"{line['实考']:.0f}/{line['应考人数']:.0f}"
        assert bar[1].startswith(str(line["参考率"]))
        assert bar[3] == str(line["平均分"])
    names = book.get_sheet_by_name("名单").to_python()
    assert {row[1] for row in names[1:]} == {"江映雪", "罗成", "何平", "李文", "周明", "方圆"}


def he_goes_down_to_names(page: Page, shot: Shot) -> None:
    page.get_by_role("link", name="云岭镇").click()
    expect(page.get_by_text("云岭镇完成情况", exact=False)).to_be_visible()
    expect(page.locator(".kpis")).to_contain_text("应考人数1人")
    page.get_by_role("link", name="未考人员名单").click()
    h1(page, "人员名单")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("方圆")
    expect(page.locator("tbody tr")).to_contain_text("未开始")
    shot(page, "li-names")
    page.get_by_role("navigation", name="按状态查看").get_by_role("link", name="已考").click()
    expect(page.get_by_text("没有符合条件的人员。")).to_be_visible()


def he_looks_at_the_daily_quizzes(page: Page, shot: Shot) -> None:
    """The county has six people and is shown; each unit below has fewer than five and is not. No names."""
    menu(page, "完成情况")
    page.get_by_role("link", name="日常测验").click()
    expect(page.locator(".kpis")).to_contain_text("人数6人")
    expect(page.locator(".kpis")).to_contain_text("参加率")
    expect(page.get_by_text("不足5人，不显示")).to_have_count(3)
    expect(page.get_by_text("不作为考核依据", exact=False).first).to_be_visible()
    expect(page.get_by_text("江映雪")).to_have_count(0)
    shot(page, "li-daily")
