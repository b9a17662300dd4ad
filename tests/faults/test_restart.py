"""Restarts under load. `quizapp serve` takes a new version by a stop and a start, fresh processes of the same version
by a reload; gunicorn takes a new version by a reload. Nobody's sheet is lost and nobody is sent away.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import DIALECTS
from tests.databases import ROOT
from tests.faults.counting import SEED, trials
from tests.faults.examinees import Crowd, Pace
from tests.faults.sittings import Sitting, prepare
from tests.faults.verdict import Judge
from tests.live import Live, children_of, soon

pytestmark = [
    pytest.mark.from_scratch,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc"),
]

PEOPLE = 60
PACE = Pace(think=0.2, saves=None)
PATIENCE = 60  # seconds for new processes on a crowded machine
WAITING = replace(
    PACE, patience=PATIENCE
)  # while gunicorn's new workers load the app, requests wait for them


def crowd_at(live: Live, sittings: list[Sitting], pace: Pace = PACE) -> Crowd:
    return Crowd(sittings, [(live.host, live.port)], at_once=PEOPLE, pace=pace, seed=SEED)


def goes_on(crowd: Crowd) -> bool:
    """Whether as many saves as there are people are acknowledged from now on."""
    before = crowd.acknowledged
    return soon(lambda: crowd.acknowledged >= before + PEOPLE, PATIENCE)


def reload(server: int, workers: int) -> bool:
    """SIGHUP: new web workers take the place of the old ones. Whether they have."""
    consumer = {child for child, words in children_of(server).items() if " worker " in words}
    old = children_of(server).keys() - consumer
    os.kill(server, signal.SIGHUP)

    def replaced() -> bool:
        now = children_of(server).keys() - consumer
        return len(now) == workers and not now & old

    return soon(replaced, PATIENCE)


@pytest.mark.parametrize("live", DIALECTS, indirect=True)
def test_a_reload_under_load_leaves_no_save_unacknowledged_after_the_pages_retry(live, count):
    made = trials(10)
    sittings = live.run(lambda: prepare(PEOPLE))
    with crowd_at(live, sittings) as crowd:
        assert goes_on(crowd)
        for _ in range(made):
            assert reload(live.pid, workers=2)
            assert goes_on(crowd)
        records = crowd.finish()
    found = Judge(live.settings).compare(records, over=True)
    again = f"{crowd.heard.unanswered()} of {sum(crowd.heard.replies.values())} requests sent again"
    found.count(count, "quizapp serve reloaded (SIGHUP)", live.database.dialect, made, "reloads", again)


@pytest.mark.parametrize("live", ["sqlite"], indirect=True)
def test_a_stop_and_a_new_start_under_load_leave_no_save_unacknowledged(live, count):
    made = trials(10)
    sittings = live.run(lambda: prepare(PEOPLE))
    with crowd_at(live, sittings) as crowd:
        for _ in range(made):
            assert goes_on(crowd)
            live.stop()
            live.start()
        assert goes_on(crowd)
        records = crowd.finish()
    found = Judge(live.settings).compare(records, over=True)
    again = f"{crowd.heard.unanswered()} of {sum(crowd.heard.replies.values())} requests sent again"
    found.count(count, "quizapp serve stopped and started", live.database.dialect, made, "restarts", again)


@contextmanager
def gunicorn(live: Live) -> Iterator[int]:
    """wsgi.py under gunicorn's threads, on the port and the database of a server that does not run; its id."""
    place = f"{live.host}:{live.port}"
    how = (
        "--worker-class",
        "gthread",
        "--workers",
        "2",
        "--threads",
        "8",
        "--bind",
        place,
        "--no-control-socket",
    )
    with live.log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", *how, "wsgi:app"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=ROOT,
            env=live.environment,
            start_new_session=True,
        )
    try:
        assert soon(live.is_well, PATIENCE), live.log.read_text()[-2000:]
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_reload_of_gunicorn_under_load_leaves_no_save_unacknowledged_without_a_retry(make_live, count):
    made, live = trials(10), make_live("postgresql")
    sittings = live.run(lambda: prepare(PEOPLE))
    with gunicorn(live) as server, crowd_at(live, sittings, WAITING) as crowd:
        assert goes_on(crowd)
        for _ in range(made):
            assert reload(server, workers=2)
            assert goes_on(crowd)
        records = crowd.finish()
    found = Judge(live.settings).compare(records, over=True)
    assert crowd.heard.unanswered() == 0, crowd.heard.replies
    found.count(count, "gunicorn reloaded (SIGHUP)", "postgresql", made, "reloads", "0 requests sent again")
