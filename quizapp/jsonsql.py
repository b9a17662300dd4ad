"""SQL that gathers rows into one JSON value, so that small tables travel along with another read."""

from typing import Any

from sqlalchemy import JSON
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
