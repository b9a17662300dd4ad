"""What changes units, people, passwords and grants. Nothing here commits; everything leaves its audit row."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random, SystemRandom
from typing import Any

from sqlalchemy import Insert, delete, exists, func, insert, select, update

from quizapp import audit, clock, config, jsonsql
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import accounts, names, passwords, sessions, tree
from quizapp.people.models import (
    ROLES,
    BackupCode,
    Grant,
    LoginFailure,
    LoginSession,
    Membership,
    Person,
    Unit,
)
from quizapp.people.roster import UNSORTED
from quizapp.people.unit_sheet import INITIAL_CODE

CODES = 5  # 备用码 in a set


# Units ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewUnit:
    """A unit to add. parent_code: of a unit in the tables or in the same list; none for the root."""

    code: str
    name: str
    parent_code: str | None
    short_name: str = ""
    kind: str = ""
    sort: int = 0


def add_units(rows: Sequence[NewUnit], now: datetime, *, actor_id: int | None = None) -> dict[str, int]:
    """Add units in any order and number the tree; ids by code of all units.

    Raises Refused for an unknown parent and for the code of a closed unit.
    """
    if rows:
        _refuse_closed({row.code for row in rows})
        values = [
            {
                "code": row.code,
                "name": row.name,
                "short_name": row.short_name,
                "kind": row.kind,
                "sort": row.sort,
                "lft": 0,
                "rgt": 1,
            }
            for row in rows
        ]
        db.session.execute(insert(Unit), values)
    ids = dict(db.session.execute(select(Unit.code, Unit.id)).all())
    parents = []
    for row in rows:
        if row.parent_code is not None:
            if row.parent_code not in ids:
                raise Refused("unknown_unit", f"没有编码为“{row.parent_code}”的单位。", "没有保存任何内容。")
            parents.append({"id": ids[row.code], "parent_id": ids[row.parent_code]})
    update_each(Unit, parents)
    renumber()
    added = [(ids[row.code], {"name": row.name}) for row in rows]
    audit.record_many("people.unit_added", "unit", added, actor_id=actor_id)
    return ids


def _refuse_closed(codes: set[str]) -> None:
    closed = db.session.execute(select(Unit.code, Unit.name).where(Unit.closed_on.is_not(None))).all()
    found = next((unit for unit in closed if unit.code in codes), None)
    if found is not None:
        sentence = f"单位编码“{found.code}”属于已撤销的“{found.name}”。"
        raise Refused("unit_closed", sentence, "没有保存任何内容。请换一个编码，或先在“单位”中恢复该单位。")


def renumber() -> None:
    """Bring all intervals in line with parents, 单位排序号 and codes; only units that moved are written."""
    units = db.session.execute(
        select(Unit.id, Unit.parent_id, Unit.sort, Unit.code, Unit.lft, Unit.rgt)
    ).all()
    try:
        numbers = tree.numbering(tree.Place(*unit[:4]) for unit in units)
    except ValueError as error:
        raise Refused("unit_ring", "上级单位形成了循环。", "没有保存任何内容。") from error
    moved = [
        {"id": unit.id, "lft": numbers[unit.id][0], "rgt": numbers[unit.id][1]}
        for unit in units
        if numbers[unit.id] != (unit.lft, unit.rgt)
    ]
    update_each(Unit, moved)


def add_unit(parent: Unit, new: NewUnit, *, actor_id: int | None) -> Unit:
    """Add one unit below another, in free numbers where there are some.

    Raises Refused when the code is taken, and below a closed unit.
    """
    if parent.closed_on is not None:
        raise Refused("unit_closed", f"上级单位“{parent.name}”已撤销。", "没有保存任何内容。请另选上级单位。")
    if db.session.scalar(select(exists().where(Unit.code == new.code))):
        raise Refused("code_taken", f"单位编码“{new.code}”已有单位使用。", "请换一个编码。", status=422)
    siblings = db.session.execute(
        select(Unit.sort, Unit.code, Unit.lft, Unit.rgt).where(Unit.parent_id == parent.id).order_by(Unit.lft)
    ).all()
    position = sum((s.sort, s.code) < (new.sort, new.code) for s in siblings)
    free = tree.room((parent.lft, parent.rgt), [(s.lft, s.rgt) for s in siblings], position)
    lft, rgt = free or (0, 1)
    unit = Unit(
        code=new.code,
        name=new.name,
        short_name=new.short_name,
        kind=new.kind,
        sort=new.sort,
        parent_id=parent.id,
        lft=lft,
        rgt=rgt,
    )
    db.session.add(unit)
    db.session.flush()
    if free is None:
        renumber()
    audit.record("people.unit_added", unit, actor_id=actor_id, name=unit.name)
    return unit


def change_unit(unit: Unit, *, kind: str, sort: int, actor_id: int | None) -> None:
    """Change the 单位类别 or the place among the siblings; what concerns a unit as a whole is in `unit_actions`."""
    before = {"kind": unit.kind, "sort": unit.sort}
    moves = unit.sort != sort
    unit.kind, unit.sort = kind, sort
    db.session.flush()
    if moves:
        renumber()
    audit.record("people.unit_changed", unit, actor_id=actor_id, before=before)


# People -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewPerson:
    """A person to add, with the main unit. name is normalised here; sort UNSORTED comes last."""

    name: str
    unit_id: int
    staff_number: str | None = None
    phone: str | None = None
    category: str = ""
    post: str = ""
    sort: int = UNSORTED
    kind: str = "staff"
    since: date | None = None  # none: today


def add_people(
    rows: Sequence[NewPerson], now: datetime, *, actor_id: int | None = None, random: Random | None = None
) -> list[int]:
    """Add people with accounts of their own and their main memberships; ids in the order of the rows.

    They have no password: slips give them one. random: where the accounts come from; by default the system's.
    """
    if not rows:
        return []
    made = _free_accounts(rows, random or SystemRandom())
    people = [
        {
            "account": account,
            **_named(row.name),
            "staff_number": row.staff_number or None,
            "phone": row.phone or None,
            "created_at": now,
        }
        for account, row in zip(made, rows, strict=True)
    ]
    added = db.session.execute(at_once(insert(Person)).returning(Person.account, Person.id), people)
    id_of = {row.account: row.id for row in added}
    ids = [id_of[account] for account in made]
    today = clock.today(now)
    belongings = [
        {
            "person_id": person_id,
            "unit_id": row.unit_id,
            "since": row.since or today,
            "kind": row.kind,
            "main": True,
            "category": row.category,
            "post": row.post,
            "sort": row.sort,
        }
        for person_id, row in zip(ids, rows, strict=True)
    ]
    db.session.execute(insert(Membership), belongings)
    audit.record_many(
        "people.person_added", "person", [(person_id, {}) for person_id in ids], actor_id=actor_id
    )
    return ids


def _free_accounts(rows: Sequence[NewPerson], random: Random) -> list[str]:
    """As many accounts as rows; nobody signs in with one of them yet, and no row brings one as its 工号."""
    taken = {row.staff_number for row in rows if row.staff_number}
    made = accounts.make_many(len(rows), taken, random)
    while clashing := _in_use(made):
        taken |= clashing
        free = [account for account in made if account not in clashing]
        made = free + accounts.make_many(len(clashing), taken.union(free), random)
    return made


def _in_use(made: Collection[str]) -> set[str]:
    wanted = jsonsql.texts(made)
    found = select(Person.account).where(Person.account.in_(wanted))
    return set(
        db.session.scalars(
            found.union_all(select(Person.staff_number).where(Person.staff_number.in_(wanted)))
        )
    )


def _named(name: str) -> dict[str, str]:
    plain = names.normalise(name)
    name_key, initials = names.keys(plain)
    return {"name": plain, "name_key": name_key, "initials": initials}


def set_disabled(person: Person, disabled: bool, *, now: datetime, actor_id: int | None) -> None:
    """Disable an account, which ends its sign-ins, or enable it. The last administrator stays."""
    if disabled:
        _keep_an_administrator(without_people={person.id})
        sessions.end_all(person.id, now)
    person.disabled_at = now if disabled else None
    db.session.flush()
    audit.record(f"people.{'disabled' if disabled else 'enabled'}", person, actor_id=actor_id)


def disable_all(person_ids: Collection[int], now: datetime) -> None:
    """Disable accounts and end their sign-ins, set by set; the audit rows are the caller's. Raises Refused."""
    if person_ids:
        _keep_an_administrator(without_people=person_ids)
        update_each(Person, [{"id": person_id, "disabled_at": now} for person_id in person_ids])
        db.session.execute(
            update(LoginSession)
            .where(LoginSession.person_id.in_(jsonsql.numbers(person_ids)), LoginSession.ended_at.is_(None))
            .values(ended_at=now)
        )


# Passwords --------------------------------------------------------------------------------------------------


def password_complaint(person: Person, password: str) -> str | None:
    """What is wrong with a new password for this person, as a sentence."""
    if (
        passwords.is_one_time(person.password_hash)
        and passwords.digest_of_one_time(password) == person.password_hash
    ):
        return "新口令不能与一次性口令相同。"
    own = [word for word in (person.account, person.name, person.staff_number, person.phone) if word]
    return passwords.complaint(
        password, policy=config.value("PASSWORD_POLICY"), minimum=config.value("PASSWORD_MINIMUM"), own=own
    )


def set_password(person: Person, hashed: str, *, now: datetime, keep_session: str | None = None) -> None:
    """The person's own new password, hashed before this transaction; all other sign-ins end."""
    person.password_hash, person.password_set_at = hashed, now
    person.must_change, person.slip_expires_at = False, None
    db.session.flush()
    sessions.end_all(person.id, now, but=keep_session)
    audit.record("people.password_changed", person, actor_id=person.id)


@dataclass(frozen=True)
class Slip:
    """What a printed slip says."""

    person_id: int
    account: str
    name: str
    unit: str
    one_time_password: str
    expires_at: datetime


def issue_slips(person_ids: Sequence[int], now: datetime, *, actor_id: int | None = None) -> list[Slip]:
    """New one-time passwords for these people, in the order of units and names.

    The old password ends, and so do all sign-ins; a lock is lifted; 备用码 stay. Disabled people get none.
    """
    from quizapp.people.queries import in_order

    rows = db.session.execute(
        select(Person.id, Person.account, Person.name, Unit.name)
        .outerjoin(
            Membership, (Membership.person_id == Person.id) & Membership.main & Membership.until.is_(None)
        )
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .where(Person.id.in_(list(person_ids)), Person.disabled_at.is_(None))
        .order_by(*in_order())
    ).all()
    expires_at = now + timedelta(days=config.value("SLIP_DAYS"))
    slips = [
        Slip(i, account, name, unit or "", passwords.one_time(), expires_at)
        for i, account, name, unit in rows
    ]
    update_each(
        Person,
        [
            {
                "id": slip.person_id,
                "password_hash": passwords.digest_of_one_time(slip.one_time_password),
                "password_set_at": now,
                "must_change": True,
                "slip_expires_at": expires_at,
            }
            for slip in slips
        ],
    )
    ids = [slip.person_id for slip in slips]
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.person_id.in_(ids), LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    db.session.execute(delete(LoginFailure).where(LoginFailure.login.in_([slip.account for slip in slips])))
    audit.record_many(
        "people.password_reset", "person", [(person_id, {}) for person_id in ids], actor_id=actor_id
    )
    return slips


def issue_codes(person: Person) -> list[str]:
    """Five new 备用码, told once; the ones before end."""
    codes = [passwords.one_time() for _ in range(CODES)]
    db.session.execute(delete(BackupCode).where(BackupCode.person_id == person.id))
    db.session.execute(
        insert(BackupCode),
        [{"person_id": person.id, "code_hash": passwords.digest_of_code(person.id, code)} for code in codes],
    )
    audit.record("people.codes_issued", person, actor_id=person.id)
    return codes


def accept_notice(person: Person, version: str, *, now: datetime) -> None:
    """The person has read and accepted the 个人信息处理告知 of this version."""
    person.notice_accepted_at, person.notice_version = now, version
    db.session.flush()


# Grants -----------------------------------------------------------------------------------------------------


def grant(person: Person, role: str, unit: Unit, *, now: datetime, actor_id: int | None) -> Grant:
    """Give a role on a unit and all below it. Held already: the same grant. Long sign-ins of the person end."""
    if role not in ROLES:
        raise Refused("unknown_role", "没有这种角色。", "没有改动任何授权。", status=422)
    held = db.session.scalars(
        select(Grant).where(Grant.person_id == person.id, Grant.role == role, Grant.unit_id == unit.id)
    ).one_or_none()
    if held is not None:
        return held
    given = Grant(person_id=person.id, role=role, unit_id=unit.id, granted_by_id=actor_id, granted_at=now)
    db.session.add(given)
    db.session.flush()
    db.session.execute(
        update(LoginSession)
        .where(
            LoginSession.person_id == person.id, LoginSession.kind == "study", LoginSession.ended_at.is_(None)
        )
        .values(ended_at=now)
    )
    audit.record("people.granted", person, actor_id=actor_id, role=role, unit=unit.code)
    return given


def withdraw(held: Grant, *, actor_id: int | None) -> None:
    """Take a grant back. The last administrator of the root stays. Raises Refused."""
    if held.role == "administrator":
        _keep_an_administrator(without_grant=held.id)
    unit = db.session.get_one(Unit, held.unit_id)
    target = ("person", held.person_id)
    audit.record("people.withdrawn", target, actor_id=actor_id, role=held.role, unit=unit.code)
    db.session.delete(held)
    db.session.flush()


def _keep_an_administrator(*, without_grant: int = 0, without_people: Collection[int] = ()) -> None:
    """Refuse what would leave nobody to administer the root."""
    roots = (
        select(Grant.id, Grant.person_id)
        .join(Unit, Unit.id == Grant.unit_id)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.role == "administrator", Unit.parent_id.is_(None), Person.disabled_at.is_(None))
    )
    everyone = db.session.execute(roots).all()
    left = [row for row in everyone if row.id != without_grant and row.person_id not in without_people]
    if everyone and not left:
        raise Refused(
            "last_administrator",
            "这是最后一名最上级单位的系统管理员，不能停用或收回授权。",
            "请先授权另一名系统管理员。",
        )


def first_administrator(now: datetime) -> tuple[str, str] | None:
    """(account, one-time password) of a first administrator, with a root unit, when there is nobody yet; else None."""
    if db.session.scalar(select(func.count()).select_from(Person)):
        return None
    root = db.session.scalars(
        select(Unit).where(Unit.parent_id.is_(None)).order_by(Unit.lft).limit(1)
    ).one_or_none()
    if root is None:
        add_units([NewUnit(INITIAL_CODE, "本单位", None)], now)
        root = db.session.scalars(select(Unit).where(Unit.parent_id.is_(None))).one()
    [person_id] = add_people([NewPerson("系统管理员", root.id)], now)
    grant(db.session.get_one(Person, person_id), "administrator", root, now=now, actor_id=None)
    [slip] = issue_slips([person_id], now)
    return slip.account, slip.one_time_password


# Many rows at once ------------------------------------------------------------------------------------------


def at_once(statement: Insert) -> Insert:
    """An insert of many rows that sends blank columns too: rows without some would each be a statement of their own."""
    return statement.execution_options(render_nulls=True)


def update_each(table: Any, rows: list[dict[str, Any]]) -> None:
    """Update many rows by primary key in one statement; objects already loaded are read anew."""
    if rows:
        db.session.execute(update(table), rows)
        db.session.expire_all()
