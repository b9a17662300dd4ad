"""A real Chromium, as small and as large as the people's own screens, in front of a real server (tests/live.py)."""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    sync_playwright,
)

from tests.conftest import OWN_ADDRESS
from tests.databases import lacking
from tests.live import Live

INSTALL = "Chromium is missing, install it with: sudo apt install chromium (or: .venv/bin/playwright install chromium)"
ALWAYS = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
TOUCH = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2}
SCREENS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, **TOUCH},
    "narrow": {"viewport": {"width": 360, "height": 740}, **TOUCH},
    "desktop": {"viewport": {"width": 1280, "height": 860}},
}
ARGUMENTS = [
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


# The browser ------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The system's Chromium, without windows where there is one: it takes a quarter less of the processors.

    None lets Playwright use its own.
    """
    known = ("chromium-headless-shell", "/usr/bin/chromium", "chromium", "chromium-browser")
    return next(filter(None, map(shutil.which, known)), None)


def launch_options(playwright: Playwright) -> dict[str, Any]:
    path = chromium()
    if path is None and not Path(playwright.chromium.executable_path).exists():
        lacking(INSTALL)
    as_root = ["--no-sandbox"] if os.name == "posix" and os.geteuid() == 0 else []
    return {"executable_path": path, "args": ARGUMENTS + as_root}


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium per worker; every test gets contexts, that is empty profiles, of its own."""
    browser = playwright.chromium.launch(**launch_options(playwright))
    yield browser
    browser.close()


HERE = {"127.0.0.1", "localhost", "::1", OWN_ADDRESS}


class Watch:
    """What must not happen on any page: console errors, CSP violations, uncaught exceptions, foreign requests."""

    def __init__(self) -> None:
        self.complaints: list[str] = []
        self.expected: list[str] = []

    def over(self, context: BrowserContext) -> BrowserContext:
        context.on("console", self._console)
        context.on("weberror", lambda event: self.complaints.append(f"uncaught: {event.error}"))
        context.on("request", self._request)
        return context

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname not in HERE:
            self.complaints.append(f"request to a third party: {request.url}")

    def unexpected(self) -> list[str]:
        return [c for c in self.complaints if not any(re.search(e, c) for e in self.expected)]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test when a page complained. What belongs to the test: watch.expected.append("status of 409")."""
    watch = Watch()
    yield watch
    assert not watch.unexpected(), "\n".join(watch.unexpected())


@pytest.fixture
def browse(
    request: pytest.FixtureRequest, browser: Browser, watch: Watch
) -> Iterator[Callable[..., BrowserContext]]:
    """Empty profiles on a kind of screen: browse("phone"), browse("desktop", color_scheme="dark").

    Addresses are relative to `live`, if the test has it; `base_url=` names another server.
    """
    opened = []

    def new(screen: str, **options: Any) -> BrowserContext:
        base = {"base_url": request.getfixturevalue("live").url} if "live" in request.fixturenames else {}
        context = browser.new_context(**ALWAYS | SCREENS[screen] | base | options)
        opened.append(context)
        return watch.over(context)

    yield new
    for context in opened:
        context.close()


@pytest.fixture
def phone(live: Live, browse: Callable[..., BrowserContext]) -> BrowserContext:
    """390 × 844, touch."""
    return browse("phone")


@pytest.fixture
def narrow(live: Live, browse: Callable[..., BrowserContext]) -> BrowserContext:
    """360 × 740, touch: the smallest phone that must work."""
    return browse("narrow")


@pytest.fixture
def desktop(live: Live, browse: Callable[..., BrowserContext]) -> BrowserContext:
    """1280 × 860, mouse and keyboard."""
    return browse("desktop")


@pytest.fixture(params=["narrow", "desktop"])
def screen(
    request: pytest.FixtureRequest, live: Live, browse: Callable[..., BrowserContext]
) -> BrowserContext:
    """The test runs on the smallest phone and again on the desktop."""
    return browse(request.param)


class Handset:
    """A phone whose browser can be killed with -9 and opened again with what it had on its disk."""

    def __init__(self, playwright: Playwright, profile: Path, watch: Watch, options: dict[str, Any]) -> None:
        self._playwright, self._profile, self._watch, self._options = playwright, profile, watch, options
        self.context: BrowserContext | None = None
        self.start()

    def start(self) -> Page:
        """Open the browser; returns its page."""
        launch = self._playwright.chromium.launch_persistent_context
        self.context = launch(self._profile, **launch_options(self._playwright), **self._options)
        self._watch.over(self.context)
        self.page = self.context.pages[0]
        return self.page

    def kill(self) -> None:
        """kill -9 for every process of this browser."""
        for process in _processes_with(f"--user-data-dir={self._profile}"):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.close()
        for lock in self._profile.glob("Singleton*"):
            lock.unlink()

    def close(self) -> None:
        if self.context:
            with suppress(Exception):  # it may be dead already, and then says so in several ways
                self.context.close()
            self.context = None


def _processes_with(argument: str) -> list[int]:
    """Ids of the processes of this machine that were started with this argument."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it ended while we looked
            if argument in line.read_text(errors="replace").split("\0"):
                found.append(int(line.parent.name))
    return found


@pytest.fixture
def handset(playwright: Playwright, live: Live, watch: Watch, tmp_path: Path) -> Iterator[Handset]:
    """A phone with a profile on disk: handset.page, handset.kill(), handset.start()."""
    options = ALWAYS | SCREENS["phone"] | {"base_url": live.url}
    handset = Handset(playwright, tmp_path / "profile", watch, options)
    yield handset
    handset.close()


# Looking ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shots(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the screenshots: --shots DIR, or one that pytest throws away."""
    chosen = pytestconfig.getoption("--shots")
    folder = Path(chosen).resolve() if chosen else tmp_path_factory.mktemp("shots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def shot(pytestconfig: pytest.Config, shots: Path) -> Callable[..., None]:
    """shot(page, "home") keeps home-390.png, the width being the screen's; the whole page, unless full=False.

    Only with --shots: nobody looks at them otherwise.
    """

    def take(page: Page, name: str, *, full: bool = True) -> None:
        if pytestconfig.getoption("--shots"):
            width = page.viewport_size["width"] if page.viewport_size else 0
            page.screenshot(path=shots / f"{name}-{width}.png", full_page=full, animations="disabled")

    return take


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """axe(page) fails on every serious or critical violation, and on a page wider than its screen."""

    def check(page: Page) -> None:
        found = [
            f"{v['impact']} {v['id']}: {v['help']}\n    " + "\n    ".join(n["html"][:200] for n in v["nodes"])
            for v in Axe().run(page).response["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        screen = page.viewport_size
        wide = page.evaluate("document.documentElement.scrollWidth")
        if screen and wide > screen["width"]:
            found.append(f"the page is {wide} px wide on a screen of {screen['width']} px")
        assert not found, f"{page.url}\n" + "\n".join(found)

    return check
