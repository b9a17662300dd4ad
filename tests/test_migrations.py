"""The migrations make the tables that the models describe, whole or not at all, and keep every row."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from quizapp import create_app
from quizapp.db import db, is_compared
from tests.cast import make_cast
from tests.databases import Database, settings


@pytest.fixture
def bare_app(bare_database: Database, tmp_path) -> Iterator[Flask]:
    """The app on a database without any table."""
    app = create_app(settings(bare_database, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def versions() -> list[str]:
    folder = ScriptDirectory(db_migrations())
    return [script.revision for script in folder.walk_revisions()][::-1]


def db_migrations() -> str:
    from quizapp.db import migrate

    return str(migrate.directory)


def count_rows() -> dict[str, int]:
    inspector = sa.inspect(db.engine)
    tables = [name for name in inspector.get_table_names() if is_compared(name, "table", {})]
    with db.engine.connect() as connection:
        return {
            name: connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one()
            for name in tables
            if name != "alembic_version"
        }


def test_migrated_tables_equal_the_models(app):
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_name": is_compared}
        )
        assert compare_metadata(context, db.metadata) == []


def test_an_older_filled_database_keeps_every_row_through_each_upgrade(bare_app):
    first, *later = versions()
    flask_migrate.upgrade(revision=first)
    make_cast()
    db.session.remove()
    before = count_rows()
    assert before["person"] == 6
    assert before["membership"] == 6
    for version in later:
        flask_migrate.upgrade(revision=version)
        after = count_rows()
        assert {name: after[name] for name in before} == before


class PowerCut(Exception):
    """What the test does to a migration."""


@contextmanager
def failing_at(step: int | None) -> Iterator[list[str]]:
    """Every engine fails at its n-th statement that changes tables (none: never); gives those statements."""
    done: list[str] = []

    def break_it(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")):
            done.append(statement)
            if len(done) == step:
                raise PowerCut

    sa.event.listen(sa.Engine, "before_cursor_execute", break_it)
    try:
        yield done
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", break_it)


def tables() -> set[str]:
    db.engine.dispose()
    return set(sa.inspect(db.engine).get_table_names())


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 1])
def test_a_migration_that_fails_at_any_step_leaves_nothing_behind(bare_app, share):
    """Hazard H49."""
    with failing_at(None) as statements:
        flask_migrate.upgrade()
    flask_migrate.downgrade(revision="base")
    left = tables()
    assert left <= {"alembic_version"}
    with failing_at(max(1, int((len(statements) - 1) * share))), pytest.raises(PowerCut):
        flask_migrate.upgrade()
    assert tables() == left
    flask_migrate.upgrade()
    assert "attempt" in tables()
