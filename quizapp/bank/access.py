"""Which banks and questions a person may see and change. What they may not know of answers 404.

A unit's bank is for the roles held on that unit or above it. A bank that ships with the app belongs to the whole
installation: everybody who works with questions sees it, who holds the role at the top of the tree changes it.
"""

from collections.abc import Callable
from datetime import datetime

from flask import g
from flask_login import current_user
from sqlalchemy import ColumnElement, or_, select

from quizapp import clock
from quizapp.bank.models import Bank, ImportBatch, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people.access import covers, reach, within
from quizapp.people.models import Unit

WRITERS = ("writer", "administrator")
REVIEWERS = ("reviewer",)
KEEPERS = ("administrator",)
EVERYBODY = ("writer", "reviewer", "administrator")

exam_locks: list[Callable[[int, datetime], bool]] = []  # create_app adds (person_id, now) -> sits an exam


def no_exam_running() -> None:
    """Refuses, while the signed-in person sits an exam, what may speak of a key."""
    if any(lock(current_user.id, clock.now()) for lock in exam_locks):
        raise Refused("locked", "考试进行中，不能提交和查看纠错。", "交卷后可以继续。", status=403)


def visible() -> ColumnElement[bool]:
    """SQL: a bank that the signed-in person may see."""
    own = select(Unit.id).where(Unit.id == Bank.unit_id, within(Unit.lft, *EVERYBODY))
    return or_(Bank.unit_id.is_(None), own.exists())


def may(bank: Bank, *wanted: str) -> bool:
    """Whether the signed-in person holds one of these roles for this bank."""
    if bank.unit_id is None:
        return bool(_top_units() & {grant.unit_id for grant in reach(*wanted)})
    unit = db.session.get(Unit, bank.unit_id)
    return unit is not None and covers(unit, *wanted)


def kept(*wanted: str) -> ColumnElement[bool]:
    """SQL: the banks of which `may` says the same."""
    own = select(Unit.id).where(Unit.id == Bank.unit_id, within(Unit.lft, *wanted)).exists()
    at_top = bool(_top_units() & {grant.unit_id for grant in reach(*wanted)})
    return or_(Bank.unit_id.is_(None), own) if at_top else own


def _top_units() -> set[int]:
    if "top_units" not in g:
        g.top_units = set(db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))))
    return g.top_units


def bank_or_404(slug: str, *wanted: str) -> Bank:
    """A bank that the person may see and, where roles are named, act on in one of them."""
    bank = db.session.scalars(select(Bank).where(Bank.slug == slug, visible())).one_or_none()
    if bank is None or (wanted and not may(bank, *wanted)):
        not_found()
    return bank


def question_or_404(bank: Bank, code: str) -> Question:
    question = db.session.scalars(
        select(Question).where(Question.bank_id == bank.id, Question.code == code)
    ).one_or_none()
    if question is None:
        not_found()
    return question


def revision_or_404(question: Question, number: int) -> Revision:
    revision = db.session.scalars(
        select(Revision).where(Revision.question_id == question.id, Revision.number == number)
    ).one_or_none()
    if revision is None:
        not_found()
    return revision


def batch_or_404(bank: Bank, batch_id: int) -> ImportBatch:
    batch = db.session.scalars(
        select(ImportBatch).where(ImportBatch.bank_id == bank.id, ImportBatch.id == batch_id)
    ).one_or_none()
    if batch is None:
        not_found()
    return batch


def own_units() -> list[tuple[int, str]]:
    """(id, name) of the units for which the person may make a bank, in tree order."""
    rows = db.session.execute(
        select(Unit.id, Unit.name)
        .where(within(Unit.lft, *WRITERS), Unit.closed_on.is_(None))
        .order_by(Unit.lft)
    )
    return [(identity, name) for identity, name in rows]
