"""Everything that is wrong with a set of questions, each with its line; and what may be published."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.bank.checking import check, unpublishable
from quizapp.bank.drafts import CitationDraft, content_hash, tidied
from quizapp.bank.profile import profile
from tests.bank.conftest import QUOTE, drafts, shipped_law


def found(draft, law):
    [checked] = check([draft], {"": law})
    return [(p.column, p.severity, p.message) for p in checked.problems]


def test_nothing_is_wrong_with_a_good_question(draft, law):
    assert found(draft(), law) == []


@pytest.mark.parametrize(
    ("other", "column", "severity", "words"),
    [
        ({"kind": ""}, "题型", "error", "没有题型"),
        ({"stem": ""}, "题干", "error", "没有题干"),
        ({"stem": "由所涉及的机关、单位受理"}, "题干", "warning", "没有填空的位置"),
        ({"stem": "甲（　　）" * 401}, "题干", "error", "最多2000字"),
        ({"options": ["共同受理"], "key": "A"}, "选项", "error", "有1个选项"),
        ({"options": [f"第{n}种" for n in range(9)]}, "选项", "error", "有9个选项"),
        ({"options": ["共同受理", "", "分别受理"]}, "选项B", "error", "是空的"),
        ({"options": ["共同受理", "协商受理", "协商受理。"]}, "选项", "error", "选项B、C相同"),
        ({"options": ["长" * 501, "协商受理"]}, "选项A", "error", "最多500字"),
        ({"key": ""}, "答案", "error", "没有答案"),
        ({"key": "D"}, "答案", "error", "D不在选项之内"),
        ({"key": "AB"}, "答案", "error", "单选题有2个答案"),
        ({"kind": "multiple"}, "答案", "error", "只有一个答案"),
        ({"explanation": ""}, "解析", "note", "没有解析"),
        ({"explanation": "机关单位应当受理。"}, "用语", "warning", "机关、单位"),
        ({"difficulty": 6}, "难度", "error", "1至5"),
        ({"uses": ()}, "用途", "error", "没有用途"),
        ({"code": "../../etc"}, "编号", "error", "编号"),
        ({"code": "X" * 41}, "编号", "error", "40"),
        ({"citations": []}, "依据", "note", "不能发布"),
        ({"citations": [replace(QUOTE, quote="")]}, "依据", "note", "没有引用第二十四条第一款的原文"),
        ({"citations": [replace(QUOTE, quote="共同受理")]}, "依据", "error", "不一致"),
        ({"citations": [replace(QUOTE, words="第二十四条第二款")]}, "依据", "error", "在第二十四条第一款"),
        ({"citations": [replace(QUOTE, words="第九十九条")]}, "依据", "error", "没有第九十九条"),
        ({"citations": [replace(QUOTE, words="第二十四条第九款")]}, "依据", "error", "没有第二十四条第九款"),
        ({"citations": [replace(QUOTE, regulation="别的条例")]}, "依据", "error", "没有《别的条例》"),
        ({"citations": [CitationDraft(kind="document", source="某书")]}, "依据", "note", "某书"),
    ],
)
def test_each_flaw_is_found(draft, law, other, column, severity, words):
    problems = found(draft(**other), law)
    assert [(c, s) for c, s, message in problems if words in message] == [(column, severity)], problems


def test_one_right_letter_is_legal_where_any_number_is(draft, law):
    assert found(draft(kind="multiple", any_number=True), law) == []


def test_a_stem_that_asks_needs_no_blank(draft, law):
    assert found(draft(stem="由谁受理？"), law) == []


def test_all_flaws_are_told_at_once_with_the_line(draft, law):
    [checked] = check([draft(stem="", key="", explanation="", citations=[])], {"": law})
    assert [p.column for p in checked.problems] == ["题干", "解析", "答案", "依据"]
    assert {p.line for p in checked.problems} == {7}
    assert checked.verdict == "error"


def test_a_code_twice_and_a_question_twice_are_errors_and_an_equal_stem_is_a_warning(draft, law):
    first, other = draft(), draft(options=["甲", "乙"], key="A", code="LX-02", line=20)
    again = draft(options=["分别受理", "共同受理", "协商受理"], key="C", code="LX-01", line=30)
    one, two, three = check([first, other, again], {"": law})
    assert one.problems == []
    assert [(p.column, p.severity) for p in two.problems] == [("题干", "warning")]
    assert [(p.column, p.severity, "第7行" in p.message) for p in three.problems] == [
        ("编号", "error", True),
        ("题干", "error", True),
    ]


def test_without_a_law_the_quotes_are_not_judged(draft):
    [checked] = check([draft(citations=[replace(QUOTE, quote="随便")])], None)
    assert checked.problems == []


@given(st.lists(drafts(), max_size=4))
def test_any_questions_can_be_checked_and_counted(questions):
    laws = {"": shipped_law()}
    assert len(check(questions, laws)) == len(questions)
    counts = profile(questions, laws)
    assert sum(counts.kinds.values()) == counts.total == len(questions)


@pytest.mark.parametrize(
    ("citations", "reason", "words"),
    [
        ([QUOTE], "", ""),
        ([], "", "没有依据"),
        ([], "理由", "没有依据"),
        ([CitationDraft(kind="none")], "", "写明理由"),
        ([CitationDraft(kind="none")], "常识题", ""),
        ([CitationDraft(kind="document", source="某书", quote="原话")], "", ""),
        ([CitationDraft(kind="document", source="某书")], "", "没有引用某书"),
        ([QUOTE, replace(QUOTE, quote="共同受理")], "", "不一致"),
        ([replace(QUOTE, quote="")], "", "不能发布"),
        ([replace(QUOTE, words="第九十九条")], "理由", "没有第九十九条"),
    ],
)
def test_only_what_quotes_the_law_verbatim_may_be_published(law, citations, reason, words):
    sentence = unpublishable(citations, {"": law}, reason=reason)
    assert (words in sentence) if words else sentence == ""


@given(drafts(), drafts())
def test_equal_words_have_equal_hashes_and_others_have_others(one, two):
    assert content_hash(tidied(one)) == content_hash(one)
    same = replace(one, code="", line=0, problems=[]) == replace(two, code="", line=0, problems=[])
    assert (content_hash(one) == content_hash(two)) == same


def test_the_figures_of_a_set(draft, law):
    judge = draft(kind="judge", options=["正确", "错误"], key="A", code="J1", citations=[QUOTE, QUOTE])
    long = draft(options=["短", "这一个选项最长"], key="B", difficulty=5, uses=("mock",), code="L1")
    counts = profile([draft(), judge, long], {"": law})
    assert counts.kinds == {"single": 2, "multiple": 0, "judge": 1}
    assert (counts.articles["24"], len(counts.articles), len(counts.uncovered)) == (3, 50, 49)
    assert (counts.positions, counts.longest, counts.judge_right) == ({"B": 2}, 1, 1)
    assert counts.uses == {"daily": 2, "mock": 1, "exam": 2}
    assert counts.difficulties == {1: 0, 2: 0, 3: 2, 4: 0, 5: 1}


def test_a_problem_names_the_line_of_what_is_wrong_in_a_file():
    from quizapp.bank.formats import markdown

    text = (
        "## 单选题\n1. 由所涉及的机关、单位（　　）。\nA. 协商受理\nB. 共同受理\n答案：E\n"
        "依据：第二十四条第一款 “由所涉及的机关、单位协商受理”\n依据：第二十四条第二款 “协商受理”\n"
        "解析：见条文。\n编号：T-1\n"
    )
    drafts = check(markdown.read(text, "a.md").drafts, {"": shipped_law()})
    lines = {(problem.column, problem.line) for problem in drafts[0].problems if problem.severity == "error"}
    assert lines == {("答案", 5), ("依据", 7)}
