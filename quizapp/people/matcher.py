"""Who each row of a roster is about, or what a person has to say about it first. Pure.

By 工号, else by phone, else by 学法账号, else by name and unit when that is unique. What could merge two people, or
split one, is asked or is a problem; nothing is merged silently (hazard H27).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from quizapp.people import accounts, alike, names
from quizapp.people.plans import OTHER, Doubt, Plan
from quizapp.people.roster import HEADINGS, NEW, Entry, Known, RowProblem

MOST_CANDIDATES = 3  # of whom one is chosen on the page; more need a number in the sheet
_NUMBERS = ("staff_number", "phone")


def is_gone(entry: Entry) -> bool:
    """Whether the row says that the person has retired or left."""
    return entry.standing is not None and entry.standing.kind in ("retired", "left")


def _with(entry: Entry, numbers: Mapping[str, str]) -> Entry:
    """The entry with other numbers. numbers: by column."""
    return replace(
        entry,
        staff_number=numbers.get("staff_number", entry.staff_number),
        phone=numbers.get("phone", entry.phone),
    )


class Matcher:
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
        self.settled[entry.row] = settled = _with(entry, kept) if kept else entry
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
            and (person.belongings or not is_gone(entry))
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
