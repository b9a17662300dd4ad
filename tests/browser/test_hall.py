"""集中考试 in real browsers: from the door to the emptied computer, and a person who is moved to another one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Live
from tests.browser.sitting import answer, expect_saved, open_exam, sign_in
from tests.cast import PEOPLE

CODE = "246810"
KEPT = """async () => ({
    databases: (await indexedDB.databases()).map((one) => one.name),
    pairs: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
})"""
Shot = Callable[..., None]
Axe = Callable[[Page], None]


def open_hall(live: Live, exam_id: int, *, opens_in: timedelta = timedelta(0)) -> int:
    """A session of the exam for 江 and 罗 with 李 as invigilator; its id."""
    return int(live.run(lambda: _make(exam_id, opens_in)))


def _make(exam_id: int, opens_in: timedelta) -> int:
    from quizapp.exams.halls.models import HallInvigilator, HallPlace, HallSession
    from quizapp.exams.models import Candidate
    from quizapp.people.models import Person

    now = clock.now()
    hall = HallSession(
        exam_id=exam_id,
        title="第一场",
        hall="县委党校机房",
        address="解放路1号3楼",
        seats=30,
        opens_at=now + opens_in - timedelta(minutes=1),
        closes_at=now + timedelta(hours=1, minutes=50),
        start_code=CODE,
    )
    db.session.add(hall)
    db.session.flush()
    li = db.session.scalars(select(Person.id).where(Person.account == PEOPLE["li"][0])).one()
    db.session.add(HallInvigilator(session_id=hall.id, person_id=li))
    wanted = select(Candidate.id).where(Candidate.exam_id == exam_id).order_by(Candidate.name_key)
    for seat, candidate in enumerate(db.session.scalars(wanted), 1):
        db.session.add(HallPlace(session_id=hall.id, candidate_id=candidate, seat=seat))
    return hall.id


def enter(page: Page, who: str = "jiang", address: str = "/hall") -> None:
    page.goto(address)
    page.get_by_label("学法账号").fill(PEOPLE[who][0])
    page.get_by_label("开考码").fill(CODE)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text(PEOPLE[who][1])).to_be_visible()


def begin(page: Page) -> None:
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="开始答题").click()
    expect_saved(page)


def hand_in(page: Page) -> None:
    page.locator(".dock .for-sheet").click() if page.locator(
        ".dock .for-sheet"
    ).is_visible() else page.locator("aside [data-open=answer-card]").click()
    page.locator("#hand-in").click()
    expect(page.get_by_text("抄下这8位即可备查")).to_be_visible()


@pytest.mark.parametrize("kind", ["phone", "narrow", "desktop"])
def test_from_the_door_to_the_emptied_computer(
    live: Live, browse: Callable[..., BrowserContext], shot: Shot, axe: Axe, kind: str
) -> None:
    sitting = open_exam(live, show_score="released")
    open_hall(live, sitting.exam)
    context = browse(kind)
    page = context.new_page()
    page.clock.install()
    page.goto("/hall?seat=1")
    shot(page, "hall-door")
    axe(page)
    enter(page, address="/hall?seat=1")
    shot(page, "hall-exam")
    axe(page)
    begin(page)
    expected = answer(page, "ABA")
    expect_saved(page)
    shot(page, "hall-paper", full=False)
    assert sitting.sheet() == expected
    assert page.evaluate(KEPT)["databases"] == ["exam"]
    hand_in(page)
    shot(page, "hall-receipt")
    axe(page)
    page.clock.fast_forward(40_000)
    expect(page.get_by_text("秒后自动退出")).to_be_visible()
    page.clock.fast_forward(21_000)
    expect(page.get_by_text("已退出")).to_be_visible()
    shot(page, "hall-left")
    axe(page)
    _expect_nothing_left(context, page)
    assert sitting.attempt()["state"] == "submitted"


def _expect_nothing_left(context: BrowserContext, page: Page) -> None:
    """No store, no cookie and no step back shows anything of 江."""
    page.wait_for_function("async () => !(await indexedDB.databases()).length")
    assert page.evaluate(KEPT) == {"databases": [], "pairs": [], "session": []}
    names = [cookie["name"] for cookie in context.cookies()]
    assert names == ["quizapp"]  # of the page at the door, whose form has a token
    for _ in range(8):
        page.go_back()
        page.wait_for_load_state()
        told = page.content()
        assert PEOPLE["jiang"][1] not in told
        assert PEOPLE["jiang"][0] not in told
        assert "data-question" not in told
    page.goto("/hall/exam")
    assert page.url.endswith("/hall")
    assert page.evaluate(KEPT) == {"databases": [], "pairs": [], "session": []}


def test_leaving_by_the_button_and_the_next_person(live: Live, desktop: BrowserContext) -> None:
    sitting = open_exam(live)
    open_hall(live, sitting.exam)
    page = desktop.new_page()
    enter(page)
    begin(page)
    answer(page, "AB")
    expect_saved(page)
    hand_in(page)
    page.get_by_role("button", name="现在退出").click()
    expect(page.get_by_text("已退出")).to_be_visible()
    _expect_nothing_left(desktop, page)
    enter(page, "luo")
    begin(page)
    assert sitting.sheet("luo") == "........."


def test_a_computer_that_dies_is_emptied_when_the_next_person_signs_in(
    live: Live, desktop: BrowserContext
) -> None:
    sitting = open_exam(live)
    open_hall(live, sitting.exam)
    page = desktop.new_page()
    enter(page)
    begin(page)
    answer(page, "AB")
    expect_saved(page)
    desktop.clear_cookies()  # the browser was closed in the middle
    enter(page, "luo")
    page.wait_for_function(
        """() => new Promise((done) => (indexedDB.open("exam").onsuccess = ({ target: { result } }) =>
            (result.transaction("log").objectStore("log").count().onsuccess = (event) => {
                result.close();
                done(event.target.result === 0);
            })))"""
    )


def test_the_desk_follows_and_moves_a_person_to_another_computer(
    live: Live, browse: Callable[..., BrowserContext], watch: Any, shot: Shot, axe: Axe
) -> None:
    watch.expected.append("status of 401")
    watch.expected.append("status of 409")
    sitting = open_exam(live)
    hall = open_hall(live, sitting.exam)
    desk = browse("desktop").new_page()
    desk.clock.install()
    sign_in(desk, "li")
    desk.goto(f"/halls/{hall}")
    jiang = desk.locator("tr", has_text="江映雪")
    expect(jiang.get_by_text("未到", exact=True)).to_be_visible()
    old = browse("desktop").new_page()
    enter(old)
    begin(old)
    expected = answer(old, "ABA")
    expect_saved(old)
    desk.clock.fast_forward(9_000)
    expect(jiang.get_by_text("答题中", exact=True)).to_be_visible()
    expect(jiang.get_by_text("还剩")).to_be_visible()
    shot(desk, "hall-desk")
    axe(desk)
    jiang.locator("summary", has_text="换机").click()
    shot(desk, "hall-desk-move", full=False)
    jiang.get_by_role("button", name="换机").click()
    expect(desk.get_by_text("请在新电脑上")).to_be_visible()
    answer(old, "C", first=4)
    expect(old.get_by_text("本机登录已结束")).to_be_visible()
    shot(old, "hall-moved", full=False)
    axe(old)
    new = browse("desktop").new_page()
    enter(new)
    new.get_by_role("link", name="继续答题").click()
    new.get_by_role("button", name="在此继续").click()
    expect_saved(new)
    assert sitting.sheet() == expected
    old.get_by_role("link", name="返回考场登录").click()
    expect(old.get_by_role("heading", name="考场登录")).to_be_visible()


@pytest.mark.parametrize("kind", ["phone", "narrow", "desktop"])
def test_the_invigilators_pages_and_what_is_printed(
    live: Live, browse: Callable[..., BrowserContext], shot: Shot, axe: Axe, kind: str
) -> None:
    sitting = open_exam(live)
    hall = open_hall(live, sitting.exam)
    page = browse(kind).new_page()
    sign_in(page, "li")
    page.goto("/halls/")
    axe(page)
    page.get_by_role("link", name="第一场").click()
    page.get_by_role("textbox", name="情况记录").fill("8:50空调故障，已修复。")
    page.get_by_role("button", name="记录情况").click()
    expect(page.get_by_text("已记录。")).to_be_visible()
    page.locator("tr", has_text="罗成").locator("summary", has_text="加时").click()
    shot(page, "hall-desk-open")
    axe(page)
    for name, path in (("sheet", "sign-in-sheet"), ("record", "record")):
        page.goto(f"/halls/{hall}/{path}")
        shot(page, f"hall-{name}")
        axe(page)
        page.emulate_media(media="print")
        shot(page, f"hall-{name}-print")
        page.emulate_media(media="screen")


@pytest.mark.parametrize("kind", ["phone", "narrow", "desktop"])
def test_the_pages_on_which_halls_are_arranged(
    live: Live, browse: Callable[..., BrowserContext], shot: Shot, axe: Axe, kind: str
) -> None:
    sitting = open_exam(live)
    hall = open_hall(live, sitting.exam, opens_in=timedelta(minutes=20))
    page = browse(kind).new_page()
    sign_in(page, "he")
    page.goto(f"/exams/{sitting.exam}")
    page.get_by_role("link", name="集中考试").click()
    shot(page, "halls")
    axe(page)
    page.goto(f"/exams/{sitting.exam}/halls/{hall}")
    shot(page, "halls-one")
    axe(page)
    page.get_by_role("link", name="修改", exact=True).click()
    shot(page, "halls-edit")
    axe(page)
    waiting = browse(kind).new_page()
    enter(waiting)
    expect(waiting.get_by_text("请稍候")).to_be_visible()
    shot(waiting, "hall-waiting")
    axe(waiting)
    sign_in(waiting := browse(kind).new_page(), "jiang")
    waiting.goto(f"/my-exams/{sitting.exam}")
    expect(waiting.get_by_text("座位1号")).to_be_visible()
