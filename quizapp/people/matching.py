"""What applying the rows of a roster would change, once it is known whom they are about (`matcher`). Pure.

People whom the sheet does not mention are asked about, and stay as they are until somebody has decided.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from quizapp.people import differences
from quizapp.people.matcher import Matcher, is_gone
from quizapp.people.plans import Missing, Newcomer
from quizapp.people.plans import Plan as Plan
from quizapp.people.roster import Entry, Known
from quizapp.people.unit_sheet import KnownUnit


def plan(
    entries: Sequence[Entry],
    known: Sequence[Known],
    units: Sequence[KnownUnit],
    reachable: Iterable[int],
    day: date,
    *,
    answers: Mapping[int, str] = MappingProxyType({}),
    troubled: Collection[str] = (),
) -> Plan:
    """What applying the entries would change, or what stands in the way.

    reachable: ids of units that the importer may act in. answers: to doubts, by row: the id of a person, or OTHER.
    troubled: names in rows that could not be read; nobody of these names counts as missing.
    """
    result = Plan()
    may, unit_name = set(reachable), {unit.id: unit.short_name or unit.name for unit in units}
    matcher = Matcher(entries, known, result, may, answers)
    matcher.run()
    groups = _groups(matcher)
    for person, rows in groups:
        _check_reach(matcher, person, rows, unit_name)
    _check_numbers(matcher, groups)
    for person, rows in groups:
        if not any(entry.row in matcher.refused for entry in rows):
            _sort_out(matcher, person, rows, unit_name, day)
    result.missing += _missing(matcher, {*troubled, *(getattr(p, "name", "") for p in result.problems)})
    result.problems.sort(key=lambda problem: problem.row)
    return result


def _sort_out(
    matcher: Matcher, person: Known | None, rows: Sequence[Entry], unit_name: dict[int, str], day: date
) -> None:
    """A group becomes a newcomer, an edit, a question, or nothing."""
    result = matcher.result
    gone = next(filter(is_gone, rows), None)
    if gone is not None and gone.standing is not None:
        if person is None:
            matcher.warn(gone, "state", "表中注明已离开，系统中没有此人，不新增")
        elif person.belongings and not person.disabled:
            last = min(gone.standing.since or day - timedelta(days=1), day)
            kind = gone.standing.kind
            result.missing.append(Missing(person, person.belongings, False, kind, last, gone.row))
        else:
            result.unchanged += 1
    elif person is None:
        result.new.append(Newcomer(tuple(rows)))
    elif (edit := differences.edit(person, rows, unit_name, day)) is not None:
        result.edits.append(edit)
    else:
        result.unchanged += 1


def _missing(matcher: Matcher, troubled: set[str]) -> list[Missing]:
    """Who is counted in the sheet's units without being in the sheet; also whose 借调, 挂职 … it lists no more."""
    area = {entry.unit_id for entry in matcher.entries} & matcher.may
    row_of = {entry.row: entry for entry in matcher.entries}
    present = {(person.id, row_of[row].unit_id) for row, person in matcher.found.items()}
    met = {person.id for person in matcher.found.values()}
    asked = {
        p.id
        for doubt in matcher.result.doubts
        if doubt.entry.row in matcher.waiting
        for p in doubt.candidates
    }
    found: list[Missing] = []
    for person in matcher.known:
        if person.disabled or person.id in asked or person.name in troubled:
            continue
        if person.id not in met and person.main is not None and person.main.unit_id in area:
            found.append(Missing(person, person.belongings))
            continue
        found += [
            Missing(person, (belonging,), part=True)
            for belonging in person.belongings
            if not belonging.main
            and belonging.unit_id in area
            and (person.id, belonging.unit_id) not in present
        ]
    return found


Group = tuple[Known | None, list[Entry]]


def _groups(matcher: Matcher) -> list[Group]:
    """The entries of each person together, the main one first. Several need different units, and one 在编 at most."""
    together: dict[tuple[str, str | int], list[Entry]] = {}
    person_of: dict[tuple[str, str | int], Known | None] = {}
    for entry in matcher.entries:
        if entry.row in matcher.refused or entry.row in matcher.waiting:
            continue
        entry = matcher.settled.get(entry.row, entry)
        person = matcher.found.get(entry.row)
        key: tuple[str, str | int]
        if person is not None:
            key = ("known", person.id)
        elif entry.staff_number:
            key = ("number", entry.staff_number)
        elif entry.phone:
            key = ("phone", entry.phone)
        else:
            key = ("row", entry.row)
        together.setdefault(key, []).append(entry)
        person_of[key] = person
    groups: list[Group] = []
    for key, rows in together.items():
        rows.sort(key=lambda entry: entry.kind not in ("", "staff"))
        first = rows[0]
        for other in rows[1:]:
            if other.name != first.name:
                matcher.wrong(other, "name", f"与第{first.row}行的工号或手机号相同，姓名不同", "double")
            elif other.kind in ("", "staff") or other.unit_id == first.unit_id:
                told = f"与第{first.row}行是同一个人；挂职、借调等请在人员关系列写明"
                matcher.wrong(other, "name", told, "double")
        groups.append((person_of[key], rows))
    return groups


def _check_reach(
    matcher: Matcher, person: Known | None, rows: Sequence[Entry], unit_name: dict[int, str]
) -> None:
    may = matcher.may
    for entry in rows:
        if entry.unit_id not in may:
            matcher.wrong(entry, "unit_code", f"“{entry.unit_name}”不在您的管理范围内")
    outside = person is not None and person.main is not None and person.main.unit_id not in may
    if outside and person is not None and person.main is not None:
        matcher.wrong(rows[0], "name", f"{person.name}现在的单位不在您的管理范围内，请联系上级管理员办理调动")


def _check_numbers(matcher: Matcher, groups: Sequence[Group]) -> None:
    """After the import no two people may be called by one 工号, phone or 学法账号."""
    owner: dict[str, str] = {person.account: f"{person.name}的学法账号" for person in matcher.known}
    touched = {person.id for person, _ in groups if person is not None}
    before = {
        number: person
        for person, _ in groups
        if person is not None
        for number in (person.staff_number, person.phone)
        if number
    }
    for other in matcher.known:
        if other.id not in touched:
            owner.update({number: other.told for number in (other.staff_number, other.phone) if number})
    for person, rows in groups:
        for column in ("staff_number", "phone"):
            given = [entry for entry in rows if getattr(entry, column)]
            values = {getattr(entry, column) for entry in given}
            if len(values) > 1:
                matcher.wrong(given[1], column, f"与第{given[0].row}行是同一个人，填写却不同")
                continue
            value = values.pop() if values else getattr(person, column) if person is not None else None
            if not value or (person is not None and value == person.account):
                continue
            if value in owner:
                matcher.wrong((given or rows)[0], column, f"“{value}”已属于{owner[value]}")
            elif (old := before.get(value)) is not None and old is not person:
                key = f"e{person.id}" if person is not None else f"n{rows[0].row}"
                matcher.result.needs[key] = f"e{old.id}"
            owner[value] = f"第{rows[0].row}行的{rows[0].name}"
