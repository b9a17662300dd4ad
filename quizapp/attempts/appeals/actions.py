"""成绩复核: a candidate asks and withdraws, those in charge answer one or many at once and may take an answer back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from quizapp import audit
from quizapp.attempts import layout as layouts
from quizapp.attempts.appeals import rules
from quizapp.attempts.appeals.models import Appeal
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import release


def ask(
    attempt: Attempt, number: int, words: str, shown: release.Shown, *, open_now: bool, now: datetime
) -> Appeal:
    """申请复核 of one question, or (number 0) of the whole result. shown: what this person sees of the attempt.

    The attempt is locked, so that two presses make one appeal. Raises Refused, LookupError for no such question.
    """
    places = layouts.from_text(attempt.layout)
    if not 0 <= number <= len(places):
        raise LookupError(f"no question {number}")
    db.session.execute(select(Attempt.id).where(Attempt.id == attempt.id).with_for_update(key_share=True))
    states = db.session.scalars(
        select(Appeal.state).where(Appeal.attempt_id == attempt.id, Appeal.number == number)
    ).all()
    if sentence := rules.bars(number, states, shown, open_now=open_now):
        raise Refused("barred", sentence)
    if not words.strip():
        raise Refused("words", "请写明复核的理由，没有提交申请。", status=422)
    made = Appeal(
        exam_id=attempt.exam_id,
        attempt_id=attempt.id,
        number=number,
        revision_id=places[number - 1].revision_id if number else None,
        words=words,
        made_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def withdraw(appeal: Appeal, *, now: datetime) -> None:
    """Take an appeal back that nobody has answered yet. Raises Refused."""
    done = db.session.scalar(
        update(Appeal)
        .where(Appeal.id == appeal.id, Appeal.state == "open")
        .values(state="withdrawn", decided_at=now)
        .returning(Appeal.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Refused("decided", "这份申请已经答复，没有撤回。", "请刷新页面查看答复。")
    db.session.expire(appeal)


def answer(
    exam_id: int,
    appeal_ids: Sequence[int],
    verdict: str,
    words: str,
    *,
    actor_id: int,
    now: datetime,
) -> int:
    """Answer open appeals of one exam and one question alike: all of them, or none. Gives how many.

    Nobody answers the own appeal. Raises Refused. A constant number of statements.
    """
    if verdict not in rules.VERDICTS or not words.strip():
        raise Refused("answer", "请选择处理结果并填写答复，没有处理任何申请。", status=422)
    rows = db.session.execute(
        select(Appeal, Attempt.person_id)
        .join(Attempt, Attempt.id == Appeal.attempt_id)
        .where(Appeal.id.in_(appeal_ids), Appeal.exam_id == exam_id)
        .order_by(Appeal.id)
        .with_for_update(of=Appeal)
        .execution_options(populate_existing=True)
    ).all()
    found = [appeal for appeal, _ in rows]
    if not found:
        raise Refused("nothing", "没有选择申请，没有处理任何申请。", status=422)
    if any(one.state != "open" for one in found):
        raise Refused("decided", "其中有申请已经答复或撤回，没有处理任何申请。", "请刷新页面后重新选择。")
    if any(person_id == actor_id for _, person_id in rows):
        raise Refused("own_appeal", "本人提出的申请须由另一人答复，没有处理任何申请。")
    if len({one.revision_id for one in found}) > 1:
        raise Refused("several_questions", "一次只能答复同一道试题的申请，没有处理任何申请。")
    for one in found:
        one.state, one.answer = verdict, words
        one.decided_by_id, one.decided_at = actor_id, now
    db.session.flush()
    _record("attempt.appeal_answered", found, verdict, words, actor_id)
    return len(found)


def take_back(appeal: Appeal, *, actor_id: int) -> None:
    """撤销答复: the appeal waits again. Raises Refused where nothing was answered."""
    locked = db.session.get_one(Appeal, appeal.id, with_for_update=True, populate_existing=True)
    if locked.state not in rules.VERDICTS:
        raise Refused("open", "这份申请没有答复，没有改动。", "请刷新页面查看。")
    _record("attempt.appeal_reopened", [locked], locked.state, "", actor_id)
    locked.state, locked.answer, locked.decided_by_id, locked.decided_at = "open", "", None, None
    db.session.flush()


def _record(action: str, found: Sequence[Appeal], verdict: str, reason: str, actor_id: int) -> None:
    told = [
        (
            one.attempt_id,
            {"appeal": one.id, "number": one.number, "verdict": rules.STATES[verdict], "reason": reason},
        )
        for one in found
    ]
    audit.record_many(action, "attempt", told, actor_id=actor_id)
