"""Moodle XML as Moodle and its many imitators write it; nothing hostile, nothing lost without a word."""

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.drafts import CitationDraft, Draft
from quizapp.bank.formats import moodle_xml
from quizapp.errors import Refused
from tests.bank.formats.damage import assert_reading_is_linear, damaged, sentences
from tests.bank.formats.strategies import drafts, kept

EXPORTED = """<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category">
    <category><text>$course$/top/信访/受理</text></category>
    <info format="moodle_auto_format"><text></text></info>
    <idnumber></idnumber>
  </question>

<!-- question: 44  -->
  <question type="multichoice">
    <name><text>涉及两个机关、单位的</text></name>
    <questiontext format="html">
      <text><![CDATA[<p dir="ltr">涉及两个机关、单位的信访事项，由其<b>（&nbsp; ）</b>。</p>]]></text>
    </questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>第二十四条。</p><p>注意“争议”。</p>]]></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade>
    <penalty>0.3333333</penalty>
    <hidden>0</hidden>
    <idnumber>XF-024-01</idnumber>
    <single>true</single>
    <shuffleanswers>true</shuffleanswers>
    <answernumbering>ABCD</answernumbering>
    <showstandardinstruction>0</showstandardinstruction>
    <correctfeedback format="html"><text>回答正确。</text></correctfeedback>
    <partiallycorrectfeedback format="html"><text>部分正确。</text></partiallycorrectfeedback>
    <incorrectfeedback format="html"><text>再读第二十四条。</text></incorrectfeedback>
    <shownumcorrect/>
    <answer fraction="0" format="html">
      <text><![CDATA[<p>共同受理</p>]]></text>
      <feedback format="html"><text><![CDATA[<p>条文没有这样规定。</p>]]></text></feedback>
    </answer>
    <answer fraction="100" format="html">
      <text><![CDATA[<p>协商受理</p>]]></text>
      <feedback format="html"><text>正确</text></feedback>
    </answer>
    <hint format="html"><text>看第三章</text></hint>
    <tags><tag><text>受理</text></tag><tag><text>期限</text></tag></tags>
  </question>

  <question type="multichoice">
    <name><text>题2</text></name>
    <questiontext format="moodle_auto_format"><text>信访人可以采用的形式有
A&amp;B（）：</text></questiontext>
    <defaultgrade>2</defaultgrade>
    <single>false</single>
    <answer fraction="50"><text>走访</text></answer>
    <answer fraction="-100"><text>围堵</text></answer>
    <answer fraction="50"><text>书信</text><feedback></feedback></answer>
  </question>

  <question type="truefalse">
    <name><text></text></name>
    <questiontext format="plain_text"><text>由上一级机关、单位决定&lt;受理&gt;。</text></questiontext>
    <generalfeedback format="markdown"><text>**原文**没有这样规定。</text></generalfeedback>
    <answer fraction="0"><text>true</text><feedback><text>看第二条</text></feedback></answer>
    <answer fraction="100"><text>false</text><feedback><text>记得准</text></feedback></answer>
  </question>
</quiz>
"""


def quiz(inner: str, kind: str = "multichoice") -> bytes:
    return f'<quiz><question type="{kind}">{inner}</question></quiz>'.encode()


def one(inner: str, kind: str = "multichoice") -> Draft:
    [draft] = moodle_xml.read(quiz(inner, kind), "题.xml").drafts
    return draft


STEM = "<questiontext><text>题？</text></questiontext>"
TWO = '<answer fraction="100"><text>子</text></answer><answer fraction="0"><text>丑</text></answer>'


def test_an_export_of_moodle_is_read_with_all_that_it_says():
    single, multiple, judge = moodle_xml.read(EXPORTED.encode(), "导出.xml").drafts
    assert (single.kind, single.key, single.code, single.tags) == (
        "single",
        "B",
        "XF-024-01",
        ["受理", "期限"],
    )
    assert (single.stem, single.options) == (
        "涉及两个机关、单位的信访事项，由其（　　）。",
        ["共同受理", "协商受理"],
    )
    assert single.explanation == (
        "第二十四条。\n注意“争议”。\nA：条文没有这样规定。\n答错时：再读第二十四条。\n提示：看第三章"
    )
    assert (multiple.kind, multiple.key, multiple.options) == ("multiple", "AC", ["走访", "围堵", "书信"])
    assert multiple.stem == "信访人可以采用的形式有\nA&B（　　）："
    assert (judge.kind, judge.key, judge.options) == ("judge", "B", ["正确", "错误"])
    assert judge.stem == "由上一级机关、单位决定<受理>。"
    assert judge.explanation == "原文没有这样规定。\n选正确：看第二条\n选错误：记得准"
    assert [(d.line, d.source, d.problems) for d in (single, multiple, judge)] == [
        (1, "导出.xml", []),
        (2, "导出.xml", []),
        (3, "导出.xml", []),
    ]


def test_what_the_bank_has_no_place_for_is_told_once():
    problems = moodle_xml.read(EXPORTED.encode(), "导出.xml").problems
    assert [(problem.line, problem.column, problem.severity) for problem in problems] == [
        (1, "分类", "warning"),
        (2, "名称", "warning"),
        (2, "分值", "warning"),
    ]


@pytest.mark.parametrize(
    ("inner", "kind", "key"),
    [
        (TWO, "single", "A"),
        (f"<single>1</single>{TWO}", "single", "A"),
        (
            '<answer fraction="50"><text>子</text></answer><answer fraction="50"><text>丑</text></answer>',
            "multiple",
            "AB",
        ),
        (
            '<single>0</single><answer fraction="33,3"><text>子</text></answer>'
            '<answer fraction="33.333"><text>丑</text></answer><answer><text>寅</text></answer>',
            "multiple",
            "AB",
        ),
    ],
)
def test_fractions_and_single_decide_kind_and_key(inner, kind, key):
    draft = one(STEM + inner)
    assert (draft.kind, draft.key, draft.problems) == (kind, key, [])


def test_the_all_or_nothing_kind_of_a_known_plugin_is_a_multiple_choice():
    draft = one(STEM + TWO + '<answer fraction="100"><text>寅</text></answer>', "multichoiceset")
    assert (draft.kind, draft.key) == ("multiple", "AC")


@pytest.mark.parametrize(
    ("inner", "column", "severity", "words"),
    [
        (f"<single>false</single>{TWO}", "题型", "warning", "按不定项选择题读入"),
        (TWO + '<answer fraction="50"><text>寅</text></answer>', "答案", "warning", "选项C在原题中得部分分"),
        (
            '<single>true</single><answer fraction="50"><text>子</text></answer>',
            "答案",
            "error",
            "没有得满分",
        ),
        (TWO + '<answer fraction="满"><text>寅</text></answer>', "答案", "error", "不是数"),
        (TWO + "<extra>话</extra>", "未识别的内容", "warning", "extra"),
        (TWO + "<image>a.png</image>", "图片", "warning", "没有读入"),
        (
            TWO + "<generalfeedback><text>&lt;img src='a'></text></generalfeedback>",
            "图片",
            "warning",
            "没有读入",
        ),
        (
            TWO.replace("</text>", '</text><file name="a.png" encoding="base64">AA==</file>', 1),
            "图片",
            "warning",
            "没有",
        ),
        ('<answer fraction="100"><text>子</text></answer>' * 30, "选项", "error", "第26个以后"),
    ],
)
def test_what_is_doubtful_is_said(inner, column, severity, words):
    [problem] = one(STEM + inner).problems
    assert (problem.line, problem.column, problem.severity) == (1, column, severity)
    assert words in problem.message


def test_an_embedded_picture_of_the_stem_is_told_and_not_kept():
    stem = "<text>&lt;p>题&lt;img src='@@PLUGINFILE@@/a.png'>？&lt;/p></text><file name='a.png'>QUJD</file>"
    draft = one(f"<questiontext format='html'>{stem}</questiontext>{TWO}")
    assert (draft.stem, [problem.column for problem in draft.problems]) == ("题？", ["图片"])


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("essay", "论述题"),
        ("shortanswer", "简答题"),
        ("numerical", "数值题"),
        ("matching", "匹配题"),
        ("cloze", "Cloze"),
        ("description", "说明文字"),
        ("coderunner", "“coderunner”类题目"),
        ("", "系统只有"),
    ],
)
def test_a_question_of_another_kind_is_told_and_its_stem_stays(kind, words):
    draft = one(STEM + TWO, kind)
    [problem] = draft.problems
    assert (draft.stem, draft.kind, problem.column, problem.severity) == ("题？", "", "题型", "error")
    assert words in problem.message


def test_a_judgement_with_other_words_is_told():
    draft = one(
        STEM + '<answer fraction="100"><text>对</text></answer><answer><text>maybe</text></answer>',
        "truefalse",
    )
    assert draft.key == "A"
    assert [(p.column, "maybe" in p.message) for p in draft.problems] == [("答案", True)]


@pytest.mark.parametrize(
    "inner",
    [
        "<questiontext>题？</questiontext>",
        "<questiontext><text><p>题<b>？</b></p></text></questiontext>",
        "<questiontext format='html'><text>&lt;p&gt;题？&lt;/p&gt;\n</text></questiontext>",
        "<questiontext format='html'><text>&lt;p title='5>题？&lt;!-- 注 --></text></questiontext>",
        "<questiontext format='html'><text>题&#x200b;？</text></questiontext>",
        "<q:questiontext xmlns:q='urn:q'><q:text>题？</q:text></q:questiontext>",
    ],
)
def test_imitators_are_understood(inner):
    assert one(inner + TWO).stem.removeprefix("<p title='5>") == "题？"


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("GB2312", "gb18030"),
        ("GBK", "gb18030"),
        ("utf-16", "utf-16"),
        ("UTF-8", "gb18030"),
    ],
)
def test_every_encoding_of_chinese_offices_is_read(declared, encoding):
    data = f"\n{EXPORTED.replace('UTF-8', declared)}".encode(encoding)
    assert len(moodle_xml.read(data, "题.xml").drafts) == 3


def test_what_is_no_question_is_told_once():
    [problem] = moodle_xml.read(b"<quiz><a/><b/><a/></quiz>", "x").problems
    assert (problem.column, "“a、b”" in problem.message) == ("未识别的内容", True)


def test_signs_that_xml_forbids_do_not_spoil_the_file():
    assert one("<questiontext><text>题\x0b？\x01</text></questiontext>" + TWO).stem == "题？"


@given(st.lists(drafts(), max_size=3), st.sampled_from(["", "练习/一"]))
@settings(max_examples=80)
def test_what_is_written_is_read_back_without_loss(questions, title):
    again = moodle_xml.read(moodle_xml.write(questions, title), "题.xml")
    carries = moodle_xml.CARRIES
    assert [kept(draft, carries) for draft in again.drafts] == [kept(draft, carries) for draft in questions]
    assert [problem.column for problem in again.all_problems()] == (["分类"] if title else [])


@pytest.mark.parametrize(
    "text", ["甲  乙\n\n 丙   丁", "<b>甲</b>", "&lt;甲&amp;", "]]>", "甲\ufffe乙", "　　甲"]
)
def test_blanks_and_signs_come_back_as_they_were(text):
    question = Draft(
        "single", f"题{text}", [f"一{text}", "二"], "A", f"解{text}", citations=[CitationDraft(kind="none")]
    )
    [again] = moodle_xml.read(moodle_xml.write([question]), "题.xml").drafts
    assert (again.stem, again.options[0], again.explanation) == tuple(
        f"{first}{text}".replace("\ufffe", "") for first in "题一解"
    )
    assert again.citations == question.citations


def test_what_is_written_has_moodles_own_elements():
    several = Draft("multiple", "题？", ["子", "丑", "寅"], "AB", "原文。", 2, code="T-1", tags=["受理"])
    root = fromstring(moodle_xml.write([several], "练习"))
    category, question = root
    assert category.findtext("category/text") == "$course$/top/练习"
    assert question.get("type") == "multichoice"
    assert question.findtext("questiontext/text") == "<p>题？</p>"
    assert question.findtext("generalfeedback/text") == "<p>原文。</p><p>难度：2</p>"
    assert (question.findtext("idnumber"), question.findtext("single")) == ("T-1", "false")
    assert [answer.get("fraction") for answer in question.findall("answer")] == ["50", "50", "-100"]
    assert [tag.text for tag in question.findall("tags/tag/text")] == ["受理"]


# Hostile and broken files -----------------------------------------------------------------------------------------

BOMB = '<!DOCTYPE quiz [<!ENTITY a "甲"><!ENTITY b "&a;&a;&a;">]><quiz>&b;</quiz>'
OUTSIDE = '<!DOCTYPE quiz [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE, '<!DOCTYPE quiz SYSTEM "http://127.0.0.1/a.dtd"><quiz/>'])
def test_a_document_type_is_refused(text):
    with pytest.raises(Refused) as refused:
        moodle_xml.read(f'<?xml version="1.0"?>{text}'.encode(), "题.xml")
    assert (refused.value.code, refused.value.status) == ("file_dtd", 422)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_broken"),
        (b"<quiz>", "file_broken"),
        (b"<html></html>", "file_kind"),
        (b"\0\1\2" * 9, "file_encoding"),
        (b"PK\x03\x04", "file_broken"),
        (b"<quiz>&a;</quiz>", "file_broken"),
        (EXPORTED.encode() * 2, "file_broken"),
    ],
)
def test_what_is_no_moodle_xml_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        moodle_xml.read(data, "题.xml")
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert "没有保存任何内容。" in refused.value.advice


def test_elements_in_elements_in_elements_are_no_trap():
    deep = "<b>" * 20_000 + "题" + "</b>" * 20_000
    assert one(f"<questiontext><text>{deep}</text></questiontext>{TWO}").stem == "题"


@given(
    st.sampled_from(["utf-8", "gb18030", "utf-16"]).flatmap(
        lambda encoding: damaged(EXPORTED.encode(encoding), (b"<", b"</text>", b"<answer/>", b"]]>", b"&"))
    )
)
@settings(max_examples=200)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(data):
    assert all(sentence.endswith("。") for sentence in sentences(moodle_xml.read, data))


@pytest.mark.parametrize(
    "piece",
    ["甲", "<", "<b ", "</", "<!--", "<!-- >", "<script>", '<a b="', "<a b='>", "&", "<p>", "\n", "-->", "a"],
)
@pytest.mark.parametrize("kind", ["html", "moodle_auto_format", "markdown"])
def test_reading_grows_with_the_length_alone(kind, piece):
    before = f'<quiz><question type="multichoice"><questiontext format="{kind}"><text><![CDATA[甲<b>'
    assert_reading_is_linear(moodle_xml.read, before, piece, "]]></text></questiontext></question></quiz>")


@pytest.mark.parametrize(
    ("before", "piece", "after"),
    [
        ("<quiz>", quiz(STEM + TWO).decode()[6:-7], "</quiz>"),
        ("<quiz>", '<question type="category"><category><text>甲</text></category></question>', "</quiz>"),
        ('<quiz><question type="multichoice">', "<answer><text>甲</text></answer>", "</question></quiz>"),
        ("<quiz>", "<a/>", "</quiz>"),
        ("<quiz>", "<question/>", "</quiz>"),
        ("<quiz>", "<a>", ""),
        (" ", " ", "<quiz/>"),
        ("<?xml ", "<?xml ", "<quiz/>"),
    ],
)
def test_reading_grows_with_the_number_of_elements_alone(before, piece, after):
    assert_reading_is_linear(moodle_xml.read, before, piece, after)
