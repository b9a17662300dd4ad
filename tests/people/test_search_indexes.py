"""What is looked for among a million names is found by indexes, and by the same rule as without them."""

import pytest
from sqlalchemy import func, literal, select, text

from quizapp import clock
from quizapp.db import db
from quizapp.people import actions
from quizapp.people.dialects import has_letters
from quizapp.people.models import Person
from quizapp.people.queries import found_by


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("words", "indexes"),
    [
        ("刘洋", ["ix_person_found_letters", "ix_person_found_number"]),
        ("liuyang", ["ix_person_found_pinyin", "ix_person_initials", "ix_person_found_letters"]),
    ],
)
def test_the_database_can_answer_a_search_without_reading_every_name(app, words, indexes):
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    wanted = select(Person.id).where(found_by(words))
    sql = str(wanted.compile(db.engine, compile_kwargs={"literal_binds": True}))
    plan = "\n".join(db.session.scalars(text("EXPLAIN " + sql.replace(":", r"\:"))))
    assert all(index in plan for index in indexes), plan


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("阿依努尔·艾力", "努尔艾力"),
        ("格桑·卓玛", "格桑卓玛"),
        ("Anna Maria", "annamaria"),
        ("陈𣲗", "𣲗"),
        ("欧阳修", "阳修"),
        ("百分%之", "分%"),
    ],
)
def test_letters_never_hide_somebody_whom_the_words_mean(app, cast, name, words):
    actions.add_people([actions.NewPerson(name, cast.town)], clock.now())
    assert name in set(db.session.scalars(select(Person.name).where(found_by(words))))


def test_letters_in_another_order_are_not_enough(app, cast):
    actions.add_people([actions.NewPerson("洋刘", cast.town)], clock.now())
    assert "洋刘" not in set(db.session.scalars(select(Person.name).where(found_by("刘洋"))))
    assert db.session.scalar(select(func.count()).where(has_letters(literal("洋刘"), literal("刘洋"))))
