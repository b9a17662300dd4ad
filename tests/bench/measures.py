"""What is measured. Every way of the app is compared with a bare Flask view that gives back the same bytes in the
same server, in rounds that take turns (bare, SQLite, PostgreSQL, bare, …), so that a slow moment slows all of them.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from quizapp import clock
from quizapp.bank.actions import load_folder
from tests.bench import analysing, assembly, county, imports, load, offline, province, rosters, servers
from tests.bench.county import Sitting
from tests.bench.rows import Row, at_least, at_most, fact, missing
from tests.databases import Databases, PostgresMissing, in_app, once, settings, start_server

ROUNDS = 5
CONNECTIONS = 32
PER_ROUND = 192  # attempts that are opened, and later handed in, in one round
SAVES = 3  # for each of them in one round of saves
PAGES, REPORTS = 96, 64  # requests in one round
BARE = 2000  # requests in one bare round, at least: it is over sooner
SITTINGS = CONNECTIONS + ROUNDS * PER_ROUND
DIALECTS = ("sqlite", "postgresql")
DURABLE = {  # PostgreSQL as people run it, not as tests do
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "wal_level": "replica",
    "shared_buffers": "128MB",
}

# Shares of the bare view's rate. A save: the rate that the design measured, 1,610/s beside 12,700–15,200/s. The others
# follow from it: an opening and a hand-in are a few saves' worth of statements, a paper is 4 ms of template,
# a report some queries more.
GOALS = {"save": 0.10, "open": 0.03, "page": 0.03, "hand-in": 0.02, "report": 0.01}
DEMO_SECONDS = 20.0
QUESTIONS_A_SECOND = 50.0
WORDS = {  # what stands in every good reply
    "save": b'"code":"saved"',
    "open": b'"code":"opened"',
    "page": b'id="paper"',
    "hand-in": b'"code":"handed_in"',
    "report": "应考".encode(),
}
WAYS = tuple(WORDS)
Say = Callable[[str], None]
Queues = list[list[bytes]]  # requests by connection


@dataclass
class Site:
    """The app on one database: its server and what can be asked of it."""

    dialect: str
    server: servers.Server
    sittings: list[Sitting]
    report: bytes
    count: Callable[[], dict[str, int]]
    opened: int = 0  # how many of the sittings have been
    handed_in: int = 0
    revision: int = 0


@dataclass
class Result:
    """The rounds of one way on one server."""

    rounds: list[load.Round] = field(default_factory=list)
    processor: float = 0.0  # seconds that the server's own processes took for all of them
    stored: tuple[int, int] | None = None  # acknowledged, and found in the database afterwards


class Run:
    """One run: databases and servers are made when a measure first needs them, and end with it."""

    def __init__(self, folder: Path, chosen: set[str], say: Say, people: int, sheets: int) -> None:
        """people: of the province. sheets: of the analysis."""
        self._folder, self._chosen, self._say = folder, chosen, say
        self._people, self._sheets = people, sheets
        self._databases = Databases(folder, "bench")
        self._stack = ExitStack()
        self._lacking = ""

    def rows(self) -> Iterator[Row]:
        """Every chosen figure, as soon as it is there."""
        with self._stack:
            yield fact(
                "fsync", _fsyncs(self._folder), "4 KB appends made durable each second, one after the other"
            )
            if "bank" in self._chosen:
                yield self._bank()
            if "import" in self._chosen:
                yield from self._import()
            if "roster" in self._chosen:
                yield from self._roster()
            if "assembly" in self._chosen:
                self._say("measuring assembly")
                yield from assembly.rows()
            if self._chosen & {"demo", *WAYS}:
                demos, sites = self._prepare()
                if "demo" in self._chosen:
                    yield from demos
                yield from self._ways(sites)
            if "offline" in self._chosen:
                yield from self._offline()
            if "province" in self._chosen:
                yield from self._province()
            if "analysis" in self._chosen:
                yield from self._analysis()
            if self._lacking:
                yield missing("postgresql", self._lacking)

    def _province(self) -> Iterator[Row]:
        try:
            once(self._folder, "server", lambda: start_server(self._folder, DURABLE))
            database = self._databases.prepared("postgresql")
        except PostgresMissing as error:
            self._lacking = str(error)
            return
        place = self._folder / "province"
        place.mkdir()
        told = settings(database, place)
        del told["TESTING"], told["CLOCK_CHECK_SECONDS"]
        yield from province.rows(told, place, self._people, self._say)
        self._databases.drop(database)

    def _analysis(self) -> Iterator[Row]:
        try:
            once(self._folder, "server", lambda: start_server(self._folder, DURABLE))
            database = self._databases.prepared("postgresql")
        except PostgresMissing as error:
            self._lacking = str(error)
            return
        place = self._folder / "analysis"
        place.mkdir()
        told = settings(database, place)
        del told["TESTING"], told["CLOCK_CHECK_SECONDS"]
        yield from analysing.rows(told, self._sheets, self._say)
        self._databases.drop(database)

    # Preparing --------------------------------------------------------------------------------------------------

    def _prepare(self) -> tuple[list[Row], list[Site]]:
        demos, sites = [], []
        for dialect in DIALECTS:
            self._say(f"preparing {dialect}")
            try:
                if dialect == "postgresql":
                    once(self._folder, "server", lambda: start_server(self._folder, DURABLE))
                database = self._databases.prepared(dialect)
            except PostgresMissing as error:
                self._lacking = str(error)
                continue
            place = self._folder / f"site-{dialect}"
            place.mkdir()
            told = settings(database, place)
            del told["TESTING"], told["CLOCK_CHECK_SECONDS"]  # served as to people
            wall, own = in_app(told, county.build_demo)
            detail = f"seconds on the clock; {own:.1f} s of them this process's own work"
            demos.append(at_most(f"demo-{dialect}", wall, DEMO_SECONDS, detail))
            if self._chosen & set(WAYS):
                sittings = in_app(told, lambda: county.prepare_sittings(SITTINGS + 1))
                report = in_app(told, county.report_request)
                server = self._stack.enter_context(servers.quizapp(told, place))
                count = lambda told=told: in_app(told, county.counted)  # noqa: E731
                sites.append(Site(dialect, server, sittings, report, count))
        return demos, sites

    # The ways of the app ----------------------------------------------------------------------------------------

    def _ways(self, sites: list[Site]) -> Iterator[Row]:
        if not sites:
            return
        bare = self._stack.enter_context(servers.bare_view(_sample(sites[0]), self._folder))
        for site in sites[1:]:
            _sample(site)
        for way in WAYS_IN_ORDER:
            if way in self._chosen or way == "open":  # what was never opened cannot be saved
                self._say(f"measuring {way}")
                yield from self._way(way, bare, sites)

    def _way(self, way: str, bare: servers.Server, sites: list[Site]) -> Iterator[Row]:
        make, bare_result = REQUESTS[way], Result()
        results = {site.dialect: Result() for site in sites}
        before = {site.dialect: site.count() for site in sites}
        for turn in range(ROUNDS + 1):  # turn 0 warms up and is not counted
            for site in sites:
                queues = make(site, warm_up=turn == 0)
                if site is sites[0]:
                    times = -(-BARE // sum(map(len, queues)))
                    twins = [[_bare(one, way) for one in queue] * times for queue in queues]
                    _fire(bare_result, bare, twins, way)
                _fire(results[site.dialect], site.server, queues, way)
        if way not in self._chosen:
            return
        for site in sites:
            result = results[site.dialect]
            kind = STORED.get(way)
            if kind:
                result.stored = _good(result), site.count()[kind] - before[site.dialect][kind]
            yield _row(way, site.dialect, result, bare_result)

    def _bank(self) -> Row:
        """Reading, checking and storing the shipped bank, as the first start does."""
        self._say("measuring bank")
        seconds, questions = [], 0
        for _ in range(3):
            database = self._databases.fresh("sqlite")

            def read() -> tuple[float, int]:
                began = time.perf_counter()
                report = load_folder(county.shipped_bank(), clock.now())
                return time.perf_counter() - began, report.published

            spent, questions = in_app(settings(database, self._folder), read)
            seconds.append(spent)
            self._databases.drop(database)
        usual = statistics.median(seconds)
        detail = f"questions a second: {questions} and the 条例 read, checked and stored in {usual:.2f} s"
        return at_least("bank", questions / usual, QUESTIONS_A_SECOND, detail)

    def _import(self) -> Iterator[Row]:
        self._say("measuring import")
        database = self._databases.fresh("sqlite")
        told = settings(database, self._folder)
        bank: Path = in_app(told, county.shipped_bank)
        in_app(told, lambda: load_folder(bank, clock.now()))
        yield from imports.rows(bank, told, self._folder)
        self._databases.drop(database)

    def _offline(self) -> Iterator[Row]:
        self._say("measuring offline")
        database = self._databases.prepared("sqlite")
        place = self._folder / "offline"
        place.mkdir()
        told = settings(database, place)
        del told["TESTING"], told["CLOCK_CHECK_SECONDS"]
        yield from offline.rows(told, place)
        self._databases.drop(database)

    def _roster(self) -> Iterator[Row]:
        self._say("measuring roster")
        try:
            once(self._folder, "server", lambda: start_server(self._folder, DURABLE))
            database = self._databases.fresh("postgresql")
        except PostgresMissing as error:
            yield missing("roster", str(error))
            return
        yield from rosters.rows(settings(database, self._folder))
        self._databases.drop(database)


def _sample(site: Site) -> dict[str, tuple[str, bytes]]:
    """Go every way once with one sitting; the replies are what the bare view gives back."""
    one, sheet = site.sittings.pop(), county.random_sheet(Random(0))
    asked = {
        "open": one.open(),
        "page": one.page(),
        "save": one.save(1, sheet),
        "hand-in": one.hand_in(2, sheet),
        "report": site.report,
    }
    replies = {}
    for way, request in asked.items():
        round_ = load.fire(site.server.port, [[request]], WORDS[way])
        head, _, body = round_.last.partition(b"\r\n\r\n")
        if not round_.sound:
            raise RuntimeError(f"{site.dialect}: {way} answered {head.decode()}\n{body.decode()[:2000]}")
        replies[way] = ("html" if way in ("page", "report") else "json", body)
    return replies


def _fire(result: Result, server: servers.Server, queues: Queues, way: str) -> None:
    before = server.processor_seconds() or 0.0
    result.rounds.append(load.fire(server.port, queues, WORDS[way]))
    result.processor += (server.processor_seconds() or 0.0) - before


def _bare(request: bytes, way: str) -> bytes:
    """The same request for the bare view: method, headers and body stay."""
    line, _, rest = request.partition(b"\r\n")
    return line.split(b" ", 1)[0] + f" /{way} HTTP/1.1\r\n".encode() + rest


# Requests of one round, by connection -----------------------------------------------------------------------------


def _dealt(requests: list[list[bytes]]) -> Queues:
    """Each sitting's requests stay in order on one connection."""
    return [
        [one for sitting in requests[start::CONNECTIONS] for one in sitting] for start in range(CONNECTIONS)
    ]


def opening(site: Site, *, warm_up: bool) -> Queues:
    """First openings: the clock of each sitting starts."""
    count = CONNECTIONS if warm_up else PER_ROUND
    these = site.sittings[site.opened : site.opened + count]
    site.opened += count
    return _dealt([[one.open()] for one in these])


def saving(site: Site, *, warm_up: bool) -> Queues:
    """Saves of whole sheets of 60 answers, several by each of many sittings."""
    chance = Random(site.revision)
    first, site.revision = site.revision + 1, site.revision + SAVES
    these = site.sittings[: CONNECTIONS if warm_up else PER_ROUND]
    return _dealt([[one.save(first + n, county.random_sheet(chance)) for n in range(SAVES)] for one in these])


def reading_paper(site: Site, *, warm_up: bool) -> Queues:
    """The exam page with its 60 questions."""
    return _dealt([[one.page()] for one in site.sittings[: CONNECTIONS if warm_up else PAGES]])


def handing_in(site: Site, *, warm_up: bool) -> Queues:
    """Hand-ins: stored, marked, counted."""
    count = CONNECTIONS if warm_up else PER_ROUND
    these = site.sittings[site.handed_in : site.handed_in + count]
    site.handed_in += count
    chance = Random(site.handed_in)
    return _dealt([[one.hand_in(site.revision + 1, county.random_sheet(chance))] for one in these])


def reporting(site: Site, *, warm_up: bool) -> Queues:
    """The completion report of the annual exam at the root of the demonstration county."""
    return _dealt([[site.report]] * (CONNECTIONS if warm_up else REPORTS))


REQUESTS = {
    "open": opening,
    "page": reading_paper,
    "save": saving,
    "hand-in": handing_in,
    "report": reporting,
}
WAYS_IN_ORDER = tuple(REQUESTS)  # what is handed in can no longer be saved
STORED = {"save": "save", "open": "open", "hand-in": "hand_in"}  # what each leaves in the database


def _row(way: str, dialect: str, result: Result, bare: Result) -> Row:
    rounds, bare_rate = result.rounds[1:], load.median(bare.rounds[1:])
    rate = load.median(rounds)
    detail = (
        f"{rate:.0f}/s against {bare_rate:.0f}/s bare; half within {load.percentile(rounds, 50):.0f} ms,"
        f" 99 of 100 within {load.percentile(rounds, 99):.0f} ms; processor {_each(result):.2f} ms a reply"
        f" against {_each(bare):.2f} ms"
    )
    if result.stored:
        detail += f"; acknowledged {result.stored[0]}, stored {result.stored[1]}"
    unexpected = _replies(result) - _good(result)
    if unexpected:
        detail += f"; {unexpected} replies were not the expected ones"
    sound = not unexpected and (result.stored is None or result.stored[0] == result.stored[1])
    return at_least(f"{way}-{dialect}", rate / bare_rate, GOALS[way], detail, sound=sound)


def _replies(result: Result) -> int:
    return sum(len(each.waits) for each in result.rounds)


def _good(result: Result) -> int:
    return sum(each.statuses[200] - each.unexpected for each in result.rounds)


def _each(result: Result) -> float:
    """Milliseconds of processor time that the server's own processes (not PostgreSQL's) took for one reply."""
    return result.processor / _replies(result) * 1000


def _fsyncs(folder: Path) -> float:
    """How often this disk makes 4 KB durable in a second: what every commit waits for."""
    path, block, count = folder / "fsync", os.urandom(4096), 0
    with path.open("wb", buffering=0) as file:
        began = time.perf_counter()
        while (spent := time.perf_counter() - began) < 1:
            file.write(block)
            os.fsync(file.fileno())
            count += 1
    path.unlink()
    return count / spent
