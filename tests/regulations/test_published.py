"""Random regulations published in random ways come back as they were; shapes of real publications, one by one."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quizapp.regulations.structure import read
from tests.linear import assert_linear
from tests.regulations.published import nodes, publish, styles, trees, understood

HEAD = "试验规定\n施行日期：2024-01-01\n"


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(trees(), styles)
def test_any_tree_in_any_style_comes_back_equal(tree, style):
    edition = read(publish(tree, style))
    assert understood(edition) == nodes(tree)
    assert edition.title == "试验工作条例"
    assert edition.effective_on == date(2024, 3, 1)
    assert not any(doubt.serious for doubt in edition.doubts)


def codes(text: str) -> list[str]:
    return sorted({doubt.code for doubt in read(text).doubts})


def tree(text: str) -> list[tuple[str, str]]:
    return [(one.anchor, one.heading or one.text) for one in read(text).provisions if one.kind != "article"]


PLAIN = [("c1", "总则"), ("1.1", "为了做好工作，制定本规定。"), ("2.1", "本规定所称单位，包括："),
         ("2.1.1", "机关；"), ("2.1.2", "团体。"), ("2.2", "其他组织参照执行。")]  # fmt: skip
AIM, LIST = (
    "为了做好工作，制定本规定。",
    "本规定所称单位，包括：\n（一）机关；\n（二）团体。\n其他组织参照执行。",
)
USUAL = "第一章 总则\n第一条 @1\n第二条 @2"  # @1 and @2: the words of the articles


def other_marks(**marks: str) -> str:
    """The usual text with other brackets or numerals, by their names."""
    text = USUAL.replace("@1", AIM).replace("@2", LIST)
    for before, now in (mark.split("=") for mark in marks.values()):
        text = text.replace(before, now)
    return text


SHAPES = {
    "words on the heading's line": USUAL,
    "words below the heading": "第一章 总则\n第一条\n@1\n第二条\n@2",
    "full-width blanks and spaced headings": "第一章　　总　则\n　　第一条　@1\n　　第二条　@2",
    "blanks inside the numbers": "第 一 章 总则\n第 一 条 @1\n第 二 条 @2",
    "Arabic figures": "第1章 总则\n第1条 @1\n第2条 @2",
    "full-width figures": "第１章 总则\n第１条 @1\n第２条 @2",  # noqa: RUF001
    "half-width brackets": other_marks(left="（=(", right="）=)"),
    "ringed numerals": other_marks(one="（一）=㈠", two="（二）=㈡"),
    "marks of Markdown of any depth": "#### 第一章 总则\n\n# 第一条\n\n@1\n\n## 第二条\n\n"
    + LIST.replace("（", "- （"),
    "bold numbers and escapes": "**第一章 总则**\n\n**第一条** @1\n\n**第二条** "
    + LIST.replace("（", "\\(").replace("）", "\\)"),
    "quoted, with blanks of the web": "> 第一章&nbsp;总则\n> 第一条&emsp;@1\n> 第二条&nbsp;@2",
    "a list of contents": f"目录\n第一章 总则\n\n{USUAL}",
    "contents with dots and pages": f"目　录\n第一章　总　则……………………1\n\n{USUAL}",
    "the heading on a line of its own": "第一章\n总　则\n第一条 @1\n第二条 @2",
    "lines broken in print": "第一章 总则\n第一条 为了做好工作，\n制定本规定。\n第二条 本规定所称单\n位，包括：\n"
    "（一）机\n关；\n（二）团体。\n其他组织参照\n执行。",
    "broken at the end of a page": "第一章 总则\n第一条 为了做好工作，\n\n- 1 -\n试验规定\n\n制定本规定。\n第二条 @2",
    "numbers and headers of pages": "第一章 总则\n第1页 共2页\n第一条 @1\n— 2 —\n第二条 @2\n3",
    "a signature at the end": f"{USUAL}\n试验机关\n2024年1月1日",
    "an annex at the end": f"{USUAL}\n附件1：登记表\n第一条 不是条文。",
    "what a web page adds": f"{USUAL}\n【打印】\n责任编辑：某某",
    "a colon behind the number": "第一章 总则\n第一条：@1\n第二条：@2",
    "no blank behind the number": "第一章总则\n第一条@1\n第二条@2",
    "a table in Markdown": "第一章 总则\n第一条 @1\n| 甲 | 乙 |\n|---|---|\n第二条 @2",
}


def shaped(shape: str) -> str:
    return HEAD + SHAPES[shape].replace("@1", AIM).replace("@2", LIST)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_shape_of_a_publication_is_the_same_tree(shape, newline):
    text = shaped(shape).replace("\n", newline)
    assert tree(text) == PLAIN
    assert not any(doubt.serious for doubt in read(text).doubts)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ("words on the heading's line", []),
        ("contents with dots and pages", []),
        ("lines broken in print", ["joined"]),
        ("broken at the end of a page", ["joined", "noise"]),
        ("numbers and headers of pages", ["noise"]),
        ("a signature at the end", ["ending"]),
        ("an annex at the end", ["annex"]),
        ("what a web page adds", ["noise"]),
        ("no blank behind the number", ["glued"]),
        ("a table in Markdown", ["table"]),
    ],
)
def test_what_was_left_out_or_guessed_is_told(shape, expected):
    assert codes(shaped(shape)) == expected


def test_a_full_line_that_ends_a_sentence_goes_on_where_the_next_is_not_indented():
    lines = ["　　第一条　机关单位应当依法受理群众提出的事项并", "及时答复信访人提出的意见。工作人员应当依法按程",
             "序办理。各级机关单位应当各负其责不得推诿扯皮。", "办理情况应当记录在案并且按照规定期限进行归档保",
             "存。", "　　第二款从这里开始。"]  # fmt: skip
    assert [anchor for anchor, _ in tree(HEAD + "\n".join(lines))] == ["1.1", "1.2"]
    flush = "\n".join(line.strip("　") for line in lines)
    assert [anchor for anchor, _ in tree(HEAD + flush)] == ["1.1", "1.2", "1.3"]
    assert "paragraph" in codes(HEAD + flush)


ORDER = """中华人民共和国国务院令
第431号
《试验条例》已经2005年1月5日国务院第76次常务会议通过，现予公布，自2005年5月1日起施行。
总理　某某
二○○五年一月十日
试 验 条 例
第一条 甲。
"""
NOTES = {
    "（2005年1月5日国务院第76次常务会议通过　2005年1月10日中华人民共和国国务院令第431号公布　自2005年5月1日起施行）":
        ("国务院", "2005年1月5日国务院第76次常务会议通过", date(2005, 1, 10), date(2005, 5, 1)),
    "（2022年1月24日中共中央批准　2022年2月25日中共中央、国务院发布　自2022年5月1日起施行）":
        ("中共中央、国务院", "2022年1月24日中共中央批准", date(2022, 2, 25), date(2022, 5, 1)),
    "（1999年4月29日第九届全国人民代表大会常务委员会第九次会议通过\n"
    "根据2009年8月27日《关于修改部分法律的决定》第一次修正\n"
    "根据2017年9月1日《关于修改〈试验法〉的决定》第二次修正　自1999年10月1日起施行）":
        ("全国人民代表大会常务委员会", "1999年4月29日第九届全国人民代表大会常务委员会第九次会议通过",
         date(2017, 9, 1), date(1999, 10, 1)),
    "二〇二三年六月一日试验省人民政府公布\n二〇二三年七月一日起施行":
        ("试验省人民政府", "", date(2023, 6, 1), date(2023, 7, 1)),
}  # fmt: skip


@pytest.mark.parametrize("note", NOTES)
def test_the_note_below_the_name_says_who_passed_it_and_when(note):
    edition = read(f"试验条例\n{note}\n第一条 甲。")
    facts = edition.facts
    said = (facts.get("制定机关", ""), facts.get("审议批准", ""), edition.published_on, edition.effective_on)
    assert said == NOTES[note]
    assert edition.doubts == []
    assert facts["题注"]


def test_what_is_stated_goes_before_what_the_note_says():
    edition = read(
        "试验条例\n（2022年2月25日甲机关公布　自2022年5月1日起施行）\n"
        "施行日期：2022-06-01\n制定机关：乙机关\n第一条 甲。"
    )
    assert (edition.facts["制定机关"], edition.effective_on) == ("乙机关", date(2022, 6, 1))


def test_an_order_of_promulgation_is_told_and_knows_the_days():
    edition = read(ORDER)
    assert (edition.title, edition.effective_on) == ("试验条例", date(2005, 5, 1))
    assert edition.facts["制定机关"] == "国务院"
    assert edition.published_on == date(2005, 1, 10)  # the day of the order, not of the meeting
    assert [(doubt.code, doubt.line) for doubt in edition.doubts] == [("before", 1)]


def test_a_letter_that_carries_the_text_is_not_its_name():
    letter = "试验办公厅关于印发《试验办法（试行）》的通知\n各单位：\n现印发给你们，请执行。\n2024年1月2日\n"
    text = "《试验办法（试行）》\n第一条 自2024年2月1日起施行。"
    assert read(letter + text).title == "试验办法（试行）"


@pytest.mark.parametrize(
    ("above", "title"),
    [
        ("关于加强试验工作的\n若干规定", "关于加强试验工作的若干规定"),
        ("青石县试验工作\n管理办法\n(试行)", "青石县试验工作管理办法(试行)"),
        ("青石县人民政府\n试验办法", "试验办法"),
        ("附件\n试验办法", "试验办法"),
        ("政策法规\n试验办法", "试验办法"),
        ("县长　某某\n试验办法", "试验办法"),
        ("青石县\n\n试验办法", "试验办法"),
    ],
)
def test_the_upper_half_of_a_name_belongs_to_it_and_other_lines_do_not(above, title):
    edition = read(f"{above}\n施行日期：2024-01-01\n第一条 甲。")
    assert edition.title == title
    assert [doubt.code for doubt in edition.doubts] == (["before"] if title == "试验办法" else ["name"])


@pytest.mark.parametrize(
    "name", ["中华人民共和国\n试验法", "中国共产党\n试验条例", "试　验　条　例", "《试验条例》"]
)
def test_a_name_over_two_lines_spaced_or_in_brackets_is_one(name):
    assert read(f"{name}\n第一条 自2024年1月1日起施行。").title == name.replace("\n", "").replace(
        "　", ""
    ).strip("《》")


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ("第一章 甲\n第一条 甲。\n第三章 乙\n第二条 乙。", "chapters", "第一章之后是第三章"),
        ("第二章 甲\n第一条 甲。", "chapters", "最前面的是第二章"),
        ("第一章 甲\n第一节 子\n第一条 甲。\n第三节 丑\n第二条 乙。", "chapters", "第一节之后是第三节"),
        (
            "目录\n第一章 甲\n第二章 乙\n第三章 丙\n第一章 甲\n第一条 甲。\n第二章 乙\n第二条 乙。",
            "contents",
            "目录列有第三章",
        ),
        (
            "目录\n第一章 甲\n第二章 乙\n第一章 甲\n第一条 甲。\n第二章 丙丙\n第二条 乙。",
            "contents",
            "标题与目录不同",
        ),
        ("前面的话不知道是什么。\n第一条 甲。", "unread", "未识别"),
        ("第一章 甲\n这里没有条号。\n第一条 甲。", "unread", "未识别"),
        ("第一条 甲。第二条 乙。\n第三条 丙。", "several", "第一条中似有第二条"),
        ("第一条 有：\n1.甲；\n2.乙。", "level", "不在项下"),
        (
            "\n".join(f"第{n}条 {'长' * 2500 if n == 3 else '短'}。" for n in range(1, 6)),
            "long",
            "第三条有2501字",
        ),
    ],
)
def test_what_looks_wrong_in_the_whole_is_a_doubt_with_its_words(body, code, words):
    found = [doubt for doubt in read(HEAD + body).doubts if doubt.code == code]
    assert len(found) >= 1
    assert words in found[0].sentence
    assert not found[0].serious


def test_chapters_that_count_on_or_begin_again_below_another_part_are_no_doubt():
    for second in ("第一章", "第二章"):
        text = f"第一编 甲\n第一章 子\n第一条 甲。\n第二编 乙\n{second} 丑\n第二条 乙。"
        assert codes(HEAD + text) == []


def test_a_sentence_about_articles_is_no_article():
    text = "第一条 甲。\n第二条 依照本规定\n第三条、第四条的规定办理的，从其规定。\n第三条规定的情形除外。\n第三条 丙。"
    assert tree(HEAD + text) == [
        ("1.1", "甲。"),
        ("2.1", "依照本规定第三条、第四条的规定办理的，从其规定。"),
        ("2.2", "第三条规定的情形除外。"),
        ("3.1", "丙。"),
    ]


PIECES = st.sampled_from(
    [
        "第一条",
        "第二条 乙。",
        "第三条之一",
        "（一）甲；",
        "㈡乙",
        "1.子",
        "第一章 总则",
        "第二分编",
        "目录",
        "附件：",
    ]
    + [
        "一句话。",
        "没有完的话",
        "（2022年1月1日公布",
        "施行日期：2024-01-01",
        "— 3 —",
        "|甲|",
        "第十条【目的】",
    ]
    + ["&nbsp;", "责任编辑：某", "\\", "**"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES | st.text(max_size=15), max_size=40), st.sampled_from(["\n", "\r", "\n\n", " ", ""]))
def test_no_text_whatever_breaks_the_reader(pieces, between):
    edition = read(between.join(pieces))
    assert edition.doubts or edition.provisions
    assert all(doubt.sentence.endswith("。") for doubt in edition.doubts)


@pytest.mark.parametrize(
    "piece",
    [
        "第",
        "（",
        "…",
        "-",
        " ",
        "　",
        "*",
        "目录\n",
        "第一条\n",
        "第一章 甲\n",
        "甲\n",
        "第一条之",
        "\\",
        "&nbsp;",
    ],
)
def test_the_work_grows_with_the_length_of_the_text(piece):
    assert_linear(lambda size: HEAD + "第一条 甲。\n" + piece * size, read, 3000)
