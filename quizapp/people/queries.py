"""What pages, reports and other areas read about units and people. A function is one statement, or says how many."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, false, func, or_, select, union
from sqlalchemy.orm import aliased

from quizapp import clock, jsonsql
from quizapp.db import db
from quizapp.people import alike, names, tree
from quizapp.people.dialects import has_letters
from quizapp.people.models import (
    ROLES,
    BackupCode,
    Grant,
    Leave,
    LoginSession,
    Membership,
    Person,
    RosterImport,
    Unit,
    UnitEvent,
)
from quizapp.people.roster import Away, Belonging, Entry, Known
from quizapp.people.unit_sheet import KnownUnit

Interval = tuple[int, int]
PAGE = 50


def inside(column: Any, intervals: Iterable[Interval]) -> ColumnElement[bool]:
    """SQL: `column` (an lft) lies in one of these intervals; false for none."""
    parts = [column.between(lft, rgt) for lft, rgt in tree.outermost(intervals)]
    return or_(*parts) if parts else false()


def current(day: date) -> ColumnElement[bool]:
    """SQL: the membership stands on this day."""
    return and_(Membership.since <= day, or_(Membership.until.is_(None), Membership.until >= day))


def in_order() -> tuple[Any, ...]:
    """The order of people everywhere: 单位, 职务排序号, pinyin, and what makes it unique."""
    return (Unit.lft, Membership.sort, Person.name_key, Person.name, Person.account)


@dataclass(frozen=True)
class MemberRow:
    """A person counted in a unit on a day."""

    person_id: int
    name: str
    name_key: str
    unit_id: int
    lft: int
    post: str
    post_sort: int
    category: str


def members(intervals: Iterable[Interval], day: date, categories: Sequence[str] = ()) -> list[MemberRow]:
    """Who belongs (main membership, account not disabled) to units in these intervals on a day, in order.

    categories: only these 人员类别; none means all.
    """
    wanted = (
        select(
            Person.id,
            Person.name,
            Person.name_key,
            Unit.id,
            Unit.lft,
            Membership.post,
            Membership.sort,
            Membership.category,
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(day), Person.disabled_at.is_(None), inside(Unit.lft, intervals))
        .order_by(*in_order())
    )
    if categories:
        wanted = wanted.where(Membership.category.in_(categories))
    return [MemberRow(*row) for row in db.session.execute(wanted)]


def categories(intervals: Iterable[Interval], day: date) -> list[str]:
    """The 人员类别 that occur in these units, in order of their names."""
    wanted = (
        select(Membership.category)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(day), Membership.category != "", inside(Unit.lft, intervals))
        .distinct()
    )
    return sorted(db.session.scalars(wanted), key=names.sort_key)


def units_below(intervals: Iterable[Interval], *, closed: bool = False) -> list[Unit]:
    """The units in these intervals, in tree order. closed: those that are closed too."""
    wanted = select(Unit).where(inside(Unit.lft, intervals)).order_by(Unit.lft)
    return list(db.session.scalars(wanted if closed else wanted.where(Unit.closed_on.is_(None))))


def former_names() -> dict[int, tuple[str, ...]]:
    """曾用名 of units: the 全称 and 简称 that they no longer have, the newest first; units without any are left out."""
    rows = db.session.execute(
        select(UnitEvent.unit_id, UnitEvent.details, Unit.name, Unit.short_name)
        .join(Unit, Unit.id == UnitEvent.unit_id)
        .where(UnitEvent.kind == "renamed")
        .order_by(UnitEvent.day.desc(), UnitEvent.id.desc())
    )
    found: dict[int, dict[str, None]] = {}
    for unit_id, details, name, short_name in rows:
        before = (details["before"]["name"], details["before"]["short_name"])
        old = [word for word in before if word not in ("", name, short_name)]
        if old and not details["correction"]:
            found.setdefault(unit_id, {}).update(dict.fromkeys(old))
    return {unit_id: tuple(names) for unit_id, names in found.items()}


def depths(units: Iterable[Any]) -> dict[int, int]:
    """How deep each unit stands below the first of its kind in the list, 0 at the top. units: in tree order."""
    depth: dict[int, int] = {}
    ends: list[int] = []
    for unit in units:
        while ends and unit.lft > ends[-1]:
            ends.pop()
        depth[unit.id] = len(ends)
        ends.append(unit.rgt)
    return depth


def main_unit(person_id: int, day: date) -> Unit | None:
    """The unit in which a person is counted on a day."""
    return db.session.scalars(
        select(Unit)
        .join(Membership, Membership.unit_id == Unit.id)
        .where(Membership.person_id == person_id, Membership.main, current(day))
        .limit(1)
    ).one_or_none()


def person_scope(person_id: int) -> str:
    """ "青石县信访局 · 命题人员、考务管理员": the unit and the roles of a person. Two statements."""
    unit = main_unit(person_id, clock.today())
    held = set(db.session.scalars(select(Grant.role).where(Grant.person_id == person_id)))
    roles = "、".join(words for code, words in ROLES.items() if code in held)
    return " · ".join(part for part in (unit.short_name or unit.name if unit else "", roles) if part)


# The administrators' pages ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonRow:
    """A person as the list shows it. state of the password: none (never issued), slip (waiting to be used) or own."""

    id: int
    account: str
    name: str
    unit_id: int
    unit_name: str
    post: str
    category: str
    kind: str
    staff_number: str | None
    phone: str | None
    disabled: bool
    state: str


def found_by(words: str) -> ColumnElement[bool]:
    """SQL: the person is meant by these words.

    Name (without the dot too), pinyin or its initials, 学法账号 or its beginning, 工号, the end of the phone number.
    """
    plain = names.normalise(words).replace(names.DOT, "").replace(" ", "").lower()
    if plain.isascii() and plain.isdigit():
        return or_(
            Person.account.startswith(plain),
            Person.staff_number == plain,
            Person.phone.endswith(plain) if len(plain) >= 4 else false(),
        )
    bare_name = func.lower(func.replace(func.replace(Person.name, names.DOT, ""), " ", ""))
    parts = [
        and_(has_letters(Person.name, plain), bare_name.contains(plain, autoescape=True)),
        func.lower(Person.staff_number) == plain,
    ]
    if plain.isascii():
        bare_key = func.replace(Person.name_key, " ", "")
        parts += [
            Person.initials.startswith(plain, autoescape=True),
            bare_key.startswith(plain, autoescape=True),
        ]
    return or_(*parts)


def people_page(
    intervals: Iterable[Interval],
    day: date,
    *,
    words: str = "",
    page: int = 1,
    size: int = PAGE,
    only: ColumnElement[bool] | None = None,
) -> tuple[list[PersonRow], int]:
    """One page of the people counted in these units, and how many there are. Two statements.

    only: SQL, a further condition on the person.
    """
    conditions = [Membership.main, current(day), inside(Unit.lft, intervals)]
    if only is not None:
        conditions.append(only)
    if words.strip():
        conditions.append(found_by(words))
    source = (
        select(Person, Membership, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(*conditions)
    )
    total = db.session.scalar(source.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    rows = db.session.execute(source.order_by(*in_order()).limit(size).offset((page - 1) * size))
    return [_person_row(person, membership, unit) for person, membership, unit in rows], total


def _person_row(person: Person, membership: Membership, unit: Unit) -> PersonRow:
    return PersonRow(
        id=person.id,
        account=person.account,
        name=person.name,
        unit_id=unit.id,
        unit_name=unit.short_name or unit.name,
        post=membership.post,
        category=membership.category,
        kind=membership.kind,
        staff_number=person.staff_number,
        phone=person.phone,
        disabled=person.disabled_at is not None,
        state="none" if person.password_hash is None else "slip" if person.must_change else "own",
    )


def people_by_id(person_ids: Sequence[int], intervals: Iterable[Interval], day: date) -> list[PersonRow]:
    """These people, as far as they are counted in these units, in order."""
    rows = db.session.execute(
        select(Person, Membership, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.main, current(day), inside(Unit.lft, intervals), Person.id.in_(person_ids))
        .order_by(*in_order())
    )
    return [_person_row(person, membership, unit) for person, membership, unit in rows]


def memberships(person_id: int) -> Sequence[Row[Membership, Unit]]:
    """All memberships of a person with their units, the newest first."""
    return db.session.execute(
        select(Membership, Unit)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id == person_id)
        .order_by(Membership.since.desc(), Membership.main.desc(), Membership.id.desc())
    ).all()


@dataclass(frozen=True)
class GrantRow:
    """Who holds what, on which unit."""

    id: int
    person_id: int
    name: str
    account: str
    role: str
    unit_id: int
    unit_name: str
    granted_at: datetime
    granted_by: str


def grants(intervals: Iterable[Interval], *, person_id: int | None = None) -> list[GrantRow]:
    """The grants on units in these intervals: in tree order, then in that of ROLES. person_id: only this person's."""
    giver, order_of_roles = aliased(Person), {role: place for place, role in enumerate(ROLES)}
    wanted = (
        select(
            Grant.id,
            Person.id,
            Person.name,
            Person.account,
            Grant.role,
            Unit.id,
            Unit.name,
            Grant.granted_at,
            func.coalesce(giver.name, ""),
        )
        .join(Person, Person.id == Grant.person_id)
        .join(Unit, Unit.id == Grant.unit_id)
        .outerjoin(giver, giver.id == Grant.granted_by_id)
        .where(inside(Unit.lft, intervals))
        .order_by(Unit.lft, case(order_of_roles, value=Grant.role), Person.name_key, Person.account)
    )
    if person_id is not None:
        wanted = wanted.where(Grant.person_id == person_id)
    return [GrantRow(*row) for row in db.session.execute(wanted)]


def grant_places(person_ids: Sequence[int]) -> dict[int, list[int]]:
    """person: the lft of every unit on which the person holds a role; people without any are left out."""
    rows = db.session.execute(
        select(Grant.person_id, Unit.lft)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(Grant.person_id.in_(person_ids))
    )
    places: dict[int, list[int]] = {}
    for person_id, lft in rows:
        places.setdefault(person_id, []).append(lft)
    return places


def open_sessions(person_id: int, now: datetime) -> list[LoginSession]:
    """The sign-ins of a person that have not ended, the newest first."""
    wanted = select(LoginSession).where(
        LoginSession.person_id == person_id, LoginSession.ended_at.is_(None), LoginSession.expires_at > now
    )
    return list(db.session.scalars(wanted.order_by(LoginSession.started_at.desc(), LoginSession.id)))


def unused_codes(person_id: int) -> int:
    """How many 备用码 a person has left."""
    wanted = select(func.count()).select_from(BackupCode)
    return (
        db.session.scalar(wanted.where(BackupCode.person_id == person_id, BackupCode.used_at.is_(None))) or 0
    )


def person_called(login: str) -> Person | None:
    """The person with this 学法账号, 工号 or phone."""
    wanted = select(Person).where(
        or_(Person.account == login, Person.staff_number == login, Person.phone == login)
    )
    found = list(db.session.scalars(wanted))
    return next(
        (person for person in found if person.account == login), found[0] if len(found) == 1 else None
    )


# What imports compare with ----------------------------------------------------------------------------------


def known_units() -> list[KnownUnit]:
    """All units that are not closed, in tree order, with their 曾用名. Two statements."""
    former = former_names()
    rows = db.session.execute(
        select(Unit.id, Unit.code, Unit.name, Unit.short_name, Unit.kind, Unit.parent_id, Unit.sort, Unit.lft)
        .where(Unit.closed_on.is_(None))
        .order_by(Unit.lft)
    )
    return [KnownUnit(*row, former=former.get(row.id, ())) for row in rows]


def known_people(day: date, entries: Sequence[Entry]) -> list[Known]:
    """Whom these rows of a roster can be about or collide with, as of a day. Three statements, however many rows.

    Who belongs to the units of the sheet, who has a name of it, and who is called by a number of it; people of a
    whole province stay where they are.
    """
    standing = or_(Membership.until.is_(None), Membership.until >= day)
    called = {n for e in entries for n in (e.staff_number, e.phone, e.account) if n}
    called |= {alike.core(number) for number in called}
    numbers = jsonsql.texts(called)
    wanted = union(
        select(Membership.person_id).where(
            standing, Membership.unit_id.in_(jsonsql.numbers({e.unit_id for e in entries}))
        ),
        select(Person.id).where(Person.name.in_(jsonsql.texts({e.name for e in entries}))),
        *(
            select(Person.id).where(column.in_(numbers))
            for column in (Person.staff_number, Person.phone, Person.account)
        ),
    )
    columns = (
        Person.id,
        Person.account,
        Person.name,
        Person.staff_number,
        Person.phone,
        Person.disabled_at,
    )
    found = select(*columns).where(Person.id.in_(select(wanted.subquery().c[0]))).order_by(Person.id)
    people = db.session.execute(found).all()
    ids = jsonsql.numbers(person.id for person in people)
    belongs: dict[int, list[Belonging]] = {}
    rows = db.session.execute(
        select(
            Membership.person_id,
            Membership.id,
            Membership.unit_id,
            Membership.kind,
            Membership.main,
            Membership.category,
            Membership.post,
            Membership.sort,
            Membership.since,
        )
        .where(standing, Membership.person_id.in_(ids))
        .order_by(Membership.id)
    )
    for row in rows:
        belongs.setdefault(row.person_id, []).append(Belonging(*row[1:]))
    away = {
        row.person_id: Away(*row[1:])
        for row in db.session.execute(
            select(Leave.person_id, Leave.id, Leave.kind, Leave.since, Leave.until)
            .where(or_(Leave.until.is_(None), Leave.until >= day), Leave.person_id.in_(ids))
            .order_by(Leave.id)
        )
    }
    return [
        Known(i, account, name, number, phone, tuple(belongs.get(i, ())), off is not None, away.get(i))
        for i, account, name, number, phone, off in people
    ]


def take_turn() -> None:
    """Wait until nobody else is applying a sheet or taking one back: the row of the root lets one in at a time."""
    db.session.execute(select(Unit.id).where(Unit.parent_id.is_(None)).with_for_update(key_share=True))


def last_import(kind: str, file_hash: str) -> RosterImport | None:
    """When this very file was applied last, unless that was taken back."""
    wanted = select(RosterImport).where(
        RosterImport.kind == kind, RosterImport.file_hash == file_hash, RosterImport.undone_at.is_(None)
    )
    return db.session.scalars(wanted.order_by(RosterImport.at.desc()).limit(1)).one_or_none()


@dataclass(frozen=True)
class ImportRow:
    """An applied roster as the list shows it. can_undo: whether what it takes is still kept."""

    id: int
    file_name: str
    at: datetime
    by_name: str
    summary: dict[str, int]
    undone_at: datetime | None
    undone_by: str
    can_undo: bool


def roster_imports(by_id: int | None, *, only: int | None = None) -> list[ImportRow]:
    """The last rosters applied, the newest first. by_id: only this person's. only: the one of this id."""
    maker, taker = aliased(Person), aliased(Person)
    wanted = (
        select(
            RosterImport.id,
            RosterImport.file_name,
            RosterImport.at,
            func.coalesce(maker.name, ""),
            RosterImport.summary,
            RosterImport.undone_at,
            func.coalesce(taker.name, ""),
            and_(RosterImport.undo.is_not(None), RosterImport.undone_at.is_(None)),
        )
        .outerjoin(maker, maker.id == RosterImport.by_id)
        .outerjoin(taker, taker.id == RosterImport.undone_by_id)
        .where(RosterImport.kind == "people")
        .order_by(RosterImport.at.desc(), RosterImport.id.desc())
        .limit(PAGE)
    )
    if by_id is not None:
        wanted = wanted.where(RosterImport.by_id == by_id)
    if only is not None:
        wanted = wanted.where(RosterImport.id == only)
    return [ImportRow(*row) for row in db.session.execute(wanted)]


def own_grants(person_id: int) -> Sequence[Row[str, str]]:
    """(role, name of the unit) of everything that a person holds, in tree order."""
    return db.session.execute(
        select(Grant.role, Unit.name)
        .join(Unit, Unit.id == Grant.unit_id)
        .where(Grant.person_id == person_id)
        .order_by(Unit.lft, Grant.role)
    ).all()
