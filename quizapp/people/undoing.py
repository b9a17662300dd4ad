"""Taking an applied roster back as a whole: in one transaction, and only what nobody has changed since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, null, select, union_all, update

from quizapp import audit, jsonsql
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, queries, snapshots, undo_rules
from quizapp.people.models import Leave, Membership, Person, RosterImport, Unit
from quizapp.people.undo_rules import LEAVE, MEMBERSHIP, Circumstances, Kept, Snapshot, Undo

OWN = ("membership", "leave")  # tables whose rows go with a person
NOTHING = "没有改动任何内容。"


@dataclass(frozen=True)
class Foreseen:
    """What taking an import back would do now. now: the people as they are."""

    kept: Kept
    undo: Undo
    now: Mapping[int, Snapshot]

    def name(self, person_id: int) -> str:
        """How a page names a person; somebody who is gone has no name any more."""
        seen = self.now.get(person_id) or self.kept.before.get(person_id)
        return str(seen["person"][0]) if seen else ""


def foresee(import_id: int, may: Collection[int]) -> Foreseen:
    """Six statements, however many people. may: ids of units that the asking person may act in.

    Raises Refused for an import that was taken back, or so long ago that it cannot be any more.
    """
    row = db.session.execute(
        select(RosterImport.undo, RosterImport.undone_at).where(RosterImport.id == import_id)
    ).one()
    if row.undone_at is not None or row.undo is None:
        why = "这次导入已经撤销。" if row.undone_at else "这次导入时间已久，不能再撤销。"
        raise Refused("cannot_undo", why, NOTHING)
    kept = Kept.thawed(row.undo)
    now = snapshots.snapshots(kept.people)
    seen = Circumstances(now=now, owners=_owners(kept), used=_used(kept.new), closed=_closed_units(), may=may)
    return Foreseen(kept, undo_rules.plan(kept, seen), now)


def _owners(kept: Kept) -> dict[str, int]:
    """Who is called now by the numbers that people had before: by 工号, phone or 学法账号."""
    wanted = jsonsql.texts({number for one in kept.before.values() for number in undo_rules.numbers(one)})
    columns = (Person.account, Person.staff_number, Person.phone)
    owned = union_all(*(select(column, Person.id).where(column.in_(wanted)) for column in columns))
    return {str(number): person_id for number, person_id in db.session.execute(owned)}


def _closed_units() -> set[int]:
    return set(db.session.scalars(select(Unit.id).where(Unit.closed_on.is_not(None))))


def _used(person_ids: Collection[int]) -> set[int]:
    """Who of these has a password of their own, or is named in any other table. One statement."""
    wanted = jsonsql.numbers(person_ids).cte("wanted")
    among = select(wanted.c[0])
    parts = [
        select(Person.id).where(
            Person.id.in_(among), Person.password_hash.is_not(None), Person.must_change.is_(False)
        )
    ]
    for table in db.metadata.sorted_tables:
        for key in table.foreign_keys if table.name not in OWN else ():
            if key.column.table.name == "person":
                parts.append(select(key.parent).where(key.parent.in_(among)))
    return set(db.session.scalars(union_all(*parts)))


def take_back(
    import_id: int, may: Collection[int], *, seen: str, now: datetime, actor_id: int | None
) -> Undo:
    """Do what was foreseen. seen: `Undo.digest` of what the page showed. Raises Refused, also when it differs now."""
    queries.take_turn()
    foreseen = foresee(import_id, may)
    undo, kept = foreseen.undo, foreseen.kept
    if undo.digest != seen:
        raise Refused("changed", f"核对之后情况有变化。{NOTHING}请按最新情况再次核对。")
    _remove(undo.removed)
    _restore({i: kept.before[i] for i in undo.restored}, {i: foreseen.now[i] for i in undo.restored})
    db.session.execute(
        update(RosterImport)
        .where(RosterImport.id == import_id)
        .values(undone_at=now, undone_by_id=actor_id, undo=null())
    )
    db.session.expire_all()
    counts = {"restored": len(undo.restored), "removed": len(undo.removed), "left": len(undo.blocked)}
    audit.record("people.import_undone", ("roster_import", import_id), actor_id=actor_id, **counts)
    told = {"changes": ["撤销导入，恢复为导入前的内容"]}
    changed = [(person_id, told) for person_id in undo.restored]
    audit.record_many("people.person_changed", "person", changed, actor_id=actor_id)
    removed: list[tuple[int, dict[str, Any]]] = [(person_id, {}) for person_id in undo.removed]
    audit.record_many("people.person_removed", "person", removed, actor_id=actor_id)
    return undo


def _remove(person_ids: Collection[int]) -> None:
    """People go with their memberships and leaves."""
    wanted = jsonsql.numbers(person_ids)
    for column in (Membership.person_id, Leave.person_id, Person.id):
        db.session.execute(
            delete(column.class_).where(column.in_(wanted)).execution_options(synchronize_session=False)
        )


def _restore(before: Mapping[int, Snapshot], now: Mapping[int, Snapshot]) -> None:
    """What ended or changed stands again, what was added goes. Numbers first go from whoever has them now."""
    changed = [i for i in before if before[i]["person"] != now[i]["person"]]
    numbered = [i for i in changed if undo_rules.numbers(before[i]) != undo_rules.numbers(now[i])]
    actions.update_each(Person, [{"id": i, "staff_number": None, "phone": None} for i in numbered])
    actions.update_each(Person, [{"id": i} | undo_rules.person_values(before[i]) for i in changed])
    for part, table, names in (("memberships", Membership, MEMBERSHIP), ("leaves", Leave, LEAVE)):
        was = _rows(before, part, names)
        is_now = _rows(now, part, names)
        _drop(table, {i for i in is_now if was.get(i) != is_now[i]})
        _put_back(table, [row for i, row in was.items() if is_now.get(i) != row])


def _put_back(table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows as they were; where somebody else's row has the id by now, with another one."""
    taken = set(
        db.session.scalars(select(table.id).where(table.id.in_(jsonsql.numbers(row["id"] for row in rows))))
    )
    same = [row for row in rows if row["id"] not in taken]
    other = [{key: value for key, value in row.items() if key != "id"} for row in rows if row["id"] in taken]
    for some in filter(None, (same, other)):
        db.session.execute(actions.at_once(insert(table)), some)


def _rows(kept: Mapping[int, Snapshot], part: str, names: tuple[str, ...]) -> dict[int, dict[str, Any]]:
    """The rows of all these people, by their id."""
    return {
        row[0]: {"person_id": person_id} | undo_rules.row_values(names, row)
        for person_id, one in kept.items()
        for row in one[part]
    }


def _drop(table: Any, ids: Collection[int]) -> None:
    db.session.execute(
        delete(table).where(table.id.in_(jsonsql.numbers(ids))).execution_options(synchronize_session=False)
    )


def sentence(undo: Undo) -> str:
    """What taking back did, for people."""
    left = f"{len(undo.blocked)}人在导入后有变化，保持不变。" if undo.blocked else ""
    return f"已撤销：恢复{len(undo.restored)}人，删除新增的{len(undo.removed)}人。{left}"
