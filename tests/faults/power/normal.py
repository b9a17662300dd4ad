"""The product with one thing changed: `synchronous=NORMAL`, under which SQLite's WAL waits for no sync at a commit.

The negative control of power cuts: it must lose what it acknowledged.
"""

from typing import Any

from sqlalchemy import Engine, event

import quizapp.db

as_always = quizapp.db.prepare_engine


def prepare_engine(engine: Engine) -> None:
    as_always(engine)

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=NORMAL")


if __name__ == "__main__":
    from quizapp.cli import main

    quizapp.db.prepare_engine = prepare_engine
    main(prog_name="quizapp")
