"""The index of words: an article is kept as its overlapping pairs of characters, so that any word of two characters
or more is found exactly, on both databases. 信访工作 is 信访, 访工, 工作 in a row.

The tables are made by migration 0002. Editions never change, so rows are only ever added.
"""

import re
from collections.abc import Iterable

from sqlalchemy import ColumnElement, Connection, Integer, Select, and_, func, literal_column, select, text

from quizapp.db import db
from quizapp.regulations.initials import is_initials
from quizapp.regulations.models import Provision

LONGEST_QUERY = 100  # characters; what is typed beyond is not looked at
MOST_WORDS = 8


def pairs(words: str) -> list[str]:
    """Overlapping pairs of the letters and digits, in order; a letter between two marks stands alone."""
    return _pairs_of(_runs(words))


def _runs(words: str) -> list[str]:
    return re.findall(r"[^\W_]+", words.lower())


def _pairs_of(runs: list[str]) -> list[str]:
    return [run[at : at + 2] for run in runs for at in range(max(1, len(run) - 1))]


def phrase(word: str) -> list[str]:
    """The pairs that stand in a row wherever the word stands; none for a word of one letter.

    A single letter at either end (关 in “机关、”, but also in “关、单位”) may be part of a longer run in the text,
    where it has no pair of its own: it is left to the comparison with the text.
    """
    runs = _runs(word)
    while runs and len(runs[0]) == 1:
        runs = runs[1:]
    while runs and len(runs[-1]) == 1:
        runs = runs[:-1]
    return _pairs_of(runs)


def asked(query: str) -> list[str]:
    """The words of a query: parts between blanks, each once, in order."""
    parts = re.split(r"[\s\u3000\x00-\x1f\x7f\ud800-\udfff]+", query.strip()[:LONGEST_QUERY])
    return list(dict.fromkeys(part for part in parts if part))[:MOST_WORDS]


def add(articles: Iterable[tuple[int, str]], connection: Connection | None = None) -> None:
    """Index articles given as (provision id, text), in the running transaction: one statement.

    connection: to another database than the app's own, as when a backup is restored.
    """
    connection = connection or db.session.connection()
    keep = _keep_sqlite if connection.dialect.name == "sqlite" else _keep_postgresql
    keep(connection, [(identity, pairs(words)) for identity, words in articles])


def _keep_sqlite(connection: Connection, rows: list[tuple[int, list[str]]]) -> None:
    connection.execute(
        text("INSERT INTO provision_search (rowid, pairs) VALUES (:id, :pairs)"),
        [{"id": identity, "pairs": " ".join(tokens)} for identity, tokens in rows],
    )


def _keep_postgresql(connection: Connection, rows: list[tuple[int, list[str]]]) -> None:
    connection.execute(
        text("INSERT INTO provision_search (provision_id, pairs) VALUES (:id, CAST(:pairs AS tsvector))"),
        [
            {
                "id": identity,  # a tsvector knows 16,383 places
                "pairs": " ".join(f"'{token}':{min(place, 16383)}" for place, token in enumerate(tokens, 1)),
            }
            for identity, tokens in rows
        ],
    )


def holds(words: list[str]) -> ColumnElement[bool]:
    """SQL: an article (a row of `provision`) holds every one of these words, as written, upper or lower case.

    The index finds the candidates; a word of one character, which it does not know, is looked for in the text. Latin
    letters may be first letters of pinyin: they are looked for among those, where the text's own letters stand too.
    """
    phrases = [tokens for word in words if not is_initials(word) and (tokens := phrase(word))]
    conditions = [
        Provision.initials.contains(word.lower())
        if is_initials(word)
        else func.lower(Provision.text).contains(word.lower(), autoescape=True)
        for word in words
    ]
    if phrases:
        indexed = _indexed_sqlite if db.engine.dialect.name == "sqlite" else _indexed_postgresql
        conditions.append(indexed(phrases))
    return and_(*conditions)


def _indexed_sqlite(phrases: list[list[str]]) -> ColumnElement[bool]:
    query = " ".join(f'"{" ".join(tokens)}"' for tokens in phrases)
    found: Select[int] = (
        select(literal_column("rowid", Integer))
        .select_from(text("provision_search"))
        .where(literal_column("provision_search").op("MATCH")(query))
    )
    return Provision.id.in_(found)


def _indexed_postgresql(phrases: list[list[str]]) -> ColumnElement[bool]:
    query = " & ".join("(" + " <-> ".join(f"'{token}'" for token in tokens) + ")" for tokens in phrases)
    matches = text("pairs @@ CAST(:pairs_wanted AS tsquery)").bindparams(pairs_wanted=query)
    articles = select(literal_column("provision_id", Integer))
    found: Select[int] = articles.select_from(text("provision_search")).where(matches)
    return Provision.id.in_(found)
