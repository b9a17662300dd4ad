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

from quizapp import clock, create_app
from quizapp.db import db, is_compared
from quizapp.exams import blueprint
from quizapp.exams.models import Exam, Form
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


GRID = [
    {"kind": "single", "chapter": "3", "count": 4},
    {"kind": "single", "chapter": "", "count": 6},
    {"kind": "judge", "chapter": "2", "count": 5},
]


def test_an_exam_with_a_grid_keeps_its_paper_and_what_it_shows(bare_app):
    """What 0004 makes of the blueprint and the draw of an exam that was published before."""
    flask_migrate.upgrade(revision="0003")
    cast = make_cast()
    db.session.remove()
    exam, form = (sa.Table(name, sa.MetaData(), autoload_with=db.engine) for name in ("exam", "form"))
    told = {
        "title": "旧考试",
        "purpose": "annual",
        "unit_id": cast.county,
        "state": "published",
        "notice": "",
    }
    told |= {
        "bank_ids": [1],
        "blueprint": GRID,
        "points": {"single": 10},
        "multiple_rule": "all",
        "minutes": 60,
    }
    told |= {"attempts_allowed": 1, "counts": "best", "pass_mark": 60, "bands": [], "excellent_mark": 90}
    told |= {"shuffle_questions": True, "shuffle_options": True, "open_book": False, "show_score": "at_once"}
    told |= {"show_answers": "closed", "pledge": "", "grace_s": 120, "seed": "9f", "categories": []}
    moment = clock.now()
    with db.engine.begin() as connection:
        connection.execute(sa.insert(exam), {"id": 1, "created_at": moment, "published_at": moment, **told})
        connection.execute(
            sa.insert(form), {"id": 1, "exam_id": 1, "number": 1, "seed": "9f", "hash": "0" * 64}
        )
    flask_migrate.upgrade()
    kept = db.session.get_one(Exam, 1)
    assert blueprint.read(kept.blueprint) == [
        blueprint.Row("single", least=10, most=10),
        blueprint.Row("single", chapter="3", least=4),
        blueprint.Row("judge", least=5, most=5),
        blueprint.Row("judge", chapter="2", least=5, most=5),
    ]
    assert db.session.get_one(Form, 1).plan == [
        {"cells": [0], "count": 4},
        {"cells": [2], "count": 5},
        {"cells": [0, 1], "count": 6},
    ]
    assert (kept.mode, kept.show_right, kept.show_key, kept.show_explanation) == ("draw", *["closed"] * 3)
    assert (kept.show_score, kept.appeal_days) == ("at_once", 7)


def test_the_checks_of_migrated_tables_are_those_of_the_models(app):
    """Neither Alembic nor a table made anew in SQLite looks after them."""
    inspector = sa.inspect(db.engine)
    for name, table in db.metadata.tables.items():
        wanted = {str(one.name) for one in table.constraints if isinstance(one, sa.CheckConstraint)}
        assert {str(one["name"]) for one in inspector.get_check_constraints(name)} == wanted, name
