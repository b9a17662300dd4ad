"""Storing editions."""

from datetime import date

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.regulations import queries
from quizapp.regulations.actions import import_edition, put_in_force
from quizapp.regulations.models import Edition, Provision, Regulation

SLUG = "xinfang-gongzuo-tiaoli"


def store(text: str, slug: str = SLUG, **options) -> Edition:
    edition = import_edition(text, slug=slug, now=clock.now(), actor_id=None, **options)
    db.session.commit()
    return edition


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def test_the_regulation_comes_back_from_the_tables_as_it_was_read(app, text, law):
    edition = store(text)
    stored = queries.law(edition.id)
    assert [(a.number, a.chapter, a.lines) for a in stored.articles] == [
        (a.number, a.chapter, a.lines) for a in law.articles
    ]
    assert stored.chapters == law.chapters
    assert (edition.issued_by, edition.published_on, edition.effective_on) == (
        "中共中央、国务院", date(2022, 2, 25), date(2022, 5, 1)
    )  # fmt: skip
    assert edition.in_force


def test_an_article_keeps_its_whole_text_and_a_hash_of_it(app, text):
    store(text)
    article = db.session.scalars(select(Provision).where(Provision.anchor == "31")).one()
    items = db.session.scalars(select(Provision).where(Provision.anchor.like("31.1.%"))).all()
    assert article.text.splitlines()[6].startswith("（六）不属于以上情形的")
    assert len(article.text_hash) == 64
    assert len(items) == 6
    assert {item.parent_id for item in items} == {
        db.session.scalar(select(Provision.id).where(Provision.anchor == "31.1"))
    }


def test_the_same_text_again_changes_nothing(app, text):
    first = store(text)
    before = count(Provision), count(AuditEvent)
    again = store(text.replace("\n", "\r\n") + "\n")
    assert again.id == first.id
    assert (count(Provision), count(AuditEvent), count(Edition)) == (*before, 1)


def test_an_import_leaves_an_audit_row(app, text):
    edition = store(text)
    row = db.session.scalars(select(AuditEvent)).one()
    assert (row.action, row.object_id, row.detail["articles"]) == ("regulation.imported", str(edition.id), 50)


def test_another_text_for_the_same_day_is_refused_and_leaves_nothing(app, text):
    store(text)
    before = count(Provision)
    with pytest.raises(Refused) as refused:
        store(text.replace("总则", "总　则二"))
    db.session.rollback()
    assert refused.value.code == "same_day"
    assert (count(Provision), count(Edition)) == (before, 1)


def test_a_slug_belongs_to_one_regulation(app, text):
    store(text)
    with pytest.raises(Refused) as refused:
        store(text.replace("# 信访工作条例", "# 另一个条例"))
    assert refused.value.code == "other_title"


def test_doubts_have_to_be_accepted_by_a_person(app, text):
    damaged = text.replace("### 第三条\n", "### 第三十条之一\n")
    with pytest.raises(Refused) as refused:
        store(damaged)
    db.session.rollback()
    assert (refused.value.code, count(Regulation)) == ("doubts", 0)
    assert "第二条之后是第三十条之一" in refused.value.sentence
    store(damaged, despite_doubts=True)
    assert count(Edition) == 1


def test_serious_doubts_cannot_be_accepted(app, text):
    with pytest.raises(Refused):
        store(text.replace("### 第三条\n", "### 第二条\n"), despite_doubts=True)


def test_a_new_edition_comes_into_force_on_its_day(app, text, at):
    at("2026-06-01 09:00")
    old = store(text)
    new = store(text.replace("施行日期：2022-05-01", "施行日期：2026-07-01").replace("为了坚持", "为坚持"))
    assert (old.in_force, new.in_force) == (True, False)
    assert queries.law_in_force(SLUG)[1].id == old.id
    at("2026-06-30 23:59:59")
    assert put_in_force(clock.now()) == []
    at("2026-07-01 00:00")
    assert put_in_force(clock.now()) == [new.id]
    db.session.commit()
    assert queries.law_in_force(SLUG)[2].words("1").startswith("为坚持")
    assert put_in_force(clock.now()) == []


def test_an_older_edition_imported_later_does_not_come_into_force(app, text):
    new = store(text)
    old = store(text.replace("施行日期：2022-05-01", "施行日期：2005-05-01").replace("为了坚持", "为坚持"))
    assert (new.in_force, old.in_force) == (True, False)


def test_a_regulation_that_is_nowhere_is_a_key_error(app):
    with pytest.raises(KeyError):
        queries.law_in_force("nothing")
    with pytest.raises(KeyError):
        queries.law(17)
