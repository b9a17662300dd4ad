"""What every test can ask for: a database, the app on it, a client, the clock; and no way out."""

import ipaddress
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import hypothesis
import jinja2
import pytest
import time_machine
from flask import Flask

from tests import databases as harness
from tests import forking
from tests.databases import Database, Databases
from tests.kept import Kept

CHINA = ZoneInfo("Asia/Shanghai")
DIALECTS = ("sqlite", "postgresql")

if (Path(__file__).parent / "cast.py").exists():
    pytest_plugins = ["tests.cast", "tests.live", "tests.faults.table"]

hypothesis.settings.register_profile(
    "quizapp", deadline=None, print_blob=True, derandomize=os.environ.get("CI") == "true"
)
hypothesis.settings.load_profile("quizapp")


FOLDER = pytest.StashKey[Path]()
KEEPER = pytest.StashKey[Any]()


# The run ----------------------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("quizapp")
    group.addoption("--database", choices=[*DIALECTS, "both"], default="both", help="run on this one only")
    group.addoption("--shots", metavar="DIR", help="keep the screenshots of browser tests in this folder")


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("QUIZAPP_")]:
        del os.environ[name]  # a developer's own settings are none of the tests' business
    if hasattr(config, "workerinput"):
        config.stash[FOLDER] = Path(config.workerinput["quizapp_folder"])
    else:
        config.stash[KEEPER], config.stash[FOLDER] = harness.start_keeper()
    forking.folder = config.stash[FOLDER]
    sys.addaudithook(_watch_sockets)


def pytest_unconfigure(config: pytest.Config) -> None:
    if KEEPER in config.stash:
        harness.stop_keeper(config.stash[KEEPER])


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With xdist: all workers use the folder, and so the server, of this run."""
    node.workerinput["quizapp_folder"] = str(node.config.stash[FOLDER])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses a database runs on both, unless its own parametrize says which."""
    named = [str(mark.args[0]) for mark in metafunc.definition.iter_markers("parametrize")]
    if "database" in metafunc.fixturenames and not any("database" in names.split(",") for names in named):
        metafunc.parametrize("database", DIALECTS, indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted, kept, left = config.getoption("--database"), [], []
    for item in items:
        if Path(__file__).parent / "browser" in item.path.parents:
            item.add_marker("browser")
        params = getattr(item, "callspec", None) and item.callspec.params or {}
        used = {params.get(name) for name in ("database", "live")} & set(DIALECTS)
        if "postgresql" in used:
            item.add_marker("postgresql")
        (left if used and wanted not in used | {"both"} else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = sorted(kept, key=_is_quick)


def _is_quick(item: pytest.Item) -> bool:
    """What takes minutes begins first: then no worker is left alone with it at the end."""
    here = Path(__file__).parent
    return not {here / "browser", here / "faults"} & set(item.path.parents)


# Databases and the app --------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def databases(pytestconfig: pytest.Config) -> Iterator[Databases]:
    """Makes databases: fresh("sqlite"), bare("postgresql"), copy(database), drop(database)."""
    worker = getattr(pytestconfig, "workerinput", {}).get("workerid", "gw")
    folder = pytestconfig.stash[FOLDER]
    made = Databases(folder, worker, harness.in_memory(folder))
    yield made
    made.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, databases: Databases) -> Iterator[Database]:
    """An empty, migrated database; the test runs on SQLite and again on PostgreSQL.

    A test that asks for `bank` gets one in which the shipped bank was loaded once for the whole run.
    """
    with missing_server():
        with_bank = "bank" in request.fixturenames
        made = databases.lend(request.param, with_bank=with_bank)
    yield made
    databases.give_back(made, with_bank=with_bank)


@pytest.fixture
def bare_database(database: Database, databases: Databases) -> Iterator[Database]:
    """A database of the same kind without any table, for tests of migrations."""
    made = databases.bare(database.dialect)
    yield made
    databases.drop(made)


class missing_server:  # noqa: N801 - reads as a statement
    """Turns a machine without PostgreSQL into a skip, and into a failure in CI."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, harness.PostgresMissing):
            harness.lacking(str(error))


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> jinja2.BytecodeCache:
    """Templates are compiled once per worker, not once per app."""
    return jinja2.FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def kept_apps() -> dict[str, Kept]:
    """Apps without settings of their own, by the address of their database."""
    return {}


@pytest.fixture
def make_app(
    database: Database,
    databases: Databases,
    compiled_templates: jinja2.BytecodeCache,
    kept_apps: dict[str, Kept],
) -> Iterator[Callable[..., Flask]]:
    """Makes apps on this test's database: make_app(PASSWORD_MINIMUM=12). CSRF protection is on, as always."""
    from quizapp import create_app
    from quizapp.db import db

    apps = []
    kept = kept_apps.pop(database.url, None)
    place = databases.place(database)

    def make(**overrides: Any) -> Flask:
        nonlocal kept
        if kept and not overrides and not apps:
            app = kept.app
        else:
            app = create_app(harness.settings(database, place) | overrides)
            app.jinja_env.bytecode_cache = compiled_templates
            if not overrides and not apps:
                kept = Kept(app)
        app.test_client_class = _client_class()
        apps.append(app)
        return app

    yield make
    for app in apps:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()
    if kept and kept.put_back():
        kept_apps[database.url] = kept
    else:
        shutil.rmtree(place, ignore_errors=True)


def _client_class() -> type:
    from tests.http import QuizClient

    return QuizClient


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app, with its context pushed: tests use `db.session` and call actions straight away."""
    from quizapp.db import db

    app = make_app()
    with app.app_context():
        yield app
        db.session.remove()
        held = sum(engine.pool.checkedout() for engine in db.engines.values())  # type: ignore[attr-defined]
    assert held == 0, f"{held} database connections were not given back"


@pytest.fixture
def client(app: Flask) -> Any:
    """A browser without script (`tests.http.QuizClient`), not signed in."""
    return app.test_client()


# Time and the outside world ---------------------------------------------------------------------------------


class Clock:
    """Moves the clock of this process; it stands still until it is moved again or the test ends."""

    def __init__(self) -> None:
        self._travels = ExitStack()

    def __call__(self, moment: datetime | str) -> datetime:
        """To this moment: an aware time, or words like "2026-12-25 09:00" as clocks in China show it."""
        if isinstance(moment, str):
            moment = datetime.fromisoformat(moment)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
        if moment.tzinfo is None:
            raise ValueError("a naive time says nothing: give an aware one, or words for China's time")
        self.back()
        self._travels.enter_context(time_machine.travel(moment, tick=False))
        return datetime.now(ZoneInfo("UTC"))

    def later(self, **span: float) -> datetime:
        """Forward by minutes=61, days=2, …"""
        return self(datetime.now(ZoneInfo("UTC")) + timedelta(**span))

    def back(self) -> None:
        """To the real time."""
        self._travels.close()


@pytest.fixture(autouse=True)
def the_node_has_the_servers_time() -> None:
    """What one test measured between this machine and a database server must not move the time of the next."""
    from quizapp import clock

    clock._offset = timedelta(0)


@pytest.fixture
def at() -> Iterator[Clock]:
    """`at("2026-12-25 23:59:59")`, `at(attempt.closes_at)`, `at.later(minutes=61)`."""
    clock = Clock()
    yield clock
    clock.back()


@pytest.fixture(scope="session")
def own_address() -> str:
    """An address of this machine that is not loopback, as a colleague in the same office would use."""
    if OWN_ADDRESS is None:
        pytest.skip("this machine has no network address besides loopback")
    return OWN_ADDRESS


def _find_own_address() -> str | None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks the system which address it would use
        except OSError:
            return None
        return str(probe.getsockname()[0])


OWN_ADDRESS = _find_own_address()
_outbound: list[str] = []


def _watch_sockets(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: connections to anything but this machine fail, whoever tries (hazard H44)."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = arguments
    else:
        return
    host = address[0] if isinstance(address, tuple) else None  # a path: a socket of this machine
    if isinstance(host, bytes):
        host = host.decode()
    if host and not _is_here(host):
        _outbound.append(f"{host}:{address[1]}")
        raise PermissionError(f"tests reach nothing outside this machine, not {host}:{address[1]}")


def _is_here(host: str) -> bool:
    if host in ("localhost", OWN_ADDRESS):
        return True
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return False
    return parsed.is_loopback or parsed.is_unspecified


@pytest.fixture(autouse=True)
def nothing_goes_out() -> Iterator[list[str]]:
    """Fails the test that tried to reach the internet, even where the app swallowed the error."""
    _outbound.clear()
    yield _outbound
    tried, _outbound[:] = list(_outbound), []
    assert not tried, f"the app tried to reach {tried}"
