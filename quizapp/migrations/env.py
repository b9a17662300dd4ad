"""How migrations run: each upgrade in one transaction, on both databases.

On SQLite a batch recreates tables, which under foreign_keys=ON would delete child rows: a migration gets a
connection of its own with foreign keys off, an explicit BEGIN IMMEDIATE, and a foreign key check before COMMIT.
"""

from alembic import context
from flask import current_app
from sqlalchemy import Connection, create_engine, event, pool

from quizapp.db import db, is_compared

target_metadata = db.metadata


def configure(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        include_name=is_compared,
        render_as_batch=True,
        compare_type=True,
        transactional_ddl=True,
    )


def run_on_sqlite(url: str) -> None:
    engine = create_engine(url, poolclass=pool.NullPool)

    @event.listens_for(engine, "connect")
    def connect(raw: object, _record: object) -> None:
        raw.isolation_level = None  # type: ignore[attr-defined]
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=15000", "foreign_keys=OFF"):
            raw.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    with engine.begin() as connection:
        configure(connection)
        context.run_migrations()
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migration would break references: {broken[:5]}")
    engine.dispose()


def run() -> None:
    given = context.config.attributes.get("connection")  # autogenerate and tests may bring their own
    if given is not None:
        configure(given)
        context.run_migrations()
        return
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("sqlite"):
        run_on_sqlite(url)
        return
    with db.engine.begin() as connection:
        configure(connection)
        context.run_migrations()


run()
