"""Two pages of one attempt, a clock, faults, a sweeper and correctors: whatever they do, the invariants hold.

The pages speak JSON to the real views; crashes strike before any statement and before the commit, replies get lost.
A page here goes on whatever it is told, as a broken or a malicious one would.
Numbers I1 … I15 and L1, L2 are those of docs/exam-protocol.md, 9.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import hypothesis
import pytest
from flask import Flask, g
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import event, select

from quizapp import clock
from quizapp.attempts import closing, exceptions, guarded, guards, jobs, runs, starting
from quizapp.attempts import layout as layouts
from quizapp.attempts.late_sheets import actions as late_sheets
from quizapp.attempts.late_sheets.models import HeldVerdict
from quizapp.attempts.marks import Key, keys_from_json, marks_of, slots_text
from quizapp.attempts.models import Attempt, AttemptMark, Closing, HeldSheet, MarkingRun, SheetEvent
from quizapp.attempts.receipts import digest
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from tests.attempts.conftest import candidate_of, csrf_of, make_exam, own_phone, revisions

START = datetime(2026, 12, 25, 1, tzinfo=UTC)
WRITES = ("save", "hand_in")
Step = tuple[Any, ...]  # a rule of the machine with its arguments: ("answer", "X", 0, "A", None)


class Crash(Exception):
    """The process died here."""


@dataclass
class Fault:
    """What goes wrong with the next work: a crash before its n-th statement, or before its commit."""

    statement: int | None = None
    commit: bool = False
    of_request: bool = False  # the client ends the test's own transaction before it asks: that one may commit
    fired: bool = False

    def before_statement(self, *_about: Any) -> None:
        if self.statement is not None:
            self.statement -= 1
            if self.statement < 0:
                self._strike()

    def before_commit(self, _of: Any) -> None:
        if self.commit and ("request_id" in g or not self.of_request):
            self._strike()

    def _strike(self) -> None:
        self.statement, self.commit, self.fired = None, False, True
        raise Crash


class World:
    """One app on one database; every example gets an exam of its own in it."""

    def __init__(self, app: Flask, cast: Any, client: Any) -> None:
        self.app, self.cast, self.client = app, cast, client
        self.now = START
        self.asked: list[Any] = []
        self.acknowledged = 0  # sheets for which a page got its 200, in all examples
        self.numbers = count(1)

    def sit(self) -> tuple[int, int]:
        """A new exam with 江's attempt, not opened yet: their ids."""
        self.now = START
        exam = make_exam(
            self.cast,
            START,
            asked=self.asked,
            title=f"考试{next(self.numbers)}",
            closes_at=START + timedelta(hours=9),
        )
        attempt = starting.start(exam, candidate_of(exam, self.cast.jiang), pledge="", now=START)
        db.session.commit()
        return exam.id, attempt.id

    @contextmanager
    def going_wrong(self, fault: Fault) -> Iterator[None]:
        event.listen(db.engine, "before_cursor_execute", fault.before_statement)
        event.listen(db.session, "before_commit", fault.before_commit)
        event.listen(db.engine, "commit", fault.before_commit)  # of a save on the short way
        try:
            yield
        finally:
            event.remove(db.engine, "before_cursor_execute", fault.before_statement)
            event.remove(db.session, "before_commit", fault.before_commit)
            event.remove(db.engine, "commit", fault.before_commit)


@contextmanager
def world(app: Flask, cast: Any, client: Any, monkeypatch: Any) -> Iterator[World]:
    """The world with a clock that only the machine moves."""
    made = World(app, cast, client)
    monkeypatch.setattr(logging.getLogger("quizapp"), "disabled", True)  # thousands of crashes are no news
    monkeypatch.setattr(clock, "_server_time", lambda: made.now)
    csrf_of(own_phone(client))
    db.session.remove()
    db.engine.dispose()
    if db.engine.dialect.name == "sqlite":  # nobody cuts the power here, and thousands of commits follow
        event.listen(db.engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous=OFF"))
    made.asked = revisions()
    db.session.commit()
    guarded.build_anew()
    yield made
    guarded.build_anew()


def ending(expire: Any) -> Any:
    """`expire` for one sweep, which would have no end if it closed again what it has closed."""
    left = iter(range(3))

    def counted(now: datetime) -> int:
        assert next(left, None) is not None, "I8 a sweep closes again what it has closed"
        return int(expire(now))

    return counted


@dataclass
class Page:
    """What one page knows: its own log, and every request that it ever sent."""

    name: str
    key: str | None = None
    epoch: int = 0
    revision: int = 0
    sheet: list[str] = field(default_factory=lambda: ["", "", "", ""])
    base: list[str] = field(default_factory=lambda: ["", "", "", ""])
    dirty: bool = False
    sent: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def merge(self, stored: list[str], saved_as: tuple[int, int], log: tuple[int, int]) -> None:
        """Protocol, 4: nobody wrote since → the log; else slot by slot, the log where only the log changed."""
        if saved_as <= log:
            merged = list(self.sheet)
        else:
            merged = [
                mine if mine != base and theirs == base else theirs
                for mine, base, theirs in zip(self.sheet, self.base, stored, strict=True)
            ]
        self.sheet, self.base, self.dirty = merged, list(stored), merged != stored


pages = st.sampled_from("XY")
letters = st.sampled_from(["", "A", "B", "AC"])
# No fault, a crash before the n-th statement or before the commit, a lost reply.
faults = st.sampled_from([None] * 7 + ["commit", "lost", 0, 1, 2, 4, 7, 10])


class SheetMachine(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.exam_id, self.attempt_id = self.world.sit()
        self.token = db.session.get_one(Attempt, self.attempt_id).token
        self.pages = {name: Page(name) for name in "XY"}
        self.acked: tuple[int, int, str] = (0, 0, "...")
        self.highest = (0, 0)
        self.epochs: set[int] = set()
        self.closings: dict[int, tuple[Any, ...]] = {}
        self.marks: dict[tuple[int, int], tuple[Any, ...]] = {}
        self.refused: list[tuple[int, int, str]] = []
        self.ends: datetime | None = None
        db.session.rollback()

    # What happens --------------------------------------------------------------------------------------------

    def request(self, method: str, what: str, body: dict[str, Any], fault: Any = None) -> Any:
        """A request of a page; none when no reply arrived."""
        statement = fault if isinstance(fault, int) else None
        kind = Fault(statement, commit=fault == "commit", of_request=True)
        with self.world.going_wrong(kind):
            try:
                reply = self.world.client.send(method, f"/attempts/{self.token}/{what}", body)
            except Crash:
                return None
        if kind.fired:
            return (
                reply if reply.status_code == 200 else None
            )  # a 200 after a crash would be a lie: let it be seen
        return None if fault == "lost" else reply

    def row(self) -> Any:
        found = db.session.execute(select(*Attempt.__table__.c).where(Attempt.id == self.attempt_id)).one()
        db.session.rollback()
        return found

    @initialize(name=pages, fault=faults)
    def begin(self, name: str, fault: Any) -> None:
        self._open(self.pages[name], False, fault)

    @rule(name=pages, takeover=st.booleans(), fault=faults)
    def open(self, name: str, takeover: bool, fault: Any) -> None:
        self._open(self.pages[name], takeover, fault)

    def _open(self, page: Page, takeover: bool, fault: Any = None) -> Any:
        log, before = (page.epoch, page.revision), self.row()
        reply = self.request("POST", "open", {"page_key": page.key, "log": log, "takeover": takeover}, fault)
        if reply is None:
            return None
        body = reply.json
        if reply.status_code == 200:
            assert body["epoch"] not in self.epochs, "I12 an epoch was given out twice"
            unasked = not takeover and before.state != "created"
            assert not unasked or page.key == before.page_key, "I12 a page took over unasked"
            self.epochs.add(body["epoch"])
            if page.epoch:
                page.merge(body["sheet"].split("."), tuple(body["saved_as"]), log)
            else:
                page.sheet, page.base = body["sheet"].split("."), body["sheet"].split(".")
            page.key, page.epoch, page.revision = body["page_key"], body["epoch"], 0
        else:
            assert body["code"] in ("other_page", "closed", "too_late"), body
        return reply

    @rule(name=pages, slot=st.integers(0, 3), chosen=letters)
    def edit(self, name: str, slot: int, chosen: str) -> None:
        page = self.pages[name]
        if page.epoch and self.ends is not None and self.world.now <= self.ends:
            page.sheet[slot], page.dirty = chosen, True

    @rule(name=pages, slot=st.integers(0, 3), chosen=letters, fault=faults)
    def answer(self, name: str, slot: int, chosen: str, fault: Any) -> None:
        self.edit(name, slot, chosen)
        if self.pages[name].dirty:
            self._flush(self.pages[name], fault)

    @rule(name=pages, answers=st.lists(st.tuples(st.integers(0, 3), letters), min_size=2, max_size=5))
    def answer_on(self, name: str, answers: list[tuple[int, str]]) -> None:
        """A person at work: one letter after the other, each saved."""
        if not self.pages[name].epoch:
            self._open(self.pages[name], takeover=True)
        for slot, chosen in answers:
            self.answer(name, slot, chosen, None)

    @rule(name=pages, fault=faults)
    def flush(self, name: str, fault: Any) -> None:
        if self.pages[name].dirty:
            self._flush(self.pages[name], fault)

    def _body(self, page: Page) -> dict[str, Any]:
        page.revision += 1
        return {"epoch": page.epoch, "revision": page.revision, "sheet": ".".join(page.sheet)}

    def _flush(self, page: Page, fault: Any = None) -> Any:
        body = self._body(page)
        page.sent.append(("sheet", body))
        reply = self._deliver("sheet", body, fault)
        if reply is not None and reply.json["code"] == "saved" and body["sheet"] == ".".join(page.sheet):
            page.dirty, page.base = False, list(page.sheet)
        return reply

    @precondition(lambda self: any(page.sent for page in self.pages.values()))
    @rule(name=pages, back=st.integers(1, 4), fault=faults)
    def replay(self, name: str, back: int, fault: Any) -> None:
        """A request comes a second time, late."""
        sent = self.pages[name].sent
        if sent:
            self._deliver(*sent[-min(back, len(sent))], fault)

    @rule(name=pages, chosen=st.lists(letters, min_size=2, max_size=4))
    def overtake(self, name: str, chosen: list[str]) -> None:
        """Several saves in a row, and then the first of them once more."""
        page = self.pages[name]
        first = len(page.sent)
        for letter in chosen:
            self.answer(name, 0, letter, None)
        if len(page.sent) > first:
            self._deliver(*page.sent[first], None)

    @rule(name=pages, fault=faults)
    def hand_in(self, name: str, fault: Any) -> None:
        page = self.pages[name]
        if not page.epoch:
            return
        before, body = self.row(), self._body(page)
        page.sent.append(("hand-in", body))
        reply = self._deliver("hand-in", body, fault)
        may = (
            guards.is_open(before.state, before.refused_after, self.world.now) and before.epoch == page.epoch
        )
        if may and fault is None and body["revision"] > before.revision:
            assert reply is not None, "L1 a timely hand-in of the newest page got no reply"
            assert reply.json["code"] == "handed_in", f"L1 {reply.json}"
            assert reply.json["first"], "L1"

    def _deliver(self, what: str, body: dict[str, Any], fault: Any) -> Any:
        """Send a save or a hand-in and judge the reply."""
        before = self.row()
        method = "PUT" if what == "sheet" else "POST"
        reply = self.request(method, what, body, fault)
        if reply is None:
            return None
        code, as_sent = reply.json["code"], (body["epoch"], body["revision"], body["sheet"])
        if code == "saved" or (code == "handed_in" and reply.json["first"]):
            assert self.world.now <= before.refused_after, "I5 accepted after the grace"
            assert before.epoch == body["epoch"], "I12 an older page wrote"
            self.acked = max(self.acked, as_sent)
            self.world.acknowledged += 1
        if code == "handed_in" and reply.json["first"]:
            assert self.row().sheet == body["sheet"], "I7 the handed-in sheet is not the one that was sent"
        if code in ("superseded", "closed") or (code == "handed_in" and not reply.json["first"]):
            self._held(as_sent)
        assert code in (
            *("saved", "handed_in", "overtaken", "conflict", "superseded", "closed", "not_started"),
        ), reply.json
        return reply

    def _held(self, as_sent: tuple[int, int, str]) -> None:
        """I11: a refused sheet that differs is held, unless the journal has it anyway."""
        epoch, revision, sheet = as_sent
        if sheet == self.row().sheet:
            return
        kept = db.session.query(HeldSheet).filter_by(
            attempt_id=self.attempt_id, epoch=epoch, revision=revision, sheet=sheet
        )
        known = db.session.query(SheetEvent).filter_by(
            attempt_id=self.attempt_id, epoch=epoch, revision=revision, sheet=sheet
        )
        assert kept.count() == 1 or known.count(), "I11 a refused sheet was not held"
        db.session.rollback()

    @rule(seconds=st.sampled_from([1] * 4 + [30] * 4 + [900, 1800, 3600, 3719, 3720, 3721]))
    def tick(self, seconds: int) -> None:
        self.world.now += timedelta(seconds=seconds)

    @rule(fault=faults)
    def sweep(self, fault: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(closing, "expire", ending(closing.expire))
            self._work(lambda: jobs.sweep(self.world.now), fault)

    @rule(
        slot=st.integers(0, 3),
        treatment=st.sampled_from(["normal", "full", "void"]),
        key=letters,
        fault=faults,
    )
    def correct(self, slot: int, treatment: str, key: str, fault: Any) -> None:
        """A further marking run: prepared by one person, approved by another."""

        def work() -> None:
            revision = self.world.asked[slot].id
            change = {revision: Key("multiple", (frozenset(key or "B"),), treatment)}
            run = runs.prepare(
                self.exam_id, change, actor_id=self.world.cast.he, reason="更正", now=self.world.now
            )
            runs.activate(run.id, actor_id=self.world.cast.zhou)
            db.session.commit()

        self._work(work, fault)

    @rule(minutes=st.sampled_from([1, 10, 90]), submitted=st.booleans(), fault=faults)
    def extend(self, minutes: int, submitted: bool, fault: Any) -> None:
        """An outage is made good: closed sheets are opened again."""

        def work() -> None:
            exceptions.extend(
                [self.attempt_id],
                timedelta(minutes=minutes),
                reason="停电",
                actor_id=self.world.cast.he,
                second_id=self.world.cast.zhou,
                now=self.world.now,
                reopen=("expired", "submitted") if submitted else ("expired",),
            )
            db.session.commit()

        if self.row().started_at is not None:
            self._work(work, fault)

    @rule(fault=faults)
    def accept_held(self, fault: Any) -> None:
        """The newest sheet that came too late is proposed by one person and accepted by another."""

        def work() -> None:
            decided = select(HeldVerdict.held_id).where(HeldVerdict.state.in_(("accepted", "rejected")))
            held_id = db.session.scalar(
                select(HeldSheet.id)
                .where(HeldSheet.attempt_id == self.attempt_id, HeldSheet.id.not_in(decided))
                .order_by(HeldSheet.id.desc())
                .limit(1)
            )
            if held_id is None:
                return
            if db.session.get(HeldVerdict, held_id) is None:
                late_sheets.propose(held_id, reason="断网", actor_id=self.world.cast.he, now=self.world.now)
                db.session.commit()
            late_sheets.approve(held_id, actor_id=self.world.cast.zhou, now=self.world.now)
            db.session.commit()

        self._work(work, fault)

    @rule(fault=faults)
    def void_or_restore(self, fault: Any) -> None:
        def work() -> None:
            people = {"reason": "核实", "actor_id": self.world.cast.he, "second_id": self.world.cast.zhou}
            if db.session.get_one(Attempt, self.attempt_id).state == "voided":
                exceptions.restore(self.attempt_id, now=self.world.now, **people)
            else:
                exceptions.void(self.attempt_id, evidence="", now=self.world.now, **people)
            db.session.commit()

        self._work(work, fault)

    def _work(self, work: Any, fault: Any) -> None:
        kind = Fault(statement=fault) if isinstance(fault, int) else Fault(commit=fault == "commit")
        with self.world.going_wrong(kind):
            try:
                work()
            except (Crash, Refused):
                pass
            finally:
                db.session.rollback()

    @precondition(lambda self: any(page.dirty for page in self.pages.values()))
    @rule(name=pages)
    def faults_end(self, name: str) -> None:
        """L2: a page with a log reaches 已保存, unless another page took over or the sheet is closed."""
        page = self.pages[name]
        if not page.dirty:
            return
        for _ in range(4):
            reply = self._flush(page)
            code = reply.json["code"]
            if code in ("saved", "closed", "superseded"):
                return
            if code == "overtaken":
                page.revision = reply.json["revision"]
            else:
                self._open(page, takeover=False)
        raise AssertionError("L2 a page with a log cannot save")

    # What always holds ----------------------------------------------------------------------------------------

    @invariant()
    def nothing_is_lost(self) -> None:
        attempt = self.row()
        self.ends = attempt.closes_at
        epoch, revision, sheet = self.acked
        saved = (attempt.saved_epoch, attempt.saved_revision)
        assert saved >= (epoch, revision), "I1 an acknowledged sheet is missing"
        if saved == (epoch, revision):
            assert attempt.sheet == sheet, "I2 an acknowledged sheet has other letters"
        assert (attempt.epoch, attempt.revision) >= self.highest, "I3 epoch and revision fell"
        self.highest = (attempt.epoch, attempt.revision)
        others = select(Attempt.id).where(Attempt.exam_id == self.exam_id)
        assert db.session.scalars(others).all() == [self.attempt_id], "I13 more than one attempt"
        db.session.rollback()

    @invariant()
    def closings_stand(self) -> None:
        attempt = self.row()
        found = db.session.query(Closing).filter_by(attempt_id=self.attempt_id).order_by(Closing.n).all()
        assert [c.n for c in found] == list(range(1, len(found) + 1)), "I8 closings are not numbered 1 … n"
        for c in found:
            facts = (c.sheet, c.receipt, c.digest, c.epoch, c.revision, c.closed_at, c.by, c.answered)
            if c.id not in self.closings:
                assert c.digest == digest(attempt.token, attempt.layout_hash, c.sheet), "I4 digest"
                limit = attempt.closes_at if c.by == "deadline" else attempt.refused_after
                assert c.closed_at <= limit, "I6 closed after the grace"
                assert c.by == "person" or c.closed_at == attempt.closes_at, "I6 closed at another time"
                self.closings[c.id] = facts
            assert self.closings[c.id] == facts, "I4 a closing changed"
        standing = [c for c in found if c.withdrawn_at is None]
        state = attempt.state_before if attempt.state == "voided" else attempt.state
        assert len(standing) == (1 if state in ("submitted", "expired") else 0), (
            "I8 one closing to a closed sheet"
        )
        if standing:
            assert attempt.sheet == standing[0].sheet, "I4 a closed sheet changed"
        db.session.rollback()

    @invariant()
    def marks_follow(self) -> None:
        attempt, exam = self.row(), db.session.get_one(Exam, self.exam_id)
        found = db.session.query(MarkingRun).filter_by(exam_id=self.exam_id).order_by(MarkingRun.number).all()
        assert [run.number for run in found] == list(range(1, len(found) + 1)), "I9 runs are not 1 … n"
        assert [run.state for run in found].count("current") == 1, "I9 one current run"
        marks = db.session.query(AttemptMark).filter(AttemptMark.run_id.in_([run.id for run in found])).all()
        keys = {run.id: keys_from_json(run.keys) for run in found}
        sheets = {key: facts[0] for key, facts in self.closings.items()}
        for mark in marks:
            again = marks_of(
                layouts.from_text(attempt.layout),
                keys[mark.run_id],
                sheets[mark.closing_id],
                exam.multiple_rule,
            )
            which, facts = (mark.run_id, mark.closing_id), (mark.total, mark.marks)
            assert self.marks.setdefault(which, facts) == facts, "I9 a mark changed"
            assert facts == (again.total, slots_text(again)), "I10 a mark is not what the sheet earned"
        current = next(run.id for run in found if run.state == "current")
        assert {m.closing_id for m in marks if m.run_id == current} == set(sheets), (
            "I8 one mark to a closing and run"
        )
        assert self.marks.keys() == {(m.run_id, m.closing_id) for m in marks}, "I9 a mark vanished"
        self._counted(attempt, {m.closing_id: m.total for m in marks if m.run_id == current})
        db.session.rollback()

    def _counted(self, attempt: Any, totals: dict[int, int]) -> None:
        """What the list and the counters of the unit say follows from the standing closing."""
        candidate = db.session.get_one(Candidate, attempt.candidate_id)
        standing = db.session.query(Closing).filter_by(attempt_id=attempt.id, withdrawn_at=None).all()
        counts = attempt.state in ("submitted", "expired") and (
            standing[0].by == "person" or standing[0].answered > 0
        )
        assert candidate.points == (totals[standing[0].id] if counts else None), "the candidate's points"
        assert candidate.sat == counts, "实考"
        assert tallies.faults(self.exam_id) == {}, "the counters differ from the candidates"

    @invariant()
    def the_journal_leads_to_the_sheet(self) -> None:
        lines = (
            db.session.query(SheetEvent).filter_by(attempt_id=self.attempt_id).order_by(SheetEvent.id).all()
        )
        epoch, last, sheet = 0, (0, 0), "..."
        for line in lines:
            here = (line.epoch, line.revision)
            if line.kind == "open":
                assert line.epoch > epoch, "I12 openings are not in order"
                epoch = line.epoch
            if line.kind in (*WRITES, "accept"):
                assert line.epoch == epoch, "I12 only the newest page writes"
                handed_in_as_stored = line.kind == "hand_in" and here == last and line.sheet == sheet
                assert here > last or handed_in_as_stored, "I15 the journal is not in order"
                last, sheet = here, line.sheet
        assert self.row().sheet == sheet, "I15 the journal does not lead to the sheet"
        db.session.rollback()


def run(
    bound: World,
    *,
    examples: int,
    steps: int = 30,
    shrink: bool = True,
    derandomize: bool = False,
    seed: int | None = None,
) -> None:
    """Drive the machine by chance; raises the first broken invariant. seed: of a search that can be repeated."""
    phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
    machine = type("Sitting", (SheetMachine,), {"world": bound})
    if seed is not None:
        machine = hypothesis.seed(seed)(machine)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=phases,
            derandomize=derandomize,
            report_multiple_bugs=False,  # the first is enough
        ),
    )


INVARIANTS = ("nothing_is_lost", "closings_stand", "marks_follow", "the_journal_leads_to_the_sheet")


def play(bound: World, way: Sequence[Step]) -> None:
    """A sitting of its own that X opens, then these steps in this order; raises the first broken invariant."""
    saved, bound.acknowledged = bound.acknowledged, 0
    guarded.build_anew()
    sitting = type("Sitting", (SheetMachine,), {"world": bound})()
    try:
        for name, *arguments in (("begin", "X", None), *way):
            getattr(sitting, name)(*arguments)
            for holds in INVARIANTS:
                getattr(sitting, holds)()
    finally:
        bound.acknowledged = saved
        guarded.build_anew()
