"""A question of the offline set on a phone: what it costs the browser's main thread, beside an empty page there.

Both take turns in one browser. What is counted is the thread's own time; what is asked of the browser meanwhile is not.
"""

import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.bench import servers
from tests.bench.rows import Row, at_most, fact, missing
from tests.browser.conftest import ALWAYS, SCREENS, launch_options
from tests.browser.sitting import sign_in
from tests.cast import make_cast
from tests.databases import in_app

TRIES, SETTLED = 5, 500  # of each; milliseconds until nothing of a page runs any more
SLOWER = 4  # times, a phone than this machine: for the detail alone
GOAL = 3.0  # empty pages, about 100 ms on a phone
EMPTY = "<!doctype html><html lang=zh-CN><title>空白页</title>"
DRAWN = ("ScriptDuration", "RecalcStyleDuration", "LayoutDuration")
Figures = dict[str, float]


def rows(told: dict[str, Any], place: Path) -> Iterator[Row]:
    """told: settings of an app whose database has the shipped bank and nobody yet. place: its folder."""
    in_app(told, make_cast)
    try:
        with servers.quizapp(told, place) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_options(playwright))
            here = {**ALWAYS, **SCREENS["phone"], "base_url": f"http://127.0.0.1:{server.port}"}
            tries = _measure(browser.new_context(**here), browser.new_context(**here))
            browser.close()
    except pytest.skip.Exception as lacking:
        yield missing("offline", str(lacking))
        return
    empty = statistics.median(one for one, _, _, _ in tries)
    turn, drawn, whole = (statistics.median(one[n] for one in tries) for n in (1, 2, 3))

    def detail(what: str, milliseconds: float) -> str:
        phone = f"{milliseconds * SLOWER:.0f} ms and {empty * SLOWER:.0f} ms on a phone {SLOWER} times slower"
        return f"{what}, beside all tasks of an empty page: {phone}"

    yield at_most(
        "offline-turn", turn / empty, GOAL, detail("all tasks from the press to the next question", turn)
    )
    yield at_most(
        "offline-load", drawn / empty, GOAL, detail("scripts, styles and layout of a reload", drawn)
    )
    yield fact("offline-load-tasks", whole / empty, detail("all tasks of such a reload", whole))


def _measure(phone: BrowserContext, other: BrowserContext) -> list[tuple[float, float, float, float]]:
    """Milliseconds of this machine: (an empty page, turning to a question, drawing it after a reload, that reload)."""
    other.route("**/*", lambda route: route.fulfill(body=EMPTY, content_type="text/html; charset=utf-8"))
    blank, page = other.new_page(), phone.new_page()
    blank.goto("/empty")
    sign_in(page, "jiang")
    page.goto("/practice/offline")
    page.get_by_role("button", name="保存到本机").click()
    expect(page.get_by_role("heading", name="本机内容")).to_be_visible(timeout=60_000)
    phone.set_offline(True)
    page.goto("/practice/offline#practice/1")
    of_blank, of_page = _figures(blank), _figures(page)
    tries = []
    for number in range(2, 2 + TRIES):
        blank.reload()
        empty = _own(_settled(blank, of_blank))
        before = of_page()
        page.evaluate(f"location.hash = 'practice/{number}'")
        turn = _own(_settled(page, of_page)) - _own(before)
        page.reload()
        loaded = _settled(page, of_page)
        tries.append((empty, turn, sum(loaded[name] for name in DRAWN), _own(loaded)))
        expect(page.get_by_role("button", name="提交")).to_be_visible()
    return tries


def _figures(page: Page) -> Callable[[], Figures]:
    """Gives milliseconds of the page's main thread since it was loaded, by name."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    return lambda: {
        one["name"]: 1000 * one["value"] for one in tools.send("Performance.getMetrics")["metrics"]
    }


def _settled(page: Page, figures: Callable[[], Figures]) -> Figures:
    page.wait_for_timeout(SETTLED)
    return figures()


def _own(figures: Figures) -> float:
    """All tasks, without what was asked of the browser."""
    return figures["TaskDuration"] - figures["DevToolsCommandDuration"]
