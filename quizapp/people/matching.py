"""Who the rows of a roster are about, and what applying them would change. Pure.

By 工号, else by phone, else by 学法账号, else by name and unit when that is unique. What could merge two people, or
split one, is asked or is a problem; nothing is merged silently (hazard H27). People whom the sheet does not mention
are asked about, and stay as they are until somebody has decided.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from quizapp.people import accounts, alike, differences, names
from quizapp.people.plans import OTHER, Doubt, Missing, Newcomer
from quizapp.people.plans import Plan as Plan
from quizapp.people.roster import HEADINGS, NEW, Entry, Known, RowProblem
from quizapp.people.unit_sheet import KnownUnit

MOST_CANDIDATES = 3  # of whom one is chosen on the page; more need a number in the sheet
_NUMBERS = ("staff_number", "phone")


def _is_gone(entry: Entry) -> bool:
    """Whether the row says that the person has retired or left."""
    return entry.standing is not None and entry.standing.kind in ("retired", "left")


def _with(entry: Entry, numbers: Mapping[str, str]) -> Entry:
    """The entry with other numbers. numbers: by column."""
    return replace(
        entry,
        staff_number=numbers.get("staff_number", entry.staff_number),
        phone=numbers.get("phone", entry.phone),
    )


class _Matcher:
    """Finds out who every entry is about. Collects problems; decides nothing that could merge two people."""

    def __init__(
        self,
        entries: Sequence[Entry],
        known: Sequence[Known],
        result: Plan,
        may: set[int],
        answers: Mapping[int, str],
    ) -> None:
        self.entries, self.known, self.result = entries, known, result
        self.may, self.answers = may, answers
        self.by_number = {p.staff_number: p for p in known if p.staff_number}
        self.by_phone = {p.phone: p for p in known if p.phone}
        self.by_account = {p.account: p for p in known}
        self.by_name: dict[str, list[Known]] = {}
        self.by_core: dict[str, list[Known]] = {}
        for person in known:
            self.by_name.setdefault(person.name, []).append(person)
            for number in {person.staff_number, person.phone} - {None}:
                self.by_core.setdefault(alike.core(number or ""), []).append(person)
        self.giving = {
            person.id
            for entry in entries
            for person in (self.by_number.get(entry.staff_number), self.by_account.get(entry.account))
            if person is not None and entry.phone and entry.phone != person.phone
        }
        self.found: dict[int, Known] = {}  # row: person
        self.company: dict[tuple[str, str], int] = {}  # (name, number): the row that was settled or waits
        self.refused: set[int] = set()  # rows with a problem
        self.waiting: set[int] = set()  # rows with a doubt that nobody has settled
        self.settled: dict[int, Entry] = {}  # row: with the numbers that are kept of it

    def wrong(self, entry: Entry, column: str, message: str, kind: str = "problem") -> None:
        self.refused.add(entry.row)
        self.result.problems.append(RowProblem(entry.row, HEADINGS[column][0], message, kind, entry.name))

    def warn(self, entry: Entry, column: str, message: str) -> None:
        self.result.warnings.append(RowProblem(entry.row, HEADINGS[column][0], message, "note", entry.name))

    def is_open(self, entry: Entry) -> bool:
        """Whether nothing has been found out about the row so far."""
        row = entry.row
        return not (row in self.found or row in self.refused or row in self.waiting)

    def run(self) -> None:
        self._namesakes()
        self._numbers_twice()
        for entry in self.entries:
            if names.has_private_characters(entry.name):
                self.warn(entry, "name", "姓名中有自造字，其他电脑和手机上可能显示不出来")
            if entry.has_number and self.is_open(entry):
                self._by_numbers(entry)
        claimed = {person.id for person in self.found.values()}
        for entry in sorted(self.entries, key=lambda entry: entry.kind not in ("", "staff")):
            if self.is_open(entry) and not self._joins(entry):
                self._by_name_and_unit(entry, claimed)
        for entry in self.entries:
            if self.is_open(entry) and not self._joins(entry):
                self._without_damage(entry)

    def _joins(self, entry: Entry) -> bool:
        """Whether another row of the same name and number has told, or waits to be told, whom both are about."""
        others = (self.company.get((entry.name, getattr(entry, column))) for column in _NUMBERS)
        other = next((row for row in others if row is not None), None)
        if other is None:
            return False
        if other in self.found:
            self._take(entry, self.found[other])
        else:
            self.waiting.add(entry.row)
        return True

    def _keep_company(self, entry: Entry) -> None:
        for column in _NUMBERS:
            if number := getattr(entry, column):
                self.company.setdefault((entry.name, number), entry.row)

    def ask(self, entry: Entry, candidates: Sequence[Known], reason: str) -> None:
        """Somebody says whether the row is about one of these; until then it is left out of everything."""
        said = self.answers.get(entry.row, "")
        same = next((person for person in candidates if str(person.id) == said), None)
        if same is not None:
            self._take(entry, same)
        elif said != OTHER:
            self.waiting.add(entry.row)
            self._keep_company(entry)
        self.result.doubts.append(Doubt(entry, tuple(candidates), reason))

    def _without_damage(self, entry: Entry) -> None:
        """A newcomer's number that a program has changed is not kept; nobody knows what it was."""
        for column in _NUMBERS:
            number = getattr(entry, column)
            if not alike.is_damaged(number):
                continue
            if self.answers.get(entry.row) == OTHER:
                self.settled[entry.row] = _with(self.settled.get(entry.row, entry), {column: ""})
                self.warn(entry, column, f"“{number}”已被表格软件改动，不保存")
            else:
                self.wrong(entry, column, f"“{number}”已被表格软件改动，请把该列设为文本后重新填写")

    def _namesakes(self) -> None:
        """Two rows of one name in one unit must each say which person they mean."""
        together: dict[tuple[str, int], list[Entry]] = {}
        for entry in self.entries:
            together.setdefault((entry.name, entry.unit_id), []).append(entry)
        for same in together.values():
            for entry in same[1:] if all(not e.has_number for e in same) else same:
                if len(same) > 1 and not entry.has_number:
                    other = next(e.row for e in same if e is not entry)
                    told = f"与第{other}行同单位同名，请填写工号或手机号加以区分；重复的请删除"
                    self.wrong(entry, "name", told, "double")

    def _numbers_twice(self) -> None:
        """One 工号 or phone in rows of two names: nobody knows whose it is."""
        for column in _NUMBERS:
            first: dict[str, Entry] = {}
            for entry in self.entries:
                if number := getattr(entry, column):
                    other = first.setdefault(number, entry)
                    if other.name != entry.name:
                        told = f"与第{other.row}行的{HEADINGS[column][0]}相同，姓名不同"
                        self.wrong(entry, column, told, "double")

    def _by_numbers(self, entry: Entry) -> None:
        number, phone = self.by_number.get(entry.staff_number), self.by_phone.get(entry.phone)
        account = self.by_account.get(entry.account)
        if entry.account and account is None:
            typo = "" if accounts.is_valid(entry.account) else "（校验位不符，可能有错字）"
            self.wrong(entry, "account", f"没有学法账号{entry.account}{typo}")
        elif number is not None:
            self._by_staff_number(entry, number, account)
        elif account is not None:
            if phone is not None and phone is not account and not self._gives_up(phone):
                self.wrong(entry, "phone", f"该手机号属于{phone.told}")
            else:
                self._take(entry, account)
        elif phone is not None:
            self._by_phone(entry, phone)

    def _by_staff_number(self, entry: Entry, person: Known, account: Known | None) -> None:
        if account is not None and account is not person:
            self.wrong(
                entry, "account", f"工号属于{person.told}，学法账号属于{account.name}（{account.account}）"
            )
        elif entry.is_new and person.name != entry.name:
            self.wrong(entry, "account", f"工号已属于{person.name}，不能作为新增人员")
        elif account is None and person.name != entry.name and (twins := self._twins(entry, person)):
            self.ask(entry, [*twins, person], f"工号属于{person.name}，同名人员的工号相似")
        else:
            self._take(entry, person)

    def _by_phone(self, entry: Entry, person: Known) -> None:
        """A phone changes hands: alone it identifies only whoever also has the name, and no other 工号."""
        if self._gives_up(person):
            return
        if person.name != entry.name:
            self.wrong(entry, "phone", f"该手机号属于{person.told}；已换人使用的，请在表中同时更新其手机号")
        elif entry.staff_number and person.staff_number:
            self.ask(entry, [person], f"姓名、手机号相同，工号不同（系统中是{person.staff_number}）")
        else:
            self._take(entry, person)

    def _gives_up(self, person: Known) -> bool:
        """Whether another row of this sheet gives this person another phone number."""
        return person.id in self.giving

    def _take(self, entry: Entry, person: Known) -> None:
        kept = {
            column: alike.better(given, old)
            for column in _NUMBERS
            if (given := getattr(entry, column))
            and (old := getattr(person, column))
            and alike.alike(given, old)
        }
        self.settled[entry.row] = settled = _with(entry, kept)
        for column in _NUMBERS:
            if alike.is_damaged(number := getattr(settled, column)):
                self.wrong(entry, column, f"“{number}”已被表格软件改动，请把该列设为文本后重新填写")
            elif column in kept and kept[column] != getattr(entry, column):
                self.warn(
                    entry, column, f"“{getattr(entry, column)}”疑被表格软件改动，保留系统中的{kept[column]}"
                )
        if person.name != entry.name:
            self.warn(entry, "name", f"系统中的姓名是“{person.name}”，将改为“{entry.name}”，请核对是否同一人")
        if person.disabled:
            self.warn(entry, "name", f"{person.told}的账号已停用，导入不会启用")
        self.found[entry.row] = person
        self._keep_company(entry)

    def _in_reach(self, person: Known) -> bool:
        return person.main is None or person.main.unit_id in self.may

    def _by_name_and_unit(self, entry: Entry, claimed: set[int]) -> None:
        if entry.is_new:
            return
        if similar := self._similar(entry, claimed):
            self.ask(entry, similar, "工号或手机号相似，可能被表格软件改动")
            return
        namesakes = [
            person
            for person in self.by_name.get(entry.name, [])
            if person.id not in claimed
            and self._in_reach(person)
            and (person.belongings or not _is_gone(entry))
        ]
        here = [person for person in namesakes if any(b.unit_id == entry.unit_id for b in person.belongings)]
        if len(here) > MOST_CANDIDATES:
            self.wrong(entry, "name", f"该单位有{len(here)}名同名人员，请填写工号、手机号或学法账号")
        elif len(here) > 1:
            self.ask(entry, here, f"该单位有{len(here)}名同名人员")
        elif here:
            self._perhaps(entry, here[0])
        elif len(namesakes) > MOST_CANDIDATES and not entry.has_number:
            told = f"其他单位已有{len(namesakes)}名同名人员：同一人调动的请填写其学法账号或工号"
            self.wrong(entry, "name", f"{told}，不是同一人的请在学法账号列填“{NEW}”")
        elif namesakes and not entry.has_number:
            self.ask(entry, namesakes, "其他单位有同名人员，可能是调动")
        elif namesakes:
            told = "、".join(person.told for person in namesakes[:MOST_CANDIDATES])
            self.warn(entry, "name", f"将新增；其他单位已有{told}，如是同一人请填写其学法账号")

    def _similar(self, entry: Entry, claimed: set[int]) -> list[Known]:
        """People of the name or the unit whose number looks like the row's, but is another one."""
        found: dict[int, Known] = {}
        for column in _NUMBERS:
            given = getattr(entry, column)
            if not given:
                continue
            similar = self.by_core.get(alike.core(given), [])
            if alike.is_damaged(given):
                similar = [*similar, *self.by_name.get(entry.name, ())]
            for person in similar:
                near = person.name == entry.name or any(b.unit_id == entry.unit_id for b in person.belongings)
                if near and person.id not in claimed and self._in_reach(person):
                    if (old := getattr(person, column)) and alike.alike(given, old):
                        found[person.id] = person
        return list(found.values())[:MOST_CANDIDATES]

    def _twins(self, entry: Entry, person: Known) -> list[Known]:
        """People of the row's name whose 工号 only looks like it: its zeros may have gone, and it is another's now."""
        return [other for other in self._similar(entry, {person.id}) if other.name == entry.name]

    def _perhaps(self, entry: Entry, person: Known) -> None:
        """Same name, same unit: the same person, unless a number says otherwise."""
        for column in _NUMBERS:
            here, there = getattr(entry, column), getattr(person, column)
            if here and there and here != there:
                self.ask(entry, [person], f"同单位同名，{HEADINGS[column][0]}不同（系统中是{there}）")
                return
        self._take(entry, person)


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
    matcher = _Matcher(entries, known, result, may, answers)
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
    matcher: _Matcher, person: Known | None, rows: Sequence[Entry], unit_name: dict[int, str], day: date
) -> None:
    """A group becomes a newcomer, an edit, a question, or nothing."""
    result = matcher.result
    gone = next(filter(_is_gone, rows), None)
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


def _missing(matcher: _Matcher, troubled: set[str]) -> list[Missing]:
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


def _groups(matcher: _Matcher) -> list[Group]:
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
    matcher: _Matcher, person: Known | None, rows: Sequence[Entry], unit_name: dict[int, str]
) -> None:
    may = matcher.may
    for entry in rows:
        if entry.unit_id not in may:
            matcher.wrong(entry, "unit_code", f"“{entry.unit_name}”不在您的管理范围内")
    outside = person is not None and person.main is not None and person.main.unit_id not in may
    if outside and person is not None and person.main is not None:
        matcher.wrong(rows[0], "name", f"{person.name}现在的单位不在您的管理范围内，请联系上级管理员办理调动")


def _check_numbers(matcher: _Matcher, groups: Sequence[Group]) -> None:
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
