"""Cuts: a database as it may be found after the power went at one moment, opened by the app and compared."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from quizapp.attempts.models import Attempt, AttemptMark, Closing, HeldSheet, SheetEvent
from quizapp.db import db, reading
from quizapp.exams.models import Candidate, Tally
from tests.faults.power import replay
from tests.faults.power.acknowledged import Acknowledged
from tests.faults.power.going_on import go_on
from tests.faults.power.recording import Recording
from tests.faults.sittings import Sitting
from tests.faults.verdict import Found, wrong_marks

GOES_ON = 10  # after every so many cuts the whole file is checked and the exam goes on in it
SHEETS = (Attempt, SheetEvent, HeldSheet, Closing, AttemptMark, Candidate, Tally)  # what a sheet changes


@dataclass(frozen=True)
class Cut:
    """One moment, and what the disk kept of what no sync had covered."""

    at: int  # operations of the recording that were done
    kept: str  # one of replay.LOSSES


@dataclass
class Findings:
    """What was lost, wrong and stuck after all cuts, in words."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    losing: Counter[str] = field(default_factory=Counter)  # cuts that lost something, by what the disk kept

    def __str__(self) -> str:
        return "\n".join([*self.lost[:10], *self.wrong[:10], *self.stuck[:10]])


def drawn(recording: Recording, count: int, chance: Random) -> list[Cut]:
    """Moments from the first request to the end, in order: anywhere, and one in four while the WAL is written back."""
    first = next(at for at, record in enumerate(recording.happened) if record.what == "R")
    rare = [at for at in recording.written_back() if at > first]
    moments = [
        chance.choice(rare)
        if rare and chance.random() < 0.25
        else chance.randint(first, len(recording.happened))
        for _ in range(count)
    ]
    return [Cut(at, chance.choice(replay.LOSSES)) for at in sorted(moments)]


class Examiner:
    """The app on the place where the files are put, and what it finds there."""

    def __init__(self, app: Flask, database: Path, sittings: Sequence[Sitting], chance: Random) -> None:
        self._app, self._database, self._sittings, self._chance = app, database, sittings, chance
        self._right: set[Any] = set()  # closings with their marks, found right after an earlier cut
        self.findings = Findings()

    def examine(self, recording: Recording, cuts: Sequence[Cut]) -> None:
        """Compare after each cut what is found with what had been acknowledged."""
        disk, told, done = replay.Disk(recording.before), Acknowledged(), 0
        for number, cut in enumerate(cuts, 1):
            for record in recording.happened[done : cut.at]:
                disk.apply(record)
                told.apply(record)
            done = cut.at
            self._put(disk.after_a_cut(cut.kept, self._chance))
            with self._app.app_context():
                try:
                    self._compare(cut, told, damages(whole=number % GOES_ON == 0))
                    if number % GOES_ON == 0:
                        self._let_go_on(cut, told)
                except DatabaseError as error:
                    self.findings.lost.append(f"{cut}: the file cannot be read: {error.orig}")
                finally:
                    db.session.remove()
                    db.engine.dispose()

    def _put(self, files: dict[str, bytearray]) -> None:
        """Lay the files down where the app looks for its database."""
        for old in self._database.parent.glob(f"{self._database.name}*"):
            old.unlink()
        for name, data in files.items():
            (self._database.parent / name).write_bytes(data)

    def _compare(self, cut: Cut, told: Acknowledged, damaged: list[str]) -> None:
        with reading():
            found = Found.of(list(told.records.values()), None)
            lost = [loss for record in told.records.values() for loss in found.losses(record, 0)]
            lost += [*lost_openings(told), *damaged]
            wrong = [*self._wrong_marks(found.closings), *found.disorder()]
        self.findings.lost += [f"{cut}: {each}" for each in lost]
        self.findings.wrong += [f"{cut}: {each}" for each in wrong]
        self.findings.losing[cut.kept] += bool(lost)

    def _wrong_marks(self, closings: Sequence[Any]) -> list[str]:
        """I10. What stood there just so after an earlier cut is not marked again: that takes most of the time."""
        marked = (
            select(*AttemptMark.__table__.c, Candidate.points)
            .join(Closing, Closing.id == AttemptMark.closing_id)
            .join(Attempt, Attempt.id == Closing.attempt_id)
            .join(Candidate, Candidate.id == Attempt.candidate_id)
        )
        marks: dict[int, list[Any]] = defaultdict(list)
        for mark in db.session.execute(marked):
            marks[mark.closing_id].append(tuple(mark))
        facts = {(closing, tuple(marks[closing.id])) for closing in closings} - self._right
        faults = list(wrong_marks([closing for closing, _ in facts]))
        self._right |= set() if faults else facts
        return faults

    def _let_go_on(self, cut: Cut, told: Acknowledged) -> None:
        """Somebody comes back, and time closes what nobody hands in."""
        sitting = self._chance.choice(self._sittings)
        stuck = list(go_on(self._app, sitting, told))
        with reading():
            found = Found.of(list(told.records.values()), None)
            wrong = [*self._wrong_marks(found.closings), *found.disorder()]
        self.findings.stuck += [f"{cut}: {each}" for each in stuck]
        self.findings.wrong += [f"{cut}, going on: {each}" for each in wrong]


def damages(*, whole: bool) -> list[str]:
    """What SQLite finds broken: in the tables that a sheet changes, or, ten times slower, in the whole file."""
    places = [""] if whole else [f"({model.__tablename__})" for model in SHEETS]
    with reading():
        told = [
            row[0] for place in places for row in db.session.execute(text(f"PRAGMA integrity_check{place}"))
        ]
    return [each for each in told if each != "ok"]


def lost_openings(told: Acknowledged) -> Iterator[str]:
    """I3: an acknowledged epoch stands, and with it the time at which the sheet began."""
    stored: dict[str, int] = dict(db.session.execute(select(Attempt.token, Attempt.epoch)).all())
    for token, epoch in told.epochs.items():
        if stored[token] < epoch:
            yield f"{token}: epoch {epoch} was acknowledged, {stored[token]} is stored"
