"""Starting an exam: whether a person may, and the attempt that is then drawn, once."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from quizapp.attempts import guards, receipts, wording
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.dialects import insert_once
from quizapp.attempts.models import Attempt
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import queries as exams
from quizapp.exams import windows
from quizapp.exams.drawing import Place
from quizapp.exams.models import Candidate, Exam
from quizapp.practice import before_exam

SENTENCES = {
    "not_open": "考试还没有开始。",
    "too_late": "开始考试的时间已过。",
    "outside_hours": "现在不在每天的作答时间内。",
    "not_published": "考试已取消或尚未发布。",
    "voided": "考试已作废，不能再开始。",
    "exempt": "您已免考，不需要参加这场考试。",
    "deferred": "您已缓考，不需要参加这场考试。",
    "used_up": "您的考试次数已用完。",
    "gate": "请先完成一次自测并达到合格，再参加考试。",
}


@dataclass(frozen=True)
class Tried:
    """What a person has done of an exam so far."""

    open_attempt: Attempt | None  # created or in progress, and not closed by time
    used: int  # attempts begun, voided ones included


def tried(
    exam_id: int, person_id: int, now: datetime, *, trial: bool = False, rehearsal: bool = False
) -> Tried:
    """The person's attempts of an exam: those that count, the trials of who makes it, or the rehearsals."""
    rows = db.session.scalars(
        select(Attempt)
        .where(Attempt.exam_id == exam_id, Attempt.person_id == person_id, Attempt.trial.is_(trial))
        .where(Attempt.rehearsal.is_(rehearsal))
        .order_by(Attempt.number)
    ).all()
    return tried_of(rows, now)


def tried_of(rows: Sequence[Attempt], now: datetime) -> Tried:
    """The same from these attempts, the newest last."""
    running = [a for a in rows if a.state == "created" or guards.is_open(a.state, a.refused_after, now)]
    return Tried(running[-1] if running else None, max((a.number for a in rows), default=0))


def may_not_start(exam: Exam, candidate: Candidate, used: int, now: datetime) -> str | None:
    """Why a further attempt may not begin: a key of SENTENCES; none where it may."""
    if exam.state == "voided":
        return "voided"
    if exam.state != "published" or exam.opens_at is None or exam.closes_at is None:
        return "not_published"
    if candidate.status != "expected":
        return candidate.status
    when = windows.window_of(exam, candidate).may_start(now)
    if when != "open":
        return when
    if used >= exam.attempts_allowed + candidate.extra_attempts:
        return "used_up"
    return None if before_exam.may_pass(exam, candidate.person_id) else "gate"


def sentence(reason: str, exam: Exam, candidate: Candidate, now: datetime) -> str:
    """What a person reads of a key of SENTENCES, with the next time at which the exam can be started, if any."""
    if reason not in ("not_open", "outside_hours"):
        return SENTENCES[reason]
    following = windows.window_of(exam, candidate).next_start(now)
    if following is None:
        return SENTENCES[reason]
    return f"{SENTENCES[reason].rstrip('。')}，{wording.moment(following, now)}起可以开始。"


def start(exam: Exam, candidate: Candidate, *, pledge: str, now: datetime) -> Attempt:
    """The attempt that this person continues or begins: drawn, pledged, not opened yet.

    However many openings arrive at once, there is one attempt. Raises Refused with a key of SENTENCES.
    """
    so_far = tried(exam.id, candidate.person_id, now)
    if so_far.open_attempt is not None:
        return so_far.open_attempt
    number = next_number(exam, candidate, so_far, now)
    return create(
        exam,
        lambda: drawn(exam, candidate, number),
        person_id=candidate.person_id,
        candidate_id=candidate.id,
        number=number,
        trial=False,
        pledge=pledge,
        now=now,
    )


def next_number(exam: Exam, candidate: Candidate, so_far: Tried, now: datetime) -> int:
    """The number of the attempt that this person may begin. Raises Refused with a key of SENTENCES."""
    reason = may_not_start(exam, candidate, so_far.used, now)
    if reason:
        raise Refused(reason, sentence(reason, exam, candidate, now))
    return so_far.used + 1


def drawn(exam: Exam, candidate: Candidate, number: int) -> list[Place]:
    """The paper of this person's attempt of this number."""
    return exams.source(exam).paper(candidate.id, number, avoid=met_before(exam, candidate.person_id))


def met_before(exam: Exam, person_id: int) -> set[int]:
    """Of a makeup: every revision of the questions that this person was shown in the exam it makes up for.

    In its other makeups too. Two statements; none for other exams.
    """
    if exam.makeup_of_id is None:
        return set()
    family = or_(Exam.id == exam.makeup_of_id, Exam.makeup_of_id == exam.makeup_of_id)
    shown = db.session.scalars(
        select(Attempt.layout)
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(family, Exam.id != exam.id, Attempt.person_id == person_id, Attempt.trial.is_(False))
    )
    revisions = {place.revision_id for text in shown for place in layouts.from_text(text)}
    questions = select(Revision.question_id).where(Revision.id.in_(revisions))
    return set(db.session.scalars(select(Revision.id).where(Revision.question_id.in_(questions))))


def start_trial(exam: Exam, person_id: int, *, now: datetime) -> Attempt:
    """A dry run: no candidate, counted nowhere, deleted after a day."""
    so_far = tried(exam.id, person_id, now, trial=True)
    if so_far.open_attempt is not None:
        return so_far.open_attempt
    number = next_trial(exam.id, person_id)
    seed = secrets.token_hex(16)  # a trial must not show a candidate's own paper
    return create(
        exam,
        lambda: exams.source(exam).paper(f"trial-{person_id}", number, seed=seed),
        person_id=person_id,
        candidate_id=None,
        number=number,
        trial=True,
        pledge="",
        now=now,
    )


def next_trial(exam_id: int, person_id: int) -> int:
    """The number of a person's next trial: 试考 and 考前演练 are numbered together."""
    wanted = select(func.max(Attempt.number)).where(
        Attempt.exam_id == exam_id, Attempt.person_id == person_id, Attempt.trial
    )
    return 1 + (db.session.scalar(wanted) or 0)


def create(exam: Exam, draw: Callable[[], list[Place]], *, now: datetime, **row: Any) -> Attempt:
    """Insert, or find what somebody else inserted at the same moment."""
    text = layouts.to_text(draw())
    slots = text.count(" ") + 1
    db.session.execute(
        insert_once(Attempt).values(
            token=receipts.new_token(),
            exam_id=exam.id,
            layout=text,
            layout_hash=layouts.hash_of(text),
            slots=slots,
            sheet=sheets.blank(slots),
            state="created",
            epoch=0,
            revision=0,
            saved_epoch=0,
            saved_revision=0,
            pledged_at=now,
            created_at=now,
            **row,
        )
    )
    return db.session.scalars(
        select(Attempt).where(
            Attempt.exam_id == exam.id,
            Attempt.person_id == row["person_id"],
            Attempt.trial.is_(row["trial"]),
            Attempt.number == row["number"],
        )
    ).one()
