"""A province of a million people on PostgreSQL: built, reported, searched and exported by the app as people use it.

Ratios compare the statements of a report with a bare aggregate over all results by an index of its own, in turns. The
goals are meant for the million: of a smaller province the figures are told without them.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select, text, update

from quizapp import clock
from quizapp.db import db
from quizapp.demo.province_people import BUREAU, HOME
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.people.models import Person, Unit
from quizapp.reports import queries, reconciling
from tests.bench import county, imports, load, practising, servers
from tests.bench.rows import Row, at_most, fact
from tests.databases import in_app

MILLION = 1_000_000
SECONDS, MEGABYTES = 900.0, 2048.0  # to build it
SHARES = {"root": 0.5, "city": 0.05, "county": 0.02}  # of the bare aggregate
ROOT_PAGE, PAGE = 100.0, 60.0  # milliseconds at the median
EXPORTED, EXPORT_SECONDS, EXPORT_MEGABYTES = 100_000, 30.0, 300.0
TURNS, REPEATED, ASKED = 10, 5, 20
WARMED = 6  # connections that ask before, so that every worker has seen every page and a start is over
BARE = "SELECT count(points), sum(points), avg(points) FROM candidate WHERE exam_id = :exam"
EXPORT = """
import json, re, sys, time
from pathlib import Path
from quizapp import create_app
client, began = create_app().test_client(use_cookies=False), time.monotonic()
reply = client.get(sys.argv[1], headers={"Cookie": sys.argv[2]})
spent = time.monotonic() - began
said = Path("/proc/self/status").read_text()  # getrusage would tell the parent's peak too, as of before the exec
peak = int(re.search(r"VmHWM:\\s+(\\d+)", said)[1]) / 1024
print(json.dumps([reply.status_code, len(reply.data), spent, peak]))
"""


@dataclass(frozen=True)
class Places:
    """Where the leader looks: the exam, a unit of each size with its id, somebody with a result, and who looks."""

    exam: int
    units: dict[str, int]
    people: dict[str, int]  # candidates of each
    person: int
    name: str
    cookie: str


def rows(told: Mapping[str, Any], folder: Path, people: int, say: Callable[[str], None]) -> Iterator[Row]:
    """told: settings of an installation on PostgreSQL with the shipped bank and without people."""
    for row in _rows(told, folder, people, say):
        whole = people >= MILLION or row.goal is None
        yield row if whole else replace(row, goal=None, holds=None)


def _rows(told: Mapping[str, Any], folder: Path, people: int, say: Callable[[str], None]) -> Iterator[Row]:
    say(f"building a province of {people} people")
    yield from _built(told, people)
    say("letting every tenth person practise")
    yield in_app(dict(told), practising.practised)
    yield from practising.counted(*json.loads(_run(told, practising.COUNT)[-1]))
    yield from in_app(dict(told), lambda: list(practising.kept()))
    say("measuring the reports of the province")
    yield from in_app(dict(told), _shares)
    places: Places = in_app(dict(told), _places)
    with servers.quizapp(told, folder) as server:
        yield from _pages(server, places)
    say("measuring the export of the province")
    yield from _export(told, places)
    yield in_app(dict(told), _reconciled)


def _run(told: Mapping[str, Any], *arguments: str) -> list[str]:
    environment = os.environ | {f"QUIZAPP_{name}": str(value) for name, value in told.items()}
    done = subprocess.run(
        [sys.executable, "-c", *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def _built(told: Mapping[str, Any], people: int) -> Iterator[Row]:
    *said, figures = _run(told, imports.MEASURED, "demo", "--people", str(people))
    seconds, peak, own = json.loads(figures)
    sound = any("李文" in line for line in said)
    detail = (
        f"seconds for {people} people with sheets and results; {own:.0f} s of them this process's own work"
    )
    yield at_most("province", seconds, SECONDS, detail, sound=sound)
    yield at_most("province-memory", peak, MEGABYTES, "megabytes at most, of the command", sound=sound)


# What the database takes for the figures --------------------------------------------------------------------


def _shares() -> list[Row]:
    """The statements of a report at each size of unit, as shares of the bare aggregate: the quickest of many turns of
    each, since what else runs on a machine adds more to a millisecond than to a hundred."""
    places = _places()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE INDEX bench_bare ON candidate (exam_id) INCLUDE (points)"))
        connection.execute(text("VACUUM (ANALYZE) candidate"))
    acts: dict[str, Callable[[], Any]] = {
        "bare": lambda: db.session.execute(text(BARE), {"exam": places.exam}).all()
    }
    for size, unit_id in places.units.items():
        top = db.session.get_one(ExamUnit, (places.exam, _lft(places.exam, unit_id)))
        acts[size] = lambda top=top: queries.unit_rows(places.exam, top)
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(TURNS):
        for name, act in acts.items():
            spent[name] += [_statements(act) for _ in range(REPEATED)]
    least = {name: min(times) * 1000 for name, times in spent.items()}
    db.session.execute(text("DROP INDEX bench_bare"))
    counted = f"against {least['bare']:.0f} ms for count, sum and average of {places.people['root']} results"
    return [
        at_most(
            f"province-{size}",
            least[size] / least["bare"],
            share,
            f"report in {least[size]:.1f} ms {counted}",
        )
        for size, share in SHARES.items()
    ]


def _lft(exam_id: int, unit_id: int) -> int:
    return db.session.scalars(
        select(ExamUnit.lft).where(ExamUnit.exam_id == exam_id, ExamUnit.unit_id == unit_id)
    ).one()


def _statements(act: Callable[[], Any]) -> float:
    """Seconds that the statements of an act take, as its driver sees them."""
    taken, began = [], [0.0]

    def before(*_: Any) -> None:
        began[0] = time.perf_counter()

    def after(*_: Any) -> None:
        taken.append(time.perf_counter() - began[0])

    event.listen(db.engine, "before_cursor_execute", before)
    event.listen(db.engine, "after_cursor_execute", after)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", before)
        event.remove(db.engine, "after_cursor_execute", after)
    return sum(taken)


def _places() -> Places:
    now = clock.now()
    exam_id = db.session.scalars(select(Exam.id)).one()
    leader = db.session.scalars(select(Person.id).where(Person.name == "李文").order_by(Person.id)).first()
    db.session.execute(update(Person).where(Person.id == leader).values(notice_accepted_at=now))
    of_code = dict(db.session.execute(select(Unit.code, Unit.id).where(Unit.code.in_(CODES.values()))).all())
    units = {size: of_code[code] for size, code in CODES.items()}
    people = {size: _people(exam_id, unit_id) for size, unit_id in units.items()}
    somebody = select(Candidate.person_id, Candidate.name).where(
        Candidate.unit_id == units["county"], Candidate.sat
    )
    person, name = db.session.execute(somebody.order_by(Candidate.id).limit(1)).one()
    assert leader is not None
    [headers] = county.sign_in([leader], now, "short")
    return Places(exam_id, units, people, person, name, headers["Cookie"])


CODES = {"root": HOME[:2], "city": HOME[:4], "county": HOME, "unit": BUREAU}


def _people(exam_id: int, unit_id: int) -> int:
    top = db.session.get_one(ExamUnit, (exam_id, _lft(exam_id, unit_id)))
    wanted = select(func.count()).where(Candidate.exam_id == exam_id, Candidate.lft.between(top.lft, top.rgt))
    return db.session.scalar(wanted) or 0


# The leader's pages -----------------------------------------------------------------------------------------


def _pages(server: servers.Server, places: Places) -> Iterator[Row]:
    exam, names = f"/reports/exams/{places.exam}", f"/reports/exams/{places.exam}/people"
    of = places.units
    asked = {
        "page-root": f"{exam}?unit={of['root']}",
        "page-city": f"{exam}?unit={of['city']}",
        "page-county": f"{exam}?unit={of['county']}",
        "page-unit": f"{exam}?unit={of['unit']}",
        "index": "/reports/",
        "open-root": f"{names}?unit={of['root']}&only=open",
        "open-city": f"{names}?unit={of['city']}&only=open",
        "open-county": f"{names}?unit={of['county']}&only=open",
        "open-unit": f"{names}?unit={of['unit']}&only=open",
        "search-root": f"{names}?unit={of['root']}&only=&q={SEARCHED}",
        "search-county": f"{names}?unit={of['county']}&only=&q={SEARCHED}",
        "person": f"/reports/people/{places.person}",
        "daily-root": f"/reports/daily?unit={of['root']}",
        "daily-city": f"/reports/daily?unit={of['city']}",
        "daily-county": f"/reports/daily?unit={of['county']}",
        "daily-unit": f"/reports/daily?unit={of['unit']}",
        "mastery-root": f"/reports/mastery?unit={of['root']}",
        "mastery-city": f"/reports/mastery?unit={of['city']}",
        "mastery-county": f"/reports/mastery?unit={of['county']}",
        "mastery-unit": f"/reports/mastery?unit={of['unit']}",
        "briefing-root": f"/reports/briefing?unit={of['root']}",
        "briefing-city": f"/reports/briefing?unit={of['city']}",
        "briefing-county": f"/reports/briefing?unit={of['county']}",
        "home": "/",
    }
    requests = {name: load.request("GET", path, {"Cookie": places.cookie}) for name, path in asked.items()}
    for request in requests.values():
        load.fire(server.port, [[request]] * WARMED)
    for name, request in requests.items():
        before = server.processor_seconds() or 0.0
        done = load.fire(server.port, [[request] * ASKED], b"</html>")
        each = ((server.processor_seconds() or 0.0) - before) / ASKED * 1000
        if not done.sound:
            raise RuntimeError(f"{asked[name]} answered {dict(done.statuses)}")
        detail = (
            f"milliseconds at the median of {ASKED}; the quickest {load.percentile([done], 0):.0f} ms,"
            f" 9 of 10 within {load.percentile([done], 90):.0f} ms;"
            f" processor {each:.1f} ms a reply beside the database's"
        )
        median = load.percentile([done], 50)
        goal = ROOT_PAGE if name == "page-root" else PAGE
        yield at_most(f"province-{name}", median, goal, detail)


SEARCHED = "%E5%88%98%E6%B4%8B"  # 刘洋, hundreds of whom a million people have


def _export(told: Mapping[str, Any], places: Places) -> Iterator[Row]:
    """The workbook of the capital city: its figures, and every result with unit, name and 职务."""
    path = f"/reports/exams/{places.exam}/file.xlsx?unit={places.units['city']}"
    status, size, seconds, peak = json.loads(_run(told, EXPORT, path, places.cookie)[-1])
    count = places.people["city"]
    if status != 200 or size < 10 * count:
        raise RuntimeError(f"the export answered {status} with {size} bytes")
    detail = f"seconds for {count} results as .xlsx, {size / 1e6:.1f} MB"
    yield at_most("province-export", seconds, EXPORT_SECONDS, detail)
    what = "megabytes at most, of the whole process"
    yield at_most("province-export-memory", peak, EXPORT_MEGABYTES, what)


def _reconciled() -> Row:
    began = time.perf_counter()
    found = reconciling.reconcile()
    detail = f"seconds to count {found.units} units anew; {found.wrong} differ"
    return fact("province-reconcile", time.perf_counter() - began, detail)
