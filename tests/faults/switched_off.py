"""The rules of the exam protocol, each with what takes it away and the shortest way on which its loss shows."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import select, true, update

from quizapp.attempts import closing, guarded, guards, handing_in, held, journal, replies, runs, script_views
from quizapp.attempts.late_sheets import actions as late_sheets
from quizapp.attempts.models import Attempt, AttemptMark
from quizapp.db import db
from tests.faults.machine import Crash, Step

Patch = Callable[[Any, str, Any], None]  # as monkeypatch.setattr

HAND_IN: Step = ("hand_in", "X", None)
ANSWER: Step = ("answer", "X", 0, "A", None)
LATE: Step = ("answer", "X", 1, "B", None)
TIME_UP: Step = ("tick", 3721)  # an hour, the grace of two minutes, and a second


@dataclass(frozen=True)
class Rule:
    """A rule of the protocol. way: what to do after the first opening; breaks: the invariant that then falls first, and
    where the databases differ, on the one or the other."""

    take_away: Callable[[Patch], None]
    way: tuple[Step, ...]
    breaks: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.take_away.__name__


def without_the_order_of_revisions(patch: Patch) -> None:
    patch(guards, "newer", lambda _revision: true())


def without_the_state(patch: Patch) -> None:
    patch(guards, "in_progress", lambda: true())


def without_the_newest_page(patch: Patch) -> None:
    patch(guards, "newest_page", lambda _epoch: true())


def without_the_key_of_the_newest_page(patch: Patch) -> None:
    patch(guards, "holds_key", lambda _key: true())


def without_the_end_of_the_grace(patch: Patch) -> None:
    patch(guards, "in_time", lambda _now: true())


def with_the_reply_before_the_commit(patch: Patch) -> None:
    def answer_first(outcome: Any, now: Any) -> Any:
        reply = replies.of(outcome, now)
        try:
            db.session.commit()
        except Crash:
            db.session.rollback()
        return reply

    patch(script_views, "answer", answer_first)


def with_a_hand_in_that_leaves_its_sheet_behind(patch: Patch) -> None:
    patch(handing_in, "sent_along", lambda _body, _now: {})


def with_a_second_hand_in(patch: Patch) -> None:
    patch(
        handing_in,
        "may_hand_in",
        lambda token, body, _claim, _now: (Attempt.token == token) & (Attempt.epoch == body.epoch),
    )


def with_marks_that_are_overwritten(patch: Patch) -> None:
    really = runs.write_marks

    def overwrite(rows: Any) -> None:
        really(rows)
        for row in rows:
            db.session.execute(
                update(AttemptMark)
                .where(AttemptMark.closing_id == row["closing_id"])
                .values(total=row["total"], marks=row["marks"])
            )

    patch(runs, "write_marks", overwrite)


def with_a_closing_time_of_whoever_notices(patch: Patch) -> None:
    patch(closing, "time_of_expiry", lambda now: now)


def without_held_sheets(patch: Patch) -> None:
    patch(held, "hold", lambda *_about: False)


def without_the_journal(patch: Patch) -> None:
    @cache
    def without_its_line(build: Any, _kind: str, *more: Any) -> Any:
        kept = build().cte("kept")
        return select(*kept.c).add_cte(*(each().cte(f"further_{n}") for n, each in enumerate(more)))

    patch(journal, "add", lambda *_about: None)  # SQLite, and closings by time
    patch(guarded, "with_line", without_its_line)  # PostgreSQL


def with_an_accepted_sheet_that_is_no_newer(patch: Patch) -> None:
    really = late_sheets._written
    patch(
        late_sheets,
        "_written",
        lambda attempt, sheet, _epoch, _revision: really(attempt, sheet, attempt.epoch, attempt.revision - 1),
    )


RULES = (
    Rule(without_the_order_of_revisions, (("overtake", "X", ["A", "B"]),), ("I1",)),
    Rule(without_the_state, (ANSWER, HAND_IN, LATE), ("I4",)),
    Rule(without_the_newest_page, (("open", "Y", True, None), ANSWER), ("I12",)),
    Rule(
        without_the_key_of_the_newest_page, (("open", "Y", True, None), ("open", "X", False, None)), ("I12",)
    ),
    Rule(without_the_end_of_the_grace, (("edit", "X", 0, "A"), TIME_UP, ("flush", "X", None)), ("I5",)),
    Rule(with_the_reply_before_the_commit, (("edit", "X", 0, "A"), ("hand_in", "X", "commit")), ("I7",)),
    Rule(with_a_hand_in_that_leaves_its_sheet_behind, (("edit", "X", 0, "A"), HAND_IN), ("I7",)),
    Rule(with_a_second_hand_in, (HAND_IN, HAND_IN), ("I8",)),
    Rule(with_marks_that_are_overwritten, (HAND_IN, ("correct", 0, "full", "A", None)), ("I9",)),
    Rule(with_a_closing_time_of_whoever_notices, (TIME_UP, ("sweep", None)), ("I6",)),
    Rule(without_held_sheets, (HAND_IN, ANSWER), ("I11",)),
    Rule(with_an_accepted_sheet_that_is_no_newer, (ANSWER, HAND_IN, LATE, ("accept_held", None)), ("I2",)),
    Rule(without_the_journal, (("edit", "X", 0, "A"), HAND_IN), ("I15", "I12")),
)
