"""What a person puts by: favourites (收藏), questions taken out of 错题本 by hand, being asked for certainty."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from quizapp import config
from quizapp.db import db
from quizapp.practice import certainty, queries
from quizapp.practice.actions import one_at_a_time
from quizapp.practice.drawing import Entry
from quizapp.practice.memory import in_wrong_book
from quizapp.practice.models import CertaintyAsked, Favourite, PracticeAnswer, TakenOut

# Favourites ---------------------------------------------------------------------------------------------------------


def is_favourite(person_id: int, question_id: int) -> bool:
    """Whether this person has starred the question. One statement."""
    return db.session.get(Favourite, (person_id, question_id)) is not None


def favourite_entries(person_id: int) -> list[Entry]:
    """The starred questions that may be practised, the newest star first."""
    rows = db.session.execute(
        select(Favourite.question_id, Favourite.at).where(Favourite.person_id == person_id)
    )
    starred = dict(rows.all())
    entries = [entry for entry in queries.practice_pool(person_id) if entry.question_id in starred]
    return sorted(entries, key=lambda entry: starred[entry.question_id], reverse=True)


def favourites_count(person_id: int) -> int:
    """How many questions carry this person's star, those included that cannot be practised just now."""
    return db.session.scalar(select(func.count()).where(Favourite.person_id == person_id)) or 0


def keep_favourite(person_id: int, question_id: int, on: bool, now: datetime) -> None:
    """Star a question, or take the star away."""
    _put(Favourite, person_id, question_id, on, now)


# The wrong-question book by hand ------------------------------------------------------------------------------------


def taken_out_entries(person_id: int) -> list[Entry]:
    """The questions that would stand in 错题本, had their person not taken them out; the latest error first."""
    known, days = queries.memories(person_id), config.value("WRONG_BOOK_DAYS")
    entries = [
        entry
        for entry in queries.practice_pool(person_id)
        if (memory := known.get(entry.question_id)) and in_wrong_book(memory, days) and not memory.wrong_open
    ]
    return queries.latest_error_first(entries, known)


def take_out(person_id: int, question_id: int, out: bool, now: datetime) -> None:
    """移出错题本, or back into it."""
    _put(TakenOut, person_id, question_id, out, now)


def _put(table: Any, person_id: int, question_id: int, on: bool, now: datetime) -> None:
    one_at_a_time(person_id)
    db.session.execute(delete(table).where(table.person_id == person_id, table.question_id == question_id))
    if on:
        db.session.add(table(person_id=person_id, question_id=question_id, at=now))


# Certainty ----------------------------------------------------------------------------------------------------------


def asks_certainty(person_id: int) -> bool:
    """Whether this person wants to say how sure they are. One statement."""
    return db.session.get(CertaintyAsked, person_id) is not None


def ask_certainty(person_id: int, on: bool, now: datetime) -> None:
    """Begin or stop asking this person. What was said stays."""
    one_at_a_time(person_id)
    db.session.execute(delete(CertaintyAsked).where(CertaintyAsked.person_id == person_id))
    if on:
        db.session.add(CertaintyAsked(person_id=person_id, since=now))


def calibration(person_id: int) -> list[certainty.Level]:
    """This person's answers by certainty. One statement."""
    level, right = PracticeAnswer.certainty, PracticeAnswer.correct
    rows: Sequence[Any] = db.session.execute(
        select(level, func.count(), func.count().filter(right))
        .where(PracticeAnswer.person_id == person_id, level.is_not(None))
        .group_by(level)
    ).all()
    return certainty.levels((number, given, rights) for number, given, rights in rows)
