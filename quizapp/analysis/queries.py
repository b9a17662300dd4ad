"""What the pages of 试题分析 read: stored rows, in a constant number of statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from quizapp.analysis import counters
from quizapp.analysis.models import ExamStatistic, ItemStatistic
from quizapp.attempts.models import MarkingRun
from quizapp.bank.drafts import kind_word
from quizapp.bank.models import Bank, Question, Revision
from quizapp.db import db
from quizapp.exams.access import within_reach
from quizapp.exams.models import Exam, Tally
from quizapp.people.models import Unit

PAGE = 50
SORTS = {  # of the items' table: word, column
    "position": ("题序", ItemStatistic.position),
    "facility": ("难度系数（得分率）", ItemStatistic.facility),
    "discrimination": ("区分度", ItemStatistic.discrimination),
    "efficiency": ("鉴别效率", ItemStatistic.efficiency),
    "effective": ("有效权重", ItemStatistic.effective),
    "guess": ("猜测分", ItemStatistic.guess),
    "rasch": ("Rasch难度", ItemStatistic.rasch),
    "sheets": ("答卷", ItemStatistic.sheets),
}


@dataclass(frozen=True)
class Standing:
    """The figures of an exam and whether they still hold. number: of the marking run by whose keys they were made."""

    statistic: ExamStatistic | None
    number: int | None
    stale: bool
    submitted: int  # 实考 now

    @property
    def made(self) -> bool:
        return self.statistic is not None and self.statistic.made_at is not None


def standing(exam_id: int) -> Standing:
    """Three statements."""
    statistic = db.session.get(ExamStatistic, exam_id)
    now = counters.of(exam_id)
    number = None
    if statistic is not None and statistic.run_id is not None:
        number = db.session.scalar(select(MarkingRun.number).where(MarkingRun.id == statistic.run_id))
    stale = statistic is not None and statistic.counted is not None and statistic.counted != now
    return Standing(statistic, number, stale, now[4])


# The items of an exam ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What the table shows. sort: a key of SORTS, "-" before it for the largest first; flag: a key of flags.WORDS."""

    sort: str = "position"
    flag: str = ""
    words: str = ""
    page: int = 1


@dataclass(frozen=True)
class ItemLine:
    """A question in the table."""

    item: ItemStatistic
    stem: str
    kind: str
    any_number: bool
    code: str
    difficulty: int  # as rated

    @property
    def kind_word(self) -> str:
        return kind_word(self.kind, self.any_number)


def items(exam_id: int, wanted: Wanted, size: int | None = PAGE) -> tuple[list[ItemLine], int]:
    """A page of the table (all of it without a size), and how many there are in all. Two statements."""
    here = _matching(exam_id, wanted)
    total = db.session.execute(
        select(func.count())
        .select_from(ItemStatistic)
        .join(Revision, Revision.id == ItemStatistic.revision_id)
        .join(Question, Question.id == Revision.question_id)
        .where(*here)
    ).scalar_one()
    rows = (
        select(
            *(ItemStatistic, Revision.stem, Revision.kind, Revision.any_number),
            *(Question.code, Revision.difficulty),
        )
        .join(Revision, Revision.id == ItemStatistic.revision_id)
        .join(Question, Question.id == Revision.question_id)
        .where(*here)
        .order_by(*_order(wanted.sort), ItemStatistic.position)
    )
    if size is not None:
        rows = rows.limit(size).offset((wanted.page - 1) * size)
    return [ItemLine(*row) for row in db.session.execute(rows)], total


def _matching(exam_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    here = [ItemStatistic.exam_id == exam_id]
    if wanted.flag:
        here.append(ItemStatistic.flags.contains(f",{wanted.flag},", autoescape=True))
    if wanted.words:
        found = (one.contains(wanted.words, autoescape=True) for one in (Revision.stem, Question.code))
        here.append(or_(*found))
    return here


def _order(sort: str) -> Sequence[ColumnElement[Any]]:
    """What is not defined stands last, whichever way."""
    column = SORTS[sort.removeprefix("-")][1]
    last = case((column.is_(None), 1), else_=0)
    return last, column.desc() if sort.startswith("-") else column.asc()


def flag_counts(exam_id: int) -> Counter[str]:
    """How many questions carry each flag. One statement."""
    rows = db.session.scalars(select(ItemStatistic.flags).where(ItemStatistic.exam_id == exam_id))
    return Counter(code for flags in rows for code in flags.split(",") if code)


def neighbours(item: ItemStatistic) -> tuple[int | None, int | None]:
    """The revisions before and after a question in the order of the papers. One statement."""
    rows = db.session.execute(
        select(ItemStatistic.position, ItemStatistic.revision_id).where(
            ItemStatistic.exam_id == item.exam_id,
            ItemStatistic.position.in_([item.position - 1, item.position + 1]),
        )
    )
    found: dict[int, int] = dict(rows.all())
    return found.get(item.position - 1), found.get(item.position + 1)


@dataclass(frozen=True)
class Elsewhere:
    """The same question in another exam of the reader's."""

    exam: Exam
    item: ItemStatistic
    number: int  # of the version asked there


def elsewhere(exam_id: int, question_id: int) -> list[Elsewhere]:
    """The latest first. One statement."""
    rows = db.session.execute(
        select(Exam, ItemStatistic, Revision.number)
        .join(ItemStatistic, ItemStatistic.exam_id == Exam.id)
        .join(Revision, Revision.id == ItemStatistic.revision_id)
        .join(Unit, Unit.id == Exam.unit_id)
        .where(Revision.question_id == question_id, Exam.id != exam_id, ItemStatistic.sheets > 0)
        .where(Exam.state == "published", within_reach())
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
        .limit(20)
    )
    return [Elsewhere(*row) for row in rows]


def question_of(revision_id: int) -> tuple[Revision, Question, Bank]:
    """A revision with its question and bank. One statement."""
    row = db.session.execute(
        select(Revision, Question, Bank)
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Revision.id == revision_id)
    ).one()
    return row[0], row[1], row[2]


# All exams --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExamLine:
    """An exam in the list."""

    exam: Exam
    unit: str
    statistic: ExamStatistic | None
    submitted: int  # 实考 now
    flagged: int  # questions with a flag


def exams(now: datetime, page: int) -> tuple[list[ExamLine], int]:
    """Exams in reach that have begun, the latest first, and how many there are. Two statements."""
    here = (within_reach(), Exam.state == "published", Exam.opens_at <= now)
    total = db.session.execute(
        select(func.count()).select_from(Exam).join(Unit, Unit.id == Exam.unit_id).where(*here)
    ).scalar_one()
    submitted = (
        select(func.coalesce(func.sum(Tally.submitted), 0)).where(Tally.exam_id == Exam.id).scalar_subquery()
    )
    flagged = (
        select(func.count())
        .where(ItemStatistic.exam_id == Exam.id, ItemStatistic.flags != "")
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Exam, Unit.name, ExamStatistic, submitted, flagged)
        .join(Unit, Unit.id == Exam.unit_id)
        .outerjoin(ExamStatistic, ExamStatistic.exam_id == Exam.id)
        .where(*here)
        .order_by(Exam.closes_at.desc(), Exam.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [ExamLine(exam, unit, made, int(sat), marked) for exam, unit, made, sat, marked in rows], total
