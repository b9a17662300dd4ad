"""A PostgreSQL database is made as it was for the next test: copying one takes many times as long.

The connection that looks at a database stays open: a new one would have to read the catalogue again, which takes five
times as long as all the looking.

What it must look like is read from a fresh copy: its objects, and the rows that migrations and shipped banks left. A
database that differs from that afterwards, since a test changed a table, is refused and will be copied anew.
"""

from typing import Any

import psycopg

LARGE = 1_000_000  # bytes that one table may have grown; from there on a fresh copy is quicker

OBJECTS = """
    SELECT concat_ws(' ',
        (SELECT concat(count(*), '/', max(oid)) FROM pg_class WHERE relpersistence <> 't'),
        (SELECT concat(count(*), '/', max(oid)) FROM pg_constraint),
        (SELECT concat(count(*), '/', max(oid)) FROM pg_proc),
        (SELECT concat(count(*), '/', max(oid)) FROM pg_trigger),
        (SELECT concat(count(*), '/', max(oid)) FROM pg_type),
        (SELECT concat(count(*), '/', count(*) FILTER (WHERE attnotnull)) FROM pg_attribute WHERE attrelid >= 16384),
        (SELECT count(*) FROM pg_attrdef), (SELECT count(*) FROM pg_extension), (SELECT count(*) FROM pg_policy),
        (SELECT count(*) FROM pg_largeobject_metadata),
        (SELECT md5(string_agg(concat(oid, relacl::text), ',' ORDER BY oid)) FROM pg_class WHERE relacl IS NOT NULL))
"""
TABLES = """
    SELECT format('%I.%I', schemaname, tablename),
           pg_relation_size(format('%I.%I', schemaname, tablename)::regclass)
    FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
    ORDER BY 1
"""
SEQUENCES = """
    SELECT format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value IS NOT NULL
    FROM pg_sequences ORDER BY 1
"""
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Model:
    """What a database looked like before a test."""

    def __init__(self, address: str) -> None:
        """address: of a fresh copy."""
        self._open: dict[str, psycopg.Connection[Any]] = {}
        with psycopg.connect(address, autocommit=True) as connection:
            self._sizes = {name: size for name, size in connection.execute(TABLES) if size}
            self._content = {name: _content(connection, name) for name in self._sizes}
            self._rows = {name: _rows(connection, name) for name in self._sizes}
            self._sequences = connection.execute(SEQUENCES).fetchall()
            self._objects = connection.execute(OBJECTS).fetchone()

    def put_back(self, address: str) -> bool:
        """Make this database look so again, whoever is still connected to it; False where it does not."""
        try:
            return self._put_back(self._connection(address))
        except psycopg.Error:
            self.leave(address)
            return False

    def leave(self, address: str) -> None:
        """Be no longer connected to this database: it is to be dropped, or copied."""
        if connection := self._open.pop(address, None):
            connection.close()

    def close(self) -> None:
        """Be connected to no database any more."""
        for address in list(self._open):
            self.leave(address)

    def _connection(self, address: str) -> psycopg.Connection[Any]:
        if address not in self._open:  # nothing prepared: some of what is executed are several statements
            self._open[address] = psycopg.connect(address, autocommit=True, prepare_threshold=None)
        return self._open[address]

    def _put_back(self, connection: psycopg.Connection[Any]) -> bool:
        connection.execute(OTHERS)
        sizes = {name: size for name, size in connection.execute(TABLES) if size}
        if any(size > LARGE + self._sizes.get(name, 0) for name, size in sizes.items()):
            return False
        changed = [name for name in self._content if _content(connection, name) != self._content[name]]
        if touched := [*(sizes.keys() - self._sizes.keys()), *changed]:
            deletes = ";".join(f"DELETE FROM {name}" for name in touched)  # noqa: S608
            connection.execute(f"SET session_replication_role = replica; {deletes}")
            connection.execute(f"VACUUM {', '.join(touched)}")
        for name in changed:
            with connection.cursor().copy(f"COPY {name} FROM STDIN (FORMAT binary)") as copy:
                copy.write(self._rows[name])
        self._count_again(connection)
        return (
            all(_content(connection, name) == self._content[name] for name in changed)
            and connection.execute(OBJECTS).fetchone() == self._objects
        )

    def _count_again(self, connection: psycopg.Connection[Any]) -> None:
        before = {name: (value, called) for name, value, called in self._sequences}
        for name, *now in connection.execute(SEQUENCES).fetchall():
            if tuple(now) != before.get(name):
                connection.execute("SELECT setval(%s::regclass, %s, %s)", (name, *before.get(name, now)))


def _content(connection: psycopg.Connection[Any], table: str) -> Any:
    sum_of_rows = f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t"  # noqa: S608
    return connection.execute(sum_of_rows).fetchone()


def _rows(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
        return b"".join(bytes(piece) for piece in copy)
