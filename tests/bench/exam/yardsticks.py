"""The product with further views beside its own, against which its ways are measured in the same server and run.

They do the same work as people without this design would write it: a save that loads and refreshes rows by ORM, a start
that stores a row for each question; or as little as possible: a save that only looks whether the sign-in stands.

Runs in the server that `quizapp serve` starts (see `serve`, which must not be the main module: each worker imports it).
"""

import os
import sys
from datetime import datetime
from random import Random
from typing import Any

from flask import g, jsonify
from flask_login import current_user
from sqlalchemy import ForeignKey, String, insert, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp import clock, create_app, short_way
from quizapp.attempts import outcomes as o
from quizapp.attempts import protocol, replies, script_views
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam, Form, Slot
from quizapp.operations.lanes import Lanes
from quizapp.operations.server import Place, application, run
from quizapp.people import sessions
from quizapp.people.access import signed_in

QUESTIONS = 100
WITHOUT = "QUIZAPP_BENCH_WITHOUT"  # "counters": hand-ins leave the counters of the units alone


class NaiveAttempt(db.Model):
    """A sitting as a table of answers."""

    __tablename__ = "yardstick_attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    answers: Mapped[list["NaiveAnswer"]] = relationship(order_by="NaiveAnswer.position")


class NaiveAnswer(db.Model):
    """One answer, one row."""

    __tablename__ = "yardstick_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("yardstick_attempt.id"), index=True)
    position: Mapped[int]
    revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"))
    letters: Mapped[str] = mapped_column(String(8), default="")


TABLES = [NaiveAttempt.__table__, NaiveAnswer.__table__]


def make() -> Lanes:
    """What each web worker runs."""
    lanes = application()
    app = lanes.app
    app.add_url_rule("/attempts/yardstick/look/<token>", "look", look, methods=["PUT"])
    app.add_url_rule("/attempts/yardstick/answer", "answer", answer, methods=["PUT"])
    app.add_url_rule("/my-exams/yardstick/<int:exam_id>", "naive_start", start, methods=["POST"])
    if os.environ.get(WITHOUT) == "counters":
        tallies.change = lambda _exam_id, _differences: None
    return lanes


def look(token: str) -> Any:
    """The same request as a save, with the same look at the sign-in; it writes nothing."""
    body, now = replies.read(protocol.sheet_body), clock.now()
    claim = sessions.ticket(now)
    if claim is None or not token or not db.session.scalar(select(sessions.is_live(claim, now))):
        return script_views.answer(o.SignedOut(), now)
    return script_views.answer(o.Saved(body.epoch, body.revision, now, late=False), now)


@short_way.offer("PUT", "/attempts/yardstick/look/([^/]+)", "look", largest=protocol.LARGEST_BODY)
def next_look(_token: str, data: bytes, claim: sessions.Ticket, now: datetime) -> dict[str, Any] | None:
    """The page's next one, on the way that a save takes too."""
    body = protocol.sheet_body(data)
    g.read_only = True
    with db.engine.connect() as connection:
        if not connection.scalar(select(sessions.is_live(claim, now))):
            return None
    return protocol.reply(o.Saved(body.epoch, body.revision, now, late=False), now)[0]


@signed_in
def answer() -> Any:
    """A save as usual: person, attempt and answer are loaded, changed, committed and refreshed."""
    body = replies.read(protocol.sheet_body)
    attempt = db.session.scalars(select(NaiveAttempt).where(NaiveAttempt.person_id == current_user.id)).one()
    position = body.revision % QUESTIONS
    row = db.session.scalars(
        select(NaiveAnswer).where(NaiveAnswer.attempt_id == attempt.id, NaiveAnswer.position == position)
    ).one()
    row.letters = body.sheet.split(".")[position]
    db.session.commit()
    db.session.refresh(row)
    return jsonify(code="saved", letters=row.letters, person=current_user.id)


@signed_in
def start(exam_id: int) -> Any:
    """A start as usual: questions drawn from the pool, a row for each, and the paper read back."""
    exam = db.session.get_one(Exam, exam_id)
    candidate = db.session.scalars(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == current_user.id)
    ).one()
    pool = db.session.scalars(
        select(Slot).join(Form, Form.id == Slot.form_id).where(Form.exam_id == exam.id)
    ).all()
    drawn = Random(candidate.id).sample(pool, QUESTIONS)
    attempt = NaiveAttempt(person_id=current_user.id)
    for position, slot in enumerate(drawn):
        attempt.answers.append(NaiveAnswer(position=position, revision_id=slot.revision_id))
    db.session.add(attempt)
    db.session.commit()
    return jsonify(code="started", answers=[row.id for row in attempt.answers], exam=exam.title)


def prepare(person_ids: list[int]) -> None:
    """The tables of the yardsticks, and for each person an attempt with its rows."""
    db.metadata.create_all(db.session.connection(), TABLES)
    revisions = db.session.scalars(select(Slot.revision_id).limit(QUESTIONS)).all()
    rows = [{"id": number, "person_id": person_id} for number, person_id in enumerate(person_ids, 1)]
    db.session.execute(insert(NaiveAttempt), rows)
    answers = [
        {"attempt_id": row["id"], "position": position, "revision_id": revision_id}
        for row in rows
        for position, revision_id in enumerate(revisions)
    ]
    db.session.execute(insert(NaiveAnswer), answers)
    if db.engine.dialect.name == "postgresql":  # those that begin later are numbered by the sequence
        db.session.execute(text("SELECT setval('yardstick_attempt_id_seq', :last)"), {"last": len(rows)})


def serve() -> None:
    """Serve until told to stop; arguments: port, workers."""
    place = Place("127.0.0.1", int(sys.argv[1]), None, None)
    with create_app().app_context():
        run(place, int(sys.argv[2]), f"{__name__}:make")
