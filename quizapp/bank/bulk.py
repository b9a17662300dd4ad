"""Changing many questions of a bank at once. Each act takes a constant number of statements."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quizapp import audit
from quizapp.bank import stored
from quizapp.bank.catalogue import is_newest, newest_numbers
from quizapp.bank.drafts import Draft
from quizapp.bank.models import Bank, Question, Revision
from quizapp.bank.review import Outcome
from quizapp.bank.storing import prepared, store_ready
from quizapp.db import db
from quizapp.errors import Refused

MOST = 5000  # questions in one act

Change = Callable[[Draft], Draft]


@dataclass(frozen=True)
class Chosen:
    """A revision that somebody chose in the list. newest: the state of its question's newest revision."""

    revision_id: int
    question_id: int
    code: str
    number: int
    stem: str
    status: str
    newest: str


def chosen(bank_id: int, revision_ids: Sequence[int]) -> list[Chosen]:
    """Those of the revisions that belong to this bank, by code. Raises Refused for too many."""
    if len(revision_ids) > MOST:
        raise Refused("too_many", f"一次最多处理{MOST}题。", "请缩小范围，分几次处理。", status=422)
    newest = (
        select(Revision.question_id, Revision.status)
        .join(newest_numbers, is_newest)
        .subquery("newest_revision")
    )
    rows = db.session.execute(
        select(
            Revision.id,
            Question.id,
            Question.code,
            Revision.number,
            Revision.stem,
            Revision.status,
            newest.c.status,
        )
        .join(Question, Question.id == Revision.question_id)
        .join(newest, newest.c.question_id == Question.id)
        .where(Question.bank_id == bank_id, Revision.id.in_(revision_ids))
        .order_by(Question.code, Revision.number)
    )
    return [Chosen(*row) for row in rows]


def with_tags(tags: Iterable[str]) -> Change:
    """Add tags to a question, those that it lacks."""
    return lambda draft: replace(draft, tags=list(dict.fromkeys((*draft.tags, *tags))))


def without_tags(tags: Iterable[str]) -> Change:
    gone = set(tags)
    return lambda draft: replace(draft, tags=[tag for tag in draft.tags if tag not in gone])


def with_uses(uses: Iterable[str]) -> Change:
    """Give a question these uses instead of its own."""
    wanted = tuple(uses)
    return lambda draft: replace(draft, uses=wanted)


def with_difficulties(levels: Mapping[str, int]) -> Change:
    """Give questions other difficulties (code → 1…5); those not named keep theirs."""
    return lambda draft: replace(draft, difficulty=levels.get(draft.code, draft.difficulty))


def revise(
    picks: Sequence[Chosen], bank: Bank, change: Change, *, what: str, by_id: int, now: datetime
) -> tuple[Outcome, int]:
    """Change the newest revision of each question into a further draft; published ones stay as they are.

    Returns what was made with what was left alone and why, and how many the change leaves as they are.
    what: for the audit row. The caller commits. Raises Refused.
    """
    stopped = {pick.code for pick in picks if pick.newest == "retired"}
    alive = {pick.question_id for pick in picks if pick.code not in stopped}
    newest = select(Revision.id).join(newest_numbers, is_newest).where(Revision.question_id.in_(alive))
    drafts = stored.drafts_of(bank, Revision.id.in_(newest))
    ready = prepared([change(draft) for draft in drafts], bank)
    try:
        made = store_ready(ready, bank, by_id=by_id, now=now)
    except IntegrityError as error:
        raise Refused("changed_meanwhile", "有试题刚刚被他人修改。", "没有改动任何内容，请重试。") from error
    outcome = Outcome(done=[*made.new, *made.changed])
    outcome.left += [(code, "试题已停用。") for code in sorted(stopped)]
    outcome.left += [
        (draft.code, next(p.message for p in draft.problems if p.severity == "error"))
        for draft in ready.drafts
        if draft.verdict == "error"
    ]
    if outcome.done:
        codes = [draft.code for draft in ready.good]
        audit.record("bank.revised", bank, actor_id=by_id, codes=codes, change=what, made=len(outcome.done))
    return outcome, made.same
