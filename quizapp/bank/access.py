"""Which banks and questions a person may see and change. What they may not know of answers 404.

A unit's bank is for the roles held on that unit or above it, and as far as it is lent (see `lending`) for those of
other units. A bank that ships with the app belongs to the whole installation: everybody who works with questions sees
it, who holds the role at the top of the tree changes it.
"""

from collections.abc import Callable
from datetime import datetime

from flask import g
from flask_login import current_user
from sqlalchemy import ColumnElement, case, or_, select

from quizapp import clock
from quizapp.bank import lending
from quizapp.bank.models import Bank, ImportBatch, Loan, Question, Revision
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people.access import covers, reach, within
from quizapp.people.models import Unit

WRITERS = ("writer", "administrator")
REVIEWERS = ("reviewer",)
KEEPERS = ("administrator",)
EVERYBODY = ("writer", "reviewer", "administrator")

exam_locks: list[Callable[[int, datetime], bool]] = []  # create_app adds (person_id, now) -> sits an exam


def exam_is_running() -> bool:
    """Whether the signed-in person sits an exam at the moment."""
    return any(lock(current_user.id, clock.now()) for lock in exam_locks)


def no_exam_running() -> None:
    """Refuses, while the signed-in person sits an exam, what may speak of a question or a key."""
    if exam_is_running():
        raise Refused(
            "locked", "考试进行中，不能查看和修改试题，也不能提交和查看纠错。", "交卷后可以继续。", status=403
        )


def intervals(*wanted: str) -> list[lending.Interval]:
    """Where the signed-in person may act with one of these roles."""
    return [(grant.lft, grant.rgt) for grant in reach(*wanted)]


def visible() -> ColumnElement[bool]:
    """SQL: a bank that the signed-in person knows of. Not all of them open: see `is_open`."""
    return lending.usable("compose", intervals(*EVERYBODY))


def level() -> ColumnElement[str]:
    """SQL: at which level a visible bank is lent to the signed-in person; "" where it is not by a loan."""
    held = intervals(*EVERYBODY)
    return case(
        (or_(Bank.unit_id.is_(None), lending.owned_in(held)), ""),
        (lending.lent_along("maintain", held), "maintain"),
        else_="compose",
    )


def owns(bank: Bank, *wanted: str) -> bool:
    """Whether the signed-in person holds one of these roles where the bank belongs."""
    if bank.unit_id is None:
        return bool(_top_units() & {grant.unit_id for grant in reach(*wanted)})
    unit = db.session.get(Unit, bank.unit_id)
    return unit is not None and covers(unit, *wanted)


def may(bank: Bank, *wanted: str) -> bool:
    """Whether the signed-in person holds one of these roles for this bank, by a loan (共同维护) too.

    A loan gives what writers and reviewers do; what only administrators do (封闭, 出借, 删除) stays with the owner.
    """
    if owns(bank, *wanted):
        return True
    if bank.unit_id is None or not set(wanted) & {"writer", "reviewer"}:
        return False
    held = intervals(*wanted)
    return any(lending.meet(one, unit) for unit in _maintainers(bank) for one in held)


def _maintainers(bank: Bank) -> list[lending.Interval]:
    """Read once a request for each bank."""
    kept_here = g.setdefault("maintainers", {})
    if bank.id not in kept_here:
        kept_here[bank.id] = lending.maintainers(bank.id)
    return kept_here[bank.id]


def kept(*wanted: str) -> ColumnElement[bool]:
    """SQL: the banks of which `may` says the same of roles that include writing or reviewing."""
    held = intervals(*wanted)
    theirs = or_(lending.owned_in(held), lending.lent_along("maintain", held))
    at_top = bool(_top_units() & {grant.unit_id for grant in reach(*wanted)})
    return or_(lending.shipped(), theirs) if at_top else theirs


def is_open(bank: Bank) -> bool:
    """Whether a visible bank shows the signed-in person its questions; one lent for 组卷可用 shows its figures."""
    return bank.unit_id is None or may(bank, *EVERYBODY)


def _top_units() -> set[int]:
    if "top_units" not in g:
        g.top_units = set(db.session.scalars(select(Unit.id).where(Unit.parent_id.is_(None))))
    return g.top_units


def listed_bank_or_404(slug: str) -> Bank:
    """A bank that the person knows of, open or not: for its figures."""
    bank = db.session.scalars(select(Bank).where(Bank.slug == slug, visible())).one_or_none()
    if bank is None:
        not_found()
    return bank


def bank_or_404(slug: str, *wanted: str) -> Bank:
    """A bank whose questions the person may see and, where roles are named, act on in one of them."""
    bank = listed_bank_or_404(slug)
    if not is_open(bank) or (wanted and not may(bank, *wanted)):
        not_found()
    return bank


def own_bank_or_404(slug: str) -> Bank:
    """A bank of a unit that the person administers: who may lend it."""
    bank = listed_bank_or_404(slug)
    if bank.unit_id is None or not owns(bank, *KEEPERS):
        not_found()
    return bank


def loan_or_404(bank: Bank, loan_id: int) -> Loan:
    loan = db.session.get(Loan, loan_id)
    if loan is None or loan.bank_id != bank.id:
        not_found()
    return loan


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
