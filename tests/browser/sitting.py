"""An exam that is open now, on the server's own database, and a candidate of the cast who sits it in a browser."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from quizapp import clock
from quizapp.db import db
from tests.browser.conftest import Live
from tests.cast import PASSWORD, PEOPLE, make_cast
from tests.papers import totals

BLUEPRINT = (("single", 6), ("multiple", 2), ("judge", 2))
QUESTIONS = sum(count for _, count in BLUEPRINT)


@dataclass(frozen=True)
class Sitting:
    """A published exam for 江 and 罗 on a running server."""

    live: Live
    exam: int

    def begin(self, page: Page, who: str = "jiang") -> Page:
        """Sign in by the form, promise, begin; the paper is open and may be written on."""
        sign_in(page, who)
        page.goto(f"/my-exams/{self.exam}")
        page.get_by_role("checkbox").first.check()
        page.get_by_role("button", name="开始答题").click()
        expect(page.locator("[data-save-text]")).to_have_text("已保存")
        return page

    def attempt(self, who: str = "jiang", **columns: Any) -> dict[str, Any]:
        """What the database holds of the person's sitting: `sheet`, `state`, `epoch` …; columns are set first."""
        return self.live.run(lambda: _attempt(self.exam, PEOPLE[who][0], columns))

    def sheet(self, who: str = "jiang") -> str:
        return str(self.attempt(who)["sheet"])

    def time_is_up(self, *, within: float, grace: float) -> None:
        """Move everybody's end: `within` seconds from now, the grace after it."""
        end = clock.now() + timedelta(seconds=within)
        self.attempt(closes_at=end, refused_after=end + timedelta(seconds=grace))


def open_exam(live: Live, **values: Any) -> Sitting:
    """Put the cast on the server and publish an exam for 县信访局 that is open for two hours."""
    return Sitting(live, live.run(lambda: _publish(values)))


def _publish(values: dict[str, Any]) -> int:
    from quizapp.bank.models import Bank
    from quizapp.exams import actions

    cast, now = make_cast(), clock.now()
    rules = {
        "title": "2026年度条例考试",
        "purpose": "mock",
        "bank_ids": list(db.session.scalars(select(Bank.id))),
        "blueprint": totals(**dict(BLUEPRINT)),
        "points": {"single": 100, "multiple": 100, "judge": 100},
        "minutes": 45,
        "opens_at": now - timedelta(minutes=1),
        "closes_at": now + timedelta(hours=2),
        "pledge": "本人独立完成本次考试。",
    }
    exam = actions.create(
        unit_id=cast.county, values=rules | values, audience=[(cast.office, True)], now=now, actor_id=cast.he
    )
    actions.publish(exam, now, actor_id=cast.he)
    return exam.id


def _attempt(exam_id: int, account: str, columns: dict[str, Any]) -> dict[str, Any]:
    from quizapp.attempts.models import Attempt, HeldSheet
    from quizapp.people.models import Person

    person_id = db.session.scalars(select(Person.id).where(Person.account == account)).one()
    mine = (Attempt.exam_id == exam_id) & (Attempt.person_id == person_id)
    if columns:
        db.session.execute(update(Attempt).where(mine).values(**columns))
    attempt = db.session.scalars(select(Attempt).where(mine)).one()
    held = db.session.scalars(select(HeldSheet.sheet).where(HeldSheet.attempt_id == attempt.id)).all()
    names = (
        "id",
        "token",
        "state",
        "sheet",
        "epoch",
        "revision",
        "closed_at",
        "saved_revision",
        "saved_epoch",
    )
    return {name: getattr(attempt, name) for name in names} | {"held": list(held)}


# In the browser ---------------------------------------------------------------------------------------------


def sign_in(page: Page, who: str) -> None:
    page.goto("/sign-in")
    page.locator("[name=login]").fill(PEOPLE[who][0])
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def choose(page: Page, letter: str) -> None:
    """Press an option of the question that is shown."""
    page.locator(f".ask:not([hidden]) .option:has(input[value='{letter}'])").click()


def go_to(page: Page, number: int) -> None:
    """Turn to a question with the buttons of the dock, as the thumb does."""
    shown = page.locator("[data-progress-number]")
    while (here := int(shown.inner_text())) != number:
        page.locator("#next" if here < number else "#previous").click()


def answer(page: Page, letters: str, *, first: int = 1) -> str:
    """Answer one question after the other with these letters; gives the sheet that this makes of a blank one."""
    for number, letter in enumerate(letters, first):
        go_to(page, number)
        choose(page, letter)
    slots = [""] * (first - 1) + list(letters)
    return ".".join(slots + [""] * (QUESTIONS - len(slots)))


def expect_saved(page: Page, *, seconds: float = 10) -> None:
    expect(page.locator("[data-save-text]")).to_have_text("已保存", timeout=seconds * 1000)


def sit_until_time_is_up(sitting: Sitting, page: Page) -> None:
    """江 begins, answers the second question with A, and finds her receipt after the time was over."""
    sitting.begin(page)
    go_to(page, 2)
    choose(page, "A")
    expect_saved(page)
    page.goto("/my-exams/")
    expect(page.get_by_role("link", name="继续答题")).to_be_visible()
    sitting.time_is_up(within=-200, grace=1)
    page.get_by_role("link", name="继续答题").click()
    page.get_by_role("button", name="查看交卷回执").click()
    expect(page.get_by_text("截图或抄下这8位即可备查")).to_be_visible()
