from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.regulations.citing import Law
from quizapp.regulations.structure import read
from tests.linear import assert_linear

HEAD = "试验规定\n施行日期：2024-01-01\n"


def anchors(text: str) -> list[str]:
    return [provision.anchor for provision in read(text).provisions]


def codes(text: str) -> list[str]:
    return [doubt.code for doubt in read(text).doubts]


def test_the_regulation_is_understood_without_a_doubt(parsed):
    assert parsed.title == "信访工作条例"
    assert parsed.doubts == []
    assert parsed.facts["制定机关"] == "中共中央、国务院"
    assert (parsed.published_on, parsed.effective_on) == (date(2022, 2, 25), date(2022, 5, 1))


def test_all_fifty_articles_stand_in_their_order(parsed):
    articles = [p.number for p in parsed.provisions if p.kind == "article"]
    assert articles == [str(number) for number in range(1, 51)]
    assert all(p.text for p in parsed.provisions if p.kind == "article")


@pytest.mark.parametrize(
    ("number", "heading", "first", "last"),
    [
        ("1", "总则", "1", "6"),
        ("2", "信访工作体制", "7", "16"),
        ("3", "信访事项的提出和受理", "17", "26"),
        ("4", "信访事项的办理", "27", "37"),
        ("5", "监督和追责", "38", "47"),
        ("6", "附则", "48", "50"),
    ],
)
def test_each_chapter_has_its_articles(law, number, heading, first, last):
    chapter = law.chapter(number)
    assert (chapter.heading, chapter.articles[0], chapter.articles[-1]) == (heading, first, last)


def test_no_word_of_the_source_is_lost(text, parsed):
    body = text[text.index("## 第一章") :]
    kept = "".join(p.text for p in parsed.provisions if p.kind == "article").replace("\n", "")
    articles = [line for line in body.splitlines() if line and not line.startswith("#")]
    assert kept == "".join(articles)


def test_a_text_after_a_list_is_the_next_paragraph(law):
    assert law.words("14.2").startswith("各级党委和政府信访部门以外的其他机关、单位")
    assert law.words("14.1.7") == "（七）承担本级党委和政府交办的其他事项。"


def test_the_structure_is_read_from_the_words_not_from_the_marks(text, parsed):
    bare = "\n".join(line.lstrip("# ") for line in text.splitlines())
    glued = bare.replace("条\n\n", "条　")
    for other in (bare, glued, text.replace("### ", "# "), text.replace("\n", "\r\n"), "\ufeff" + text):
        assert [(p.kind, p.anchor, p.text) for p in read(other).provisions] == [
            (p.kind, p.anchor, p.text) for p in parsed.provisions
        ]


def test_inserted_articles_parts_sections_and_subitems_have_anchors():
    assert anchors(
        HEAD + "第一编 总则\n第一章 甲\n第一节 乙\n第一条 有下列情形之一的：\n（一）甲：\n1.子；\n2.丑。\n（二）乙。\n"
        "第一条之一 补充。\n第二编 分则\n第一章 丙\n第二条 丁。"
    ) == ["p1", "p1-c1", "p1-c1-s1", "1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2", "1.1.2", "1-1", "1-1.1",
          "p2", "p2-c1", "2", "2.1"]  # fmt: skip


def test_chapters_of_several_parts_have_numbers_of_their_own():
    law = Law(
        "试",
        read(HEAD + "第一编 总则\n第一章 甲\n第一条 甲。\n第二编 分则\n第一章 丙\n第二条 丁。").provisions,
    )
    assert [(c.number, c.in_words, c.part) for c in law.chapters] == [
        ("1-1", "第一章", "第一编　总则"),
        ("2-1", "第一章", "第二编　分则"),
    ]


def test_a_list_of_contents_is_not_taken_for_the_chapters():
    text = HEAD + "目　录\n第一章 总则\n第二章 附则\n第一章　总则\n第一条 甲。\n第二章　附则\n第二条 乙。"
    assert anchors(text) == ["c1", "1", "1.1", "c2", "2", "2.1"]
    assert codes(text) == []


def test_a_heading_may_follow_on_the_next_line():
    edition = read(HEAD + "第一章\n总则\n第一条\n甲。")
    assert edition.provisions[0].heading == "总则"


def test_a_sentence_that_begins_with_an_article_is_a_paragraph():
    assert anchors(HEAD + "第一条 甲。\n第二条\n第一条规定的情形除外。") == ["1", "1.1", "2", "2.1"]


def test_articles_without_chapters_are_understood():
    law = Law("试", read(HEAD + "第一条 甲。\n第二条 乙。").provisions)
    assert [(c.number, c.title, c.articles) for c in law.chapters] == [("", "全文", ("1", "2"))]
    assert law.chapter_of("2") == ""


def test_the_day_is_found_in_the_last_article():
    assert read("试验规定\n第一条 甲。\n第二条 本规定自2023年7月1日起施行。").effective_on == date(2023, 7, 1)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("第一条 甲。\n第三条 丙。", "missing"),
        ("第二条 乙。", "missing"),
        ("第一条 甲。\n第一条之二 乙。", "missing"),
        ("第一条 甲。\n第一条 乙。", "doubled"),
        ("第一条 甲。\n第二条\n第三条 丙。", "empty"),
        ("第二条 甲。\n第一条 乙。", "order"),
        ("第一章 总则\n第二章 附则\n第一条 甲。", "empty"),
        ("第一条 下列：\n（一）甲；\n（三）丙。", "order"),
        ("第一章 总则\n多出来的话\n第一条 甲。", "unread"),
        ("什么也没有", "no_article"),
    ],
)
def test_what_looks_wrong_is_a_doubt(body, code):
    assert code in codes(HEAD + body)


def test_a_doubt_names_its_line():
    doubt = next(d for d in read(HEAD + "第一条 甲。\n第三条 丙。").doubts if d.code == "missing")
    assert doubt.line == 4
    assert doubt.sentence == "第一条之后是第三条，缺少第二条。"


@pytest.mark.parametrize(
    "body", ["第一条 甲。\n第一条 乙。", "第一条 列：\n（一）甲；\n（一）乙。", "没有条文"]
)
def test_a_text_that_cannot_be_stored_has_a_serious_doubt(body):
    assert any(doubt.serious for doubt in read(HEAD + body).doubts)


LINES = st.sampled_from(
    ["第一条", "第二条 乙。", "第三条之一", "（一）甲；", "（二）乙。", "1.子", "第一章 总则", "第一节", "第二编 分则",
     "目录", "一句话。", "# 第四条", "", "施行日期：2024-01-01", "第九百九十九条", "（十）", "第〇条"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(LINES | st.text(max_size=12), max_size=30))
def test_no_text_breaks_the_reader_and_anchors_are_unique_without_a_serious_doubt(lines):
    edition = read("\n".join(lines))
    if not any(doubt.serious for doubt in edition.doubts):
        all_anchors = [p.anchor for p in edition.provisions]
        assert len(all_anchors) == len(set(all_anchors))
        law = Law(edition.title, edition.provisions)
        assert all(law.words(anchor) or anchor for anchor in law.anchors)


@pytest.mark.parametrize(
    "line", ["第" * 100_000, "（" * 100_000, "第一" * 50_000, "　" * 100_000 + "甲", "一" * 100_000]
)
def test_a_hostile_line_takes_no_longer_than_its_length(line):
    assert_linear(lambda size: HEAD + "第一条 甲。\n" + line[:size], read, len(line) // 10)
