"""SQLite's WAL is written back beside the saves, by nobody's save, and does not grow without an end."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine

from quizapp.db import LEFT_TO_OTHERS, engine_options, prepare_engine
from quizapp.operations import checkpoints

PAGE = "x" * 3000  # a row of its own page
FEW, MANY = 20, checkpoints.LONG + 500  # rows


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path / 'exam.sqlite3'}"
    engine = create_engine(url, **engine_options(url))
    prepare_engine(engine)
    write(engine, 0)
    yield engine
    engine.dispose()


def write(engine: Engine, rows: int) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS sheet (text)")
        connection.exec_driver_sql(
            "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)"
            " INSERT INTO sheet SELECT ? FROM counted WHERE n <= ?",
            (rows, PAGE, rows),
        )


def on_raw(engine: Engine, what: Callable[[Any], Any]) -> Any:
    pooled = engine.raw_connection()
    try:
        return what(pooled.dbapi_connection)
    finally:
        pooled.close()


def frames(engine: Engine) -> int:
    """How long the WAL is."""
    found: int = on_raw(engine, lambda raw: raw.execute(checkpoints.NOW).fetchone()[1])
    return found


def size(engine: Engine) -> int:
    return Path(str(engine.url.database)).stat().st_size


def test_a_commit_leaves_the_wal_to_the_thread(engine):
    before = size(engine)
    write(engine, MANY)
    assert size(engine) == before


def test_without_a_server_a_commit_writes_a_very_long_wal_back_after_all(engine):
    before = size(engine)
    write(engine, int(LEFT_TO_OTHERS.partition("=")[2]) + 500)
    assert size(engine) > before


def test_a_long_wal_is_written_back_and_begins_anew(engine):
    write(engine, MANY)
    assert on_raw(engine, checkpoints.write_back)
    write(engine, FEW)
    assert frames(engine) < MANY


def test_a_short_wal_is_written_back_and_may_grow(engine):
    write(engine, FEW)
    before = size(engine)
    assert not on_raw(engine, checkpoints.write_back)
    assert size(engine) > before
    with sqlite3.connect(str(engine.url.database)) as other:
        assert other.execute("SELECT count(*) FROM sheet").fetchone() == (FEW,)


def test_who_reads_meanwhile_keeps_what_is_seen_and_the_wal_begins_anew_later(engine):
    write(engine, MANY)
    with sqlite3.connect(str(engine.url.database), isolation_level=None) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM sheet").fetchone() == (MANY,)
        write(engine, MANY)
        assert not on_raw(engine, checkpoints.write_back)
        assert reader.execute("SELECT count(*) FROM sheet").fetchone() == (MANY,)
        reader.execute("COMMIT")
    assert on_raw(engine, checkpoints.write_back)
    write(engine, FEW)
    assert frames(engine) < MANY


def test_the_rest_waits_for_the_writers_turn(engine, monkeypatch):
    write(engine, MANY)
    monkeypatch.setattr(checkpoints, "PATIENCE", 0.05)
    with (
        engine.begin(),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        on_raw(engine, checkpoints.write_back)
    assert on_raw(engine, checkpoints.write_back)
