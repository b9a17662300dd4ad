"""What other areas read of questions, and what they can never read from there."""

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.bank import queries
from quizapp.bank.models import Bank, Question, Revision
from quizapp.bank.storing import store
from quizapp.db import db
from tests.statements import statements


@pytest.fixture
def revision_ids(bank):
    return list(db.session.scalars(select(Revision.id).order_by(Revision.id)))


def test_the_faces_of_questions_never_touch_keys_or_explanations(revision_ids):
    with statements() as seen:
        faces = queries.faces(revision_ids)
    [statement] = seen
    for secret in ("key", "explanation", "citation", "quote", "difficulty", "content_hash"):
        assert f"revision.{secret}" not in statement
        assert f"{secret}." not in statement
    assert set(faces) == set(revision_ids)
    assert set(vars(faces[revision_ids[0]])) == {
        "revision_id",
        "question_id",
        "kind",
        "any_number",
        "stem",
        "options",
    }


def test_everything_about_a_question_for_feedback(bank):
    revision_id = db.session.scalars(
        select(Revision.id).join(Question).where(Question.code == "XF-024-01")
    ).one()
    full = queries.full([revision_id])[revision_id]
    assert (full.key, full.kind_word, len(full.options)) == ("C", "单选题", 3)
    [cited] = full.citations
    assert (cited.regulation_slug, cited.regulation_title) == ("xinfang-gongzuo-tiaoli", "信访工作条例")
    assert (cited.anchor, cited.article, cited.in_words) == ("24.1", "24", "第二十四条第一款")
    assert queries.keys([revision_id]) == {revision_id: "C"}


def test_the_pool_holds_the_published_questions_of_a_use_with_chapter_and_article(bank):
    entries = queries.pool([bank], "mock")
    rows = dict(db.session.execute(select(Revision.id, Revision.uses)).all())
    assert {entry.revision_id for entry in entries} == {
        i for i, uses in rows.items() if "mock" in uses.split(",")
    }
    by_article = {entry.article: entry.chapter for entry in queries.pool([bank], "exam")}
    assert (by_article["24"], by_article["1"], by_article["50"]) == ("3", "1", "6")
    ids = [entry.revision_id for entry in entries]
    assert ids == sorted(ids)


def test_the_pool_is_empty_for_no_bank_and_holds_no_draft(bank, draft):
    before = len(queries.pool([bank], "exam"))
    store([draft()], db.session.get(Bank, bank), by_id=None, now=clock.now())
    assert len(queries.pool([bank], "exam")) == before
    assert queries.pool([], "exam") == []


@pytest.mark.parametrize("name", ["faces", "full", "keys"])
def test_a_hundred_questions_take_as_many_statements_as_one(revision_ids, name):
    read = getattr(queries, name)
    read(revision_ids)
    with statements() as one:
        read(revision_ids[:1])
    with statements() as many:
        read(revision_ids[:100])
    assert len(one) == len(many) <= 3


def test_an_edit_leaves_what_a_paper_holds_as_it_was(revision_ids, bank, draft):
    """Hazard H20, as far as the bank goes: a revision never changes, an edit is another one."""
    before = queries.full(revision_ids)
    changed = draft(code="XF-024-01", key="A", options=["甲", "乙"], explanation="改了答案。")
    outcome = store([changed], db.session.get(Bank, bank), by_id=None, now=clock.now())
    db.session.commit()
    assert len(outcome.changed) == 1
    assert queries.full(revision_ids) == before
