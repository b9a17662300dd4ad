"""What a first start prepares, and that a second one changes nothing."""

import re

from sqlalchemy import MetaData, func, select

from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.operations import server
from quizapp.people import passwords
from quizapp.people.models import Grant, Person
from quizapp.regulations.models import Regulation


def everything() -> dict[str, list[tuple]]:
    """All rows of all tables."""
    tables = MetaData()
    tables.reflect(db.engine)
    found = {
        name: sorted(map(repr, db.session.execute(select(table)).all()))
        for name, table in tables.tables.items()
    }
    db.session.rollback()
    return found


def test_the_first_start_loads_the_shipped_bank_and_regulation(app):
    said = server.prepare()
    published = db.session.scalar(select(func.count()).where(Revision.status == "published"))
    assert [bank.slug for bank in db.session.scalars(select(Bank))] == ["xinfang-gongzuo-tiaoli"]
    assert [one.slug for one in db.session.scalars(select(Regulation))] == ["xinfang-gongzuo-tiaoli"]
    assert published >= 120
    assert said == [f"已载入《信访工作条例》题库：{published}题。"]


def test_the_second_start_says_and_changes_nothing(app):
    server.prepare()
    server.greet_first_administrator()
    before = everything()
    assert server.prepare() == []
    assert server.greet_first_administrator() == []
    assert everything() == before


def test_tables_are_made_where_there_are_none(bare_database, make_app):
    app = make_app(DATABASE_URL=bare_database.url)
    result = app.test_cli_runner().invoke(args=["db", "prepare"])
    assert result.exit_code == 0, result.output
    assert "已载入《信访工作条例》题库" in result.output
    again = app.test_cli_runner().invoke(args=["db", "prepare"])
    assert "已载入" not in again.output
    assert "已准备就绪" in again.output


def test_a_fresh_system_has_nobody_but_an_administrator_with_a_one_time_password(app):
    """No demonstration data and no default password in a plain start."""
    server.prepare()
    greeting = " ".join(server.greet_first_administrator())
    account = re.search(r"学法账号：(\d{8})", greeting)[1]
    password = re.search(r"一次性口令：(\S+)", greeting)[1]
    person = db.session.scalars(select(Person)).one()
    assert person.account == account
    assert person.must_change
    assert passwords.verify(person.password_hash, password)
    assert password not in person.password_hash
    assert db.session.scalars(select(Grant.role)).all() == ["administrator"]


def test_every_first_administrator_gets_another_account_and_password(app, databases, make_app):
    other = databases.fresh("sqlite")
    first = server.greet_first_administrator()
    with make_app(DATABASE_URL=other.url).app_context():
        second = server.greet_first_administrator()
        db.session.remove()
    databases.drop(other)
    assert first[0] != second[0]
