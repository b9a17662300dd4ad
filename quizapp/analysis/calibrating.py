"""What exams have shown of a question's difficulty goes back to its bank, and a person may take it over.

One rule each: `attempts.facility` counts the 难度系数, `exams.blueprint.level_of` says which level 1…5 that is, the
bank makes a further version of the question, which is reviewed like every other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from quizapp.analysis import bank_scales
from quizapp.analysis.models import ItemStatistic, KeyCheck
from quizapp.attempts import facility
from quizapp.bank import bulk
from quizapp.bank.catalogue import is_newest, newest_numbers
from quizapp.bank.models import Bank, Question, QuestionFacts, Revision
from quizapp.bank.review import Outcome
from quizapp.db import db
from quizapp.exams import blueprint


def feed_back(rows: Sequence[Mapping[str, Any]]) -> None:
    """Store the measured difficulty of an exam's questions with their banks, once its own figures are stored.

    rows: of `working.item_rows`. Rasch difficulties count from LEAST sheets on, on the scale of the bank where the exam
    can be linked to it, see `bank_scales`. A constant number of statements.
    """
    asked = db.session.execute(
        select(Question.id, Question.bank_id)
        .join(Revision, Revision.question_id == Question.id)
        .where(Revision.id.in_([row["revision_id"] for row in rows]))
    ).all()
    if asked:
        facility.refresh(sorted({row.id for row in asked}))
        bank_scales.refresh({row.bank_id for row in asked})


@dataclass(frozen=True)
class Mismatch:
    """A question whose rated difficulty the sheets contradict. facility: in thousandths, of `answers` sheets. doubtful:
    something speaks against its key, and nobody has checked that: then the difficulty may be that of a wrong key."""

    question_id: int
    code: str
    stem: str
    bank: Bank
    rated: int
    facility: int
    answers: int
    revision_id: int  # as it stood in the exam
    doubtful: bool

    @property
    def measured(self) -> int:
        """The level 1…5 that was measured."""
        return blueprint.level_of(self.facility / 1000)


def mismatches(exam_id: int) -> list[Mismatch]:
    """与原难度不符: what the exam flagged and what neither further sheets nor a newer version have put right. Two
    statements at most; in the order of the paper."""
    stood = aliased(Revision)
    rows: Any = db.session.execute(
        select(
            *(Question.id, Question.code, Revision.stem, Bank, Revision.difficulty),
            *(QuestionFacts.facility, func.coalesce(QuestionFacts.facility_answers, 0)),
            *(ItemStatistic.revision_id, and_(ItemStatistic.doubt > 0, KeyCheck.revision_id.is_(None))),
        )
        .select_from(ItemStatistic)
        .outerjoin(
            KeyCheck, and_(KeyCheck.exam_id == exam_id, KeyCheck.revision_id == ItemStatistic.revision_id)
        )
        .join(stood, stood.id == ItemStatistic.revision_id)
        .join(Question, Question.id == stood.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Revision, Revision.question_id == Question.id)
        .join(newest_numbers, is_newest)
        .join(QuestionFacts, QuestionFacts.question_id == Question.id)
        .where(
            ItemStatistic.exam_id == exam_id, ItemStatistic.flags.contains(",unlike_rated,", autoescape=True)
        )
        .where(QuestionFacts.facility.is_not(None), Revision.status != "retired")
        .order_by(ItemStatistic.position)
    )
    found = [Mismatch(*row) for row in rows]
    return [one for one in found if one.measured != one.rated]


def take_over(
    wanted: Collection[int], known: Sequence[Mismatch], *, by_id: int, now: datetime
) -> dict[str, Outcome]:
    """Make drafts with the measured difficulty of these questions; title of the bank → what came of it.

    wanted: ids of questions; others than `known` are passed over. A bank at a time. The caller commits.
    """
    found: dict[str, Outcome] = {}
    chosen = [one for one in known if one.question_id in wanted]
    for bank in dict.fromkeys(one.bank for one in chosen):
        own = [one for one in chosen if one.bank is bank]
        newest = select(Revision.id).join(newest_numbers, is_newest)
        ids = db.session.scalars(newest.where(Revision.question_id.in_([one.question_id for one in own])))
        change = bulk.with_difficulties({one.code: one.measured for one in own})
        picks = bulk.chosen(bank.id, ids.all())
        found[bank.title], _ = bulk.revise(picks, bank, change, what="difficulty", by_id=by_id, now=now)
    return found
