"""An address of several database servers, written as for PostgreSQL's own programs, leads to the one that may write."""

import pytest
from sqlalchemy.dialects.postgresql.psycopg import dialect
from sqlalchemy.engine import make_url

from quizapp import addresses
from quizapp.db import engine_options


def told(address: str) -> dict[str, str]:
    return dialect().create_connect_args(make_url(addresses.for_sqlalchemy(address)))[1]


@pytest.mark.parametrize("driver", ["", "+psycopg"])
def test_of_several_servers_the_one_that_may_write_is_meant(driver):
    assert told(f"postgresql{driver}://app:s%40y@db1:5433,db2/quizapp?sslmode=require") == {
        "user": "app",
        "password": "s@y",
        "host": "db1,db2",
        "port": "5433,",
        "dbname": "quizapp",
        "sslmode": "require",
        "target_session_attrs": "read-write",
    }


def test_who_asks_for_a_standby_gets_one():
    wanted = told("postgresql://app@db1:1,db2:2/quizapp?target_session_attrs=prefer-standby")
    assert wanted["target_session_attrs"] == "prefer-standby"


@pytest.mark.parametrize(
    "address",
    ["sqlite:////srv/a,b.db", "postgresql+psycopg://app@db1/quizapp", "postgresql+psycopg://app@db1/a,b"],
)
def test_an_address_of_one_database_stays_as_it_is(address):
    assert addresses.for_sqlalchemy(address) == address


def test_a_server_that_vanished_is_given_up_soon_unless_the_address_says_otherwise():
    given = engine_options("postgresql+psycopg://app@db1/quizapp")["connect_args"]
    assert given["connect_timeout"] < 10
    assert given["tcp_user_timeout"] < 30_000  # milliseconds
    asked = "postgresql+psycopg://app@db1/quizapp?connect_timeout=30&tcp_user_timeout=0"
    kept = engine_options(asked)["connect_args"]
    assert not {"connect_timeout", "tcp_user_timeout"} & set(kept)


def test_behind_pgbouncer_nothing_is_prepared_in_a_session_that_the_next_transaction_does_not_have():
    address = "postgresql+psycopg://app@127.0.0.1:6432/quizapp"
    assert "prepare_threshold" not in engine_options(address)["connect_args"]
    assert engine_options(address, pooled=True)["connect_args"]["prepare_threshold"] is None
