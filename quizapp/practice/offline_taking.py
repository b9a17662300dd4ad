"""Answers that waited on a phone enter the log: each one at most once, each one for itself.

What cannot be stored is told by its client id, so that the phone stops asking; it never keeps the rest from being
stored. The number of statements does not depend on the number of answers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.practice import actions, offline
from quizapp.practice.models import DailyQuiz, PracticeAnswer

MOST = 200  # answers of one request
LARGEST_BODY = 64 * 1024  # bytes
LARGEST_ID = 2**31 - 1
REFUSALS = {
    "shape": "答案格式有误，没有计入。",
    "client_id": "答案编号重复，没有计入。",
    "not_practised": "试题已停用，答案没有计入。",
}


class WrongShape(ValueError):
    """The body as a whole is none; what is wrong with one answer is told with its client id."""


@dataclass(frozen=True)
class Queued:
    """An answer as it waited."""

    client_id: str
    revision_id: int
    chosen: str
    day: date | None  # of the daily quiz, none for practice
    answered_at: datetime  # aware, by the phone


@dataclass(frozen=True)
class Taken:
    """What became of the answers of one request, by client id."""

    stored: list[str]  # now, or before
    refused: dict[str, str]  # client id: code of REFUSALS


def read(body: Any) -> tuple[str, list[Queued], list[str]]:
    """(person, answers, client ids of answers without shape). Raises WrongShape when the body is no list of answers.

    body: {"person": "7-1761955200", "answers": [{"id": …, "revision": …, "chosen": "AC", "day": "2026-11-27" or null,
    "at": "2026-11-27T08:15:00.000Z"}]}. Phones send it with the scripts of the day on which they were last updated: a
    further key may come, none may go, and answers without it stay welcome.
    """
    if not isinstance(body, dict):
        raise WrongShape("body")
    person, rows = body.get("person"), body.get("answers")
    if not isinstance(person, str) or not isinstance(rows, list) or len(rows) > MOST:
        raise WrongShape("person or answers")
    answers, misshapen = [], []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("id"), str):
            raise WrongShape("an answer without an id cannot be told of")
        queued = _queued(row)
        if queued is None:
            misshapen.append(row["id"])
        else:
            answers.append(queued)
    return person, answers, misshapen


def revisions_in(body: Any) -> list[int]:
    """The revisions that a phone has: {"have": [17, 18]}. Raises WrongShape."""
    have = body.get("have") if isinstance(body, dict) else None
    if not isinstance(have, list) or not all(type(one) is int for one in have):
        raise WrongShape("have")
    return have


def _queued(row: dict[str, Any]) -> Queued | None:
    revision, chosen, day = row.get("revision"), row.get("chosen"), row.get("day")
    if type(revision) is not int or not 0 < revision <= LARGEST_ID or not isinstance(chosen, str):
        return None
    if not actions.is_answer(row["id"], chosen):
        return None
    try:
        at = datetime.fromisoformat(row.get("at", ""))
        of_quiz = None if day is None else date.fromisoformat(day)
    except (TypeError, ValueError):
        return None
    return Queued(row["id"], revision, chosen, of_quiz, at) if at.tzinfo else None


def take(person_id: int, answers: Sequence[Queued], now: datetime) -> Taken:
    """Store what can be stored of one person's answers; the caller commits."""
    foreign = _of_others(person_id, (answer.client_id for answer in answers))
    known = actions.practisable({answer.revision_id for answer in answers})
    refused = {a.client_id: "client_id" for a in answers if a.client_id in foreign}
    refused |= {a.client_id: "not_practised" for a in answers if a.revision_id not in known}
    fit = [answer for answer in answers if answer.client_id not in refused]
    drawn = _drawn(person_id, {answer.day for answer in fit if answer.day})
    if fit:
        actions.record([_answer(person_id, one, drawn, now) for one in fit], now)
    return Taken([answer.client_id for answer in fit], refused)


def _answer(person_id: int, queued: Queued, drawn: dict[date, list[int]], now: datetime) -> actions.Answer:
    at = offline.moment(queued.answered_at, now)
    counted = offline.counts_for(queued.revision_id, queued.day, clock.today(at), drawn)
    return actions.Answer(
        queued.client_id, person_id, queued.revision_id, queued.chosen, counted.source, counted.day, at
    )


def _of_others(person_id: int, client_ids: Iterable[str]) -> set[str]:
    """Those of the client ids that stand in somebody else's log."""
    return set(
        db.session.scalars(
            select(PracticeAnswer.client_id).where(
                PracticeAnswer.client_id.in_(list(client_ids)), PracticeAnswer.person_id != person_id
            )
        )
    )


def _drawn(person_id: int, days: Iterable[date]) -> dict[date, list[int]]:
    """The person's daily quizzes of these days."""
    rows = db.session.execute(
        select(DailyQuiz.day, DailyQuiz.revisions).where(
            DailyQuiz.person_id == person_id, DailyQuiz.day.in_(list(days))
        )
    )
    return dict(rows.all())
