"""罗, who administers 县信访局 and sits the exam: one glance, slips to print, a colleague who forgot her password."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import sign_in
from tests.browser.ways import h1, settle
from tests.cast import Cast
from tests.papers import totals

pytestmark = pytest.mark.filterwarnings("ignore:.*:DeprecationWarning:pypdf")

TITLE = "2026年度《信访工作条例》考试"
NEWCOMERS = ("𠮷田正", "阿布都热西提·阿布都卡德尔·买买提依明·吐尔逊尼亚孜", "䶮鑫")
PHONE, NEW = "13800000017", "Yunling-2027"
Shot = Callable[..., Any]


def test_the_way_of_a_unit_administrator(
    live: Live, screen: BrowserContext, browse: Callable[..., BrowserContext], shot: Shot, shots: Path
) -> None:
    cast = settle(live)
    live.run(lambda: prepare(cast))
    page, phone = screen.new_page(), browse("narrow").new_page()
    sign_in(page, "luo")
    he_sees_everything_at_one_glance(page, shot)
    he_looks_who_has_not_sat(page)
    he_prints_slips(page, shot, shots)
    code = she_has_forgotten(phone, shot)
    he_confirms(page, code, shot)
    she_comes_in_again(phone, shot)
    page.goto("/")
    expect(page.get_by_text("忘记口令，等您确认")).to_have_count(0)
    expect(page.get_by_text("3人已发口令条，还没有登录")).to_be_visible()


def prepare(cast: Cast) -> None:
    """An exam of the county that runs; 罗 administers 县信访局; three newcomers there have no slip yet."""
    from quizapp.bank.models import Bank
    from quizapp.exams import actions as exams
    from quizapp.people import actions
    from quizapp.people.models import Person, Unit

    now = clock.now()
    office = db.session.get_one(Unit, cast.office)
    actions.grant(
        db.session.get_one(Person, cast.luo), "unit_administrator", office, now=now, actor_id=cast.zhou
    )
    since = date(2026, 1, 1)
    actions.add_people([actions.NewPerson(name, cast.office, since=since) for name in NEWCOMERS], now)
    db.session.get_one(Person, cast.jiang).phone = PHONE
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
    exam = exams.create(
        unit_id=cast.county, values=rules, audience=[(cast.county, True)], now=now, actor_id=cast.he
    )
    exams.publish(exam, now - timedelta(days=3), actor_id=cast.he)


def he_sees_everything_at_one_glance(page: Page, shot: Shot) -> None:
    """The own exam first, then the unit; all of it on the first screen."""
    heads = page.locator("main h2").all_inner_texts()
    assert heads == [TITLE, "本单位", "管理"]
    for words in ("还有5人未考", "没有待批的免考、缓考申请", "3人需要口令条"):
        expect(page.get_by_text(words)).to_be_in_viewport()
    shot(page, "luo-home")


def he_looks_who_has_not_sat(page: Page) -> None:
    page.get_by_role("link", name="还有5人未考").click()
    h1(page, "人员名单")
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(page.locator("main")).not_to_contain_text("平均分")
    page.goto("/")


def he_prints_slips(page: Page, shot: Shot, shots: Path) -> None:
    page.get_by_role("link", name="3人需要口令条").click()
    h1(page, "打印口令条")
    expect(page.get_by_text("以前打印的口令条同时作废", exact=False)).to_be_visible()
    shot(page, "luo-slips-asked")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="生成口令条PDF").click()
    path = shots / "luo-slips.pdf"
    waiting.value.save_as(path)
    assert re.fullmatch(r"口令条_\d{8}_3人\.pdf", waiting.value.suggested_filename)
    [sheet] = pypdf.PdfReader(io.BytesIO(path.read_bytes())).pages
    text = re.sub(r"[\s\u200b]", "", sheet.extract_text())
    for name in NEWCOMERS:
        assert name in text


def she_has_forgotten(page: Page, shot: Shot) -> str:
    """江 asks on her own phone; gives what her screen shows."""
    page.goto("/sign-in")
    page.get_by_role("link", name="忘记口令").click()
    page.get_by_label("学法账号、工号或姓名").fill("江映雪")
    page.get_by_label("本人手机号").fill("138 0000 0017")
    shot(page, "jiang-forgot")
    page.get_by_role("button", name="提交申请").click()
    h1(page, "等待确认")
    shot(page, "jiang-waits")
    return page.locator(".check-code").inner_text()


def he_confirms(page: Page, code: str, shot: Shot) -> None:
    page.goto("/")
    page.get_by_role("link", name="1人忘记口令，等您确认").click()
    h1(page, "找回口令申请")
    shot(page, "luo-recoveries")
    page.get_by_label("已拨打名册上的手机号核实").check()
    page.get_by_label("本人说出的核对码").fill(code)
    page.get_by_role("button", name="确认是本人").click()
    expect(page.get_by_text("已确认，江映雪可以", exact=False)).to_be_visible()
    shot(page, "luo-confirmed")


def she_comes_in_again(page: Page, shot: Shot) -> None:
    page.get_by_role("link", name="查看是否已确认").click()
    h1(page, "设置新口令")
    shot(page, "jiang-may-set")
    page.get_by_label("新口令").fill(NEW)
    page.get_by_label("再输入一次").fill(NEW)
    page.get_by_role("button", name="保存新口令").click()
    expect(page.get_by_text("新口令已设置", exact=False)).to_be_visible()
    shot(page, "jiang-has-set")
    page.get_by_label("学法账号、工号或手机号").fill("10000017")
    page.get_by_label("口令、一次性口令或备用码").fill(NEW)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("通过“忘记口令”重新设置，由罗成确认", exact=False)).to_be_visible()
    shot(page, "jiang-told")
