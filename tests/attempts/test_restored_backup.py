"""The server loses its newest commits, as after a restored backup: the next whole-sheet save of the page heals it."""

import random

import pytest
from sqlalchemy import delete, insert, select, update

from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.db import db


def snapshot(attempt):
    row = db.session.execute(select(*Attempt.__table__.c).where(Attempt.id == attempt.id)).one()
    lines = db.session.execute(
        select(*SheetEvent.__table__.c).where(SheetEvent.attempt_id == attempt.id)
    ).all()
    return dict(row._mapping), [dict(line._mapping) for line in lines]


def restore(attempt, kept):
    row, lines = kept
    db.session.execute(delete(SheetEvent).where(SheetEvent.attempt_id == attempt.id))
    db.session.execute(update(Attempt).where(Attempt.id == attempt.id).values(row))
    if lines:
        db.session.execute(insert(SheetEvent), lines)
    db.session.commit()


def recover(page, sheet):
    """What the protocol asks of a page: send again; open again with the log where the server is behind."""
    for _ in range(4):
        log = (page.epoch, page.revision)
        reply = page.save(sheet)
        code = reply.json["code"]
        if code == "saved":
            return
        if code in ("not_started", "conflict") or (code == "superseded" and reply.json["epoch"] < page.epoch):
            opened = page.open(log=log)
            assert opened.json["epoch"] > log[0]
            if tuple(opened.json["saved_as"]) > log:
                pytest.fail("the server claims to know more than the page ever sent")
        elif code == "overtaken":
            page.revision = reply.json["revision"]
    pytest.fail(f"the page cannot save: {reply.json}")


@pytest.mark.parametrize("seed", range(6))
def test_a_page_with_its_log_heals_whatever_the_server_forgot(page, attempt, seed):
    chance = random.Random(seed)
    slots, kept, losses = ["", "", "", ""], snapshot(attempt), 0
    for _ in range(25):
        what = chance.random()
        if what < 0.5:
            slots[chance.randrange(4)] = chance.choice(["", "A", "B", "AC"])
        elif what < 0.75:
            recover(page, ".".join(slots))
        elif what < 0.85:
            page.open(log=(page.epoch, page.revision))
        elif what < 0.92:
            kept = snapshot(attempt)
        else:
            restore(attempt, kept)
            losses += 1
    restore(attempt, kept)
    recover(page, ".".join(slots))
    reply = page.hand_in(".".join(slots))
    assert reply.json["code"] == "handed_in"
    assert attempt.sheet == ".".join(slots)


def test_an_opening_that_the_server_forgot_is_repeated_with_the_log(page, attempt):
    page.save("A...")
    db.session.execute(delete(SheetEvent))
    db.session.execute(
        update(Attempt).values(
            state="created",
            epoch=0,
            revision=0,
            page_key=None,
            started_at=None,
            closes_at=None,
            refused_after=None,
            sheet="...",
            saved_epoch=0,
            saved_revision=0,
            saved_at=None,
        )
    )
    db.session.commit()
    assert page.save("A.B..").json["code"] == "not_started"
    assert page.open(log=(1, 2)).json["epoch"] == 2
    assert page.save("A.B..").json["code"] == "saved"
    assert attempt.sheet == "A.B.."
