"""Choosing a unit: from a drop-down where all in reach fit into one, otherwise by its code or its name."""

from typing import Any

from wtforms import SelectChoice, SelectField, ValidationError
from wtforms.widgets import Select, TextInput

from quizapp.db import db
from quizapp.people import queries, unit_listing, unit_queries
from quizapp.people.access import reach
from quizapp.people.models import Unit

Intervals = list[tuple[int, int]]


def intervals(*roles: str) -> Intervals:
    """Where the signed-in person may act with one of these roles."""
    return [(grant.lft, grant.rgt) for grant in reach(*roles)]


def choices(where: Intervals) -> list[SelectChoice] | None:
    """The open units in these intervals for a drop-down, indented by depth, in tree order; none for too many."""
    if unit_listing.count(where).open > unit_listing.WHOLE:
        return None
    units = queries.units_below(where)
    depth = queries.depths(units)
    return [SelectChoice(unit.id, "\u3000" * depth[unit.id] + unit.name) for unit in units]


def called(words: str, where: Intervals) -> Unit:
    """The one open unit in these intervals that is meant. Raises ValidationError for none or several."""
    found = unit_queries.open_units_called(words, where)
    if not found:
        raise ValidationError(f"您的管理范围内没有编码或名称为“{words}”的单位，或已经撤销")
    if len(found) > 1:
        raise ValidationError(f"有{len(found)}个单位叫“{words}”，请填写单位编码")
    return found[0]


class UnitField(SelectField):
    """A unit in one's reach; `data` is its id. `offer` must be called before the form is validated or drawn."""

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, coerce=int, choices=[], **more)
        self._typed, self._where = "", list[tuple[int, int]]()

    def offer(self, *roles: str) -> None:
        """Offer the units where the signed-in person may act with one of these roles."""
        self.offer_within(intervals(*roles))

    def offer_within(self, where: Intervals) -> None:
        """Offer the units in these intervals."""
        self._where = where
        self.choices = choices(self._where)
        self.widget = Select() if self.choices is not None else TextInput()

    @property
    def hint(self) -> str:
        """What to type, where there is something to type."""
        return "" if self.choices is not None else "填写单位编码或名称。"

    @property
    def chosen(self) -> int:
        """The id, once the form was found valid."""
        if self.data is None:
            raise ValueError("no unit was chosen")
        return int(self.data)

    def process_formdata(self, valuelist: list[str]) -> None:
        self._typed = valuelist[0].strip() if valuelist else ""
        self.data = int(self._typed) if self._typed.isascii() and self._typed.isdigit() else None

    def _value(self) -> str:
        """What a text field shows: what was typed, else the code of the unit that the page proposes."""
        unit = db.session.get(Unit, self.data) if self.data and not self._typed else None
        return unit.code if unit else self._typed

    def pre_validate(self, form: Any) -> None:
        if self.choices is not None:
            super().pre_validate(form)
        elif not self._typed:
            raise ValidationError("请填写单位编码或单位名称")
        else:
            self.data = called(self._typed, self._where).id
