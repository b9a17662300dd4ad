"""The audience of an exam as the database answers it. Every function costs a constant number of statements.

`belongs` says in SQL what `audience.Rules.verdict` says of one person; a test holds the two against each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true

from quizapp.db import db
from quizapp.exams.audience import Area, Rules
from quizapp.exams.models import Exam, ExamAudience, ExamPerson
from quizapp.people import queries as people
from quizapp.people.models import Membership, Person, Unit

PAGE = 25
_MEMBER = (
    *(Person.id, Person.name, Person.name_key, Unit.id, Unit.lft),
    *(Membership.post, Membership.sort, Membership.category),
)


def rules(exam: Exam) -> Rules:
    """The audience of an exam as it stands. Three statements."""
    holder = db.session.execute(select(Unit.lft, Unit.rgt).where(Unit.id == exam.unit_id)).one()
    named = db.session.execute(
        select(ExamPerson.person_id, ExamPerson.excluded).where(ExamPerson.exam_id == exam.id)
    )
    return Rules((holder.lft, holder.rgt), areas(exam.id), list(exam.categories), dict(named.all()))


def areas(exam_id: int) -> list[Area]:
    """The invited and the left-out units in tree order."""
    rows = db.session.execute(
        select(Unit, ExamAudience.with_below, ExamAudience.excluded)
        .join(ExamAudience, ExamAudience.unit_id == Unit.id)
        .where(ExamAudience.exam_id == exam_id)
        .order_by(Unit.lft, ExamAudience.excluded)
    )
    return [
        Area(unit.id, unit.name, unit.lft, unit.rgt if below else unit.lft, excluded)
        for unit, below, excluded in rows
    ]


def belongs(exam_id: int, found: Rules) -> ColumnElement[bool]:
    """SQL over Person, Membership and Unit: the person belongs to the exam."""

    def named(excluded: bool) -> ColumnElement[bool]:
        wanted = select(ExamPerson.person_id).where(
            ExamPerson.exam_id == exam_id, ExamPerson.excluded.is_(excluded)
        )
        return Person.id.in_(wanted)

    invited = people.inside(Unit.lft, found.intervals(excluded=False))
    left_out = people.inside(Unit.lft, found.intervals(excluded=True))
    of_category = Membership.category.in_(found.categories) if found.categories else true()
    by_unit = and_(invited, not_(left_out), of_category, not_(named(True)))
    return and_(Unit.lft.between(*found.holder), or_(named(False), by_unit))


def _everybody(day: date) -> Any:
    """Who is counted in a unit on a day, with an account that stands."""
    return (
        select(*_MEMBER)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, people.current(day), Person.disabled_at.is_(None))
    )


def invited(exam: Exam, day: date) -> list[people.MemberRow]:
    """Everybody who belongs to the exam on a day, in order. Four statements."""
    wanted = _everybody(day).where(belongs(exam.id, rules(exam))).order_by(*people.in_order())
    return [people.MemberRow(*row) for row in db.session.execute(wanted)]


def members(person_ids: Sequence[int], day: date) -> list[people.MemberRow]:
    """These people as they are counted on a day, in order. One statement."""
    wanted = _everybody(day).where(Person.id.in_(person_ids)).order_by(*people.in_order())
    return [people.MemberRow(*row) for row in db.session.execute(wanted)]


@dataclass(frozen=True)
class Seen:
    """A person on the page of the audience: whether on the list, why, and what a name has done to it."""

    member: people.MemberRow
    account: str
    unit: str
    belongs: bool
    why: str
    named: str  # in, out, or "" where no rule names the person


def page_of(
    exam: Exam, found: Rules, day: date, *, words: str = "", show: str = "listed", page: int = 1
) -> tuple[list[Seen], int]:
    """One page of people with why they are on the list or not, and how many there are. Two statements.

    show: listed, all (of the holding unit and all below it), in or out (named so).
    """
    wanted = _everybody(day).where(Unit.lft.between(*found.holder))
    if words.strip():
        wanted = wanted.where(people.found_by(words))
    if show in ("in", "out"):
        of = select(ExamPerson.person_id).where(
            ExamPerson.exam_id == exam.id, ExamPerson.excluded.is_(show == "out")
        )
        wanted = wanted.where(Person.id.in_(of))
    elif show == "listed":
        wanted = wanted.where(belongs(exam.id, found))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = db.session.execute(
        wanted.add_columns(Person.account, Unit.name)
        .order_by(*people.in_order())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return [_seen(people.MemberRow(*row[:8]), row.account, row[9], found) for row in rows], total


def _seen(member: people.MemberRow, account: str, unit: str, found: Rules) -> Seen:
    left_out = found.named.get(member.person_id)
    named = "" if left_out is None else "out" if left_out else "in"
    return Seen(member, account, unit, found.verdict(member)[0], found.why(member), named)


def count(exam: Exam, found: Rules, day: date) -> int:
    """How many would be frozen. One statement."""
    wanted = _everybody(day).where(belongs(exam.id, found))
    return db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def away(exam_id: int, found: Rules, day: date) -> list[tuple[int, str, str]]:
    """(person id, name, account) of those who are named, and are counted in no unit of the exam any more."""
    here = (
        _everybody(day)
        .where(Unit.lft.between(*found.holder), Person.id == ExamPerson.person_id)
        .with_only_columns(Person.id)
        .correlate(ExamPerson)
    )
    rows = db.session.execute(
        select(Person.id, Person.name, Person.account)
        .join(ExamPerson, ExamPerson.person_id == Person.id)
        .where(
            ExamPerson.exam_id == exam_id, ExamPerson.excluded.is_(False), ExamPerson.person_id.not_in(here)
        )
        .order_by(Person.name_key, Person.account)
    )
    return [(row.id, row.name, row.account) for row in rows]


@dataclass(frozen=True)
class Called:
    """What a pasted list of accounts means: people of the exam's units, and words that mean nobody or several."""

    person_ids: Sequence[int]
    unknown: Sequence[str]


def called(found: Rules, logins: Sequence[str], day: date) -> Called:
    """The people of these 学法账号, 工号 or phones, as far as they belong to the holding unit's tree. One statement."""
    columns = (Person.account, Person.staff_number, Person.phone)
    rows = db.session.execute(
        _everybody(day)
        .where(Unit.lft.between(*found.holder), or_(*(column.in_(logins) for column in columns)))
        .with_only_columns(Person.id, *columns)
    ).all()
    by_login: dict[str, set[int]] = {}
    for person_id, *names in rows:
        for name in filter(None, names):
            by_login.setdefault(name, set()).add(person_id)
    accounts = {row.account: {row.id} for row in rows}
    meant = {login: accounts.get(login) or by_login.get(login, set()) for login in logins}
    return Called(
        sorted({next(iter(ids)) for ids in meant.values() if len(ids) == 1}),
        [login for login, ids in meant.items() if len(ids) != 1],
    )
