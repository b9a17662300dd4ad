"""The roster sheet: its headings, and what single rows say, with every problem at once. Pure.

A blank cell changes nothing. 身份证号 is never read. Who a row is about is decided in `matching`.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from quizapp.people import accounts, alike, names
from quizapp.people.standing import Standing, standing
from quizapp.people.unit_sheet import KnownUnit, Problem
from quizapp.spreadsheets import Row, header_of

HEADINGS = {
    "name": ("姓名", "人员姓名", "名字"),
    "unit_code": ("单位编码", "单位代码", "机构编码"),
    "unit_name": ("单位名称", "单位", "单位全称", "所在单位", "工作单位", "所属单位"),
    "staff_number": ("工号", "职工号", "人员编号", "编号"),
    "phone": ("手机号", "手机号码", "手机", "联系电话", "联系方式", "移动电话"),
    "account": ("学法账号", "账号"),
    "category": ("人员类别", "类别", "人员性质", "身份类别"),
    "post": ("职务", "职务名称", "主要职务", "现任职务", "职务职级"),
    "sort": ("职务排序号", "排序号"),
    "kind": ("人员关系", "关系"),
    "state": ("在岗情况", "状态", "人员状态", "在岗状态", "在职状态", "在职情况"),
    "remark": ("备注",),
}
KINDS = {"在编": "staff", "挂职": "attached", "借调": "seconded", "驻村": "village", "专班": "taskforce"}
_ALSO = {
    "挂职锻炼": "attached", "抽调": "taskforce", "抽调专班": "taskforce", "工作专班": "taskforce",
    "驻村干部": "village", "驻村工作队": "village", "正式": "staff",
}  # fmt: skip
KIND_WORDS = {code: words for words, code in KINDS.items()}
NEW = "新增"  # in 学法账号: this is somebody new, although the name exists already
UNSORTED = 9999  # 职务排序号 of people without one: they come last
_PHONE = re.compile(r"1\d{10}")
_NUMBER = re.compile(r"[0-9A-Za-z_.\-/]{1,32}")
LOOKS_LIKE_IDENTITY = "疑似身份证号"
_IDENTITY = re.compile(r"\d{17}[\dXx]|\d{15}")


@dataclass(frozen=True)
class Belonging:
    """A membership in the tables."""

    id: int
    unit_id: int
    kind: str
    main: bool
    category: str
    post: str
    sort: int
    since: date


@dataclass(frozen=True)
class Away:
    """A leave in the tables that is not over."""

    id: int
    kind: str
    since: date
    until: date | None


@dataclass(frozen=True)
class RowProblem(Problem):
    """What is wrong with a row. kind: one of `unknown_unit`, `double`, `problem`, as the check page groups them."""

    kind: str = "problem"
    name: str = ""


@dataclass(frozen=True)
class Known:
    """A person in the tables, with the memberships that stand today."""

    id: int
    account: str
    name: str
    staff_number: str | None
    phone: str | None
    belongings: tuple[Belonging, ...]
    disabled: bool
    leave: Away | None = None

    @property
    def main(self) -> Belonging | None:
        return next((b for b in self.belongings if b.main), None)

    @property
    def told(self) -> str:
        """How a page names the person: "张三（工号1001）"."""
        mark = f"工号{self.staff_number}" if self.staff_number else f"学法账号{self.account}"
        return f"{self.name}（{mark}）"


@dataclass(frozen=True)
class Entry:
    """One row of the sheet. Blank cells are "" or None: they change nothing."""

    row: int
    name: str
    unit_id: int
    unit_name: str
    staff_number: str
    phone: str
    account: str
    is_new: bool
    category: str
    post: str
    sort: int | None
    kind: str
    standing: Standing | None = None

    @property
    def has_number(self) -> bool:
        return bool(self.staff_number or self.phone or self.account)


def header(rows: Sequence[Row]) -> tuple[int, dict[str, int]]:
    """The index of the header and its columns. Raises Refused when 姓名 or the unit is missing."""
    start, columns = header_of(rows, HEADINGS, ("name",))
    if "unit_code" not in columns and "unit_name" not in columns:
        return header_of(rows, HEADINGS, ("name", "unit_code"))
    return start, columns


def by_name(units: Sequence[KnownUnit]) -> dict[str, dict[int, KnownUnit]]:
    """The units that a word may mean, by id: by 全称 or 简称, and by 曾用名 where no unit is called so today."""
    found: dict[str, dict[int, KnownUnit]] = {}
    former: dict[str, dict[int, KnownUnit]] = {}
    for unit in units:
        for word in {unit.name, unit.short_name} - {""}:
            found.setdefault(word, {})[unit.id] = unit
        for word in unit.former:
            former.setdefault(word, {})[unit.id] = unit
    return former | found


def read(rows: Sequence[Row], units: Sequence[KnownUnit]) -> tuple[list[Entry], list[Problem], bool]:
    """(entries, what is wrong with single cells, whether there is a column of 身份证号, which is not read).

    Raises Refused when there is no header with 姓名 and a unit.
    """
    start, columns = header(rows)
    by_code = {unit.code: unit for unit in units}
    called = by_name(units)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for row in rows[start + 1 :]:
        if not row.is_blank:
            entry = _entry(row, columns, by_code, called, problems)
            if entry is not None:
                entries.append(entry)
    if not entries and not problems:
        problems.append(Problem(0, "", "表中没有人员"))
    return entries, problems, bool(_identity_columns(rows[start]))


def _identity_columns(heading: Row) -> set[int]:
    return {
        i
        for i, cell in enumerate(heading.cells)
        if "身份证" in cell or "公民身份" in cell or "证件号" in cell
    }


def without_identity_numbers(rows: Sequence[Row]) -> list[Row]:
    """The sheet as it may be kept and shown: the cells below a heading of 身份证号 are blank, and what looks like such
    a number elsewhere is named instead of kept."""
    start, _ = header(rows)
    left_out = _identity_columns(rows[start])

    def kept(column: int, cell: str) -> str:
        if column in left_out:
            return ""
        return LOOKS_LIKE_IDENTITY if _IDENTITY.fullmatch(_half_width(cell)) else cell

    def blanked(row: Row) -> Row:
        return replace(row, cells=[kept(column, cell) for column, cell in enumerate(row.cells)])

    return [*rows[: start + 1], *map(blanked, rows[start + 1 :])]


def _entry(
    row: Row,
    columns: dict[str, int],
    by_code: dict[str, KnownUnit],
    called: dict[str, dict[int, KnownUnit]],
    problems: list[Problem],
) -> Entry | None:
    cell = {name: row.cell(columns.get(name)) for name in HEADINGS}
    before, told = len(problems), names.normalise(cell["name"])

    def wrong(name: str, message: str, kind: str = "problem") -> None:
        problems.append(RowProblem(row.number, HEADINGS[name][0], message, kind, told))

    for name, column in columns.items():
        if column in row.damaged:
            wrong(name, "数字过长，已被表格软件改动，请把该列设为文本后重新填写")
    name = told
    if (complaint := names.complaint(name)) is not None:
        wrong("name", complaint)
    unit = _unit(cell["unit_code"], cell["unit_name"], by_code, called, wrong)
    number, phone, account = (_half_width(cell[key]) for key in ("staff_number", "phone", "account"))
    phone = re.sub(r"^(\+?86)(?=1\d{10}$)", "", re.sub(r"[\s\-]", "", phone))
    if number == LOOKS_LIKE_IDENTITY or _IDENTITY.fullmatch(number):
        wrong("staff_number", "像是身份证号；系统不收集身份证号，请删除")
    elif number and not alike.is_damaged(number) and not _NUMBER.fullmatch(number):
        wrong("staff_number", "只能用字母、数字和“-_./”，不超过32个字符")
    if phone and not alike.is_damaged(phone) and not _PHONE.fullmatch(phone):
        wrong("phone", "不是11位手机号")
    is_new = account == NEW
    if (
        account
        and not is_new
        and not (account.isascii() and account.isdigit() and len(account) == accounts.LENGTH)
    ):
        wrong("account", f"不是8位数字；没有账号的留空，新增同名人员的填“{NEW}”")
    if is_new and not number and not phone:
        wrong("account", f"填“{NEW}”的，须同时填写工号或手机号，以便再次导入时识别")
    for key in ("category", "post"):
        if len(cell[key]) > 100:
            wrong(key, "超过100个字符")
    sort = cell["sort"]
    if sort and not (sort.isascii() and sort.isdigit() and int(sort) < UNSORTED):
        wrong("sort", f"“{sort[:20]}”不是0至{UNSORTED - 1}的整数")
    if cell["kind"] and cell["kind"] not in KINDS | _ALSO:
        wrong("kind", f"“{cell['kind'][:20]}”不是{'、'.join(KINDS)}之一")
    if len(problems) > before or unit is None:
        return None
    return Entry(
        row=row.number,
        name=name,
        unit_id=unit.id,
        unit_name=unit.short_name or unit.name,
        staff_number=number,
        phone=phone,
        account="" if is_new else account,
        is_new=is_new,
        category=cell["category"],
        post=cell["post"],
        sort=int(sort) if sort else None,
        kind=(KINDS | _ALSO).get(cell["kind"], ""),
        standing=standing(cell["state"]) or standing(cell["remark"]),
    )


def _half_width(text: str) -> str:
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def _unit(
    code: str,
    name: str,
    by_code: dict[str, KnownUnit],
    called: dict[str, dict[int, KnownUnit]],
    wrong: Callable[..., None],
) -> KnownUnit | None:
    """The unit of a row: by its code, else by its name; both must agree."""
    if code:
        unit = by_code.get(code)
        if unit is None:
            wrong("unit_code", f"没有编码为“{code[:40]}”的单位", "unknown_unit")
        elif name and name not in unit.former and unit.id not in called.get(name, {}):
            wrong("unit_name", f"编码“{code}”是“{unit.name}”，与所填名称不符")
        return unit
    if not name:
        wrong("unit_code", "没有填写单位编码或单位名称")
        return None
    found = called.get(name, {})
    if len(found) == 1:
        return next(iter(found.values()))
    wrong(
        "unit_name",
        f"有{len(found)}个单位叫“{name[:40]}”，请填写单位编码" if found else f"没有名为“{name[:40]}”的单位",
        "unknown_unit",
    )
    return None
