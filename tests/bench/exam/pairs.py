"""The measured pairs: a way of the product and its yardstick, in rounds that take turns."""

import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from sqlalchemy import func, select

from quizapp.attempts.models import Attempt, Closing, SheetEvent
from quizapp.db import db
from tests.bench.exam import sites
from tests.bench.exam.sites import CONNECTIONS, Site
from tests.bench.load import Round, median, percentile
from tests.bench.rows import Row, at_least, at_most
from tests.bench.servers import Server
from tests.faults.sittings import Sitting

ROUNDS = 5
EACH = 20 * CONNECTIONS  # requests of a round
SAVED, STARTED = b'"code":"saved"', b'"code":"started"'
HAND_INS = 6 * CONNECTIONS  # of one kind in a round; each uses up a sitting
PEOPLE = EACH + (ROUNDS + 1) * 2 * HAND_INS  # those who save, and those who hand in
BEGINNERS = (ROUNDS + 1) * 12 * CONNECTIONS
RAW_SECONDS = 1.0
GOALS = {
    "look": 0.22,  # of saves a second to the same request that writes nothing
    "naive": 3.0,  # to saves by ORM
    "raw": 0.22,  # to raw sqlite3
    "start": 40.0,
    "counters": 0.75,
}
SLOWEST_MS = 60.0  # 99 of 100 saves


def saves(site: Site, server: Server) -> Iterator[Row]:
    """Saves of 100 answers beside the request that writes nothing, the save by ORM, and raw sqlite3."""
    people, chance = site.people[:EACH], Random(site.dialect)
    sites.send(server, [sites.opening(one) for one in people], b'"code":"opened"')
    alone = [_saved(site, server, chance) for _ in range(2 + ROUNDS)][
        2:
    ]  # both workers know the pages by then
    ours, looks, naive, raw = list[Round](), list[Round](), list[Round](), list[float]()
    for turn in range(ROUNDS + 1):
        site.revision += 1
        paths = {
            "/attempts/TOKEN/sheet": ours,
            "/attempts/yardstick/look/TOKEN": looks,
            "/attempts/yardstick/answer": naive,
        }
        for path, rounds in paths.items():
            sheets = [sites.sheet_to(path, one, site.revision, chance) for one in people]
            rounds.append(sites.send(server, sheets, SAVED))
        if site.dialect == "sqlite":
            raw.append(_raw_rate(site.folder / f"raw-{turn}.db"))
    stored = site.run(_saves)
    sound = stored >= len(ours) * len(people)
    rate, told = median(ours[1:]), f"{median(ours[1:]):.0f} saves/s"
    for name, others, what in (("look", looks, "that write nothing"), ("naive", naive, "by ORM")):
        other = median(others[1:])
        detail = f"{told} ÷ {other:.0f}/s {what}"
        yield at_least(f"save-{name}-{site.dialect}", rate / other, GOALS[name], detail, sound=sound)
    if raw:
        other = statistics.median(raw[1:])
        detail = f"{told} ÷ {other:.0f}/s raw sqlite3 FULL, one row a commit, one thread"
        yield at_least("save-raw-sqlite", rate / other, GOALS["raw"], detail, sound=sound)
    half, each = percentile(alone, 50), median(alone)
    detail = f"ms for 99 of 100 saves, {CONNECTIONS} connections, {each:.0f}/s; half within {half:.0f} ms"
    yield at_most(f"save-p99-{site.dialect}", percentile(alone, 99), SLOWEST_MS, detail, sound=sound)


def _saved(site: Site, server: Server, chance: Random) -> Round:
    """A round of saves with nothing between it and the next: yardsticks by ORM leave rubbish behind in the workers, and
    collecting it would hold up whoever saves then."""
    site.revision += 1
    path = "/attempts/TOKEN/sheet"
    return sites.send(
        server, [sites.sheet_to(path, one, site.revision, chance) for one in site.people[:EACH]], SAVED
    )


def _raw_rate(path: Path) -> float:
    """Rows a second that one thread commits one by one, WAL and synchronous=FULL."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, sheet TEXT)")
        began, count = time.perf_counter(), 0
        while (spent := time.perf_counter() - began) < RAW_SECONDS:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO line (sheet) VALUES (?)", ("A.B." * 50,))
            connection.execute("COMMIT")
            count += 1
    return count / spent


def _saves() -> int:
    return db.session.scalar(select(func.count()).where(SheetEvent.kind == "save")) or 0


def starts(site: Site, server: Server) -> Iterator[Row]:
    """A press of 开始答题: 100 questions drawn, layout written, clock started; beside a row for each by ORM."""
    each = len(site.beginners) // (ROUNDS + 1)
    ours, naive = list[Round](), list[Round]()
    for turn in range(ROUNDS + 1):
        these = site.beginners[turn * each : (turn + 1) * each]
        requests = [sites.start(one, "/my-exams/EXAM") for one in these]
        ours.append(sites.send(server, requests, b"/attempts/", 303))
        slow = [sites.start(one, "/my-exams/yardstick/EXAM") for one in these[: max(CONNECTIONS, each // 8)]]
        naive.append(sites.send(server, slow, STARTED))
    begun = site.run(lambda: _begun(site.beginners[0].exam_id))
    rate, other = median(ours[1:]), median(naive[1:])
    slowest = percentile(ours[1:], 99)
    detail = f"{rate:.0f} starts/s ÷ {other:.1f}/s by ORM with 100 rows; 99 of 100 within {slowest:.0f} ms"
    sound = begun == each * (ROUNDS + 1)
    yield at_least(f"start-{site.dialect}", rate / other, GOALS["start"], detail, sound=sound)


def _begun(exam_id: int) -> int:
    counted = select(func.count()).where(
        Attempt.exam_id == exam_id, Attempt.state == "in_progress", Attempt.epoch == 1
    )
    return db.session.scalar(counted) or 0


def hand_ins(site: Site, server: Server, bare: Server) -> Iterator[Row]:
    """Hand-ins with marking, the candidate's result and the counters; beside them without the counters."""
    each, chance, left = HAND_INS, Random(site.dialect), site.people[EACH:PEOPLE]
    with_, without = list[Round](), list[Round]()
    before = site.run(_closings)
    for _ in range(ROUNDS + 1):
        for at, rounds in ((server, with_), (bare, without)):
            these, left = left[:each], left[each:]
            sites.send(at, [sites.opening(one) for one in these], b'"code":"opened"')
            sheets = [_hand_in(one, site, chance) for one in these]
            rounds.append(sites.send(at, sheets, b'"code":"handed_in"'))
    rate, other = median(with_[1:]), median(without[1:])
    slowest = percentile(with_[1:], 99)
    detail = f"{rate:.0f} hand-ins/s ÷ {other:.0f}/s without counters; 99 of 100 within {slowest:.0f} ms"
    sound = site.run(_closings) - before == 2 * each * (ROUNDS + 1)
    yield at_least(f"hand-in-{site.dialect}", rate / other, GOALS["counters"], detail, sound=sound)


def _hand_in(one: Sitting, site: Site, chance: Random) -> bytes:
    return sites.sheet_to("/attempts/TOKEN/hand-in", one, site.revision + 10, chance, "POST")


def _closings() -> int:
    return db.session.scalar(select(func.count()).select_from(Closing)) or 0
