"""The invariants of the exam protocol under everything that goes wrong, and each of its rules switched off once."""

import os
from collections.abc import Callable

import pytest
from sqlalchemy import true, update

from quizapp.attempts import closing, guards, handing_in, held, journal, replies, runs, script_views
from quizapp.attempts.models import Attempt, AttemptMark
from quizapp.db import db
from tests.attempts import machine

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "20"))  # `make faults` asks for 200


def test_the_protocol_holds_whatever_goes_wrong(app, cast, as_jiang, monkeypatch):
    with machine.world(app, cast, as_jiang, monkeypatch) as world:
        machine.run(world, examples=EXAMPLES)


def without_the_order_of_revisions(patch):
    patch(guards, "newer", lambda _revision: true())


def without_the_state(patch):
    patch(guards, "in_progress", lambda: true())


def without_the_newest_page(patch):
    patch(guards, "newest_page", lambda _epoch: true())


def without_the_end_of_the_grace(patch):
    patch(guards, "in_time", lambda _now: true())


def with_the_reply_before_the_commit(patch):
    def answer_first(outcome, now):
        reply = replies.of(outcome, now)
        try:
            db.session.commit()
        except machine.Crash:
            db.session.rollback()
        return reply

    patch(script_views, "answer", answer_first)


def with_a_hand_in_that_leaves_its_sheet_behind(patch):
    patch(handing_in, "sent_along", lambda _body, _now: {})


def with_a_second_hand_in(patch):
    patch(
        handing_in,
        "may_hand_in",
        lambda token, body, _claim, _now: (Attempt.token == token) & (Attempt.epoch == body.epoch),
    )


def with_marks_that_are_overwritten(patch):
    really = runs.write_marks

    def overwrite(rows):
        really(rows)
        for row in rows:
            db.session.execute(
                update(AttemptMark)
                .where(AttemptMark.closing_id == row["closing_id"])
                .values(total=row["total"], marks=row["marks"])
            )

    patch(runs, "write_marks", overwrite)


def with_a_closing_time_of_whoever_notices(patch):
    patch(closing, "time_of_expiry", lambda now: now)


def without_held_sheets(patch):
    patch(held, "hold", lambda *_about: False)


def without_the_journal(patch):
    patch(journal, "add", lambda _rows: None)


INVARIANTS = r"^(I\d+|L\d) "  # which one breaks first is chance; that one does is not
SWITCHED_OFF = [
    without_the_order_of_revisions,
    without_the_state,
    without_the_newest_page,
    without_the_end_of_the_grace,
    with_the_reply_before_the_commit,
    with_a_hand_in_that_leaves_its_sheet_behind,
    with_a_second_hand_in,
    with_marks_that_are_overwritten,
    with_a_closing_time_of_whoever_notices,
    without_held_sheets,
    without_the_journal,
]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("rule", SWITCHED_OFF, ids=lambda rule: rule.__name__)
def test_the_machine_notices_each_rule_that_is_missing(
    rule: Callable, app, cast, as_jiang, monkeypatch, capsys
):
    """A machine that finds nothing here would prove nothing above."""
    rule(monkeypatch.setattr)
    with machine.world(app, cast, as_jiang, monkeypatch) as world:
        with pytest.raises(AssertionError, match=INVARIANTS):
            machine.run(world, examples=300, shrink=False, derandomize=True)
    capsys.readouterr()
    db.session.rollback()
