"""References as drafters write them, read forwards and backwards; words that a regulation defines."""

import pytest

from quizapp.regulations.citing import Law
from quizapp.regulations.defining import definitions, uses
from quizapp.regulations.quoting import chapter_mentions, mentions
from quizapp.regulations.reading import article_view
from quizapp.regulations.references import references
from quizapp.regulations.structure import read

HEAD = "试验法\n施行日期：2024-01-01\n"
FIRST = "第一条 甲。\n第二条 有下列情形之一的：\n（一）甲；\n（二）乙；\n（三）丙。\n乙。\n第三条 丙。\n"


def law_of(text: str) -> Law:
    parsed = read(HEAD + text)
    return Law(parsed.title, parsed.provisions)


def leading(sentence: str) -> list[tuple[str, str]]:
    """The references of a sentence that stands as the second paragraph of 第四条."""
    law = law_of(f"{FIRST}第四条 有下列行为：\n（一）子；\n（二）丑。\n{sentence}")
    article = law.article("4")
    line = article.lines[-1]
    return [(line.text[r.start : r.end], r.anchor) for r in references(law, article, line)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        (
            "违反本法第二条第一款第一项、第三项规定。",
            [("本法第二条第一款第一项", "2.1.1"), ("第三项", "2.1.3")],
        ),
        ("违反第二条第一款、第二款规定。", [("第二条第一款", "2.1"), ("第二款", "2.2")]),
        ("有前款第二项行为的，处罚。", [("前款第二项", "4.1.2")]),
        ("依照第一款的规定处罚。", [("第一款", "4.1")]),
        ("有第一款第一项、第二项行为的。", [("第一款第一项", "4.1.1"), ("第二项", "4.1.2")]),
        ("依照本条第一款处理。", [("本条第一款", "4.1")]),
        ("前条和前两条的规定。", [("前条", "3"), ("前两条", "2")]),
        ("第一条至第三条的规定。", [("第一条", "1"), ("第三条", "3")]),
        ("依照《刑法》第二条第一款、第二款处理。", []),
        ("依照刑法第二条第一款、第二款处理。", []),
        ("目前款项未付，第九条、第九款不存在。", []),
    ],
)
def test_references_lead_where_a_reader_goes(sentence, found):
    assert leading(sentence) == found


DIVIDED = (
    "第一章 总则\n第一条 甲。\n第二章 管理\n第一节 一般规定\n第二条 乙。\n第二节 特别规定\n第三条 {sentence}\n"
    "第三章 监督\n第四条 丙。\n第四章 附则\n第五条 {outside}"
)


def divided(sentence: str = "丁。", outside: str = "自2024年1月1日起施行。") -> Law:
    return law_of(DIVIDED.format(sentence=sentence, outside=outside))


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("依照本法第三章的规定。", [("本法第三章", "c3")]),
        ("依照第二章第一节的规定。", [("第二章第一节", "c2-s1")]),
        ("依照《试验法》第三章处理。", [("《试验法》第三章", "c3")]),
        ("适用第一章、第三章和第四章。", [("第一章", "c1"), ("第三章", "c3"), ("第四章", "c4")]),
        ("适用第一章至第三章。", [("第一章", "c1"), ("第三章", "c3")]),
        ("适用第二章第一节、第二节。", [("第二章第一节", "c2-s1"), ("第二节", "c2-s2")]),
        ("适用本章第一节和本节的规定。", [("本章", "c2"), ("第一节", "c2-s1"), ("本节", "c2-s2")]),
        ("依照第三章第四条的规定。", [("第三章", "c3"), ("第四条", "4")]),
        ("本法第三章第四条另有规定的。", [("本法第三章", "c3"), ("第四条", "4")]),
        ("依照刑法第三章和《民法典》第一章第一条处理。", []),
        ("刑法第三章第四条、第九章、第二章第七节、本章程。", []),
        ("《宪法》第三章第一节和第五条。", [("第五条", "5")]),
    ],
)
def test_whole_chapters_and_sections_are_named(sentence, found):
    law = divided(sentence)
    line = law.article("3").lines[0]
    assert [(line.text[r.start : r.end], r.anchor) for r in references(law, law.article("3"), line)] == found


@pytest.mark.parametrize(
    ("sentence", "anchors"),
    [("第一编第一章", ["p1-c1"]), ("第一章", ["p2-c1"]), ("第二章", ["p1-c2"]), ("第二编第二章", [])],
)
def test_a_chapter_of_another_part_says_so_unless_there_is_no_other(sentence, anchors):
    law = law_of(
        "第一编 总则\n第一章 甲\n第一条 甲。\n第二章 乙\n第二条 乙。\n第二编 物权\n第一章 丙\n"
        f"第三条 依照{sentence}处理。"
    )
    article = law.article("3")
    assert [r.anchor for r in references(law, article, article.lines[0])] == anchors


def test_a_chapter_knows_who_names_it_from_outside():
    law = divided("适用第一章至第三章和本章第一节。", "第二章第二节的规定适用。")
    named = {c.number: [(m.anchor, m.words, m.names) for m in chapter_mentions(law, c)] for c in law.chapters}
    assert named == {
        "1": [("3.1", "第一章", "c1")],
        "2": [("3.1", "第一节", "c2-s1"), ("5.1", "第二章第二节", "c2-s2")],
        "3": [("3.1", "第三章", "c3")],
        "4": [],
    }


def test_an_article_knows_who_names_it(law):
    named = {number: [(m.anchor, m.words, m.names) for m in found] for number, found in mentions(law).items()}
    assert named == {
        "31": [("34.1", "本条例第三十一条第六项", "31.1.6"), ("36.2", "本条例第三十一条第六项", "31.1.6")],
        "20": [("47.1", "本条例第二十条", "20")],
        "26": [("47.1", "第二十六条", "26")],
    }


def test_whoever_lies_between_two_named_articles_is_named_too():
    found = mentions(law_of(f"{FIRST}第四条 第一条至第三条的规定。"))
    assert {number for number in found if found[number]} == {"1", "2", "3"}


TERMS = (
    "第一条 本法所称用人单位，是指甲。\n第二条 有下列情形的单位（以下简称单位）：\n（一）网络数据是指网络上的数据。\n"
    "采用前款规定的公民，称劳动者。\n第三条 用人单位和劳动者使用网络数据，劳动者同意。\n第四条 可称为奇迹，号称第一。"
)


def test_defined_words_are_found_in_every_usual_form(law):
    assert [(d.word, d.anchor) for d in definitions(law)] == [("信访人", "17.2")]
    assert [(d.word, d.anchor) for d in definitions(law_of(TERMS))] == [
        ("用人单位", "1.1"),
        ("单位", "2.1"),
        ("网络数据", "2.1.1"),
        ("劳动者", "2.2"),
    ]


def test_the_first_use_in_an_article_leads_to_the_meaning_and_the_longer_word_counts():
    law = law_of(TERMS)
    lines = law.article("3").lines
    text = lines[0].text
    found = [(text[use.start : use.end], use.anchor) for use in uses(law, lines)["3.1"]]
    assert sorted(found) == [("劳动者", "2.2"), ("用人单位", "1.1"), ("网络数据", "2.1.1")]


def test_defined_words_are_ways_only_where_the_page_asks_for_them(law):
    def ways(**how):
        return [r.text for line in article_view(law, "35", **how).lines for r in line.runs if r.defined]

    assert ways() == []
    assert ways(with_words=True) == ["信访人"]
    assert not any(r.defined for line in article_view(law, "17", with_words=True).lines for r in line.runs)
