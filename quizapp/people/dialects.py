"""Where the two databases differ for this area: long lists of values travel as one JSON text."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, Select, String, cast, column, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class values_in(FunctionElement[Any]):  # noqa: N801 - used like an SQL function
    """SQL: the values of a JSON list, as texts, one a row."""

    name = "values_in"
    inherit_cache = True


@compiles(values_in, "sqlite")
def _values_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(values_in, "postgresql")
def _values_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text(CAST({compiler.process(element.clauses, **options)} AS JSON))"


def texts(values: Iterable[str]) -> Select[Any]:
    """A subselect of these texts, however many: for `column.in_(…)`."""
    listed = values_in(literal(json.dumps(sorted(values)), String)).table_valued(column("value", String))
    return select(listed.c.value)


def numbers(values: Iterable[int]) -> Select[Any]:
    """A subselect of these numbers, however many: for `column.in_(…)`."""
    listed = values_in(literal(json.dumps(sorted(values)), String)).table_valued(column("value", String))
    return select(cast(listed.c.value, Integer))
