"""The sheet of units: what its rows mean, every problem at once, and what applying it would change. Pure.

A unit is known by its 单位编码. Units that the sheet does not mention stay as they are; a blank cell changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from quizapp.people import tree
from quizapp.spreadsheets import Row, header_of

HEADINGS = {
    "code": ("单位编码", "单位代码", "机构编码"),
    "name": ("单位名称", "单位全称", "名称"),
    "parent": ("上级单位编码", "上级编码", "上级单位代码"),
    "short_name": ("简称", "单位简称"),
    "kind": ("单位类别", "类别"),
    "sort": ("单位排序号", "排序号"),
}
INITIAL_CODE = (
    "0000"  # the root made for the first administrator; the first sheet gives it its real code and name
)
LONGEST_CODE, LONGEST_NAME = 32, 100
_COMPARED = (("code", "编码"), ("name", "名称"), ("short_name", "简称"), ("kind", "类别"), ("sort", "排序号"))


@dataclass(frozen=True)
class Problem:
    """What stands in the way, where. row: as in Excel, 0 for the whole sheet."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class KnownUnit:
    """A unit in the tables. former: 曾用名, the newest first."""

    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    sort: int
    lft: int
    former: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitEntry:
    """One row of the sheet. parent: code of the unit above, "" for none. sort: none when the cell is blank."""

    row: int
    code: str
    name: str
    parent: str
    short_name: str
    kind: str
    sort: int | None


@dataclass(frozen=True)
class UnitChange:
    """What becomes of a known unit. values: by column of the table; the parent is a code. words: for people."""

    row: int
    unit_id: int
    name: str
    values: dict[str, str | int]
    parent: str | None
    words: tuple[str, ...]


@dataclass
class UnitPlan:
    new: list[UnitEntry] = field(default_factory=list)
    changes: list[UnitChange] = field(default_factory=list)
    unchanged: int = 0
    warnings: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def changed(self) -> int:
        return len(self.changes)

    @property
    def changes_nothing(self) -> bool:
        return not self.new and not self.changes


def _number(text: str, row: int, heading: str, problems: list[Problem]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > 9999:
        problems.append(Problem(row, heading, f"“{text[:20]}”不是0至9999的整数"))
        return None
    return int(text)


def read(rows: Sequence[Row]) -> tuple[list[UnitEntry], list[Problem]]:
    """The entries of a sheet and what is wrong with single cells. Raises Refused when there is no header."""
    start, columns = header_of(rows, HEADINGS, ("code", "name", "parent"))
    entries: list[UnitEntry] = []
    problems: list[Problem] = []
    for row in rows[start + 1 :]:
        if row.is_blank:
            continue
        cell = {name: row.cell(columns.get(name)) for name in HEADINGS}
        if columns["code"] in row.damaged:
            problems.append(
                Problem(row.number, "单位编码", "数字过长，已被表格软件改动，请把该列设为文本后重新填写")
            )
        for name, longest in (
            ("code", LONGEST_CODE),
            ("name", LONGEST_NAME),
            ("short_name", 20),
            ("kind", 20),
        ):
            if len(cell[name]) > longest:
                problems.append(Problem(row.number, HEADINGS[name][0], f"超过{longest}个字符"))
        for name in ("code", "name"):
            if not cell[name]:
                problems.append(Problem(row.number, HEADINGS[name][0], "没有填写"))
        sort = _number(cell["sort"], row.number, "单位排序号", problems)
        entries.append(
            UnitEntry(
                row.number, cell["code"], cell["name"], cell["parent"], cell["short_name"], cell["kind"], sort
            )
        )
    if not entries:
        problems.append(Problem(0, "", "表中没有单位"))
    return entries, problems


def plan(entries: Sequence[UnitEntry], known: Sequence[KnownUnit], reachable: Iterable[int]) -> UnitPlan:
    """What applying the entries would change, or why it cannot. reachable: ids of units the importer may change."""
    result = UnitPlan()
    may = set(reachable)
    by_code = {unit.code: unit for unit in known}
    code_of = {unit.id: unit.code for unit in known}
    _check_twice(entries, result)
    first = _renamed_root(entries, known)
    if first is not None:
        root = next(unit for unit in known if unit.parent_id is None)
        by_code[first.code] = root
        del by_code[root.code]
        code_of[root.id] = first.code
    in_sheet = {entry.code for entry in entries}
    for entry in entries:
        _check_place(entry, by_code, in_sheet, code_of, may, result)
    parents: dict[str, str | None] = {
        code: code_of.get(unit.parent_id) if unit.parent_id else None for code, unit in by_code.items()
    }
    parents.update({entry.code: entry.parent or None for entry in entries})
    if not known and sum(not entry.parent for entry in entries) > 1:
        result.problems.append(Problem(0, "上级单位编码", "只能有一个没有上级单位的单位"))
    ringed = set(tree.ring(parents))
    for entry in entries:
        if entry.code in ringed:
            result.problems.append(Problem(entry.row, "上级单位编码", "上级单位形成了循环"))
    for entry in entries:
        found = by_code.get(entry.code)
        if found is None:
            result.new.append(entry)
            continue
        change = _difference(entry, found, code_of)
        if change is None:
            result.unchanged += 1
        else:
            result.changes.append(change)
    result.problems.sort(key=lambda problem: problem.row)
    return result


def _check_twice(entries: Sequence[UnitEntry], result: UnitPlan) -> None:
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.code and entry.code in seen:
            result.problems.append(
                Problem(entry.row, "单位编码", f"与第{seen[entry.code]}行的编码“{entry.code}”重复")
            )
        seen.setdefault(entry.code, entry.row)


def _renamed_root(entries: Sequence[UnitEntry], known: Sequence[KnownUnit]) -> UnitEntry | None:
    """The row that gives the initial root its real code and name, when this is what the sheet does."""
    roots = [entry for entry in entries if not entry.parent]
    initial = [unit for unit in known if unit.parent_id is None and unit.code == INITIAL_CODE]
    codes = {entry.code for entry in entries}
    fits = len(roots) == 1 and initial and INITIAL_CODE not in codes
    return roots[0] if fits and roots[0].code not in {unit.code for unit in known} else None


def _check_place(
    entry: UnitEntry,
    by_code: dict[str, KnownUnit],
    in_sheet: set[str],
    code_of: dict[int, str],
    may: set[int],
    result: UnitPlan,
) -> None:
    found, above = by_code.get(entry.code), by_code.get(entry.parent)
    if found is not None and found.id not in may:
        result.problems.append(Problem(entry.row, "单位编码", f"“{found.name}”不在您的管理范围内"))
    elif entry.parent and above is None and entry.parent not in in_sheet:
        result.problems.append(Problem(entry.row, "上级单位编码", f"没有编码为“{entry.parent}”的单位"))
    elif above is not None and above.id not in may and not _stays(entry, found, code_of):
        result.problems.append(Problem(entry.row, "上级单位编码", f"“{above.name}”不在您的管理范围内"))
    elif not entry.parent and (found is None or found.parent_id is not None) and by_code:
        roots = "、".join(unit.name for unit in by_code.values() if unit.parent_id is None)
        result.problems.append(Problem(entry.row, "上级单位编码", f"没有填写；最上级单位只有一个：{roots}"))
    elif entry.parent and found is not None and found.parent_id is None:
        result.problems.append(Problem(entry.row, "上级单位编码", "最上级单位不能有上级单位"))


def _stays(entry: UnitEntry, found: KnownUnit | None, code_of: dict[int, str]) -> bool:
    return found is not None and found.parent_id is not None and code_of.get(found.parent_id) == entry.parent


def _difference(entry: UnitEntry, unit: KnownUnit, code_of: dict[int, str]) -> UnitChange | None:
    values: dict[str, str | int] = {}
    words: list[str] = []
    for column, heading in (
        ("code", "编码"),
        ("name", "名称"),
        ("short_name", "简称"),
        ("kind", "类别"),
        ("sort", "排序号"),
    ):
        new, old = getattr(entry, column), getattr(unit, column)
        if new not in ("", None) and new != old:
            values[column] = new
            words.append(f"{heading}由“{old}”改为“{new}”" if old != "" else f"{heading}填为“{new}”")
    above = code_of.get(unit.parent_id) if unit.parent_id else None
    moved = bool(entry.parent) and entry.parent != above
    if moved:
        words.append(f"上级单位由“{above}”改为“{entry.parent}”")
    if not words:
        return None
    return UnitChange(entry.row, unit.id, unit.name, values, entry.parent if moved else None, tuple(words))


def sort_of(entry: UnitEntry) -> int:
    """A unit without 单位排序号 stands where its row stands in the sheet."""
    return entry.sort if entry.sort is not None else min(entry.row, 9999)
