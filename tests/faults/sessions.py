"""A role of PostgreSQL's that gets only so many sessions, so that they can run out without harm to anybody else."""

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, make_url

from tests.databases import Database

PATIENCE = 30  # seconds
ENDING = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"


class Sessions:
    """The role by which the app connects to one database."""

    def __init__(self, database: Database, most: int) -> None:
        self._database, self._most = database.name, most
        self._role, self._password = f"app_{secrets.token_hex(4)}", secrets.token_hex(8)
        self._address = make_url(database.url)

    @classmethod
    @contextmanager
    def of(cls, database: Database, most: int) -> Iterator["Sessions"]:
        """The role lives as long as the database: leave this after the database was dropped."""
        made = cls(database, most)
        owner = made._address.username
        made.administer(
            f"CREATE ROLE {made._role} LOGIN PASSWORD '{made._password}' IN ROLE {owner} CONNECTION LIMIT {most}"
        )
        try:
            yield made
        finally:
            made.administer(f"DROP ROLE {made._role}")

    @property
    def url(self) -> str:
        """For the app."""
        mine = self._address.set(username=self._role, password=self._password)
        return mine.render_as_string(hide_password=False)

    def administer(self, statement: str, *values: Any) -> None:
        with psycopg.connect(_plain(self._address.set(database="postgres")), autocommit=True) as connection:
            connection.execute(statement, values or None)

    def move_to(self, folder: Path, stack: ExitStack) -> None:
        """Put the tables on another disk, until the database is dropped."""
        with psycopg.connect(_plain(self._address)) as connection:
            [data] = connection.execute("SHOW data_directory").fetchone() or [""]
        place, owner, space = folder / "tables", Path(data).stat(), f"small_{secrets.token_hex(4)}"
        place.mkdir(mode=0o700)
        shutil.chown(place, owner.st_uid, owner.st_gid)
        self.administer(f"CREATE TABLESPACE {space} LOCATION '{place}'")
        self.administer(f'ALTER DATABASE "{self._database}" SET TABLESPACE {space}')
        stack.callback(self.administer, f"DROP TABLESPACE {space}")

    @contextmanager
    def all_taken(self) -> Iterator[None]:
        """Somebody else has every session of the role; those of the app are ended."""
        held: list[psycopg.Connection] = []
        last = time.monotonic() + PATIENCE
        try:
            while len(held) < self._most:
                assert time.monotonic() < last, f"{len(held)} of {self._most} sessions taken"
                self._end_all_but([each.info.backend_pid for each in held])
                with suppress(psycopg.OperationalError):
                    while len(held) < self._most:
                        held.append(psycopg.connect(_plain(make_url(self.url))))
            yield
        finally:
            for each in held:
                each.close()

    def _end_all_but(self, kept: list[int]) -> None:
        mine = "usename = %s AND NOT pid = ANY(%s)"
        self.administer(f"{ENDING} WHERE {mine}", self._role, kept)

    def keep_a_copy(self) -> str:
        """Copy the database as it stands between two transactions; the name of the copy."""
        copy = f"{self._database}_copy"
        self.shut()
        self._copy(self._database, copy)
        self.administer(f'ALTER DATABASE "{self._database}" ALLOW_CONNECTIONS true')
        return copy

    def shut(self) -> None:
        """Let nobody in, and end who is."""
        self.administer(f'ALTER DATABASE "{self._database}" ALLOW_CONNECTIONS false')
        self.administer(f"{ENDING} WHERE datname = %s", self._database)

    def set_back(self, copy: str) -> None:
        """Put the copy in the place of the database, and let people in again."""
        self.administer(f'DROP DATABASE "{self._database}" WITH (FORCE)')
        self._copy(copy, self._database)
        self.administer(f'DROP DATABASE "{copy}"')

    def _copy(self, source: str, copy: str) -> None:
        """Possible only when the last session is gone."""
        last = time.monotonic() + PATIENCE
        while True:
            try:
                return self.administer(f'CREATE DATABASE "{copy}" TEMPLATE "{source}"')
            except psycopg.errors.ObjectInUse:  # one is just ending
                assert time.monotonic() < last
                time.sleep(0.02)


def _plain(address: URL) -> str:
    """As psycopg takes it."""
    return address.set(drivername="postgresql").render_as_string(hide_password=False)
