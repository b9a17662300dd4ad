"""What the ways of the four kinds of people share: the county, slips, menus, and the keys that only a test knows."""

import re
from collections.abc import Iterable
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Person, Unit
from tests.browser.conftest import Live
from tests.cast import PEOPLE, Cast, make_cast

LAW = "xinfang-gongzuo-tiaoli"


def settle(live: Live) -> Cast:
    """Put the cast on the server, beside the unit that serve made for the first administrator."""
    return live.run(_settle)  # type: ignore[no-any-return]


def _settle() -> Cast:
    first = db.session.scalars(select(Unit)).one()
    first.lft, first.rgt = 2001, 2100
    return make_cast()


def slip(live: Live, who: str) -> tuple[str, str]:
    """A slip of a person who never signed in before: account and one-time password."""

    def issue() -> tuple[str, str]:
        from quizapp.people.actions import issue_slips

        person = db.session.scalars(select(Person).where(Person.account == PEOPLE[who][0])).one()
        person.notice_accepted_at = None
        [made] = issue_slips([person.id], clock.now())
        return made.account, made.one_time_password

    return live.run(issue)  # type: ignore[no-any-return]


# In the browser ---------------------------------------------------------------------------------------------


def first_sign_in(page: Page, account: str, one_time: str, password: str) -> None:
    """With the password of a slip: a password of one's own, the notice; the page that offers 备用码 shows."""
    page.goto("/")
    page.get_by_label("学法账号、工号或手机号").fill(account)
    page.get_by_label("口令、一次性口令或备用码").fill(one_time)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="设置新口令")).to_be_visible()
    page.get_by_label("新口令").fill(password)
    page.get_by_label("再输入一次").fill(password)
    page.get_by_role("button", name="保存口令").click()
    expect(page.get_by_role("heading", name="个人信息处理告知")).to_be_visible()
    page.get_by_role("button", name="已阅读并同意").click()
    expect(page.get_by_role("heading", name="备用码")).to_be_visible()


def tab(page: Page, name: str) -> None:
    """An entry of a cadre's navigation: at the bottom of a phone, on top of a desktop."""
    page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True).click()


def menu(page: Page, name: str) -> None:
    """An entry of the navigation of those who work here: behind the menu of a phone, at the left of a desktop."""
    opener = page.locator(".side-menu > summary")
    if opener.is_visible():
        opener.click()
        page.locator(".side-menu").get_by_role("link", name=name, exact=True).click()
    else:
        page.get_by_role("navigation", name="主导航").get_by_role("link", name=name, exact=True).click()


def take(page: Page, letters: Iterable[str]) -> None:
    """Choose these options of the question that is shown."""
    for letter in letters:
        page.locator(f".ask:not([hidden]) .option:has(input[value='{letter}'])").click()


def h1(page: Page, words: str | re.Pattern[str]) -> None:
    """The page with this heading is shown."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def table_of(page: Page, caption: str) -> dict[str, list[str]]:
    """The rows of a table by the words of their first cell; what is hidden on this screen is read as well."""
    rows = page.locator("table", has=page.locator("caption", has_text=caption)).locator("tr").all()
    cells = [[c.strip() for c in row.locator("th, td").all_text_contents()] for row in rows]
    return {line[0]: line[1:] for line in cells if line}


# What only a test knows -------------------------------------------------------------------------------------


def keys(revisions: Iterable[int]) -> dict[int, tuple[str, str, int]]:
    """Of these revisions: (key, kind, number of options). Call inside the app."""
    from quizapp.bank import queries as bank

    return {i: (full.key, full.kind, len(full.options)) for i, full in bank.full(revisions).items()}


def mistaken(key: str, kind: str, options: int) -> str:
    """Letters that are wrong for a question, and a shape that its page takes."""
    others = [letter for letter in "ABCDEFGH"[:options] if letter not in key]
    if kind != "multiple":
        return others[0]
    return key[:-1] if len(key) > 2 or not others else key[0] + others[0]


def named(words: str) -> Any:
    """A text that contains these words, whatever stands around them."""
    return re.compile(re.escape(words))
