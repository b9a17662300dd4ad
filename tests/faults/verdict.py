"""The verdict after a fault: what the server acknowledged, against what stands in the database.

    judge = Judge(live.settings)                        # or settings(database, folder): any that name the database
    verdict = judge.compare(crowd.records())            # under load, after each fault; cheap: only what is new
    verdict = Judge(live.settings).compare(crowd.finish(), over=True)   # at the end: everything, and nobody stuck

It reads through the app's own models, without taking a writer's turn. I1 … I15: docs/exam-protocol.md, 9.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import layout as layouts
from quizapp.attempts.marks import keys_from_json, marks_of, slots_text
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun, SheetEvent
from quizapp.attempts.receipts import digest
from quizapp.db import db, reading
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from tests.databases import in_app
from tests.faults.counting import Count
from tests.faults.examinees import Record

MARGIN = timedelta(minutes=2)  # a request entered the app no longer than this before it was acknowledged
WRITES = ("save", "hand_in")


@dataclass
class Verdict:
    """What one comparison found, each fault in words."""

    acknowledged: int = 0  # sheets, of all records that were compared
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.lost or self.wrong or self.stuck)

    def count(
        self, count: Callable[[Count], None], kit: str, database: str, made: int, each: str, control: str = ""
    ) -> None:
        """Put it into the table of all kits; fails unless it holds, and then says what is wrong."""
        print(self)
        numbers = (len(self.lost), len(self.wrong), len(self.stuck))
        count(Count(kit, database, made, each, self.acknowledged, *numbers, control))

    def __str__(self) -> str:
        faults = [*self.lost, *self.wrong, *self.stuck]
        return f"{len(self.lost)} lost, {len(self.wrong)} wrong, {len(self.stuck)} stuck" + "".join(
            f"\n  {fault}" for fault in faults[:20]
        )


class Judge:
    """Compares records with one database. It remembers what it has seen, so that comparing often stays cheap."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = dict(told)
        self._since: datetime | None = None
        self._seen: dict[str, int] = {}  # saves of each record that were found in the journal
        self._marked: set[int] = set()  # closings whose marks were found right

    def compare(self, records: Sequence[Record], *, over: bool = False) -> Verdict:
        """over: everybody has finished, so whoever has no receipt is stuck, and the counters must fit."""

        def compare() -> Verdict:
            with reading():
                return self.inside(records, over=over)

        return in_app(self._told, compare)

    def inside(self, records: Sequence[Record], *, over: bool = False) -> Verdict:
        """The same in the transaction of an app that is there already."""
        began = clock.now()
        found = Found.of(records, self._since - MARGIN if self._since else None)
        verdict = Verdict(sum(record.acknowledged for record in records))
        for record in records:
            verdict.lost += found.losses(record, self._seen.get(record.token, 0))
            verdict.stuck += [f"{record.token}: {record.trouble}"] if record.trouble else []
        verdict.wrong += self._wrong_marks(found)
        if over:
            verdict.stuck += found.not_over(records)
            verdict.wrong += found.disorder()
        self._since = began
        self._seen = {record.token: len(record.saved) for record in records}
        return verdict

    def _wrong_marks(self, found: "Found") -> list[str]:
        """I8, I10: one mark to a closing, and it is what the sheet earned."""
        unseen = [closing for closing in found.closings if closing.id not in self._marked]
        faults = list(wrong_marks(unseen))
        if not faults:
            self._marked |= {closing.id for closing in unseen}
        return faults


class Found:
    """The attempts of some records as the database has them."""

    def __init__(self, attempts: list[Any], lines: list[Any], closings: list[Any]) -> None:
        self.attempts = {row.token: row for row in attempts}
        self.closings = closings
        self._closing_of = {row.receipt: row for row in closings}
        self._lines: dict[int, list[Any]] = defaultdict(list)
        for line in lines:
            self._lines[line.attempt_id].append(line)

    @classmethod
    def of(cls, records: Sequence[Record], since: datetime | None) -> "Found":
        """since: of the journal only lines written later."""
        attempt, line = Attempt.__table__.c, SheetEvent.__table__.c
        tokens = {record.token for record in records}
        columns = (
            attempt.id,
            attempt.token,
            attempt.state,
            attempt.sheet,
            attempt.saved_epoch,
            attempt.saved_revision,
            attempt.layout_hash,
        )
        attempts = [row for row in db.session.execute(select(*columns)) if row.token in tokens]
        written = select(line.attempt_id, line.kind, line.epoch, line.revision, line.sheet).order_by(line.id)
        lines = db.session.execute(written if since is None else written.where(line.at >= since)).all()
        ids = {row.id for row in attempts}
        closings = db.session.execute(select(Closing.__table__).order_by(Closing.id)).all()
        return cls(attempts, lines, [row for row in closings if row.attempt_id in ids])

    def losses(self, record: Record, seen: int) -> list[str]:
        """I1, I2, I7: what this record has and the database has not. seen: saves that were found before."""
        row = self.attempts.get(record.token)
        if row is None:
            return [f"{record.token}: the attempt is gone"] if record.acknowledged else []
        written = {
            (line.epoch, line.revision, line.sheet) for line in self._lines[row.id] if line.kind in WRITES
        }
        lost = [
            f"{record.token}: {sheet} is not in the journal"
            for sheet in record.saved[seen:]
            if sheet not in written
        ]
        stored = (row.saved_epoch, row.saved_revision, row.sheet)
        if record.saved and (
            stored[:2] < record.saved[-1][:2]
            or (stored[:2] == record.saved[-1][:2] and stored != record.saved[-1])
        ):
            lost.append(f"{record.token}: {record.saved[-1]} was acknowledged, {stored} is stored")
        return lost + self._receipt_lost(record, row)

    def _receipt_lost(self, record: Record, row: Any) -> list[str]:
        if record.receipt is None:
            return []
        closing = self._closing_of.get(record.receipt)
        if closing is None or row.state != "submitted":
            return [f"{record.token}: receipt {record.receipt} is unknown, the attempt is {row.state}"]
        due = digest(row.token, row.layout_hash, closing.sheet)
        if not (closing.sheet == row.sheet == record.handed_in and closing.digest == record.digest == due):
            return [f"{record.token}: {record.handed_in} was handed in, {closing.sheet} is closed"]
        return []

    def not_over(self, records: Iterable[Record]) -> list[str]:
        """Attempts that nobody complained of and that are not closed, though everybody has handed in."""
        content = [record for record in records if not record.trouble]
        rows = [self.attempts[each.token] for each in content if each.token in self.attempts]
        return [
            f"{row.token}: still {row.state}" for row in rows if row.state not in ("submitted", "expired")
        ]

    def disorder(self) -> list[str]:
        """I15: the journal's last sheet is the stored one. And the counters follow from the candidates."""
        faults = []
        for row in self.attempts.values():
            last = next((line for line in reversed(self._lines[row.id]) if line.kind in WRITES), None)
            if last is not None and last.sheet != row.sheet:
                faults.append(f"{row.token}: the journal leads to {last.sheet}, {row.sheet} is stored")
        for exam_id in db.session.scalars(select(Exam.id)):
            faults += [f"counters of exam {exam_id}: {fault}" for fault in tallies.faults(exam_id).items()]
        return faults


def wrong_marks(closings: Sequence[Any]) -> Iterable[str]:
    """Closings whose mark in the current run is missing, doubled or not what layout, keys and sheet give."""
    ids, attempt_ids = {each.id for each in closings}, {each.attempt_id for each in closings}
    if not ids:
        return
    runs = db.session.scalars(select(MarkingRun).where(MarkingRun.state == "current")).all()
    keys = {run.id: keys_from_json(run.keys) for run in runs}
    marks: dict[int, list[Any]] = defaultdict(list)
    for mark in db.session.execute(select(AttemptMark.__table__).where(AttemptMark.run_id.in_(keys))):
        marks[mark.closing_id].append(mark)
    sat = (
        select(Attempt.id, Attempt.layout, Exam.multiple_rule, Candidate.points)
        .join(Exam, Exam.id == Attempt.exam_id)
        .outerjoin(Candidate, Candidate.id == Attempt.candidate_id)
    )
    papers = {row.id: row for row in db.session.execute(sat) if row.id in attempt_ids}
    for closing in closings:
        paper, made = papers[closing.attempt_id], marks[closing.id]
        if len(made) != 1:
            yield f"closing {closing.id}: {len(made)} marks"
            continue
        [mark] = made
        places = layouts.from_text(paper.layout)
        due = marks_of(places, keys[mark.run_id], closing.sheet, paper.multiple_rule)
        counted = due.total if closing.by == "person" or closing.answered else None
        if (mark.total, mark.marks, paper.points) != (due.total, slots_text(due), counted):
            yield f"closing {closing.id}: {mark.total} stored, {due.total} earned, {paper.points} counted"
