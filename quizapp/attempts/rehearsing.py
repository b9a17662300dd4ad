"""考前演练: a candidate tries the exam page on harmless questions. A trial: counted nowhere, deleted after a day."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from quizapp.attempts import layout as layouts
from quizapp.attempts import rehearsal, starting
from quizapp.attempts import sheet as sheets
from quizapp.attempts.dialects import insert_once
from quizapp.attempts.models import Attempt
from quizapp.attempts.rehearsal import Told
from quizapp.bank.lending import REHEARSAL
from quizapp.bank.models import Bank, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import windows
from quizapp.exams.drawing import LETTERS, Place
from quizapp.exams.models import Candidate, Exam

POINTS = 100  # tenths of a 分 that each question shows
MOST = 20  # rehearsals of one person for one exam within the day that they are kept


def may_rehearse(exam: Exam, candidate: Candidate, now: datetime) -> bool:
    """Whether this candidate may rehearse: on the list, not excused, and the exam is ahead or running."""
    return candidate.status == "expected" and windows.state_of(exam, now) in ("published", "running")


def start(exam: Exam, candidate: Candidate, *, now: datetime) -> Attempt:
    """The rehearsal that this person continues or begins. Raises Refused."""
    if not may_rehearse(exam, candidate, now):
        raise Refused("no_rehearsal", "这场考试现在不能演练。")
    person_id = candidate.person_id
    real = starting.tried(exam.id, person_id, now).open_attempt
    if real is not None and real.state == "in_progress":
        raise Refused("exam_running", "您正在参加这场考试，不能演练。", "请返回考试继续答题。")
    so_far = starting.tried(exam.id, person_id, now, trial=True, rehearsal=True)
    if so_far.open_attempt is not None:
        return so_far.open_attempt
    if of_the_day(exam.id, person_id) >= MOST:
        raise Refused("enough", "今天已演练多次，请明天再试。")
    places = [
        Place(identity, LETTERS[: len(told.options)], POINTS)
        for told, identity in zip(rehearsal.questions(), revisions(now), strict=True)
    ]
    return starting.create(
        exam,
        lambda: places,
        person_id=person_id,
        candidate_id=None,
        number=starting.next_trial(exam.id, person_id),
        trial=True,
        rehearsal=True,
        pledge="",
        now=now,
    )


def of_the_day(exam_id: int, person_id: int) -> int:
    """How many rehearsals of this person are kept: those of the last day."""
    wanted = select(func.count()).where(
        Attempt.exam_id == exam_id, Attempt.person_id == person_id, Attempt.rehearsal
    )
    return db.session.scalar(wanted) or 0


def revisions(now: datetime) -> list[int]:
    """The revision ids of the shipped questions, in order; stored when they are first asked for, or have changed.

    They are never published, so no pool holds them, and their bank is sealed, nobody's, and in no list.
    """
    told = rehearsal.questions()
    stored = _stored()
    if any(one.hash not in stored for one in told):
        _store(told, now)
        stored = _stored()
    return [stored[one.hash] for one in told]


def _stored() -> dict[str, int]:
    rows = db.session.execute(
        select(Revision.content_hash, Revision.id)
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Bank.slug == REHEARSAL)
    )
    return dict(rows.all())


def _store(told: list[Told], now: datetime) -> None:
    """Each question by the hash of its words: what was shown once stays. Two who come first at once store it once."""
    words = {"title": "考前演练", "description": "", "owner": "", "licence": "", "reviewer": ""}
    db.session.execute(insert_once(Bank).values(slug=REHEARSAL, sealed=True, created_at=now, **words))
    bank_id = db.session.execute(select(Bank.id).where(Bank.slug == REHEARSAL)).scalar_one()
    codes = {one.hash[:40]: one for one in told}
    db.session.execute(
        insert_once(Question).values(
            [{"bank_id": bank_id, "code": code, "created_at": now} for code in codes]
        )
    )
    ids = dict(
        db.session.execute(
            select(Question.code, Question.id).where(Question.bank_id == bank_id, Question.code.in_(codes))
        ).all()
    )
    rows = [
        {
            "question_id": ids[code],
            "number": 1,
            "kind": one.kind,
            "any_number": False,
            "stem": one.stem,
            "options": list(one.options),
            "key": one.key,
            "explanation": "",
            "difficulty": 1,
            "uses": "",
            "tags": [],
            "content_hash": one.hash,
            "status": "retired",
            "status_reason": "",
            "created_at": now,
        }
        for code, one in codes.items()
    ]
    db.session.execute(insert_once(Revision).values(rows))


@dataclass(frozen=True)
class Done:
    """One question after the rehearsal: what it practises, and whether it was answered as asked."""

    number: int
    learned: str
    as_asked: bool


def done(attempt: Attempt) -> list[Done]:
    """How a rehearsal went, question by question. One statement; a question that ships no more is left out."""
    by_revision = {identity: content for content, identity in _stored().items()}
    by_hash = {one.hash: one for one in rehearsal.questions()}
    found = []
    places = layouts.from_text(attempt.layout)
    for number, (place, chosen) in enumerate(zip(places, sheets.parse(attempt.sheet), strict=True), start=1):
        told = by_hash.get(by_revision[place.revision_id])
        if told is not None:
            found.append(Done(number, told.learned, chosen == told.key))
    return found
