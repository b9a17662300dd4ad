"""Where the two databases differ for this area: names found by their letters, long lists as one JSON text."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Integer, Select, String, cast, column, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class has_letters(FunctionElement[bool]):  # noqa: N801 - used like an SQL function
    """SQL: a text holds all letters of these words, in whatever order and in small letters; what is looked for lies
    among such texts. (text, words)

    On PostgreSQL an index of letters finds them (`ix_person_found_letters`), so that a million names need not be read;
    SQLite, for which a hundred thousand are many, reads them all.
    """

    type = Boolean()
    inherit_cache = True


@compiles(has_letters, "postgresql")
def _has_letters_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    text, words = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(string_to_array(lower({text}), NULL) @> string_to_array({words}, NULL))"


@compiles(has_letters, "sqlite")
def _has_letters_sqlite(_element: Any, _compiler: Any, **_options: Any) -> str:
    return "1"


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
