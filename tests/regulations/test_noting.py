"""Notes and bookmarks of one's own, as their person uses them."""

import pytest
from sqlalchemy import func, select

from quizapp import clock
from quizapp.db import db
from quizapp.people import undoing
from quizapp.people.models import Person
from quizapp.regulations import access, noting
from quizapp.regulations.actions import import_edition
from quizapp.regulations.models import OwnNote, Regulation
from tests.practice.conftest import counted

SLUG = "xinfang-gongzuo-tiaoli"
HERE = f"/regulations/{SLUG}/24.1"


@pytest.fixture
def stored(app, text):
    import_edition(text, slug=SLUG, now=clock.now(), actor_id=None)
    db.session.commit()


def rows() -> list[tuple[str, bool, str]]:
    found = db.session.execute(
        select(OwnNote.anchor, OwnNote.bookmarked, OwnNote.text).order_by(OwnNote.anchor)
    )
    return [tuple(row) for row in found]


def test_a_provision_is_kept_and_let_go_at_its_own_address(stored, cast, as_jiang):
    page = as_jiang.page(HERE).press("收藏")
    assert rows() == [("24.1", True, "")]
    assert page.path == HERE
    page.press("取消收藏")
    assert rows() == []


def test_a_note_is_written_shown_changed_and_cleared(stored, cast, as_jiang):
    form = as_jiang.page(HERE).follow("写笔记")
    assert "协商受理" in form.text
    page = form.press("保存笔记", text="  两家以上先协商。\r\n再由上一级定。 ")
    assert rows() == [("24.1", False, "两家以上先协商。\n再由上一级定。")]
    assert "两家以上先协商。" in page.text
    assert "两家以上先协商。" in as_jiang.page(f"/regulations/{SLUG}/24").text
    page.press("收藏")
    again = as_jiang.page(HERE).follow("修改笔记")
    again.press("保存笔记", text="")
    assert rows() == [("24.1", True, "")]


def test_an_empty_note_on_nothing_keeps_nothing(stored, cast, as_jiang):
    as_jiang.page(f"{HERE}/note").press("保存笔记", text="  ")
    assert rows() == []


def test_what_is_too_long_is_refused_and_the_old_note_stays(stored, cast, as_jiang):
    form = as_jiang.page(f"{HERE}/note")
    form.press("保存笔记", text="好")
    refused = form.press("保存笔记", text="长" * (noting.LONGEST + 1))
    assert refused.status == 422
    assert "没有保存" in refused.text
    assert rows() == [("24.1", False, "好")]


def test_there_is_an_end_to_what_one_person_keeps(stored, cast, as_jiang, monkeypatch):
    monkeypatch.setattr(noting, "MOST", 1)
    as_jiang.page(HERE).press("收藏")
    refused = as_jiang.page(f"/regulations/{SLUG}/25").press("收藏")
    assert refused.status == 409
    assert len(rows()) == 1


def test_the_list_is_in_the_order_of_the_text_and_of_each_kind(stored, cast, as_jiang):
    for anchor in ("36.2", "24", "5.1.4"):
        as_jiang.page(f"/regulations/{SLUG}/{anchor}").press("收藏")
    as_jiang.page(f"/regulations/{SLUG}/36.2/note").press("保存笔记", text="听证不计入期限")
    page = as_jiang.page("/regulations/").follow("我的笔记和收藏")
    places = [page.text.index(words) for words in ("第五条第四项", "第二十四条", "第三十六条第二款")]
    assert places == sorted(places)
    assert "听证不计入期限" in page.text
    notes = as_jiang.page("/regulations/notes?kind=notes")
    assert "第二十四条" not in notes.text
    assert as_jiang.page("/regulations/notes?kind=x&page=99").status == 200


def test_deleting_asks_first_and_reaches_only_ones_own(stored, cast, as_jiang, as_luo):
    as_jiang.page(HERE).press("收藏")
    identity = db.session.scalar(select(OwnNote.id))
    page = as_jiang.page("/regulations/notes")
    assert "删除后不可恢复" in page.text
    for act in ("remove", "confirm"):
        reply = as_luo.post(
            f"/regulations/notes/{identity}/{act}", data={"csrf_token": as_luo.page("/feedback").token}
        )
        assert reply.status_code == 404
    assert "还没有笔记和收藏" in as_luo.page("/regulations/notes").text
    assert "已收藏" not in as_luo.page(f"/regulations/{SLUG}/24").html
    page.press("删除收藏")
    assert rows() == []


def test_a_note_outlives_an_edition_and_says_that_the_words_changed(stored, cast, as_jiang, text):
    as_jiang.page(HERE).follow("写笔记").press("保存笔记", text="要点")
    as_jiang.page(f"/regulations/{SLUG}/25").press("收藏")
    newer = text.replace("施行日期：2022-05-01", "施行日期：2026-05-01").replace("协商受理", "共同受理")
    import_edition(newer, slug=SLUG, now=clock.now(), actor_id=None)
    db.session.commit()
    page = as_jiang.page("/regulations/notes")
    assert page.text.count("条文有变化") == 1
    assert "<ins>" in page.html
    assert "要点" in page.text
    after = page.press("按现行条文更新")
    assert "条文有变化" not in after.text
    assert ("24.1", False, "要点") in rows()


def test_everything_kept_can_be_taken_along_as_text(stored, cast, as_jiang):
    as_jiang.page(f"{HERE}/note").press("保存笔记", text="我的要点")
    reply = as_jiang.get("/regulations/notes/file")
    assert reply.mimetype == "text/plain"
    text = reply.data.decode("utf-8-sig")
    assert "《信访工作条例》第二十四条第一款" in text
    assert "笔记：我的要点" in text


def test_pressing_twice_keeps_one(stored, cast, as_jiang):
    page = as_jiang.page(HERE)
    page.press("收藏")
    page.press("收藏")
    assert rows() == [("24.1", True, "")]


def test_notes_are_closed_with_the_books(stored, cast, as_jiang):

    def lock(person_id, now):
        return person_id == cast.jiang

    as_jiang.page(HERE).press("收藏")
    page = as_jiang.page(HERE)
    access.reading_locks.append(lock)
    try:
        for address in ("notes", "notes/file", f"{SLUG}/24.1/note", f"{SLUG}/numbers", f"{SLUG}/compare"):
            assert as_jiang.get(f"/regulations/{address}").status_code == 403
        assert page.press("取消收藏").status == 403
    finally:
        access.reading_locks.remove(lock)
    assert len(rows()) == 1


def test_whoever_kept_something_is_no_longer_unused(stored, cast, law):
    """Taking a roster back removes nobody who left anything of their own."""
    new = Person(account="10000009", name="新到", name_key="xin dao", created_at=clock.now())
    db.session.add(new)
    db.session.flush()
    assert undoing._used([new.id]) == set()
    regulation = db.session.scalars(select(Regulation.id)).one()
    noting.bookmark(new.id, noting.Place(regulation, "24.1", law.words("24.1")), now=clock.now())
    assert undoing._used([new.id]) == {new.id}


def test_the_list_costs_the_same_however_much_is_kept(stored, cast, as_jiang):
    def statements() -> int:
        as_jiang.get("/regulations/notes")
        with counted() as sent:
            assert as_jiang.get("/regulations/notes").status_code == 200
        return len(sent)

    as_jiang.page(HERE).press("收藏")
    before = statements()
    for anchor in ("1", "2", "31.1.6"):
        as_jiang.page(f"/regulations/{SLUG}/{anchor}").press("收藏")
    assert statements() == before
    assert db.session.scalar(select(func.count(OwnNote.id))) == 4
