"""A PostgreSQL database is emptied for the next test: copying one takes ten times as long.

What it must look like is read from a fresh copy: its objects, and the few rows that migrations leave. A database that
differs from that after it was emptied, since a test changed a table, is refused and will be copied anew.
"""

from typing import Any

import psycopg

LARGE = 1_000_000  # bytes of one table from which a fresh copy is quicker

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
CONTENT = "SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM"
SEQUENCES = """
    SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
    FROM pg_sequences WHERE last_value IS NOT NULL
"""
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


class Emptied:
    """What an empty database looks like."""

    def __init__(self, address: str) -> None:
        """address: of a fresh copy."""
        with psycopg.connect(address, autocommit=True) as connection:
            self._filled = [name for name, size in connection.execute(TABLES) if size]
            self._objects = self._look(connection)

    def _look(self, connection: psycopg.Connection[Any]) -> list[Any]:
        rows = [connection.execute(f"{CONTENT} {name} t").fetchone() for name in self._filled]
        return [connection.execute(OBJECTS).fetchone(), *rows]

    def empty(self, address: str) -> bool:
        """Make this database look so again, whoever is still connected to it; False where it does not."""
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(OTHERS)
                sizes = {name: size for name, size in connection.execute(TABLES) if size}
                touched = [name for name in sizes if name not in self._filled]
                if max(sizes.values(), default=0) > LARGE or not sizes.keys() >= set(self._filled):
                    return False
                if touched:
                    deletes = ";".join(f"DELETE FROM {name}" for name in touched)  # noqa: S608
                    connection.execute(f"SET session_replication_role = replica; {deletes}")
                    connection.execute(f"VACUUM {', '.join(touched)}")
                connection.execute(SEQUENCES)
                return self._look(connection) == self._objects
        except psycopg.Error:
            return False
