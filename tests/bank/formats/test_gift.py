"""GIFT as Moodle writes it and as people type it: every kind of question, every sign, nothing lost without a word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.drafts import Draft
from quizapp.bank.formats import gift
from quizapp.errors import Refused
from tests.bank.formats.damage import assert_reading_is_linear, damaged, sentences
from tests.bank.formats.strategies import drafts, kept

# Written as Moodle 4 exports a category: comments, names, marks, tabs, escapes, weights, feedback
EXPORTED = r"""// question: 0  name: 切换分类到 $course$/top/信访/受理
$CATEGORY: $course$/top/信访/受理


// question: 44  name: 协商受理
// [id:XF-024-01] [tag:受理] [tag:期限]
::协商受理::[html]<p>涉及两个机关、单位的信访事项，由所涉及的机关、单位（  ）。</p>{
	~<p>共同受理</p>#<p>第二十四条没有这样规定。</p>
	=<p>协商受理</p>#<p>回答正确。</p>
	~<p>上级受理 <b>R\&D</b></p>
	####<p>第二十四条第一款。</p><p>注意“争议”的情形。</p>
}


// question: 45  name: 提出
::信访人可以采用的形式有（::信访人可以采用的形式有（\ ）\:{
	~%33.33333%走访
	~%33.33333%书信
	~%33.33333%电子邮件
	~%-100%围堵
}


// question: 46  name: 争议
::受理有争议的::受理有争议的，由其共同的上一级机关、单位决定。{FALSE#应当看第二十四条。#记得很准####原文是“决定受理机关”。}


"""


def one(text: str) -> Draft:
    [draft] = gift.read(text.encode(), "题.gift").drafts
    return draft


def told(draft: Draft) -> list[tuple[str, str, str]]:
    return [(problem.column, problem.severity, problem.message) for problem in draft.problems]


def test_an_export_of_moodle_is_read_with_all_that_it_says():
    reading = gift.read(EXPORTED.replace(r"\ ", " ").encode(), "导出.gift")
    single, multiple, judge = reading.drafts
    assert (single.kind, single.key, single.code, single.tags) == (
        "single",
        "B",
        "XF-024-01",
        ["受理", "期限"],
    )
    assert single.stem == "涉及两个机关、单位的信访事项，由所涉及的机关、单位（　　）。"
    assert single.options == ["共同受理", "协商受理", r"上级受理 R\&D"]
    assert single.explanation == "第二十四条第一款。\n注意“争议”的情形。\nA：第二十四条没有这样规定。"
    assert (multiple.kind, multiple.any_number, multiple.key) == ("multiple", False, "ABC")
    assert multiple.stem == "信访人可以采用的形式有（　　）:"
    assert (judge.kind, judge.options, judge.key) == ("judge", ["正确", "错误"], "B")
    assert judge.explanation == "原文是“决定受理机关”。\n选正确：应当看第二十四条。\n选错误：记得很准"
    assert [(draft.line, draft.source) for draft in reading.drafts] == [
        (7, "导出.gift"),
        (16, "导出.gift"),
        (25, "导出.gift"),
    ]
    assert all(draft.problems == [] for draft in reading.drafts)


def test_categories_and_names_that_are_not_read_are_told_once():
    reading = gift.read(EXPORTED.encode(), "导出.gift")
    assert [(problem.line, problem.column, problem.severity) for problem in reading.problems] == [
        (2, "分类", "warning"),
        (7, "名称", "warning"),
    ]
    assert "受理" in reading.problems[0].message
    assert "1道题的名称（如“协商受理”）" in reading.problems[1].message


@pytest.mark.parametrize(
    ("text", "kind", "key", "options"),
    [
        ("甲乙？{=子 ~丑}", "single", "A", ["子", "丑"]),
        ("甲乙？{~子~丑=寅}", "single", "C", ["子", "丑", "寅"]),
        ("甲乙？{\n  ~ 子\n  = 丑\n  }", "single", "B", ["子", "丑"]),
        ("甲乙？{~子一\n子二 =丑}", "single", "B", ["子一\n子二", "丑"]),
        ("甲乙？{~%100%子 ~%0%丑}", "multiple", "A", ["子", "丑"]),
        ("甲乙？{~%50%子 ~%50%丑 ~寅}", "multiple", "AB", ["子", "丑", "寅"]),
        ("甲乙？{=子 =丑 ~寅}", "multiple", "AB", ["子", "丑", "寅"]),
        ("甲乙？{~%50%子 =丑}", "single", "B", ["子", "丑"]),
        ("甲乙。{T}", "judge", "A", ["正确", "错误"]),
        ("甲乙。{ TRUE }", "judge", "A", ["正确", "错误"]),
        ("甲乙。{F}", "judge", "B", ["正确", "错误"]),
        ("甲乙。{false}", "judge", "B", ["正确", "错误"]),
        ("甲乙。{错}", "judge", "B", ["正确", "错误"]),
        ("甲乙。{√}", "judge", "A", ["正确", "错误"]),
    ],
)
def test_the_signs_in_the_braces_decide_kind_and_key(text, kind, key, options):
    draft = one(text)
    assert (draft.kind, draft.key, draft.options) == (kind, key, options)
    assert draft.verdict != "error"


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("受理机关由{=协商 ~指定}决定。", "受理机关由（　　）决定。"),
        ("受理机关由{=协商 ~指定}。", "受理机关由（　　）。"),
        ("受理机关由（{=协商 ~指定}）决定。", "受理机关由（　　）决定。"),
        ("[html]<p>受理机关由{=协商 ~指定}决定。</p>", "受理机关由（　　）决定。"),
        ("[html]<p>受理机关由什么决定？{=协商 ~指定}</p>", "受理机关由什么决定？"),
        ("受理机关由____决定。{=协商 ~指定}", "受理机关由（　　）决定。"),
        ("受理机关由上级决定{T}。", "受理机关由上级决定。"),
        ("第一行\n  第二行？{=子 ~丑}", "第一行\n第二行？"),
        ("第一行\r第二行？{=子 ~丑}", "第一行\n第二行？"),
        ("第一行\n// 说明\n第二行？{=子 ~丑}", "第一行\n第二行？"),
        (r"第一行\n第二行？{=子 ~丑}", "第一行\n第二行？"),
        (r"\{\}\=\~\#\: \\ 是什么？{=子 ~丑}", "{}=~#: \\ 是什么？"),
        (r"C\:\\new 是什么？{=子 ~丑}", r"C:\new 是什么？"),
        ("::名称::题？{=子 ~丑}", "题？"),
        ("::没有关上的题？{=子 ~丑}", "::没有关上的题？"),
        ("[plain]a<b>c？{=子 ~丑}", "a<b>c？"),
        ("[markdown]**加重**的*字*？{=子 ~丑}", "加重的字？"),
        ("[moodle]<b>加重</b>\n第二行？{=子 ~丑}", "加重\n第二行？"),
        ("1 < 2 且 3 > 2，R&D？{=子 ~丑}", "1 < 2 且 3 > 2，R&D？"),
        ("1 &lt; 2？{=子 ~丑}", "1 < 2？"),
        ("[方括号]不是标记？{=子 ~丑}", "[方括号]不是标记？"),
    ],
)
def test_the_stem_is_what_moodle_would_show(text, stem):
    draft = one(text)
    assert draft.stem == stem
    assert draft.problems == []


def test_an_answer_may_name_a_kind_of_text_of_its_own():
    draft = one("[plain]题<br>？{=[html]<i>子</i> ~%-50%[markdown]*丑*#[html]<p>不&nbsp;对</p> ~<i>寅</i>}")
    assert draft.options == ["子", "丑", "<i>寅</i>"]
    assert draft.explanation == "B：不 对"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("配对。{=甲 -> 子 =乙 -> 丑}", "匹配题"),
        ("哪一年？{#2022}", "数值题"),
        ("哪一年？{#\n=2022:0\n=%50%2021:1}", "数值题"),
        ("谁？{=甲 =乙}", "简答题"),
        ("谁？{=%100%甲#}", "简答题"),
        ("谁？{A}", "简答题"),
        ("谈谈认识。{}", "论述题"),
        ("谈谈认识。{####参考要点}", "论述题"),
        ("由{1:MULTICHOICE:~甲=乙}决定", "Cloze"),
        ("本卷共三部分。", "说明文字"),
        ("甲？{=子 ~丑", "不成对"),
        ("甲？}{=子 ~丑}", "不成对"),
        ("甲？{T}\n乙？{F}", "空一行"),
    ],
)
def test_a_question_that_cannot_be_read_is_told_and_its_stem_stays(text, words):
    draft = one(f"// 说明\n{text}")
    [(column, severity, message)] = told(draft)
    assert (column, severity, draft.line, draft.kind) == ("题型", "error", 2, "")
    assert words in message
    assert draft.stem


@pytest.mark.parametrize(
    ("text", "column", "severity", "words"),
    [
        ("题？{~%50%子 =丑}", "答案", "warning", "选项A在原题中得部分分"),
        ("题？{=子 =丑 ~寅}", "题型", "warning", "按多选题读入"),
        ("题？{~%100%子 ~丑}", "题型", "warning", "按不定项选择题读入"),
        ("题？{子 =丑 ~寅}", "选项", "error", "“子”前没有"),
        ('[html]<img src\\="a.png">题？{=子 ~丑}', "图片", "warning", "没有读入"),
        ('题？{=<img src\\="a.png"> ~丑}', "图片", "warning", "没有读入"),
    ],
)
def test_what_is_doubtful_is_said(text, column, severity, words):
    [problem] = told(one(text))
    assert problem[:2] == (column, severity)
    assert words in problem[2]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_chinese_offices_is_read(encoding):
    assert len(gift.read(EXPORTED.replace("\n", "\r\n").encode(encoding), "题.gift").drafts) == 3


@given(st.lists(drafts(), max_size=3), st.sampled_from(["", "练习/一"]))
@settings(max_examples=80)
def test_what_is_written_is_read_back_without_loss(questions, title):
    again = gift.read(gift.write(questions, title), "题.gift")
    assert [kept(draft, gift.CARRIES) for draft in again.drafts] == [kept(d, gift.CARRIES) for d in questions]
    told_once = ["题目分类（练习/一）没有读入。"] if title else []
    assert [problem.message for problem in again.all_problems()] == told_once


@pytest.mark.parametrize(
    "option", ["%50%子", "%-1.5%", "[html]<b>子</b>", "[plain]", "<b>子</b>", "&lt;", "-> 丑", "//"]
)
@pytest.mark.parametrize("kind", ["single", "multiple"])
def test_an_option_that_looks_like_a_sign_stays_an_option(option, kind):
    question = Draft(kind, "//题？", [option, f"{option}乙", "丙"], {"single": "C", "multiple": "BC"}[kind])
    [again] = gift.read(gift.write([question]), "题.gift").drafts
    assert (again.stem, again.options, again.key) == (question.stem, question.options, question.key)


def test_what_is_written_is_gift_as_moodle_documents_it():
    single = Draft("single", "甲=乙（　　）", ["子", "丑"], "B", "第一行\n第二行", code="T-1", tags=["受理"])
    several = Draft("multiple", "a<b？", ["子", "丑", "寅"], "AB", difficulty=2)
    judge = Draft("judge", "丙。", ["正确", "错误"], "B", "原文。")
    assert gift.write([single, several, judge], "练习").decode() == (
        "$CATEGORY: $course$/top/练习\n\n"
        "// [id:T-1] [tag:受理]\n::T-1::甲\\=乙（　　）{\n\t~子\n\t=丑\n\t####第一行\\n第二行\n}\n\n"
        "::a<b？::a<b？{\n\t~%50%子\n\t~%50%丑\n\t~%-100%寅\n\t####难度：2\n}\n\n"
        "::丙。::丙。{FALSE####原文。}\n"
    )


def test_a_code_or_tag_that_no_comment_can_hold_rides_in_the_feedback():
    question = Draft("judge", "题。", ["正确", "错误"], "A", "原文。", code="T]1", tags=["[甲]"])
    [again] = gift.read(gift.write([question]), "题.gift").drafts
    assert (again.code, again.tags, again.explanation) == ("T]1", ["[甲]"], "原文。")


@given(
    st.sampled_from(["utf-8", "gb18030", "utf-16"]).flatmap(
        lambda encoding: damaged(EXPORTED.encode(encoding), (b"{", b"}", b"\\", b"####", b"~", b"::"))
    )
)
@settings(max_examples=200)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(data):
    assert all(sentence.endswith("。") for sentence in sentences(gift.read, data))


@given(st.text("::[html]{}=~%50#\\/$ \n甲T", max_size=60))
@settings(max_examples=200)
def test_any_text_is_read_without_an_exception(text):
    for draft in gift.read(text.encode(), "题").drafts:
        assert draft.line >= 1


PIECES = ["{", "\\", "=", "~", "#", ":", "%", "[id:", "[tag:\\]", "&", "甲", "-", "*", "["]
HTML = ["<", "<b ", "</", "<!--", "<!-- >", "<script>", '<a b\\="', "<a b\\='>", "<p>"]


@pytest.mark.parametrize("piece", PIECES + HTML)
@pytest.mark.parametrize(
    ("before", "after"),
    [("", ""), ("题{=", "}"), ("[html]", "{=a ~b}"), ("[markdown]", "{=a ~b}"), ("// ", "\n题{T}")],
)
def test_reading_grows_with_the_length_alone(before, piece, after):
    assert_reading_is_linear(gift.read, before, piece, after)


def test_reading_grows_with_the_number_of_questions_alone():
    assert_reading_is_linear(
        gift.read, "", "// [tag:甲]\n::一::信访事项由谁受理？{=甲#对 ~乙#第二条 ~丙####第三条}\n\n"
    )


def test_a_refused_file_says_so():
    with pytest.raises(Refused) as refused:
        gift.read(b"\0\1\2" * 9, "题.gift")
    assert (refused.value.code, refused.value.status) == ("file_encoding", 422)


def test_an_empty_file_holds_no_questions():
    assert gift.read(b"", "题.gift").drafts == []
    assert gift.read(b"// nothing\n", "x") == gift.read(b"", "y")
