"""What the pages of hints read. Every function costs a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from quizapp.analysis.clues import facts
from quizapp.analysis.clues.models import KINDS, OUTCOMES, Clue, ClueReview, ClueRun, ClueStatement
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.access import stands_in
from quizapp.exams.models import Candidate, ExamUnit
from quizapp.people.models import Person
from quizapp.people.queries import found_by

PAGE = 50
STATES = {"": "全部", "open": "待核对", "clear": OUTCOMES["clear"], "handled": OUTCOMES["handled"]}


def run_of(exam_id: int) -> tuple[ClueRun, str] | None:
    """The latest search with who asked for it; none before the first."""
    row = db.session.execute(
        select(ClueRun, func.coalesce(Person.name, "命令行"))
        .outerjoin(Person, Person.id == ClueRun.by_id)
        .where(ClueRun.exam_id == exam_id)
    ).one_or_none()
    return (row[0], row[1]) if row else None


@dataclass(frozen=True)
class Row:
    """A person in the list. kinds: of the hints, in words; state: 待核对 or the newest outcome; said: whether the
    candidate has made a statement."""

    attempt_id: int
    number: int
    name: str
    unit: str
    kinds: tuple[str, ...]
    outcome: str | None
    said: bool

    @property
    def state(self) -> str:
        return OUTCOMES[self.outcome] if self.outcome else STATES["open"]


def _newest() -> Any:
    """The newest outcome of each attempt."""
    newest = select(func.max(ClueReview.id)).group_by(ClueReview.attempt_id)
    return select(ClueReview.attempt_id, ClueReview.outcome).where(ClueReview.id.in_(newest)).subquery()


def people(
    exam_id: int, *, kind: str = "", state: str = "", words: str = "", page: int = 1
) -> tuple[list[Row], int]:
    """One page of the attempts with hints, in the order of the list of candidates, and how many there are."""
    newest = _newest()
    has = select(Clue.attempt_id).where(Clue.exam_id == exam_id)
    if kind in KINDS:
        has = has.where(Clue.kind == kind)
    said = select(ClueStatement.id).where(ClueStatement.attempt_id == Attempt.id).exists()
    wanted = (
        select(Attempt.id, Attempt.number, Candidate.name, ExamUnit.name, newest.c.outcome, said)
        .select_from(Attempt)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(ExamUnit, stands_in())
        .outerjoin(newest, newest.c.attempt_id == Attempt.id)
        .where(Attempt.id.in_(has))
    )
    if state == "open":
        wanted = wanted.where(newest.c.outcome.is_(None))
    elif state in OUTCOMES:
        wanted = wanted.where(newest.c.outcome == state)
    if words.strip():
        wanted = wanted.join(Person, Person.id == Candidate.person_id).where(found_by(words))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.session.execute(
        wanted.order_by(
            *(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id, Attempt.number)
        )
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    kinds = _kinds([row[0] for row in rows])
    return [
        Row(attempt_id, number, name, unit, kinds.get(attempt_id, ()), outcome, bool(said))
        for attempt_id, number, name, unit, outcome, said in rows
    ], total


def _kinds(attempt_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    rows = db.session.execute(
        select(Clue.attempt_id, Clue.kind).where(Clue.attempt_id.in_(attempt_ids)).distinct()
    )
    found: dict[int, set[str]] = {}
    for attempt_id, kind in rows:
        found.setdefault(attempt_id, set()).add(kind)
    return {one: tuple(word for kind, word in KINDS.items() if kind in has) for one, has in found.items()}


def numbers(exam_id: int) -> dict[str, int]:
    """How many attempts with hints stand in each state of STATES."""
    newest = _newest()
    rows = db.session.execute(
        select(newest.c.outcome, func.count())
        .select_from(Attempt)
        .outerjoin(newest, newest.c.attempt_id == Attempt.id)
        .where(Attempt.id.in_(select(Clue.attempt_id).where(Clue.exam_id == exam_id)))
        .group_by(newest.c.outcome)
    )
    found = {outcome or "open": number for outcome, number in rows}
    return {state: found.get(state, 0) if state else sum(found.values()) for state in STATES}


# One attempt ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A hint in words. other: (attempt, name, unit) of the other person of a similarity, for who administers."""

    kind: str
    words: str
    other: tuple[int, str, str] | None


@dataclass(frozen=True)
class Review:
    at: datetime
    by: str
    outcome: str
    reason: str


@dataclass(frozen=True)
class Statement:
    at: datetime
    text: str


@dataclass(frozen=True)
class Told:
    """Everything about one attempt. reviews, statements: the newest first."""

    attempt: Attempt
    name: str
    unit: str
    lines: list[Line]
    reviews: list[Review]
    statements: list[Statement]

    @property
    def state(self) -> str:
        return self.reviews[0].outcome if self.reviews else STATES["open"]


def told(
    exam_id: int, *, attempt_id: int | None = None, person_id: int | None = None, wrong: bool = True
) -> list[Told]:
    """The attempts of an exam with hints, one of them or those of a person, in their order. Four statements.

    wrong: see `facts.words`.
    """
    has = select(Clue.attempt_id).where(Clue.exam_id == exam_id)
    wanted = (
        select(Attempt, Candidate.name, ExamUnit.name)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(ExamUnit, stands_in())
        .where(Attempt.exam_id == exam_id, Attempt.id.in_(has))
        .order_by(Attempt.number)
    )
    if attempt_id is not None:
        wanted = wanted.where(Attempt.id == attempt_id)
    if person_id is not None:
        wanted = wanted.where(Attempt.person_id == person_id)
    rows = db.session.execute(wanted).all()
    ids = [attempt.id for attempt, _, _ in rows]
    lines, reviews, statements = _lines(ids, wrong=wrong), _reviews(ids), _statements(ids)
    return [
        Told(one, name, unit, lines.get(one.id, []), reviews.get(one.id, []), statements.get(one.id, []))
        for one, name, unit in rows
    ]


def _lines(ids: Sequence[int], *, wrong: bool) -> dict[int, list[Line]]:
    other, whose, where = aliased(Attempt), aliased(Candidate), aliased(ExamUnit)
    rows = db.session.execute(
        select(Clue, whose.name, where.name)
        .outerjoin(other, other.id == Clue.other_id)
        .outerjoin(whose, whose.id == other.candidate_id)
        .outerjoin(where, and_(where.exam_id == whose.exam_id, where.lft == whose.lft))
        .where(Clue.attempt_id.in_(ids))
        .order_by(Clue.id)
    )
    found: dict[int, list[Line]] = {}
    for clue, name, unit in rows:
        person = (clue.other_id, name or "", unit or "") if clue.other_id is not None else None
        line = Line(KINDS[clue.kind], facts.words(clue.kind, clue.facts, wrong=wrong), person)
        found.setdefault(clue.attempt_id, []).append(line)
    return found


def _reviews(ids: Sequence[int]) -> dict[int, list[Review]]:
    rows = db.session.execute(
        select(ClueReview, Person.name)
        .join(Person, Person.id == ClueReview.by_id)
        .where(ClueReview.attempt_id.in_(ids))
        .order_by(ClueReview.id.desc())
    )
    found: dict[int, list[Review]] = {}
    for one, name in rows:
        review = Review(one.at, name, OUTCOMES[one.outcome], one.reason)
        found.setdefault(one.attempt_id, []).append(review)
    return found


def _statements(ids: Sequence[int]) -> dict[int, list[Statement]]:
    rows = db.session.scalars(
        select(ClueStatement).where(ClueStatement.attempt_id.in_(ids)).order_by(ClueStatement.id.desc())
    )
    found: dict[int, list[Statement]] = {}
    for one in rows:
        found.setdefault(one.attempt_id, []).append(Statement(one.at, one.text))
    return found


def touched(exam_id: int) -> set[int]:
    """The attempts of an exam that somebody has looked at or whose candidate has made a statement."""
    looked = select(ClueReview.id).where(ClueReview.attempt_id == Attempt.id).exists()
    said = select(ClueStatement.id).where(ClueStatement.attempt_id == Attempt.id).exists()
    return set(db.session.scalars(select(Attempt.id).where(Attempt.exam_id == exam_id, or_(looked, said))))
