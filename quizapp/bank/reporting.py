"""纠错: somebody who met a question says that it is wrong, and whoever keeps the bank answers.

Whether the person really met the question is asked by the area that showed it, before it calls `send`. An answer
changes no question: 编辑 and 停用 do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, update

from quizapp import audit, clock
from quizapp.bank.drafts import kind_word
from quizapp.bank.models import Bank, ErrorReport, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Person

STATES = {"received": "待处理", "upheld": "属实", "rejected": "不属实"}
A_DAY = 10  # of one person
PAGE = 30
OWN_SHOWN = 50


# Sending and answering ------------------------------------------------------------------------------------------


def send(revision_id: int, text: str, *, person_id: int, now: datetime) -> ErrorReport:
    """Keep what a person says of the revision that the person saw. The caller commits.

    Refused while an earlier report of this person on this question waits, and beyond A_DAY of a day.
    """
    _one_at_a_time(person_id)
    if waiting_of(person_id, revision_id) is not None:
        raise Refused(
            "reported",
            "您已提交过本题的纠错，正在等待处理，没有重复提交。",
            "处理情况和答复可以在“我的纠错”中查看。",
        )
    if _sent_on_day(person_id, now) >= A_DAY:
        raise Refused("too_many", f"今天已提交{A_DAY}件纠错，这一件没有保存。", "请明天再提交。", status=429)
    question_id = db.session.execute(
        select(Revision.question_id).where(Revision.id == revision_id)
    ).scalar_one()
    report = ErrorReport(
        question_id=question_id, revision_id=revision_id, person_id=person_id, text=text, sent_at=now
    )
    db.session.add(report)
    db.session.flush()
    return report


def _one_at_a_time(person_id: int) -> None:
    """Let a doubled press wait for the first one. SQLite has one writer anyhow."""
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())


def _sent_on_day(person_id: int, now: datetime) -> int:
    day = clock.today(now)
    return db.session.execute(
        select(func.count(ErrorReport.id)).where(
            ErrorReport.person_id == person_id,
            ErrorReport.sent_at >= clock.start_of(day),
            ErrorReport.sent_at < clock.end_of(day),
        )
    ).scalar_one()


def answer(
    report: ErrorReport, state: str, text: str, *, also: Iterable[int] = (), actor_id: int, now: datetime
) -> int:
    """Say what became of it, to its sender and to those of the reports `also` on the same question.

    Gives how many were answered. Refused without an answer in words, and for a report that somebody has answered.
    """
    if state not in ("upheld", "rejected"):
        raise ValueError(state)
    if not text:
        raise Refused("no_answer", "给提交人的答复还没有填写，没有保存。", "请填写答复后再提交。")
    wanted = {report.id, *also}
    answered = db.session.scalars(
        update(ErrorReport)
        .where(ErrorReport.id.in_(wanted), ErrorReport.question_id == report.question_id)
        .where(ErrorReport.state == "received")
        .values(state=state, answer=text, answered_by_id=actor_id, answered_at=now)
        .returning(ErrorReport.id)
        .execution_options(synchronize_session=False)
    ).all()
    if report.id not in answered:
        raise Refused("answered", "这件纠错已由其他人员答复，没有改动。", "请返回查看答复。")
    audit.record_many(
        f"bank.report_{state}",
        ErrorReport.__tablename__,
        [(identity, {"question": report.question_id}) for identity in sorted(answered)],
        actor_id=actor_id,
    )
    return len(answered)


# What a sender sees ---------------------------------------------------------------------------------------------


def waiting_of(person_id: int, revision_id: int) -> ErrorReport | None:
    """This person's report that waits on the question of a revision, whatever revision it names."""
    question = select(Revision.question_id).where(Revision.id == revision_id).scalar_subquery()
    return db.session.scalars(
        select(ErrorReport)
        .where(ErrorReport.person_id == person_id, ErrorReport.question_id == question)
        .where(ErrorReport.state == "received")
        .limit(1)
    ).one_or_none()


@dataclass(frozen=True)
class OwnRow:
    """One of a person's own reports."""

    report: ErrorReport
    stem: str
    kind: str
    any_number: bool

    @property
    def kind_word(self) -> str:
        return kind_word(self.kind, self.any_number)


def own(person_id: int) -> list[OwnRow]:
    """What a person has reported, the newest first. Neither key nor explanation is read."""
    rows = db.session.execute(
        select(ErrorReport, Revision.stem, Revision.kind, Revision.any_number)
        .join(Revision, Revision.id == ErrorReport.revision_id)
        .where(ErrorReport.person_id == person_id)
        .order_by(ErrorReport.id.desc())
        .limit(OWN_SHOWN)
    )
    return [OwnRow(*row) for row in rows]


# What keepers see: `kept` is a condition on banks, see `access.kept` ------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One report in the queue of those who keep the bank."""

    report: ErrorReport
    stem: str
    code: str
    bank: Bank
    sender: str


@dataclass(frozen=True)
class Wanted:
    """What the queue is narrowed to; empty: not at all."""

    state: str = ""
    slug: str = ""
    code: str = ""


EVERYTHING = Wanted()


def _queue(kept: ColumnElement[bool], wanted: Wanted, *columns: Any) -> Select[Any]:
    found = (
        select(*columns)
        .select_from(ErrorReport)
        .join(Revision, Revision.id == ErrorReport.revision_id)
        .join(Question, Question.id == ErrorReport.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Person, Person.id == ErrorReport.person_id)
        .where(kept)
    )
    if wanted.state in STATES:
        found = found.where(ErrorReport.state == wanted.state)
    if wanted.slug:
        found = found.where(Bank.slug == wanted.slug)
    if wanted.code:
        found = found.where(Question.code == wanted.code)
    return found


_ROW = (ErrorReport, Revision.stem, Question.code, Bank, Person.name)


def queue(kept: ColumnElement[bool], wanted: Wanted, page: int) -> list[Row]:
    """A page of the queue, the newest first."""
    found = _queue(kept, wanted, *_ROW).order_by(ErrorReport.id.desc())
    return [Row(*row) for row in db.session.execute(found.limit(PAGE).offset((page - 1) * PAGE))]


def numbers(kept: ColumnElement[bool], wanted: Wanted = EVERYTHING) -> dict[str, int]:
    """How many reports stand in each state, whatever state is wanted."""
    anywhere = Wanted(slug=wanted.slug, code=wanted.code)
    counted: dict[str, int] = dict(
        db.session.execute(
            _queue(kept, anywhere, ErrorReport.state, func.count()).group_by(ErrorReport.state)
        ).all()
    )
    return {state: counted.get(state, 0) for state in STATES}


def one(kept: ColumnElement[bool], report_id: int) -> Row | None:
    """One report with its question, if its bank is one of these."""
    row = db.session.execute(_queue(kept, EVERYTHING, *_ROW).where(ErrorReport.id == report_id)).one_or_none()
    return Row(*row) if row else None


def others(report: ErrorReport) -> Sequence[tuple[ErrorReport, str]]:
    """The other reports on the same question with their senders, the newest first."""
    rows = db.session.execute(
        select(ErrorReport, Person.name)
        .join(Person, Person.id == ErrorReport.person_id)
        .where(ErrorReport.question_id == report.question_id, ErrorReport.id != report.id)
        .order_by(ErrorReport.id.desc())
    )
    return [(row, name) for row, name in rows]


def waiting(question_ids: ColumnElement[bool]) -> int:
    """How many reports wait on the questions that the condition names (`Question.bank_id == …`, `Question.id == …`)."""
    return db.session.execute(
        select(func.count(ErrorReport.id))
        .join(Question, Question.id == ErrorReport.question_id)
        .where(question_ids, ErrorReport.state == "received")
    ).scalar_one()
