"""python -m tests.bench.exam: measure, print the table, put the rows into bench.json. A missed goal fails nothing."""

import argparse
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tests import databases as harness
from tests.bench import rows
from tests.bench.__main__ import machine, say
from tests.bench.exam import inside, pairs, rush, signing_in, sites
from tests.bench.exam.sites import Site
from tests.bench.measures import DIALECTS, DURABLE
from tests.bench.rows import Row, missing
from tests.databases import Databases

PARTS = ("save", "start", "hand-in", "page", "sweep", "sign-in", "rush", "soak")
SERVED = {"save", "start", "hand-in", "sign-in"}
CROWDS = {"rush", "soak"}  # they have databases of their own
RUSH = 5000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.exam", description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="leave the other parts out")
    parser.add_argument("--database", action="append", choices=DIALECTS)
    parser.add_argument("--rush", type=int, default=RUSH, metavar="PEOPLE")
    parser.add_argument("--soak", type=float, default=600.0, metavar="SECONDS")
    parser.add_argument("--output", metavar="FILE", type=Path, default=Path("bench.json"))
    chosen = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("QUIZAPP_")]:
        del os.environ[name]
    keeper, folder = harness.start_keeper()
    began, measured = time.monotonic(), list[Row]()
    print(machine(), flush=True)
    print(rows.HEADING)
    try:
        for row in measure(folder, chosen):
            measured.append(row)
            print(rows.line(row), flush=True)
    finally:
        harness.stop_keeper(keeper)
    rows.put(measured, chosen.output)
    print(f"{time.monotonic() - began:.0f} s; written to {chosen.output}")


def measure(folder: Path, chosen: argparse.Namespace) -> Iterator[Row]:
    """Every chosen figure on every chosen database."""
    parts = set(chosen.only or PARTS)
    databases = Databases(folder, "exam")
    for dialect in chosen.database or DIALECTS:
        try:
            if dialect == "postgresql":
                harness.once(folder, "server", lambda: harness.start_server(folder, DURABLE))
            site = _site_of_pairs(databases, dialect, folder) if parts - CROWDS else None
        except harness.PostgresMissing as error:
            yield missing("postgresql", str(error))
            continue
        if site is not None:
            yield from _pairs(site, parts)
        if "rush" in parts and dialect == "postgresql":
            crowd = _site(databases, dialect, folder, "rush", people=1, naive=1, beginners=chosen.rush)
            with crowd.server() as server:
                yield from rush.rush(crowd, server)
        if "soak" in parts and dialect == "postgresql":
            crowd = _site(
                databases, dialect, folder, "soak", people=rush.soakers(chosen.soak), naive=1, beginners=1
            )
            with crowd.server() as server:
                yield from rush.soak(crowd, server, chosen.soak)


def _site_of_pairs(databases: Databases, dialect: str, folder: Path) -> Site:
    counts = {
        "people": pairs.PEOPLE + 2 * inside.SWEPT,
        "naive": pairs.EACH,
        "beginners": pairs.BEGINNERS,
    }
    return _site(databases, dialect, folder, "pairs", **counts)


def _site(databases: Databases, dialect: str, folder: Path, name: str, **counts: int) -> Site:
    say(f"preparing {dialect} for {name}")
    database, place = databases.prepared(dialect), folder / f"{name}-{dialect}"
    place.mkdir()
    told = harness.settings(database, place)
    for served_otherwise in ("TESTING", "CLOCK_CHECK_SECONDS", "ARGON2_TIME_COST", "ARGON2_MEMORY_KIB"):
        del told[served_otherwise]
    return sites.make(dialect, told, place, **counts)


def _pairs(site: Site, parts: set[str]) -> Iterator[Row]:
    if "page" in parts and site.dialect == "postgresql":
        yield from inside.html(site)
    if parts & SERVED:
        with site.server() as server:
            if "save" in parts:
                yield from pairs.saves(site, server)
            if "start" in parts:
                yield from pairs.starts(site, server)
            if "hand-in" in parts:
                with site.server(BENCH_WITHOUT="counters") as bare:
                    yield from pairs.hand_ins(site, server, bare)
            if "sign-in" in parts and site.dialect == "postgresql":
                yield from signing_in.rows(site, server)
    if "sweep" in parts:
        yield from inside.sweep(site)


if __name__ == "__main__":
    main()
