"""疑似错误答案 over the exams that a person administers: what speaks against a key, and who has checked it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, exists, func, select

from quizapp.analysis import access, doubts
from quizapp.analysis.models import ItemStatistic, KeyCheck
from quizapp.bank.models import ErrorReport
from quizapp.db import db
from quizapp.exams.access import within_reach
from quizapp.exams.models import Exam, Form, Slot
from quizapp.people.models import Person, Unit

PAGE = 10
MOST = 2000  # doubtful questions that are looked at, the latest exams first


@dataclass(frozen=True)
class Suspect:
    """A question of an exam with what speaks against its key. item: none where the figures are not made yet.

    reports: 纠错 of this version that were not found groundless; checked: who has found the key right, and when.
    """

    exam: Exam
    revision_id: int
    item: ItemStatistic | None
    reports: int
    checked: KeyCheck | None
    checker: str

    @property
    def strength(self) -> float:
        return doubts.strength(self.item.doubt if self.item else 0.0, self.reports)

    @property
    def told(self) -> list[str]:
        """The evidence in sentences."""
        said = [
            evidence
            for code, _, evidence in (self.item.told if self.item else [])
            if code in ("negative", "best_choose")
        ]
        return [one for one in (*said, doubts.reports_in_words(self.reports)) if one]


def suspects(exam_id: int | None = None) -> list[Suspect]:
    """Of one exam or of all in reach, the strongest first; exams whose keys the person may not see are left out.

    A constant number of statements.
    """
    reports = (
        select(ErrorReport.revision_id, func.count().label("number"))
        .where(ErrorReport.state != "rejected")
        .group_by(ErrorReport.revision_id)
        .having(func.count() >= doubts.REPORTS)
        .subquery()
    )
    asked = (
        select(Form.exam_id, Slot.revision_id)
        .join(Slot, Slot.form_id == Form.id)
        .where(Slot.revision_id.in_(select(reports.c.revision_id)))
        .union(select(ItemStatistic.exam_id, ItemStatistic.revision_id).where(ItemStatistic.doubt > 0))
        .subquery()
    )
    rows = (
        select(
            *(Exam, asked.c.revision_id, ItemStatistic),
            *(func.coalesce(reports.c.number, 0), KeyCheck, func.coalesce(Person.name, "")),
        )
        .select_from(asked)
        .join(Exam, Exam.id == asked.c.exam_id)
        .join(Unit, Unit.id == Exam.unit_id)
        .outerjoin(ItemStatistic, _same(ItemStatistic, asked))
        .outerjoin(reports, reports.c.revision_id == asked.c.revision_id)
        .outerjoin(KeyCheck, _same(KeyCheck, asked))
        .outerjoin(Person, Person.id == KeyCheck.by_id)
        .where(within_reach(), Exam.state == "published")
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
        .limit(MOST)
    )
    if exam_id is not None:
        rows = rows.where(Exam.id == exam_id)
    found = [Suspect(*row) for row in db.session.execute(rows)]
    open_to = access.with_keys({one.exam.id: one.exam for one in found}.values())
    kept = [one for one in found if one.exam.id in open_to and one.strength > 0]
    return sorted(kept, key=lambda one: (-one.strength, -one.exam.id, one.revision_id))


def _same(table: type[ItemStatistic] | type[KeyCheck], asked: FromClause) -> ColumnElement[bool]:
    return and_(table.exam_id == asked.c.exam_id, table.revision_id == asked.c.revision_id)


def is_asked(exam_id: int, revision_id: int) -> bool:
    """Whether a question stands in an exam's papers. One statement."""
    found = exists().where(Form.exam_id == exam_id, Slot.form_id == Form.id, Slot.revision_id == revision_id)
    return bool(db.session.scalar(select(found)))
