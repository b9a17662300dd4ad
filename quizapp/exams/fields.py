"""Fields that only exams need: points with half marks, the grid of the blueprint, the audience in the tree."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import Field, SelectMultipleField, StringField
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from quizapp.exams import blueprint
from quizapp.figures import points

MOST_POINTS = 1000  # 分


def tenths_of(text: str) -> int:
    """Points as people write them ("2", "2.5") in tenths of a 分. Raises ValueError with a sentence."""
    try:
        tenths = Decimal(text) * 10
    except InvalidOperation:
        raise ValueError("请填写数字，最多一位小数。") from None
    if not tenths.is_finite() or tenths != tenths.to_integral_value():
        raise ValueError("请填写数字，最多一位小数。")
    if not 0 <= tenths <= MOST_POINTS * 10:
        raise ValueError(f"请填写0至{MOST_POINTS}之间的数。")
    return int(tenths)


class PointsField(StringField):
    """Points as people write them; its data are whole tenths of a 分."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else points(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        self.data = tenths_of(text)


class ChecksField(SelectMultipleField):
    """Several choices as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class GridField(Field):
    """The blueprint as a grid of numbers, one input for each (kind, chapter); its data are blueprint rows.

    Inputs are named count-single-3; count-single- is 不限章. What was typed is kept, wrong or not.
    """

    NAME = re.compile(r"count-(single|multiple|judge)-(\d{1,4}(?:-\d{1,4})?)?")
    MOST = blueprint.MOST

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: dict[tuple[str, str], str] = {}
        self.wrong: set[tuple[str, str]] = set()

    def process(self, formdata: Any, data: Any = None, **_more: Any) -> None:
        self.process_errors: list[str] = []
        self.data = list(data or [])
        self.typed = {
            cell: str(count) for cell, count in blueprint.grid_of(blueprint.read(self.data)).items()
        }
        if formdata is None:
            return
        found = {name: self.NAME.fullmatch(name) for name in formdata}
        self.typed = {
            (match[1], match[2] or ""): formdata[name].strip()
            for name, match in found.items()
            if match is not None
        }
        counts: dict[tuple[str, str], int] = {}
        for cell, text in self.typed.items():
            if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) <= self.MOST:
                counts[cell] = int(text)
            elif text:
                self.wrong.add(cell)
        if self.wrong:
            self.process_errors.append(f"题数请填写0至{self.MOST}的整数。")
        self.data = blueprint.stored(blueprint.of_grid(counts))

    def value(self, kind: str, chapter: str) -> str:
        """What stands in a cell."""
        text = self.typed.get((kind, chapter), "")
        return "" if text == "0" else text


class AudienceField(Field):
    """Ticked units: "12" is the unit alone, "12+" the unit with all below it; its data are (unit id, with_below)."""

    VALUE = re.compile(r"([0-9]{1,9})(\+?)")

    def process(self, formdata: Any, data: Any = None, **_more: Any) -> None:
        self.process_errors: list[str] = []
        self.data = list(data or [])
        if formdata is None:
            return
        ticked: dict[int, bool] = {}
        for text in formdata.getlist(self.name):
            match = self.VALUE.fullmatch(text)
            if match is None:
                self.process_errors.append("请在单位列表中选择。")
                return
            ticked[int(match[1])] = ticked.get(int(match[1]), False) or match[2] == "+"
        self.data = sorted(ticked.items())

    def ticked(self, unit_id: int, with_below: bool) -> bool:
        return (unit_id, with_below) in self.data


class BandsField(Field):
    """成绩等级: lines of a name and a mark (inputs band-name and band-mark); its data are [["优秀", 900], …]."""

    LINES = 4
    LONGEST = 10

    def process(self, formdata: Any, data: Any = None, **_more: Any) -> None:
        self.process_errors: list[str] = []
        self.data = list(data or [])
        lines = [(name, points(mark)) for name, mark in self.data]
        if formdata is not None:
            names, marks = formdata.getlist("band-name"), formdata.getlist("band-mark")
            lines = [(name.strip(), mark.strip()) for name, mark in zip(names, marks, strict=False)][
                : self.LINES
            ]
            try:
                self.data = self._read([line for line in lines if any(line)])
            except ValueError as problem:
                self.process_errors.append(str(problem))
        self.lines = lines + [("", "")] * (self.LINES - len(lines))

    def _read(self, lines: list[tuple[str, str]]) -> list[list[Any]]:
        if not all(name and mark for name, mark in lines):
            raise ValueError("等级的名称和分数应当都填写，或都不填写。")
        if any(len(name) > self.LONGEST for name, _ in lines):
            raise ValueError(f"等级的名称最多{self.LONGEST}个字。")
        found = {name: tenths_of(mark) for name, mark in lines}
        if len(found) < len(lines) or len(set(found.values())) < len(lines):
            raise ValueError("等级的名称和分数不能重复。")
        return sorted(([name, mark] for name, mark in found.items()), key=lambda line: -line[1])
