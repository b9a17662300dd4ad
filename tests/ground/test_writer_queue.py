"""Writers of one machine take turns, whichever process and thread they belong to. Two queues of one process lock each
other out like those of two processes: each opens the files by itself."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from quizapp.writer_queue import TURNS_KEPT, WriterQueue

PATIENCE = 20.0


@pytest.fixture
def queues(tmp_path):
    """Those of three processes."""
    made = [WriterQueue(str(tmp_path / "quizapp.db")) for _ in range(3)]
    yield made
    for queue in made:
        queue.close()


def test_only_one_writes_at_a_time(queues):
    inside, most, done = 0, 0, []

    def write(queue):
        nonlocal inside, most
        for _ in range(20):
            queue.enter(PATIENCE)
            inside += 1
            most = max(most, inside)
            done.append(queue)
            inside -= 1
            queue.leave()

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(write, queues * 4))
    assert most == 1
    assert len(done) == 12 * 20


def test_no_process_is_passed_over_by_one_that_never_pauses(queues):
    busy, patient = queues[:2]
    stop, turns = threading.Event(), []

    def write_for_ever():
        while not stop.is_set():
            busy.enter(PATIENCE)
            turns.append("busy")
            busy.leave()

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(write_for_ever)
        try:
            for _ in range(20):
                patient.enter(PATIENCE)
                turns.append("patient")
                patient.leave()
        finally:
            stop.set()
    assert turns.count("patient") == 20


def test_a_turn_is_kept_for_a_few_threads_and_then_given_on(queues):
    own, other = queues[:2]
    own.enter(PATIENCE)
    with ThreadPoolExecutor(TURNS_KEPT + 1) as pool:
        order = []

        def write(queue, name):
            queue.enter(PATIENCE)
            order.append(name)
            queue.leave()

        waiting = [pool.submit(write, own, "own") for _ in range(TURNS_KEPT)]
        while own._waiting < TURNS_KEPT:
            time.sleep(0.001)
        waiting.append(pool.submit(write, other, "other"))
        while other._gate._file is None:
            time.sleep(0.001)
        own.leave()
    assert [each.result() for each in waiting] == [None] * (TURNS_KEPT + 1)
    assert order.index("other") == TURNS_KEPT - 1
    assert order.count("own") == TURNS_KEPT


def test_who_gives_up_leaves_no_turn_behind(queues):
    own, other = queues[:2]
    own.enter(PATIENCE)
    with ThreadPoolExecutor(4) as pool:
        givers_up = [pool.submit(own.enter, 0.05) for _ in range(4)]
        assert all(isinstance(each.exception(), sqlite3.OperationalError) for each in givers_up)
    own.leave()
    other.enter(1.0)
    other.leave()


def test_a_turn_that_does_not_come_is_refused_as_sqlite_would(queues):
    own, other = queues[:2]
    own.enter(PATIENCE)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.enter(0.05)
    own.leave()
    assert 0 < other.enter(1.0) <= 1.0
    other.leave()
