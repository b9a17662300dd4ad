"""Where the two databases differ for this area."""

from typing import Any

from sqlalchemy import ColumnElement, String, TableValuedAlias, column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class list_texts(FunctionElement[Any]):  # noqa: N801 - used like an SQL function
    """SQL: the texts of a list kept as JSON, one a row."""

    name = "list_texts"
    inherit_cache = True


@compiles(list_texts, "sqlite")
def _list_texts_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_each({compiler.process(element.clauses, **options)})"


@compiles(list_texts, "postgresql")
def _list_texts_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"json_array_elements_text({compiler.process(element.clauses, **options)})"


def texts_of(stored_list: Any) -> TableValuedAlias:
    """The texts of a stored list as a table with the column `value`, to join or to ask in EXISTS."""
    return list_texts(stored_list).table_valued(column("value", String))


def any_text(stored_list: Any, condition: Any) -> ColumnElement[bool]:
    """SQL: one of the texts meets the condition, a function of the column."""
    texts = texts_of(stored_list)
    return select(1).select_from(texts).where(condition(texts.c.value)).exists()
