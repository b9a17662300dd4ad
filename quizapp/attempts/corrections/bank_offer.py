"""After a correction the bank follows: a draft with the new key is written, and the old revision waits for 复核, so
that nobody practises a wrong key meanwhile. The draft goes the usual way: submitted, reviewed, published."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from quizapp.attempts.corrections.showing import HIDDEN, Question
from quizapp.bank import access, actions, catalogue, queries, review, stored
from quizapp.bank.models import Bank, Citation, Revision
from quizapp.bank.models import Question as BankQuestion
from quizapp.db import db
from quizapp.errors import Refused, not_found

_asked = aliased(Revision)  # what the exam asked


@dataclass(frozen=True)
class Offer:
    """What may be done about a question of the bank. key: of the draft, "" where the correction names no single one.

    follows: the bank says something newer than the exam asked, so nothing is offered. may: the person writes there.
    """

    revision_id: int
    question: BankQuestion
    bank: Bank
    status: str  # of the revision that the exam asked
    key: str
    follows: bool
    may: bool


def offers(asked: Sequence[Question]) -> list[Offer]:
    """One for each question of a correction whose bank may be seen."""
    seen = {one.face.revision_id: one for one in asked if HIDDEN not in (one.before, one.after)}
    newer = (
        select(Revision.id)
        .where(Revision.question_id == BankQuestion.id, Revision.number > _asked.number)
        .correlate(BankQuestion, _asked)
        .exists()
    )
    rows = db.session.execute(
        select(_asked, BankQuestion, Bank, newer)
        .join(BankQuestion, BankQuestion.id == _asked.question_id)
        .join(Bank, Bank.id == BankQuestion.bank_id)
        .where(_asked.id.in_(seen))
        .order_by(BankQuestion.code)
    )
    return [
        Offer(
            revision.id,
            question,
            bank,
            revision.status,
            _key(seen[revision.id], revision),
            bool(follows),
            access.may(bank, *access.WRITERS),
        )
        for revision, question, bank, follows in rows
    ]


def _key(one: Question, revision: Revision) -> str:
    """The only answer that is right now, where it is another than the bank's."""
    if one.key.treatment != "normal" or len(one.key.accepted) != 1:
        return ""
    key = "".join(sorted(one.key.accepted[0]))
    return key if key != revision.key else ""


def offer_or_404(asked: Sequence[Question], revision_id: int) -> Offer:
    """The offer about one question, for who may write in its bank."""
    return (
        next((one for one in offers(asked) if one.revision_id == revision_id and one.may), None)
        or not_found()
    )


def follow(offer: Offer, reason: str, *, actor_id: int, now: datetime) -> str:
    """Write the draft, where there is one key, and suspend what is published. Gives a sentence; the caller commits."""
    if offer.follows:
        raise Refused("follows", "题库中这道试题已有更新的版本，没有改动。", "请在题库中查看。")
    bank, code = offer.bank, offer.question.code
    said = []
    if offer.key:
        newest = catalogue.history(offer.question.id)[0].revision
        cited = queries.citations(Citation.revision_id == newest.id).get(newest.id, [])
        draft = stored.draft_of(newest, code, cited, bank)
        draft.key = offer.key
        written = actions.write(draft, bank, code=code, by_id=actor_id, now=now)
        if written.stored is None:
            why = "；".join(problem.message for problem in written.draft.problems)
            raise Refused("draft", f"不能写成新的草稿：{why or '内容没有变化'}。", "请在题库中编辑该题。")
        said.append(f"已为试题{code}写成新的草稿，请提交审核")
    if offer.status == "published":
        review.suspend(
            [offer.revision_id], bank, actor_id=actor_id, reason=f"标准答案已更正：{reason}"
        ).or_refuse()
        said.append("原版本已停止练习和组卷，待复核")
    return "；".join(said) + "。" if said else "题库没有需要改动的内容。"
