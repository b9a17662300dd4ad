"""Whole numbers in addresses, queries and forms: what no table can hold is asked for like what is not there.

Keys in tables are 32 bits. A larger number would make PostgreSQL or the driver of SQLite refuse the statement, which
is an error of ours; as the largest number there is it finds nothing, and the page says so in its own words.
"""

from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import CombinedMultiDict, ImmutableMultiDict
from werkzeug.routing import IntegerConverter
from werkzeug.utils import cached_property

LARGEST = 2**31 - 1  # of keys in the tables
LONGEST = 100  # characters of a number; Python itself refuses some thousands


def whole(text: str) -> int:
    """The number that is written there, at most LARGEST either way. Raises ValueError for what is no whole number."""
    if len(text) > LONGEST and text.lstrip("+-").isdecimal():
        text = text[:LONGEST]
    return max(-LARGEST, min(int(text), LARGEST))


def bounded(number: int | None) -> int | None:
    """The same of a number that a form has read already: a filter for its fields."""
    return None if number is None else max(-LARGEST, min(number, LARGEST))


Given = tuple[tuple[Any, ...], dict[str, Any]]


def _bounded(asked: tuple[Any, ...], named: dict[str, Any]) -> Given:
    """The arguments of a `get` or `getlist`, with `whole` for `int`."""
    return tuple(whole if one is int else one for one in asked), {
        name: whole if one is int else one for name, one in named.items()
    }


class Values(ImmutableMultiDict[str, str]):
    """What came with a request; `type=int` gives a number that tables can hold."""

    def get(self, *asked: Any, **named: Any) -> Any:
        asked, named = _bounded(asked, named)
        return super().get(*asked, **named)

    def getlist(self, *asked: Any, **named: Any) -> list[Any]:
        asked, named = _bounded(asked, named)
        return super().getlist(*asked, **named)


class AllValues(CombinedMultiDict[str, str]):
    """The same of address and form together."""

    def get(self, *asked: Any, **named: Any) -> Any:
        asked, named = _bounded(asked, named)
        return super().get(*asked, **named)


class Asked(Request):
    """A request of this application."""

    parameter_storage_class = Values

    @cached_property
    def values(self) -> CombinedMultiDict[str, str]:
        return AllValues(super().values.dicts)


class WholeNumber(IntegerConverter):
    """`<int:…>` in an address."""

    def to_python(self, value: str) -> int:
        return whole(value)


def init_app(app: Flask) -> None:
    app.request_class = Asked
    app.url_map.converters["int"] = WholeNumber
