"""SQL between rows and JSON: rows gathered into one value, so that small tables travel along with another read, and
the values of a list as rows, so that a list of any length is one parameter."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Select,
    String,
    TableValuedAlias,
    cast,
    column,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class object_of(FunctionElement[dict[str, Any]]):  # noqa: N801 - used like an SQL function
    """The object of all rows: object_of(name, value), where value is a JSON column. None over no rows on PostgreSQL."""

    type = JSON()
    inherit_cache = True


class arrays_of(FunctionElement[list[Any]]):  # noqa: N801
    """An array of all rows, each an array of these columns, in no order. None over no rows on PostgreSQL."""

    type = JSON()
    inherit_cache = True


@compiles(object_of, "sqlite")
def _object_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    name, value = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_group_object({name}, json({value}))"


@compiles(object_of, "postgresql")
def _object_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_object_agg({compiler.process(element.clauses, **options)})"


@compiles(arrays_of, "sqlite")
def _arrays_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(arrays_of, "postgresql")
def _arrays_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


class values_in(FunctionElement[Any]):  # noqa: N801 - used like an SQL function
    """SQL: the values of a list, stored or given as JSON, as texts, one a row: join it by `table_of`."""

    name = "values_in"
    inherit_cache = True


@compiles(values_in, "sqlite")
def _values_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(values_in, "postgresql")
def _values_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


def table_of(listed: Any) -> TableValuedAlias:
    """The values of a JSON list as a table with the column `value`, to join or to ask in EXISTS."""
    return values_in(listed).table_valued(column("value", String))


def texts(values: Iterable[str]) -> Select[Any]:
    """A subselect of these texts, however many: for `column.in_(…)`."""
    return select(_listed(values).c.value)


def numbers(values: Iterable[int]) -> Select[Any]:
    """A subselect of these numbers, however many: for `column.in_(…)`."""
    return select(cast(_listed(values).c.value, Integer))


def _listed(values: Iterable[Any]) -> TableValuedAlias:
    return table_of(literal(json.dumps(sorted(values)), String))


def any_text(stored_list: Any, condition: Any) -> ColumnElement[bool]:
    """SQL: one of the texts of a list meets the condition, a function of the column."""
    texts_of_it = table_of(stored_list)
    return select(1).select_from(texts_of_it).where(condition(texts_of_it.c.value)).exists()
