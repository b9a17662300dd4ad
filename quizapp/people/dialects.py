"""Where the two databases differ for this area: names found by their letters."""

from typing import Any

from sqlalchemy import Boolean
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
