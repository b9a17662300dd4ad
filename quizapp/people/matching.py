"""Who the rows of a roster are about, and what applying them would change. Pure.

By 工号, else by phone, else by 学法账号, else by name and unit when that is unique. What could merge two people, or
split one, is a problem for a person to settle; nothing is merged silently (hazard H27). People whom the sheet does
not mention stay as they are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quizapp.people import accounts
from quizapp.people.roster import HEADINGS, KIND_WORDS, NEW, UNSORTED, Belonging, Entry, Known
from quizapp.people.unit_sheet import KnownUnit, Problem


@dataclass(frozen=True)
class Newcomer:
    """A person to add, with one entry per unit, the main one first."""

    entries: tuple[Entry, ...]

    @property
    def main(self) -> Entry:
        return self.entries[0]


@dataclass(frozen=True)
class Edit:
    """What becomes of a known person. words: for people, one each."""

    row: int
    person: Known
    name: str | None = None
    staff_number: str | None = None
    phone: str | None = None
    closed: tuple[Belonging, ...] = ()  # they end yesterday
    opened: tuple[tuple[Entry, bool], ...] = ()  # (entry, main): they begin today
    adjusted: tuple[tuple[Belonging, dict[str, str | int]], ...] = ()
    words: tuple[str, ...] = ()


@dataclass
class Plan:
    new: list[Newcomer] = field(default_factory=list)
    edits: list[Edit] = field(default_factory=list)
    unchanged: int = 0
    missing: list[Known] = field(
        default_factory=list
    )  # in the sheet's units, but not in the sheet: left alone
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignores_identity_numbers: bool = False

    @property
    def changed(self) -> int:
        return len(self.edits)

    @property
    def changes_nothing(self) -> bool:
        return not self.new and not self.edits


class _Matcher:
    """Finds out who every entry is about. Collects problems; decides nothing that could merge two people."""

    def __init__(self, entries: Sequence[Entry], known: Sequence[Known], result: Plan) -> None:
        self.entries, self.known, self.result = entries, known, result
        self.by_number = {p.staff_number: p for p in known if p.staff_number}
        self.by_phone = {p.phone: p for p in known if p.phone}
        self.by_account = {p.account: p for p in known}
        self.by_name: dict[str, list[Known]] = {}
        for person in known:
            self.by_name.setdefault(person.name, []).append(person)
        self.giving = {
            person.id
            for entry in entries
            for person in (self.by_number.get(entry.staff_number), self.by_account.get(entry.account))
            if person is not None and entry.phone and entry.phone != person.phone
        }
        self.found: dict[int, Known] = {}  # row: person
        self.refused: set[int] = set()  # rows with a problem

    def wrong(self, entry: Entry, column: str, message: str) -> None:
        self.refused.add(entry.row)
        self.result.problems.append(Problem(entry.row, HEADINGS[column][0], message))

    def warn(self, entry: Entry, column: str, message: str) -> None:
        self.result.warnings.append(Problem(entry.row, HEADINGS[column][0], message))

    def run(self) -> None:
        self._namesakes()
        for entry in self.entries:
            if entry.has_number and entry.row not in self.refused:
                self._by_numbers(entry)
        claimed = {person.id for person in self.found.values()}
        for entry in self.entries:
            if entry.row not in self.found and entry.row not in self.refused:
                self._by_name_and_unit(entry, claimed)

    def _namesakes(self) -> None:
        """Two rows of one name in one unit must each say which person they mean."""
        together: dict[tuple[str, int], list[Entry]] = {}
        for entry in self.entries:
            together.setdefault((entry.name, entry.unit_id), []).append(entry)
        for same in together.values():
            for entry in same[1:] if all(not e.has_number for e in same) else same:
                if len(same) > 1 and not entry.has_number:
                    other = next(e.row for e in same if e is not entry)
                    self.wrong(
                        entry, "name", f"与第{other}行同单位同名，请填写工号或手机号加以区分；重复的请删除"
                    )

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
        else:
            self._take(entry, person)

    def _by_phone(self, entry: Entry, person: Known) -> None:
        """A phone changes hands: alone it identifies only whoever also has the name, and no other 工号."""
        if self._gives_up(person):
            return
        if person.name != entry.name:
            self.wrong(entry, "phone", f"该手机号属于{person.told}；已换人使用的，请在表中同时更新其手机号")
        elif entry.staff_number and person.staff_number:
            self.wrong(
                entry,
                "staff_number",
                f"该手机号属于{person.told}，工号不同；同一人更换工号的，请填写学法账号",
            )
        else:
            self._take(entry, person)

    def _gives_up(self, person: Known) -> bool:
        """Whether another row of this sheet gives this person another phone number."""
        return person.id in self.giving

    def _take(self, entry: Entry, person: Known) -> None:
        if person.name != entry.name:
            self.warn(entry, "name", f"系统中的姓名是“{person.name}”，将改为“{entry.name}”，请核对是否同一人")
        if person.disabled:
            self.warn(entry, "name", f"{person.told}的账号已停用，导入不会启用")
        self.found[entry.row] = person

    def _by_name_and_unit(self, entry: Entry, claimed: set[int]) -> None:
        if entry.is_new:
            return
        namesakes = [person for person in self.by_name.get(entry.name, []) if person.id not in claimed]
        here = [person for person in namesakes if any(b.unit_id == entry.unit_id for b in person.belongings)]
        if len(here) > 1:
            self.wrong(entry, "name", f"该单位有{len(here)}名同名人员，请填写工号、手机号或学法账号")
        elif here:
            self._perhaps(entry, here[0])
        elif namesakes and not entry.has_number:
            told = "、".join(person.told for person in namesakes[:3])
            self.wrong(
                entry,
                "name",
                f"其他单位已有{told}：同一人调动的请填写其学法账号或工号，不是同一人的请在学法账号列填“{NEW}”",
            )
        elif namesakes:
            told = "、".join(person.told for person in namesakes[:3])
            self.warn(entry, "name", f"将新增；其他单位已有{told}，如是同一人请填写其学法账号")

    def _perhaps(self, entry: Entry, person: Known) -> None:
        """Same name, same unit: the same person, unless a number says otherwise."""
        for column, here, there in (
            ("staff_number", entry.staff_number, person.staff_number),
            ("phone", entry.phone, person.phone),
        ):
            if here and there and here != there:
                advice = f"同一人的请填写学法账号{person.account}，不是同一人的请在学法账号列填“{NEW}”"
                self.wrong(entry, column, f"与系统中同单位同名人员的（{there}）不同；{advice}")
                return
        self._take(entry, person)


def plan(
    entries: Sequence[Entry], known: Sequence[Known], units: Sequence[KnownUnit], reachable: Iterable[int]
) -> Plan:
    """What applying the entries would change, or what stands in the way. reachable: ids of units that the importer
    may act in."""
    result = Plan()
    matcher = _Matcher(entries, known, result)
    matcher.run()
    may, unit_name = set(reachable), {unit.id: unit.short_name or unit.name for unit in units}
    groups = _groups(matcher)
    for person, rows in groups:
        _check_reach(matcher, person, rows, may, unit_name)
    _check_numbers(matcher, groups)
    for person, rows in groups:
        if any(entry.row in matcher.refused for entry in rows):
            continue
        if person is None:
            result.new.append(Newcomer(tuple(rows)))
            continue
        edit = _edit(person, rows, unit_name)
        if edit is None:
            result.unchanged += 1
        else:
            result.edits.append(edit)
    mentioned, met = {entry.unit_id for entry in entries}, {person.id for person, _ in groups if person}
    result.missing = [
        p
        for p in known
        if p.main and p.main.unit_id in mentioned & may and p.id not in met and not p.disabled
    ]
    result.problems.sort(key=lambda problem: problem.row)
    return result


Group = tuple[Known | None, list[Entry]]


def _groups(matcher: _Matcher) -> list[Group]:
    """The entries of each person together, the main one first. Several need different units, and one 在编 at most."""
    together: dict[tuple[str, str | int], list[Entry]] = {}
    person_of: dict[tuple[str, str | int], Known | None] = {}
    for entry in matcher.entries:
        if entry.row in matcher.refused:
            continue
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
                matcher.wrong(other, "name", f"与第{first.row}行的工号或手机号相同，姓名不同")
            elif other.kind in ("", "staff") or other.unit_id == first.unit_id:
                matcher.wrong(other, "name", f"与第{first.row}行是同一个人；挂职、借调等请在人员关系列写明")
        groups.append((person_of[key], rows))
    return groups


def _check_reach(
    matcher: _Matcher, person: Known | None, rows: Sequence[Entry], may: set[int], unit_name: dict[int, str]
) -> None:
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
            owner[value] = f"第{rows[0].row}行的{rows[0].name}"


def _edit(person: Known, rows: Sequence[Entry], unit_name: dict[int, str]) -> Edit | None:
    words: list[str] = []

    def differs(column: str, heading: str) -> str | None:
        new = next((getattr(entry, column) for entry in rows if getattr(entry, column)), "")
        old = getattr(person, column)
        if not new or new == old:
            return None
        words.append(f"{heading}由“{old}”改为“{new}”" if old else f"{heading}填为“{new}”")
        return str(new)

    name, number = differs("name", "姓名"), differs("staff_number", "工号")
    phone = differs("phone", "手机号")
    closed: list[Belonging] = []
    opened: list[tuple[Entry, bool]] = []
    adjusted: list[tuple[Belonging, dict[str, str | int]]] = []
    main = person.main
    for entry in rows:
        here = next((b for b in person.belongings if b.unit_id == entry.unit_id), None)
        if here is not None:
            values = _adjustment(entry, here, words)
            if values:
                adjusted.append((here, values))
        elif entry.kind not in ("", "staff") and main is not None:
            opened.append((entry, False))
            words.append(f"在“{entry.unit_name}”增加{KIND_WORDS[entry.kind]}关系")
        else:
            if main is not None:
                closed.append(main)
                words.append(f"由“{unit_name.get(main.unit_id, '其他单位')}”调入“{entry.unit_name}”")
            else:
                words.append(f"列入“{entry.unit_name}”")
            opened.append((entry, True))
    if not words:
        return None
    return Edit(
        rows[0].row, person, name, number, phone, tuple(closed), tuple(opened), tuple(adjusted), tuple(words)
    )


def _adjustment(entry: Entry, here: Belonging, words: list[str]) -> dict[str, str | int]:
    values: dict[str, str | int] = {}
    for column, heading in (
        ("category", "人员类别"),
        ("post", "职务"),
        ("sort", "职务排序号"),
        ("kind", "人员关系"),
    ):
        new, old = getattr(entry, column), getattr(here, column)
        if new in ("", None) or new == old:
            continue
        values[column] = new
        shown_old, shown_new = (KIND_WORDS.get(v, v) if column == "kind" else v for v in (old, new))
        blank = old in ("", UNSORTED)
        words.append(f"{heading}填为“{shown_new}”" if blank else f"{heading}由“{shown_old}”改为“{shown_new}”")
    return values
