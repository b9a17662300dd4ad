"""A web worker killed with -9 under load, every three seconds (hazard H8)."""

import os
import signal
import time
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from quizapp.db import db
from tests.conftest import DIALECTS
from tests.faults import altered
from tests.faults.counting import FULL, SEED, trials
from tests.faults.examinees import Crowd, Pace
from tests.faults.sittings import prepare
from tests.faults.verdict import Judge, Verdict
from tests.live import Live

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")

PEOPLE = 400
EVERY = 3.0 if FULL else 1.2  # seconds
PACE = Pace(think=0.8, saves=30)
WRONG = altered.by("with the commit some time after the reply")


def commit_for_good() -> None:
    """The tests' PostgreSQL forgets its newest commits when it is killed; production waits for them."""
    if db.engine.dialect.name == "postgresql":
        name = db.engine.url.database
        db.session.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit TO on'))


def kill_one(live: Live, chance: Random) -> bool:
    """kill -9 for any of its web workers; whether there was one."""
    living = live.workers
    if living:
        os.kill(chance.choice(living), signal.SIGKILL)
    return bool(living)


def lost_by_a_wrong_server(live: Live) -> str:
    """The negative control, in words: the same kills and comparison, but it answers before it commits."""
    chance, judge, killed, found = Random(f"wrong {SEED}"), Judge(live.settings), 0, Verdict()
    live.start()
    sittings = live.run(lambda: prepare(60))
    pace = Pace(think=0.1, saves=None)
    with Crowd(sittings, [(live.host, live.port)], at_once=60, pace=pace, seed=SEED) as crowd:
        while killed < 40 and not found.lost:
            time.sleep(0.7)
            killed += kill_one(live, chance)
            found = judge.compare(crowd.records())
    live.kill()  # an orderly end would still write what was promised too early
    assert found.lost, f"40 kills and no loss: this kit finds nothing (seed {SEED})"
    return f"answers before it commits: {killed} kills lost {len(found.lost)}"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_h8_killed_web_workers_lose_nothing_that_was_acknowledged(dialect, make_live, count):
    control = lost_by_a_wrong_server(make_live(dialect, first=WRONG))
    live, kills, chance = make_live(dialect), trials(200), Random(f"workers {SEED}")
    live.run(commit_for_good)
    sittings = live.run(lambda: prepare(PEOPLE + 60 * kills))
    live.start()
    judge, found, killed = Judge(live.settings), Verdict(), 0
    with Crowd(sittings, [(live.host, live.port)], at_once=PEOPLE, pace=PACE, seed=SEED) as crowd:
        while killed < kills and found.holds:
            due = time.monotonic() + EVERY
            killed += kill_one(live, chance)
            found = judge.compare(crowd.records())
            time.sleep(max(0, due - time.monotonic()))
        assert crowd.left, "too few sittings for so many kills"
        records = crowd.finish()
    if found.holds:
        found = Judge(live.settings).compare(records, over=True)
    print(f"seed {SEED}, {crowd.heard.replies}")
    assert crowd.heard.unanswered() > 0, "no examinee noticed any kill"
    found.count(count, "web worker killed with -9", dialect, killed, "kills", control)
