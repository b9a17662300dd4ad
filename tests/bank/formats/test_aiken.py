"""Aiken as Moodle, Chamilo and people write it; what its few lines cannot say is told."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.bank.drafts import Draft
from quizapp.bank.formats import aiken
from quizapp.errors import Refused
from tests.bank.formats.damage import assert_reading_is_linear, damaged, sentences
from tests.bank.formats.strategies import drafts, kept

PAPER = """信访事项由所涉及的机关、单位（ ）受理。
A) 共同
B) 协商
ANSWER: B

信访人可以采用的形式
有哪些？
A. 走访
B. 书信
C. 围堵
ANSWER: A, B

受理有争议的，由其共同的上一级机关、单位决定受理机关。
A. 正确
B. 错误
ANSWER: A
"""


def one(text: str) -> Draft:
    [draft] = aiken.read(text.encode(), "题.txt").drafts
    return draft


def test_a_paper_is_read_with_all_that_it_says():
    reading = aiken.read(PAPER.encode(), "题.txt")
    single, multiple, judge = reading.drafts
    assert (single.kind, single.key, single.options) == ("single", "B", ["共同", "协商"])
    assert single.stem == "信访事项由所涉及的机关、单位（　　）受理。"
    assert (multiple.kind, multiple.key, multiple.any_number) == ("multiple", "AB", False)
    assert multiple.stem == "信访人可以采用的形式\n有哪些？"
    assert (judge.kind, judge.key, judge.options) == ("judge", "A", ["正确", "错误"])
    assert [(draft.line, draft.source) for draft in reading.drafts] == [
        (1, "题.txt"),
        (6, "题.txt"),
        (13, "题.txt"),
    ]
    assert reading.all_problems() == []


@pytest.mark.parametrize(
    "option", ["A. 子", "A) 子", "A.子", "A）子", "A．子", "A、子", "a. 子", "(A) 子", "\tA. 子"]
)
def test_an_option_may_be_marked_in_many_ways(option):
    assert one(f"题？\n{option}\nB. 丑\nANSWER: B").options == ["子", "丑"]


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ("ANSWER: B", "B"),
        ("ANSWER:B", "B"),
        ("ANSWER: b", "B"),
        ("Answer： B.", "B"),
        ("ANSWER: (B)", "B"),
        ("ANSWER: B)", "B"),
        ("ANSWER: A, C", "AC"),
        ("ANSWERS: A,C", "AC"),
        ("ANSWER: AC", "AC"),
        ("ANSWER: C、A", "AC"),
        ("答案：AC", "AC"),
    ],
)
def test_the_answer_may_be_written_in_many_ways(answer, key):
    draft = one(f"题？\nA. 子\nB. 丑\nC. 寅\n{answer}")
    assert (draft.key, draft.kind, draft.problems) == (key, "multiple" if len(key) > 1 else "single", [])


@pytest.mark.parametrize(
    ("options", "answer", "key"),
    [
        (("正确", "错误"), "B", "B"),
        (("错误", "正确"), "A", "B"),
        (("True", "False"), "A", "A"),
        (("对", "错"), "错", "B"),
        (("√", "×"), "B", "B"),
        (("False", "True"), "TRUE", "A"),
    ],
)
def test_two_options_right_and_wrong_are_a_judgement(options, answer, key):
    draft = one(f"题。\nA. {options[0]}\nB. {options[1]}\nANSWER: {answer}")
    assert (draft.kind, draft.options, draft.key) == ("judge", ["正确", "错误"], key)
    assert draft.problems == []


def test_the_lines_that_chamilo_adds_are_read_or_told():
    draft = one(
        "题？\nA. 子\nB. 丑\nANSWER: A\nANSWER_EXPLANATION: 第二条。\nDESCRIPTION: 说明\nTAGS: 甲, 乙\nSCORE: 2\n"
    )
    assert (draft.explanation, draft.tags) == ("第二条。", ["甲", "乙"])
    assert [(problem.line, problem.column, problem.severity) for problem in draft.problems] == [
        (6, "DESCRIPTION", "warning"),
        (8, "SCORE", "warning"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("题？\nA. 子\nB. 丑\n", 1, "答案", "没有以“ANSWER:”开头的答案行"),
        ("题？\nA. 子\nB. 丑\nANSWER: 丙\n", 4, "答案", "“丙”不能识别"),
        ("题？\nA. 子\nB. 丑\nANSWER:\n", 4, "答案", "不能识别"),
        ("题？\nA. 子\nC. 丑\nANSWER: A\n", 3, "选项C", "应当是选项B"),
        ("题？\nA. 子\nA. 丑\nANSWER: A\n", 3, "选项A", "应当是选项B"),
        ("A. 子\n题？\nA. 子\nB. 丑\nANSWER: A\n", 1, "未识别的文字", "前面没有题干"),
        ("ANSWER: A\n题？\nA. 子\nB. 丑\nANSWER: A\n", 1, "未识别的文字", "前面没有题干"),
        ("题？\nA. 子\nB. 丑\nANSWER: A\nANSWER: B\n", 5, "未识别的文字", "前面没有题干"),
        ("题？\nA. 子\nB. 丑\nANSWER: A\nC. 寅\n", 5, "未识别的文字", "前面没有题干"),
        ("题？\nA. 子\n接着\nB. 丑\nANSWER: A\n", 3, "选项A", "续行"),
        ("说明\n\n题？\nA. 子\nB. 丑\nANSWER: A\n", 1, "答案", "没有以“ANSWER:”"),
    ],
)
def test_a_line_that_does_not_fit_is_told_with_its_number(text, line, column, words):
    problems = aiken.read(text.encode(), "题.txt").all_problems()
    assert [(p.line, p.column) for p in problems if words in p.message] == [(line, column)], problems


def test_a_question_after_one_without_answer_is_a_question_of_its_own():
    first, second = aiken.read("甲？\nA. 子\nB. 丑\n\n乙？\nA. 子\nB. 丑\nANSWER: B\n".encode(), "题").drafts
    assert (first.stem, first.key, second.stem, second.key) == ("甲？", "", "乙？", "B")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_every_encoding_of_chinese_offices_is_read(encoding):
    assert len(aiken.read(PAPER.replace("\n", "\r\n").encode(encoding), "题.txt").drafts) == 3


@given(st.lists(drafts(), max_size=3))
@settings(max_examples=80)
def test_what_is_written_is_read_back_without_loss_of_what_the_format_carries(questions):
    again = aiken.read(aiken.write(questions, "标题"), "题")
    assert [kept(draft, aiken.CARRIES) for draft in again.drafts] == [
        kept(d, aiken.CARRIES) for d in questions
    ]
    assert again.all_problems() == []


@pytest.mark.parametrize(
    "stem", ["A. 甲", "(B) 乙", "ANSWER: C", "答案：甲", "解析：乙", "甲\n\nA. 乙\n丙", "SCORE: 2"]
)
def test_a_stem_that_looks_like_another_line_stays_a_stem(stem):
    question = Draft("single", stem, ["A. 子", "ANSWER: B", "一\n二"], "C")
    assert [kept(d, aiken.CARRIES) for d in aiken.read(aiken.write([question] * 2), "题").drafts] == [
        kept(question, aiken.CARRIES)
    ] * 2


def test_what_is_written_has_a_line_for_the_stem_and_each_option():
    several = Draft("multiple", "第一行\n第二行？", ["子", "丑"], "AB", "解析", difficulty=5)
    judge = replace(several, kind="judge", stem="甲。", options=["正确", "错误"], key="B")
    assert aiken.write([several, judge], "标题").decode() == (
        "第一行 \u2028第二行？\nA. 子\nB. 丑\nANSWER: A, B\n\n甲。\nA. 正确\nB. 错误\nANSWER: B\n"
    )


@given(
    st.sampled_from(["utf-8", "gb18030", "utf-16"]).flatmap(
        lambda encoding: damaged(PAPER.encode(encoding), (b"A. ", b"\n\n", b"ANSWER:", b"\r"))
    )
)
@settings(max_examples=200)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(data):
    assert all(sentence.endswith("。") for sentence in sentences(aiken.read, data))


@pytest.mark.parametrize(
    "piece", ["A", ".", " ", "A. 子\n", "\n", "甲\n", "甲", "ANSWER:", "ANSWER: A\n", "("]
)
@pytest.mark.parametrize("before", ["", "题？\n", "题？\nA. 子\n", "题？\nANSWER: "])
def test_reading_grows_with_the_length_alone(before, piece):
    assert_reading_is_linear(aiken.read, before, piece)


def test_a_refused_file_says_so():
    with pytest.raises(Refused) as refused:
        aiken.read(b"\0\1\2" * 9, "题.txt")
    assert (refused.value.code, refused.value.status) == ("file_encoding", 422)


def test_an_empty_file_holds_no_questions():
    assert aiken.read(b"", "题.txt").drafts == []
