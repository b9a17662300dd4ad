"""A paper picked by hand: dragged into another order with a mouse, moved by buttons on a phone."""

from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import sign_in
from tests.browser.ways import settle
from tests.papers import totals


def make(cast: Any) -> tuple[int, list[int]]:
    from quizapp.bank.models import Bank
    from quizapp.exams import actions, assembling

    values = {"title": "固定试卷考试", "purpose": "annual", "mode": "fixed"}
    values |= {"bank_ids": list(db.session.scalars(select(Bank.id))), "points": {"single": 200}}
    exam = actions.create(
        unit_id=cast.county,
        values={**values, "blueprint": totals(single=5)},
        audience=[(cast.county, True)],
        now=clock.now(),
        actor_id=cast.he,
    )
    picked = [item.question_id for item in assembling.pool(exam).items if item.kind == "single"][:4]
    actions.pick(exam, picked, actor_id=cast.he)
    db.session.commit()
    return exam.id, picked


def order(page: Page) -> list[int]:
    rows = page.locator("[data-ordering] li[data-id]")
    return [int(row.get_attribute("data-id") or 0) for row in rows.all()]


def test_questions_are_put_into_another_order(live: Live, browse: Any) -> None:
    cast = settle(live)
    exam_id, picked = live.run(lambda: make(cast))
    page = browse("desktop").new_page()
    sign_in(page, "he")
    page.goto(f"/exams/{exam_id}/papers")
    rows = page.locator("[data-ordering] li[data-id]")
    with page.expect_navigation():
        rows.nth(3).drag_to(rows.nth(0), target_position={"x": 40, "y": 2})
    moved = [picked[3], *picked[:3]]
    assert order(page) == moved
    phone = browse("narrow").new_page()
    sign_in(phone, "he")
    phone.goto(f"/exams/{exam_id}/papers")
    phone.get_by_role("button", name="第1题下移").click()
    expect(phone.locator("[data-ordering] li").first).to_have_attribute("data-id", str(picked[0]))
    phone.get_by_role("button", name="移出第2题").click()
    expect(phone.locator("[data-ordering] li")).to_have_count(3)
    page.reload()
    assert order(page) == [picked[0], *picked[1:3]]
