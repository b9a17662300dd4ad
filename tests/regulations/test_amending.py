"""What a new edition changes, and what storing it will do."""

import pytest

from quizapp.regulations.amending import changes
from quizapp.regulations.citing import Law
from quizapp.regulations.importing import (
    Said,
    confirmed,
    freeze,
    freeze_text,
    proposed,
    slug_for,
    thaw,
    thaw_text,
)
from quizapp.regulations.structure import Doubt, read

HEAD = "试验规定\n施行日期：2024-01-01\n"


def law(body: str) -> Law:
    return Law("试验规定", read(HEAD + body).provisions)


BEFORE = law("第一条 甲。\n第二条 乙：\n（一）子；\n（二）丑。\n第三条 丙。\n第四条 丁。")


def test_articles_are_changed_added_removed_moved_or_the_same():
    now = law("第一条 甲。\n第二条 乙：\n（一）子；\n（二）寅。\n第二条之一 新。\n第三条 丁。")
    found = changes(BEFORE, now)
    assert (found.changed, found.added, found.removed) == (["第二条"], ["第二条之一"], ["第三条"])
    assert found.moved == [("第四条", "第三条")]
    assert found.same == 1
    assert not found.nothing


def test_an_article_that_is_gone_is_told():
    found = changes(BEFORE, law("第一条 甲。\n第二条 乙：\n（一）子；\n（二）丑。\n第三条 丙。"))
    assert (found.removed, found.same, found.moved) == (["第四条"], 3, [])


def test_the_same_words_are_no_change():
    assert changes(BEFORE, BEFORE).nothing


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("信访工作条例", "xinfang-gongzuo-tiaoli"),
        ("中华人民共和国行政复议法", "xingzheng-fuyi-fa"),
        ("中国共产党纪律处分条例", "jilv-chufen-tiaoli"),
        ("试验办法（试行）", "shiyan-banfa"),
        ("！", ""),
    ],
)
def test_an_address_is_proposed_from_the_name(title, slug):
    assert slug_for(title) == slug
    assert len(slug_for(title * 20)) <= 60


def test_what_a_person_says_goes_before_the_text_and_settles_what_it_lacks():
    parsed = read("试验规定\n制定机关：甲机关\n第一条 甲。")
    assert [doubt.code for doubt in parsed.doubts] == ["no_day"]
    said = thaw(freeze(Said("试验规定", "shiyan", "乙机关", "", None, proposed(read(HEAD), "").effective_on)))
    edition = confirmed(parsed, said)
    assert edition.doubts == []
    assert edition.facts == {"制定机关": "乙机关", "施行日期": "2024-01-01"}
    assert thaw_text(freeze_text("甲", [Doubt("table", "有表格。", 3)])) == (
        "甲",
        [Doubt("table", "有表格。", 3)],
    )
