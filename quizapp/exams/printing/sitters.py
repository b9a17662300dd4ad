"""Who a row of a results spreadsheet is about: one candidate of the exam, or a sentence why nobody. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.people import accounts, names

HEADINGS = {
    "account": ("学法账号", "账号", "准考证号"),
    "staff_number": ("工号", "职工号", "人员编号"),
    "phone": ("手机号", "手机号码", "手机", "联系电话"),
    "name": ("姓名", "考生姓名"),
    "unit": ("单位", "单位名称", "所在单位", "工作单位"),
}
NUMBERS = ("account", "staff_number", "phone")


@dataclass(frozen=True)
class Sitter:
    """A candidate of the exam. id: whatever the caller stores results by. expected: neither 免考 nor 缓考."""

    id: int
    name: str
    account: str
    staff_number: str = ""
    phone: str = ""
    unit: str = ""
    expected: bool = True


class Wrong(ValueError):
    """Something is wrong with a cell. column: a key of the headings; the words are for people."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column = column


class Roll:
    """The candidates, to be found by what a row says of one."""

    def __init__(self, sitters: Iterable[Sitter]) -> None:
        self._by_number: dict[str, dict[str, Sitter]] = {column: {} for column in NUMBERS}
        self._by_name: dict[str, list[Sitter]] = {}
        for sitter in sitters:
            self._by_name.setdefault(names.normalise(sitter.name), []).append(sitter)
            for column in NUMBERS:
                if number := getattr(sitter, column):
                    self._by_number[column][number] = sitter

    def find(self, cell: Mapping[str, str]) -> Sitter:
        """By 学法账号, 工号 and phone, which must agree with one another and with the name; else by a name that only
        one has, in the unit if several have it. Raises Wrong."""
        found = {column: self._numbered(column, _number(cell[column])) for column in NUMBERS if cell[column]}
        name = names.normalise(cell["name"])
        if not found:
            return self._named(name, cell["unit"])
        if len({sitter.id for sitter in found.values()}) > 1:
            told = "，".join(f"{HEADINGS[column][0]}属于{sitter.name}" for column, sitter in found.items())
            raise Wrong(list(found)[-1], f"{told}，请核对")
        column, sitter = next(iter(found.items()))
        if name and name != names.normalise(sitter.name):
            number = f"{HEADINGS[column][0]}{getattr(sitter, column)}"
            raise Wrong("name", f"姓名不符，{number}的考生是“{sitter.name}”")
        return sitter

    def _numbered(self, column: str, number: str) -> Sitter:
        sitter = self._by_number[column].get(number)
        if sitter is None:
            mistyped = column == "account" and not accounts.is_valid(number)
            typo = "（校验位不符，可能有错字）" if mistyped else ""
            raise Wrong(column, f"考生名单中没有{HEADINGS[column][0]}{number[:40]}{typo}")
        return sitter

    def _named(self, name: str, unit: str) -> Sitter:
        if not name:
            raise Wrong("account", "没有填写学法账号，也没有填写姓名")
        found = self._by_name.get(name, [])
        if len(found) > 1 and unit:
            found = [sitter for sitter in found if sitter.unit == unit] or found
        if len(found) > 1:
            raise Wrong("name", f"有{len(found)}名考生叫“{name[:40]}”，请填写学法账号")
        if not found:
            raise Wrong("name", f"考生名单中没有“{name[:40]}”")
        return found[0]


def _number(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
