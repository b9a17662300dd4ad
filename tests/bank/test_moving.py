"""A new edition of the law: exactly the touched questions stop, and each shows what became of its words."""

import re

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.bank import review
from quizapp.bank.drafts import CitationDraft
from quizapp.bank.models import Citation, Question, Revision
from quizapp.bank.moving import move, moved, nearest
from quizapp.bank.queries import pool
from quizapp.db import db
from quizapp.regulations.actions import import_edition
from quizapp.regulations.citing import NoSuchProvision
from quizapp.regulations.queries import law
from tests.bank.conftest import QUOTE, SHIPPED

ADDRESS = "/banks/xinfang-gongzuo-tiaoli"
TEXT = (SHIPPED / "regulation.md").read_text(encoding="utf-8")
REWORDED = TEXT.replace("由所涉及的机关、单位协商受理", "由最先收到的机关、单位受理")


def exchanged(first="第二十四条", second="第二十五条"):
    """The regulation with the words of two neighbouring articles exchanged: their numbers move, no word changes."""
    head, one, two, tail = re.fullmatch(
        rf"(.*### {first}\n)(.*?)(?=### {second})### {second}\n(.*?)(### .*)", TEXT, re.S
    ).groups()
    return f"{head}{two}### {second}\n{one}{tail}"


def come_into_force(text):
    """A second edition, and what the app does when one comes into force."""
    edition = import_edition(
        text.replace("2022-05-01", "2026-05-01"),
        slug="xinfang-gongzuo-tiaoli",
        now=clock.now(),
        actor_id=None,
    )
    review.recheck([edition.id], clock.now())
    db.session.commit()
    return edition.id


def suspended():
    rows = db.session.scalars(select(Revision.id).where(Revision.status == "suspended"))
    return set(rows)


def citing(*articles):
    return set(db.session.scalars(select(Citation.revision_id).where(Citation.article.in_(articles))))


# The rule -------------------------------------------------------------------------------------------------------


def test_words_that_stand_where_they_were_are_not_moved(law, draft):
    found = move("24.1", QUOTE.quote, law, law)
    assert (found.stands, found.places, found.sides.changed) == (True, [], False)
    assert moved(draft(), {"": law}) == (draft(), [])


def test_words_elsewhere_are_found_and_the_citation_is_moved_there(law, draft):
    away = draft(citations=[CitationDraft("第二十五条第一款", QUOTE.quote)])
    changed, steps = moved(away, {"": law})
    assert changed.citations == [QUOTE]
    assert steps == [("第二十五条第一款", "第二十四条第一款")]


def test_words_that_stand_nowhere_and_laws_that_are_not_here_stay_as_they_are(law, draft):
    lost = draft(
        citations=[
            CitationDraft("第二十四条第一款", "由大家受理"),
            CitationDraft("第一条", "甲", "law", "别的条例"),
        ]
    )
    assert moved(lost, {"": law}) == (lost, [])


def test_an_address_that_is_gone_is_no_obstacle(law, draft):
    away = draft(citations=[CitationDraft("第九十九条", QUOTE.quote)])
    with pytest.raises(NoSuchProvision):
        law.anchor_of("第九十九条")
    assert moved(away, {"": law})[0].citations == [QUOTE]


def test_of_several_places_the_nearest_comes_first(law):
    often = "信访工作联席会议"
    places = nearest(law, "24.1", often)
    assert places[0].startswith("24.")
    assert len(places) > 1
    assert nearest(law, "10.1", often) != places


def test_a_place_is_the_smallest_provision_that_holds_the_words(law):
    assert law.places_of(QUOTE.quote) == ["24.1"]
    assert law.places_of("没有这样的字") == []


# The pages ------------------------------------------------------------------------------------------------------


def test_a_reworded_provision_suspends_exactly_its_questions_and_draws_them_no_more(as_he, bank):
    touched = set(
        db.session.scalars(
            select(Citation.revision_id).where(Citation.article == "24", Citation.quote.contains("协商受理"))
        )
    )
    come_into_force(REWORDED)
    assert suspended() == touched
    assert touched
    assert not touched & {entry.revision_id for entry in pool([bank], "daily")}
    page = as_he.page(ADDRESS)
    assert f"{len(touched)}题引用的条文有改动" in page.text
    listed = set(re.findall(r"XF-\d{3}-\d\d", page.follow("查看待复核的试题").text))
    codes = db.session.scalars(
        select(Question.code)
        .join(Revision, Revision.question_id == Question.id)
        .where(Revision.id.in_(touched))
    )
    assert listed == set(codes)


def test_a_reworded_provision_is_shown_then_and_now_with_the_change_marked(as_he, bank):
    come_into_force(REWORDED)
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01")
    assert "第二十四条第一款：新旧条文对照" in page.text
    assert "2022年5月1日起施行（试题引用）" in page.text
    assert "2026年5月1日起施行（现行）" in page.text
    assert "已不在现行条文中，需要重新引用" in page.text
    left, put = (re.findall(rf"<{tag}>.*?</span>(.*?)<span", page.html) for tag in ("del", "ins"))
    assert "协商" in "".join(left)
    assert "最先收到" in "".join(put)
    page = page.follow("按现行条文编辑")
    assert "依据已改为" not in page.text
    assert "由所涉及的机关、单位协商受理" in page.form("保存为草稿").values["citations"]


def test_a_question_whose_article_moved_is_suspended_and_offered_its_new_place(as_he, as_zhou, bank):
    touched = citing("24", "25")
    come_into_force(exchanged())
    assert suspended() == touched
    page = as_he.page(f"{ADDRESS}/questions/XF-024-01")
    assert "已不在原处，现见于第二十五条第一款，一字未改" in page.text
    assert page.follow("查看全文").text.count("由所涉及的机关、单位协商受理")  # of the edition that it cites
    page = page.follow("按现行条文编辑")
    assert "第二十四条第一款改为第二十五条第一款" in page.text
    assert page.form("保存为草稿").values["citations"].strip().startswith("第二十五条第一款 “由所涉及")
    page = page.press("保存为草稿")
    assert "第1版引用的条文有改动" in page.text
    assert "现见于第二十五条第一款" in page.follow("查看新旧条文对照").text
    page = page.press("提交审核")
    as_zhou.page(f"{ADDRESS}/questions/XF-024-01").press("审核通过")
    statuses = db.session.scalars(
        select(Revision.status).join(Question).where(Question.code == "XF-024-01").order_by(Revision.number)
    )
    assert list(statuses) == ["retired", "published"]


def test_a_provision_that_is_no_more_is_told_so(as_he, bank):
    """第二十四条 loses its second paragraph."""
    gone = "应当对信访事项作出处理的机关、单位分立、合并、撤销的"
    come_into_force(re.sub(rf"{gone}[^\n]*\n\n", "", TEXT))
    row = db.session.scalars(
        select(Question.code)
        .join(Revision, Revision.question_id == Question.id)
        .join(Citation)
        .where(Citation.anchor == "24.2", Revision.status == "suspended")
        .limit(1)
    ).one()
    assert "现行条文没有第二十四条第二款" in as_he.page(f"{ADDRESS}/questions/{row}").text


def test_a_question_that_still_stands_shows_no_comparison(as_he, bank):
    edition = come_into_force(REWORDED)
    assert law(edition).quote_stands("24.1", "由最先收到的机关、单位受理")
    assert "新旧条文对照" not in as_he.page(f"{ADDRESS}/questions/XF-001-01").text
