"""Rounds of things that arrive at once: threads that are kept, sheets that are open, and who was told what.

with Runners(app, 5) as runners:
    for sitter in opened(sittings.prepare(1000)):
        sitter.note(runners.at_once([work, …]))
"""

import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, update

from quizapp import clock, together
from quizapp.attempts import journal, runs
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.attempts.outcomes import HandedIn, Outcome, Saved
from quizapp.attempts.protocol import SheetBody
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import LoginSession
from quizapp.people.sessions import Ticket
from tests.faults.examinees import Record
from tests.faults.sittings import Sitting

PATIENCE = 60  # seconds that a round may take before it counts as stuck
Work = Callable[[], Any]
Told = tuple[SheetBody, Outcome]


class Runners:
    """Threads, each with an app context of its own, that do one work a round and all start at the same moment."""

    def __init__(self, app: Flask, size: int) -> None:
        self._app = app
        self._inboxes: list[queue.SimpleQueue[Any]] = [queue.SimpleQueue() for _ in range(size)]
        self._done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self._threads = [threading.Thread(target=self._run, args=(each,)) for each in self._inboxes]

    def __enter__(self) -> "Runners":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_about: object) -> None:
        for inbox in self._inboxes:
            inbox.put(None)
        for thread in self._threads:
            thread.join(PATIENCE)

    def at_once(self, works: Sequence[Work]) -> list[Any]:
        """What each work gave after its commit, in order; the first failure is raised."""
        db.session.commit()
        start = threading.Barrier(len(works), timeout=PATIENCE)
        for number, work in enumerate(works):
            self._inboxes[number].put((number, work, start))
        found = dict(self._done.get(timeout=2 * PATIENCE) for _ in works)
        for result in found.values():
            if isinstance(result, Exception):
                raise result
        return [found[number] for number in range(len(works))]

    def _run(self, inbox: "queue.SimpleQueue[Any]") -> None:
        with self._app.app_context():
            while (job := inbox.get()) is not None:
                self._done.put(self._one(*job))

    def _one(self, number: int, work: Work, start: threading.Barrier) -> tuple[int, Any]:
        try:
            start.wait()
            result = work()
            db.session.commit()
            return number, result
        except Exception as error:  # noqa: BLE001 - raised again by `at_once`
            return number, error
        finally:
            db.session.remove()


@dataclass
class Sitter:
    """One person whose sheet is open in one page: epoch 1."""

    attempt_id: int
    candidate_id: int
    exam_id: int
    slots: int
    claim: Ticket
    limit: datetime  # the last moment at which a save counts
    record: Record
    seen: set[type] = field(default_factory=set)  # the outcomes of its rounds

    @property
    def token(self) -> str:
        return self.record.token

    def note(self, told: Iterable[Told]) -> None:
        """Keep what was acknowledged; two different receipts for one sheet are trouble."""
        for body, outcome in sorted(told, key=lambda each: not getattr(each[1], "first", False)):
            self.seen.add(type(outcome))
            if isinstance(outcome, Saved):
                self.record.saved.append((body.epoch, body.revision, body.sheet))
            elif isinstance(outcome, HandedIn) and self.record.receipt is None:
                self.record.handed_in, self.record.receipt = body.sheet, outcome.receipt
                self.record.digest = outcome.digest
            elif isinstance(outcome, HandedIn) and (outcome.first or outcome.receipt != self.record.receipt):
                self.record.trouble = f"a second receipt, {outcome.receipt} beside {self.record.receipt}"
        self.record.saved.sort()


def claims() -> dict[int, Ticket]:
    """The sign-ins of `sittings.prepare`, by person."""
    rows = db.session.execute(select(LoginSession.id, LoginSession.person_id))
    return {row.person_id: Ticket(row.id, row.person_id) for row in rows}


def opened(sat: Sequence[Sitting]) -> list[Sitter]:
    """Open all sheets of one exam in their first pages, as so many openings would. Each ends a second later than the
    one before it, so that a sweep closes one at a time."""
    now, signed_in = clock.now(), claims()
    tokens = {each.token: each for each in sat}
    rows = [row for row in db.session.scalars(select(Attempt).order_by(Attempt.id)) if row.token in tokens]
    grace = timedelta(seconds=db.session.get_one(Exam, rows[0].exam_id).grace_s)
    changes = [
        {
            "id": row.id,
            "closes_at": (end := now + timedelta(hours=1, seconds=n)),
            "refused_after": end + grace,
        }
        for n, row in enumerate(rows)
    ]
    start = {"state": "in_progress", "started_at": now, "epoch": 1, "page_key": "the first page"}
    db.session.execute(update(Attempt), [change | start for change in changes])
    for candidate_id in [row.candidate_id for row in rows if row.candidate_id]:
        together.write(*tallies.start_of(db.session.get_one(Candidate, candidate_id)))
    lines = [
        journal.row(row.id, "open", epoch=1, revision=0, sheet=row.sheet, now=now, extra="") for row in rows
    ]
    db.session.execute(insert(SheetEvent), lines)
    db.session.commit()
    return [
        Sitter(
            row.id,
            int(row.candidate_id or 0),
            row.exam_id,
            row.slots,
            signed_in[row.person_id],
            change["refused_after"],
            Record(row.token),
        )
        for row, change in zip(rows, changes, strict=True)
    ]


def further_run(exam_id: int, number: int, actor_id: int) -> int:
    """A prepared marking run in which every question earns its points, or again only its key; its id."""
    treatment = "full" if number % 2 else "normal"
    keys = {
        key: replace(old, treatment=treatment) for key, old in runs.current({exam_id})[exam_id].keys.items()
    }
    run_id = runs.prepare(exam_id, keys, actor_id=actor_id, reason="更正", now=clock.now()).id
    db.session.commit()
    return run_id
