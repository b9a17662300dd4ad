"""PostgreSQL and all its processes killed with -9 under load, and recovered."""

import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from quizapp.db import db
from tests.conftest import FOLDER, missing_server
from tests.faults import cluster
from tests.faults.cluster import Cluster
from tests.faults.counting import SEED, trials
from tests.faults.examinees import Crowd, Pace
from tests.faults.sittings import prepare
from tests.faults.verdict import Judge, Verdict
from tests.live import Live, soon

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")

PEOPLE = 100
PACE = Pace(think=0.3, saves=20)
RECOVERED = 30  # seconds after which an open page has saved again: L2 of docs/exam-protocol.md, 9


@contextmanager
def served(folder: Path) -> Iterator[tuple[Cluster, Live]]:
    """The product on a server of its own."""
    place = folder / "live"
    place.mkdir()
    with missing_server(), cluster.running(folder) as its_database:
        live = Live(its_database.databases.prepared("postgresql"), place)
        try:
            yield its_database, live
        finally:
            live.kill()


def wait_for_the_disk(wanted: str) -> None:
    """synchronous_commit for whoever connects from now on: "off" answers before the journal is written."""
    name = db.engine.url.database
    db.session.execute(text("SET synchronous_commit TO on"))  # or the next line may itself be lost
    db.session.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit TO {wanted}'))


def status_of(live: Live) -> int:
    """What a page answers."""
    try:
        with urllib.request.urlopen(f"{live.url}/sign-in", timeout=20) as reply:  # noqa: S310
            return int(reply.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def one_kill(its_database: Cluster, live: Live, crowd: Crowd, chance: Random) -> None:
    """Some load, the kill, the answer of a page meanwhile, the recovery, and saves that are acknowledged again."""
    time.sleep(chance.uniform(0.3, 1.0))
    its_database.kill()
    assert status_of(live) == 503
    its_database.start()
    before = crowd.acknowledged
    assert soon(lambda: crowd.acknowledged >= before + PEOPLE, RECOVERED), "the examinees do not go on"


def lost_without_waiting(its_database: Cluster, live: Live) -> str:
    """The negative control, in words: commits that do not wait for the journal."""
    chance, judge, killed, found = Random(f"control {SEED}"), Judge(live.settings), 0, Verdict()
    sittings = live.run(lambda: prepare(PEOPLE))
    pace = Pace(think=0.3, saves=None)
    with Crowd(sittings, [(live.host, live.port)], at_once=PEOPLE, pace=pace, seed=SEED) as crowd:
        while killed < 20 and not found.lost:
            one_kill(its_database, live, crowd, chance)
            killed += 1
            found = judge.compare(crowd.records())
    assert found.lost, f"20 kills and no loss: this kit finds nothing (seed {SEED})"
    return f"synchronous_commit=off: {killed} kills lost {len(found.lost)}"


def test_a_killed_and_recovered_database_loses_nothing_that_was_acknowledged(pytestconfig, count):
    kills, chance = trials(100), Random(f"database {SEED}")
    folder = Path(tempfile.mkdtemp(prefix="killed-", dir=pytestconfig.stash[FOLDER]))
    with served(folder) as (its_database, live):
        live.run(lambda: wait_for_the_disk("off"))
        live.start()
        control = lost_without_waiting(its_database, live)
        live.run(lambda: wait_for_the_disk("on"))
        its_database.kill()  # nobody is still connected with the old setting
        its_database.start()
        sittings = live.run(lambda: prepare(PEOPLE + 60 * kills))
        judge, found, killed = Judge(live.settings), Verdict(), 0
        with Crowd(sittings, [(live.host, live.port)], at_once=PEOPLE, pace=PACE, seed=SEED) as crowd:
            while killed < kills and found.holds:
                one_kill(its_database, live, crowd, chance)
                killed += 1
                found = judge.compare(crowd.records())
            assert crowd.left, "too few sittings for so many kills"
            records = crowd.finish()
        if found.holds:
            found = Judge(live.settings).compare(records, over=True)
    print(f"seed {SEED}, {crowd.heard.replies}")
    assert not [reply for reply in crowd.heard.replies if " 500 " in reply]
    found.count(count, "PostgreSQL killed with -9 and recovered", "postgresql", killed, "kills", control)
