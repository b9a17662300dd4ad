"""`quizapp db copy`: every row of every table arrives, from SQLite to PostgreSQL and back, or nothing does."""

import sqlite3

import pytest
import sqlalchemy as sa

from quizapp.db import db
from quizapp.errors import Refused
from quizapp.operations import copying, rows, transactions
from tests.operations.filling import SINGLE, fill_every_table


@pytest.fixture
def filled(app):
    return fill_every_table()


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request, databases):
    made = databases.bare(request.param)
    yield made
    databases.drop(made)


def told(rows_done):
    """Nobody looks at the progress."""


def sums(url):
    with transactions.snapshot(url) as connection:
        return {
            t.table.name: (t.count, t.digest)
            for t in (rows.total(connection, x) for x in rows.tables(connection))
        }


def test_every_table_is_filled_in_these_tests(filled):
    assert set(filled) == set(db.metadata.tables)
    assert {name for name, rows in filled.items() if rows != 2} == SINGLE


def test_every_row_arrives_in_either_kind_of_database(app, database, filled, target):
    copied = copying.copy(database.url, target.url, told)
    assert {each.table.name: each.count for each in copied} == filled
    assert sums(target.url) == sums(database.url)


def test_the_app_runs_on_the_copy_as_on_the_original(app, database, cast, bank, make_app, target):
    copying.copy(database.url, target.url, told)
    other = make_app(DATABASE_URL=target.url)
    with other.app_context():
        person = db.session.scalars(sa.text("SELECT max(id) FROM person")).one()
        made = db.session.scalars(
            sa.text(
                "INSERT INTO login_failure (login, address, at) VALUES ('x', '::1', CURRENT_TIMESTAMP) RETURNING id"
            )
        ).one()
        db.session.commit()
        db.session.remove()
    assert person == cast.fang
    assert made == 1
    page = other.test_client().page("/sign-in").press("登录", login="10000017", password="Qingshan-2026")
    assert "江映雪" in page.text
    found = other.test_client()
    found.page("/sign-in").press("登录", login="10000017", password="Qingshan-2026")
    assert "第二十四条" in found.page("/regulations/search?q=受理").text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_ids_go_on_after_the_highest_that_was_copied(app, database, filled, databases, make_app):
    target = databases.bare("postgresql")
    copying.copy(database.url, target.url, told)
    with make_app(DATABASE_URL=target.url).app_context():
        next_id = db.session.scalar(sa.text("SELECT nextval(pg_get_serial_sequence('person', 'id'))"))
        db.session.remove()
        db.engine.dispose()
    databases.drop(target)
    assert next_id == 7003


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_target_that_holds_anything_is_refused_and_left_alone(app, database, filled, databases, make_app):
    target = databases.fresh("sqlite")
    with sqlite3.connect(target.name) as connection:
        connection.execute("INSERT INTO setting VALUES ('SITE_NAME', '\"别的\"')")
    connection.close()
    before = sums(target.url)
    with pytest.raises(Refused) as refused:
        copying.copy(database.url, target.url, told)
    assert refused.value.code == "not_empty"
    assert sums(target.url) == before
    databases.drop(target)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_empty_target_with_tables_is_welcome(app, database, filled, databases):
    target = databases.fresh("sqlite")
    copying.copy(database.url, target.url, told)
    assert sums(target.url) == sums(database.url)
    databases.drop(target)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_row_that_the_target_refuses_leaves_nothing_behind(app, database, filled, databases):
    """SQLite keeps a text longer than its column; PostgreSQL does not."""
    with sqlite3.connect(database.name) as connection:
        connection.execute("UPDATE person SET account = '123456789' WHERE id = 7001")
    connection.close()
    target = databases.bare("postgresql")
    with pytest.raises(Refused) as refused:
        copying.copy(database.url, target.url, told)
    assert "数据表person" in refused.value.sentence
    with transactions.snapshot(target.url) as connection:
        assert rows.tables(connection) == []
    databases.drop(target)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_difference_after_the_copy_is_noticed(app, database, filled, databases, monkeypatch):
    """The comparison itself: what is read again is not what was read before."""
    plain = rows.read

    def forgetful(connection, table):
        for row in plain(connection, table):
            yield row[:-1] + ["forged"] if connection.engine.url.database != database.name else row

    monkeypatch.setattr(rows, "read", forgetful)
    target = databases.bare("sqlite")
    with pytest.raises(Refused) as refused:
        copying.copy(database.url, target.url, told)
    assert refused.value.code == "differs"
    databases.drop(target)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_source_that_waits_for_an_upgrade_is_refused(bare_database, app, databases):
    target = databases.bare("sqlite")
    with transactions.filling(bare_database.url) as connection:
        transactions.upgrade(connection, "0001")
    with pytest.raises(Refused) as refused:
        copying.copy(bare_database.url, target.url, told)
    assert refused.value.code == "not_upgraded"
    databases.drop(target)


@pytest.mark.parametrize("wrong", ["", "/quizapp", "quizapp.db", "mysql://root@127.0.0.1/quizapp"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_address_is_refused_in_words(app, database, wrong):
    with pytest.raises(Refused, match="no_address"):
        copying.copy(database.url, wrong, told)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_says_what_was_copied(app, database, filled, databases):
    target = databases.bare("sqlite")
    done = app.test_cli_runner().invoke(args=["db", "copy", database.url, target.url])
    assert done.exit_code == 0, done.output
    assert f"已复制{len(filled)}个数据表、{sum(filled.values())}行" in done.output
    assert "源数据库没有改动" in done.output
    databases.drop(target)
