"""出借: a unit lends its bank to another unit and all below it, at one of three levels, each including those before it.

Who practises a bank, who draws exams from it, who works in it: the conditions stand here, as SQL over `Bank`. A bank
that ships with the app (without a unit) is everybody's. Roles are intervals of the tree (`people.access.reach`); a
loan to a unit concerns the roles held on that unit, below it or above it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, false, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from quizapp import audit
from quizapp.bank.models import LOANS, Bank, Loan
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Grant, Membership, Person, Unit
from quizapp.people.queries import current, inside

REHEARSAL = "rehearsal:"  # slug of the questions of 考前演练; no bank that people make can have a colon in it
AT_LEAST = {level: tuple(LOANS)[place:] for place, level in enumerate(LOANS)}
OFFERED = 30  # units on the page that lends

Interval = tuple[int, int]


# Who may what: conditions on `Bank` -------------------------------------------------------------------------------


def shipped() -> ColumnElement[bool]:
    """SQL: the bank ships with the app and is everybody's. The questions of 考前演练 are in nobody's lists."""
    return and_(Bank.unit_id.is_(None), Bank.slug != REHEARSAL)


def practised_at(lft: Any) -> ColumnElement[bool]:
    """SQL: people whose main unit has this lft meet the bank in practice. A sealed bank nobody does."""
    owner, borrower = aliased(Unit), aliased(Unit)
    own = select(owner.id).where(owner.id == Bank.unit_id, lft.between(owner.lft, owner.rgt))
    lent = (
        select(Loan.id)
        .join(borrower, borrower.id == Loan.unit_id)
        .where(Loan.bank_id == Bank.id, lft.between(borrower.lft, borrower.rgt))
    )
    return and_(Bank.sealed.is_(False), or_(shipped(), own.exists(), lent.exists()))


def home_of(person_id: int, day: date) -> Any:
    """SQL: the lft of the person's main unit on a day; NULL for none, or for nobody in particular."""
    home = aliased(Unit)
    return (
        select(home.lft)
        .join(Membership, Membership.unit_id == home.id)
        .where(Membership.person_id == person_id, Membership.main, current(day))
        .limit(1)
        .scalar_subquery()
    )


def owned_in(intervals: Iterable[Interval]) -> ColumnElement[bool]:
    """SQL: the bank's owner lies in one of these intervals."""
    owner = aliased(Unit)
    return select(owner.id).where(owner.id == Bank.unit_id, inside(owner.lft, intervals)).exists()


def lent_along(level: str, intervals: Iterable[Interval]) -> ColumnElement[bool]:
    """SQL: the bank is lent, at this level at least, to a unit in one of these intervals or above one of them."""
    borrower = aliased(Unit)
    near = [
        or_(borrower.lft.between(lft, rgt), and_(borrower.lft <= lft, borrower.rgt >= lft))
        for lft, rgt in intervals
    ]
    lent = (
        select(Loan.id)
        .join(borrower, borrower.id == Loan.unit_id)
        .where(Loan.bank_id == Bank.id, Loan.level.in_(AT_LEAST[level]), or_(*near) if near else false())
    )
    return lent.exists()


def usable(level: str, intervals: Sequence[Interval]) -> ColumnElement[bool]:
    """SQL: the bank ships with the app, belongs to a unit in these intervals, or is lent along them."""
    return or_(shipped(), owned_in(intervals), lent_along(level, intervals))


def barred(person_id: int, bank_ids: Sequence[int], level: str, *roles: str) -> dict[int, str]:
    """Those of the banks that the person, by these roles, may not use at this level: id → title. Two statements.

    Level compose asks who may draw from a bank, level maintain who may see its keys.
    """
    rows = db.session.execute(
        select(Unit.lft, Unit.rgt)
        .join(Grant, Grant.unit_id == Unit.id)
        .where(Grant.person_id == person_id, Grant.role.in_(roles))
    )
    intervals = [(lft, rgt) for lft, rgt in rows]
    found = db.session.execute(
        select(Bank.id, Bank.title)
        .where(Bank.id.in_(bank_ids), ~usable(level, intervals))
        .order_by(Bank.title)
    )
    return dict(found.all())


def maintainers(bank_id: int) -> list[Interval]:
    """The intervals of the units with which a bank is maintained together."""
    rows = db.session.execute(
        select(Unit.lft, Unit.rgt)
        .join(Loan, Loan.unit_id == Unit.id)
        .where(Loan.bank_id == bank_id, Loan.level == "maintain")
    )
    return [(lft, rgt) for lft, rgt in rows]


def meet(one: Interval, other: Interval) -> bool:
    """Whether one of the two units lies in the other."""
    return one[0] <= other[0] <= one[1] or other[0] <= one[0] <= other[1]


# Lending ----------------------------------------------------------------------------------------------------------


def lend(bank: Bank, unit: Unit, level: str, *, by_id: int, now: datetime) -> Loan:
    """Lend a bank to a unit. The caller commits. Refused: see the sentences."""
    if bank.unit_id is None:
        raise Refused("shipped", "随系统提供的题库各单位都可以使用，不需要出借。")
    if unit.id == bank.unit_id:
        raise Refused("owner", "这是题库的所属单位，不需要出借。")
    if unit.closed_on is not None:
        raise Refused("closed_unit", "该单位已撤销，不能出借。")
    _fits(bank, level)
    loan = Loan(bank_id=bank.id, unit_id=unit.id, level=level, lent_by_id=by_id, lent_at=now)
    name = unit.name
    try:
        with db.session.begin_nested():
            db.session.add(loan)
    except IntegrityError:
        raise Refused("lent", f"已经出借给“{name}”，没有改动。", "请在列表中更改该单位的使用方式。") from None
    audit.record("bank.lent", bank, actor_id=by_id, unit=unit.id, level=level)
    return loan


def _fits(bank: Bank, level: str) -> None:
    if level not in LOANS:
        raise ValueError(level)
    if bank.sealed and level == "practise":
        raise Refused(
            "sealed", "封闭题库不用于练习，不能以“练习可用”出借。", "可以选择“组卷可用”或“共同维护”。"
        )


def change(loan: Loan, bank: Bank, level: str, *, by_id: int) -> None:
    """Another level for a unit that has the bank. The caller commits."""
    _fits(bank, level)
    if loan.level != level:
        before, loan.level = loan.level, level
        audit.record("bank.loan_changed", bank, actor_id=by_id, unit=loan.unit_id, level=level, before=before)


def end(loan: Loan, bank: Bank, *, by_id: int) -> None:
    """The unit has the bank no longer; published exams and what was practised stay. The caller commits."""
    db.session.execute(delete(Loan).where(Loan.id == loan.id))
    audit.record("bank.loan_ended", bank, actor_id=by_id, unit=loan.unit_id, level=loan.level)


# For the page -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LoanRow:
    """One unit that has the bank."""

    loan: Loan
    unit: str
    above: str  # name of the unit above it, "" at the top
    lender: str


def loans(bank_id: int) -> list[LoanRow]:
    """The loans of a bank, in tree order."""
    above = aliased(Unit)
    rows = db.session.execute(
        select(Loan, Unit.name, func.coalesce(above.name, ""), func.coalesce(Person.name, ""))
        .join(Unit, Unit.id == Loan.unit_id)
        .outerjoin(above, above.id == Unit.parent_id)
        .outerjoin(Person, Person.id == Loan.lent_by_id)
        .where(Loan.bank_id == bank_id)
        .order_by(Unit.lft)
    )
    return [LoanRow(*row) for row in rows]


@dataclass(frozen=True)
class Borrower:
    """A unit to which the bank can be lent."""

    id: int
    name: str
    above: str
    below: int  # units below it
    level: str  # at which it has the bank already, "" for not at all


def borrowers(bank: Bank, words: str = "", *, unit_id: int | None = None) -> tuple[list[Borrower], int]:
    """Units of the whole tree by name, short name or code, at most OFFERED in tree order, and how many there are.

    unit_id: this one alone, closed or not, so that what it has can still be ended.
    """
    above, below = aliased(Unit), aliased(Unit)
    under = (
        select(func.count(below.id))
        .where(below.lft > Unit.lft, below.lft <= Unit.rgt, below.closed_on.is_(None))
        .scalar_subquery()
    )
    wanted = [Unit.id != bank.unit_id, Unit.closed_on.is_(None) if unit_id is None else Unit.id == unit_id]
    for word in words.split():
        wanted.append(
            or_(
                Unit.name.contains(word, autoescape=True),
                Unit.short_name.contains(word, autoescape=True),
                Unit.code == word,
            )
        )
    rows = db.session.execute(
        select(Unit.id, Unit.name, func.coalesce(above.name, ""), under, func.coalesce(Loan.level, ""))
        .outerjoin(above, above.id == Unit.parent_id)
        .outerjoin(Loan, and_(Loan.unit_id == Unit.id, Loan.bank_id == bank.id))
        .where(*wanted)
        .order_by(Unit.lft)
        .limit(OFFERED)
    )
    total = db.session.execute(select(func.count(Unit.id)).where(*wanted)).scalar_one()
    return [Borrower(*row) for row in rows], total
