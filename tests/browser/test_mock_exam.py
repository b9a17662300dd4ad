"""A mock exam on a phone: the next question is there at once, and no answer is lost on the way."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import delete

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import LoginSession
from tests.browser.conftest import Live, Watch
from tests.browser.sitting import QUESTIONS, open_exam, sign_in

NO_NETWORK = "ERR_INTERNET_DISCONNECTED|ERR_FAILED"


@pytest.fixture
def page(live: Live, phone: BrowserContext) -> Page:
    """江 has begun a mock exam of ten questions; its first one is open and the second was fetched."""
    now = clock.now()
    open_exam(live, opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    page = phone.new_page()
    sign_in(page, "jiang")
    page.goto("/practice/mock")
    with page.expect_response("**/practice/self-test/*/2"):
        page.get_by_role("button", name="开始模拟").click()
    page.wait_for_load_state("networkidle")
    return page


def at(page: Page, number: int) -> None:
    expect(page.locator("[data-progress-number]")).to_have_text(str(number))


def choose(page: Page, place: int) -> str:
    """Choose an option and say which letter it has."""
    option = page.locator(".option input").nth(place)
    option.check(force=True)
    return str(option.input_value())


def chosen(page: Page) -> list[str]:
    return [one.input_value() for one in page.locator(".option input:checked").all()]


def onwards(page: Page) -> None:
    page.locator(".dock [data-key=next]").click()


def test_the_next_question_waits_for_no_network(page: Page) -> None:
    held: list[Route] = []
    page.route("**/practice/self-test/*/1", lambda route: held.append(route))
    letter = choose(page, 0)
    onwards(page)
    at(page, 2)  # while the answer to the first is still on its way
    assert page.url.endswith("/2")
    [answer] = held
    assert "go=2" in (answer.request.post_data or "") or 'name="go"' in (answer.request.post_data or "")
    answer.continue_()
    expect(page.locator(".dock [data-count]")).to_have_text(f"1/{QUESTIONS}")
    expect(page.locator("#answer-card .cell.answered")).to_have_count(1)
    page.unroute("**/practice/self-test/*/1")
    page.go_back()
    at(page, 1)
    assert chosen(page) == [letter]


def test_an_answer_that_does_not_arrive_is_told_and_sent_again(
    page: Page, phone: BrowserContext, watch: Watch
) -> None:
    watch.expected.append(NO_NETWORK)
    letter = choose(page, 1)
    phone.set_offline(True)
    onwards(page)
    at(page, 2)
    expect(page.locator("[data-unkept]")).to_be_visible()
    second = choose(page, 0)
    onwards(page)  # tries the first again, and stays
    at(page, 2)
    expect(page.locator("[data-unkept]")).to_be_visible()
    assert chosen(page) == [second]
    phone.set_offline(False)
    expect(page.locator("[data-unkept]")).to_be_hidden()
    expect(page.locator(".dock [data-count]")).to_have_text(f"1/{QUESTIONS}")
    onwards(page)
    at(page, 3)
    page.goto(page.url.rpartition("/")[0] + "/1")
    assert chosen(page) == [letter]
    page.goto(page.url.rpartition("/")[0] + "/2")
    assert chosen(page) == [second]


def test_answers_one_after_the_other_all_arrive(page: Page) -> None:
    for number in range(1, QUESTIONS):
        at(page, number)
        choose(page, 0)
        onwards(page)
    at(page, QUESTIONS)
    choose(page, 0)
    onwards(page)
    expect(page.get_by_role("button", name="交卷")).to_be_visible()
    assert "未答，未答的题不得分" not in page.locator("body").inner_text()


def test_who_was_signed_out_meanwhile_is_asked_to_sign_in(page: Page, live: Live) -> None:
    choose(page, 0)
    live.run(end_all_sessions)
    onwards(page)
    expect(page.get_by_role("button", name="登录")).to_be_visible()


def end_all_sessions() -> None:
    db.session.execute(delete(LoginSession))
    db.session.commit()


def swiped(page: Page, across: int, *, down: int = 0, start: int = 180) -> None:
    """A finger's way in CSS pixels, to the right if more than nothing. start: below nothing from the right edge."""
    page.evaluate(
        """([start, across, down]) => {
          const target = document.querySelector("#main");
          const at = (x, y) => new Touch({ identifier: 1, target, clientX: x, clientY: y });
          const send = (type, touch) => touch.target.dispatchEvent(new TouchEvent(type, {
            bubbles: true, touches: type === "touchstart" ? [touch] : [], changedTouches: [touch] }));
          const x = start < 0 ? innerWidth + start : start;
          send("touchstart", at(x, 300));
          send("touchend", at(x + across, 300 + down));
        }""",
        [start, across, down],
    )


def test_a_swipe_does_what_the_buttons_do(page: Page) -> None:
    with page.expect_response("**/swiping.js*"):
        swiped(page, 0)
    page.wait_for_load_state("networkidle")
    letter = choose(page, 2)
    for nothing in ({"across": -40}, {"across": -120, "down": 60}, {"across": -120, "start": -9}):
        swiped(page, **nothing)
    at(page, 1)
    swiped(page, -120)
    at(page, 2)
    swiped(page, 120)
    at(page, 1)
    assert chosen(page) == [letter]


def test_a_swipe_leaves_a_choice_that_was_not_handed_in(page: Page) -> None:
    page.goto("/practice/")
    page.locator("[name=other]").fill("2")
    page.get_by_role("button", name="开始自测").click()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    page.wait_for_load_state("networkidle")
    with page.expect_response("**/swiping.js*"):
        swiped(page, 0)
    choose(page, 0)
    swiped(page, -120)
    at(page, 1)
    assert len(chosen(page)) == 1
