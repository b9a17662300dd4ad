"""A real server process and a real Chromium, as small and as large as the people's own screens."""

import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
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

from tests.conftest import OWN_ADDRESS, missing_server
from tests.databases import Database, Databases, free_port, in_app, lacking, settings

INSTALL = "Chromium is missing, install it with: sudo apt install chromium (or: .venv/bin/playwright install chromium)"
START_SECONDS = 60
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


# The server -------------------------------------------------------------------------------------------------


class Live:
    """`quizapp serve` in processes of its own, on one port and one database that outlive its deaths."""

    def __init__(self, database: Database, folder: Path, **environment: str) -> None:
        self.database = database
        self.folder = folder
        self.scheme, self.host, self.port = "http", "127.0.0.1", free_port()
        self.log = folder / "server.log"
        self.settings = settings(database, folder)
        del self.settings["TESTING"]  # served as to people
        own = {f"QUIZAPP_{name}": str(value) for name, value in self.settings.items()}
        self.environment = os.environ | own | {"PYTHONUNBUFFERED": "1"} | environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        """Of the server's first process, the one that the console or systemd knows."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def start(self, *arguments: str) -> None:
        """Start the server and wait until it is well; again on the same port and data after stop or kill.

        Elsewhere than on 127.0.0.1: set `host` (and `scheme`), and pass "--host", … along.
        """
        if self._process:
            raise RuntimeError("the server runs already")
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*_quizapp(), "serve", "--port", str(self.port), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,  # one group: the workers and the job consumer die with it
            )
        until = time.monotonic() + START_SECONDS
        while not self.is_well():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"the server did not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def is_well(self) -> bool:
        """Whether /healthz answers 200."""
        prefix = self.environment.get("QUIZAPP_URL_PREFIX", "")
        try:
            trusting = ssl._create_unverified_context()  # noqa: S323 - certificates of tests sign themselves
            address = f"{self.url}{prefix}/healthz"
            with urllib.request.urlopen(address, timeout=5, context=trusting) as reply:  # noqa: S310
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            return False

    def kill(self) -> None:
        """kill -9 for the server, its workers and its job consumer, at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the server to end, as systemd does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            if how is signal.SIGTERM:
                process.terminate()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(15)
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def run(self, what: Callable[[], Any] | str, *arguments: str) -> Any:
        """Prepare data: call a function inside the app and commit, or run a command: run("bank", "check", path).

        A function runs in this process on the server's database and may return what the test needs;
        rows it returns are detached, so return ids. A command's failure is an error; its output is returned.
        """
        if callable(what):
            return in_app(self.settings, what)
        done = subprocess.run(
            [*_quizapp(), what, *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.environment,
        )
        if done.returncode:
            raise RuntimeError(f"quizapp {what} {' '.join(arguments)}: {done.stdout}{done.stderr}")
        return done.stdout


def _quizapp() -> list[str]:
    return [sys.executable, "-c", "from quizapp.cli import main; main(prog_name='quizapp')"]


@pytest.fixture
def make_live(
    request: pytest.FixtureRequest, databases: Databases, tmp_path: Path
) -> Iterator[Callable[..., Live]]:
    """Servers with settings of their own, not yet started: make_live(QUIZAPP_URL_PREFIX="/xuekao").start().

    The shipped banks are loaded already, once per run; bare=True gives a database without tables instead.
    """
    made: list[Live] = []

    def make(dialect: str = "sqlite", *, bare: bool = False, **environment: str) -> Live:
        with missing_server():
            database = databases.bare(dialect) if bare else databases.prepared(dialect)
        folder = tmp_path / f"live{len(made)}"
        folder.mkdir()
        made.append(Live(database, folder, **environment))
        return made[-1]

    yield make
    for live in made:
        live.stop()
        databases.drop(live.database)
        if live.log.exists():
            request.node.add_report_section("teardown", "server log", live.log.read_text()[-5000:])


@pytest.fixture
def live(request: pytest.FixtureRequest, make_live: Callable[..., Live]) -> Live:
    """A running server. On PostgreSQL too: parametrize("live", ["sqlite", "postgresql"], indirect=True)."""
    live = make_live(getattr(request, "param", "sqlite"))
    live.start()
    return live


# The browser ------------------------------------------------------------------------------------------------


def chromium() -> str | None:
    """The system's Chromium; None lets Playwright use its own."""
    return next(filter(None, map(shutil.which, ("/usr/bin/chromium", "chromium", "chromium-browser"))), None)


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
def shot(shots: Path) -> Callable[..., Path]:
    """shot(page, "home") keeps home-390.png, the width being the screen's; the whole page, unless full=False."""

    def take(page: Page, name: str, *, full: bool = True) -> Path:
        width = page.viewport_size["width"] if page.viewport_size else 0
        path = shots / f"{name}-{width}.png"
        page.screenshot(path=path, full_page=full, animations="disabled")
        return path

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
