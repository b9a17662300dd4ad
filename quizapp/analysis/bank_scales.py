"""The scale of a bank: the Rasch values of all its exams linked anew when one of them has been computed.

The stored values of each exam stay as they were measured; links and the bank's values follow from them, see
`common_scale`. So computing an exam again, or exams in another order, gives the same.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from quizapp.analysis import explaining
from quizapp.analysis.common_scale import Linked, Measured, on_one_scale
from quizapp.analysis.flags import LEAST
from quizapp.analysis.models import ItemStatistic, ScaleLink
from quizapp.bank import facts
from quizapp.bank.models import Bank, Question, QuestionFacts, Revision
from quizapp.db import db
from quizapp.exams.models import Exam

Exams = dict[
    int, dict[int, Measured]
]  # in the order of their ends: exam → question → difficulty on its own scale


def refresh(bank_ids: Collection[int]) -> None:
    """Link the exams of these banks, and write to the questions what has changed. A constant number of statements.

    Who does it at once for the same bank waits. The caller commits.
    """
    banks = sorted(bank_ids)
    db.session.execute(
        select(Bank.id).where(Bank.id.in_(banks)).order_by(Bank.id).with_for_update(key_share=True)
    ).all()
    links: list[dict[str, Any]] = []
    values: dict[int, tuple[float, float, bool]] = {}
    for bank_id, exams in _measured(banks).items():
        linked, found = on_one_scale(list(exams.items()))
        links += [_row(bank_id, exam_id, link) for exam_id, link in linked.items()]
        for question, (one, on_scale) in found.items():
            values[question] = (one.logit, one.whole_error, on_scale)
    db.session.execute(delete(ScaleLink).where(ScaleLink.bank_id.in_(banks)))
    if links:
        db.session.execute(insert(ScaleLink), links)
    _write(banks, values)


def _measured(bank_ids: Collection[int]) -> dict[int, Exams]:
    """By bank. A question that an exam asked in two versions counts with the newer. One statement."""
    rows: Any = db.session.execute(
        select(
            *(Question.bank_id, ItemStatistic.exam_id, Question.id),
            *(ItemStatistic.rasch, ItemStatistic.rasch_error),
        )
        .join(Revision, Revision.id == ItemStatistic.revision_id)
        .join(Question, Question.id == Revision.question_id)
        .join(Exam, Exam.id == ItemStatistic.exam_id)
        .where(Question.bank_id.in_(bank_ids), ItemStatistic.sheets >= LEAST)
        .where(ItemStatistic.rasch.is_not(None), ItemStatistic.rasch_error > 0)
        .order_by(Exam.closes_at.nulls_last(), Exam.id, Revision.number)
    )
    found: dict[int, Exams] = {}
    for bank_id, exam_id, question_id, logit, error in rows:
        found.setdefault(bank_id, {}).setdefault(exam_id, {})[question_id] = Measured(logit, error)
    return found


def _row(bank_id: int, exam_id: int, link: Linked) -> dict[str, Any]:
    return {
        "bank_id": bank_id,
        "exam_id": exam_id,
        "on_scale": link.on_scale,
        "begins": link.begins,
        "shift": link.shift,
        "error": link.error,
        "common": len(link.common),
        "drifted": sorted(link.drifted),
    }


def _write(bank_ids: Collection[int], values: Mapping[int, tuple[float, float, bool]]) -> None:
    """What no exam measures any more goes."""
    kept = db.session.execute(
        select(
            *(QuestionFacts.question_id, QuestionFacts.rasch),
            *(QuestionFacts.rasch_error, QuestionFacts.rasch_linked),
        )
        .join(Question, Question.id == QuestionFacts.question_id)
        .where(Question.bank_id.in_(bank_ids), QuestionFacts.rasch.is_not(None))
    )
    before = {question: (logit, error, linked) for question, logit, error, linked in kept}
    changed = {
        question: values.get(question, (None, None, None))
        for question in before.keys() | values.keys()
        if before.get(question) != values.get(question)
    }
    for at, column in enumerate(("rasch", "rasch_error", "rasch_linked")):
        facts.keep(column, {question: told[at] for question, told in changed.items()})


@dataclass(frozen=True)
class Standing:
    """How an exam stands to the scale of a bank, in words."""

    bank: str
    words: str


def of_exam(exam_id: int) -> list[Standing]:
    """Of each bank of an exam that has Rasch values, by title. Two statements."""
    rows = db.session.execute(
        select(Bank.title, ScaleLink)
        .join(ScaleLink, ScaleLink.bank_id == Bank.id)
        .where(ScaleLink.exam_id == exam_id)
        .order_by(Bank.title, Bank.id)
    ).all()
    gone = {question for _, link in rows for question in link.drifted}
    codes = dict(db.session.execute(select(Question.id, Question.code).where(Question.id.in_(gone))).all())
    return [Standing(title, _in_words(link, codes)) for title, link in rows]


def _in_words(link: ScaleLink, codes: Mapping[int, str]) -> str:
    return explaining.scale_in_words(
        on_scale=link.on_scale,
        begins=link.begins,
        shift=link.shift,
        error=link.error,
        common=link.common,
        drifted=sorted(codes[one] for one in link.drifted),
    )
