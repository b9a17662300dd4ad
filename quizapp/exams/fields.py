"""Fields that only exams need: points with half marks, the grid of the blueprint, the audience in the tree."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from wtforms import Field, SelectMultipleField, StringField, TextAreaField, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from quizapp.exams import blueprint, grid
from quizapp.exams.blueprint import Row
from quizapp.figures import points
from quizapp.forms import trimmed
from quizapp.people import unit_choosing
from quizapp.people.models import Unit
from quizapp.regulations import numerals

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


class BlueprintField(Field):
    """The blueprint as a table of cells and lines beside it (see `grid`); its data are stored rows.

    Inputs are named n-single-c3 (kind "any" for every kind, line "all" for the totals); other-count, other-kind,
    other-regulation, other-article, other-tag, other-level say one further row each. What was typed is kept, wrong
    or not.
    """

    NAME = re.compile(r"n-(single|multiple|judge|any)-([a-z0-9/-]{1,80})")
    SPARE = 2  # empty lines for further rows

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.typed: dict[grid.Cell, str] = {}
        self.wrong: set[grid.Cell] = set()
        self.others: list[dict[str, str]] = []

    def process(self, formdata: Any, data: Any = None, **_more: Any) -> None:
        self.process_errors: list[str] = []
        if formdata is None:
            self.fill(blueprint.read(data or []))
            return
        for name in formdata:
            if match := self.NAME.fullmatch(name):
                self.typed["" if match[1] == "any" else match[1], match[2]] = formdata[name].strip()
        columns = [formdata.getlist(f"other-{name}") for name in OTHER]
        self.others = [dict(zip(OTHER, line, strict=True)) for line in zip(*columns, strict=False)]
        rows = [*self._cells(), *self._lines()]
        self.data = blueprint.stored(rows)
        if not self.process_errors:
            self._whole(rows)
        self._spare()

    def fill(self, rows: Sequence[Row]) -> None:
        """Show these rows instead of what was typed."""
        page = grid.filled(rows)
        self.data, self.typed, self.wrong = blueprint.stored(rows), dict(page.cells), set()
        self.others = [_line_of(row) for row in page.others]
        self._spare()

    def _spare(self) -> None:
        self.others = [line for line in self.others if any(line.values())]
        self.others += [dict.fromkeys(OTHER, "") for _ in range(self.SPARE)]

    def _cells(self) -> list[Row]:
        found = []
        for cell, text in self.typed.items():
            try:
                found.append(grid.row_of(cell, text))
            except ValueError as problem:
                self.wrong.add(cell)
                self.process_errors.append(str(problem))
        rows = [row for row in found if row is not None]
        return sorted(rows, key=lambda row: (blueprint.KINDS + ("",)).index(row.kind))

    def _lines(self) -> list[Row]:
        found = []
        for number, line in enumerate(self.others, start=1):
            try:
                found.append(_row_of(line))
            except ValueError as problem:
                self.process_errors.append(f"其他要求第{number}行：{problem}")
        return [row for row in found if row is not None]

    def _whole(self, rows: list[Row]) -> None:
        kinds, used = blueprint.sections(rows), {row.kind for row in rows}
        lacking = [word for kind, word in blueprint.WORDS.items() if kind in used and kind not in kinds]
        if lacking:
            self.process_errors.append(f"{'、'.join(lacking)}填写了各章或各难度的题数，还要填写全卷题数。")

    def value(self, kind: str, key: str) -> str:
        """What stands in a cell."""
        text = self.typed.get((kind, key), "")
        return "" if text == "0" else text


OTHER = ("count", "kind", "regulation", "article", "tag", "level")


def _line_of(row: Row) -> dict[str, str]:
    level = "-".join(str(one) for one in dict.fromkeys(row.difficulty))
    texts = (grid.shown(row.least, row.most), row.kind, row.regulation, row.article, row.tag, level)
    return dict(zip(OTHER, texts, strict=True))


def _row_of(line: Mapping[str, str]) -> Row | None:
    """The row of a line; none for a line without a number. Raises ValueError with a sentence."""
    text = {name: value.strip() for name, value in line.items()}
    asked = grid.bounds(text["count"])
    if asked is None or asked == (0, None):
        if any(text[name] for name in ("article", "tag", "level")):
            raise ValueError("还没有填写题数。")
        return None
    article = article_number(text["article"]) if text["article"] else ""
    level = (
        [int(one) for one in text["level"].split("-")]
        if re.fullmatch(r"[1-5](-[1-5])?", text["level"])
        else []
    )
    row = Row(
        text["kind"] if text["kind"] in blueprint.KINDS else "",
        text["regulation"],
        "",
        article,
        text["tag"][:20],
        (min(level), max(level)) if level else (),
        *asked,
    )
    if not (row.article or row.tag or row.difficulty or row.regulation):
        raise ValueError("请填写条、标签或难度；全卷题数请填写在表格最后一行。")
    return row


def article_number(text: str) -> str:
    """24, 第二十四条 or 二十四 as "24". Raises ValueError with a sentence."""
    main, _, insert = re.sub(r"[第条\s]", "", text).replace("-", "之").partition("之")
    if not numerals.is_key(main, insert or None):
        raise ValueError(f"“{text[:10]}”不是条文序号，请填写如24或第二十四条。")
    return numerals.key(main, insert or None)


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


class MoreUnitsField(TextAreaField):
    """Units that no list could hold, each on a line by its code or name; `chosen` are their ids, once it is valid."""

    MOST = 100

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, filters=[trimmed], **more)
        self.holder: Unit | None = None  # set by whoever makes the form: in which unit they are looked for
        self.chosen: list[int] = []

    def pre_validate(self, form: Any) -> None:
        lines = list(dict.fromkeys(line.strip() for line in (self.data or "").splitlines() if line.strip()))
        if len(lines) > self.MOST:
            raise ValidationError(f"一次最多填写{self.MOST}个单位")
        if lines and self.holder is None:
            raise ValueError("the form was not told in which unit to look")
        where = [(self.holder.lft, self.holder.rgt)] if self.holder else []
        self.chosen = [unit_choosing.called(line, where).id for line in lines]

    def added_to(self, ticked: Iterable[tuple[int, bool]]) -> list[tuple[int, bool]]:
        """The ticked units with these, each with all below it."""
        return sorted({**dict(ticked), **dict.fromkeys(self.chosen, True)}.items())


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
