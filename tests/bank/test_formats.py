"""Each format carries a question without loss, says every line it cannot read, and never raises its own surprise."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from quizapp.bank import formats
from quizapp.bank.drafts import CitationDraft, Draft, tidied
from quizapp.bank.formats import markdown, records, sheet
from quizapp.errors import Refused
from tests.bank.conftest import drafts

PAPER = """# 练习

## 单选题

1. 信访事项由所涉及的机关、单位（ ）。
A. 共同受理
B. 协商受理
答案：B
依据：第二十四条第一款 “由所涉及的机关、单位协商受理”
解析：第一段。

  第二段。
难度：2
编号：LX-01
用途：日常、考试
标签：受理、期限

## 不定项选择题

1. 下列____正确的是____。
A、甲
B、乙
答案：A、 b
依据：文献 《“十四五”规划》第3页 “原话”
依据：暂无依据

## 判断题（每题1分）

1. 受理有争议的，由上一级决定。（  ）
答案：√
"""


def bare(draft: Draft) -> Draft:
    return replace(draft, line=0, source="", problems=[])


# The bank's own format ------------------------------------------------------------------------------------------


def test_a_paper_is_read_with_all_that_it_says():
    single, any_number, judge = markdown.read(PAPER, "练习.md").drafts
    assert bare(single) == Draft(
        "single",
        "信访事项由所涉及的机关、单位（　　）。",
        ["共同受理", "协商受理"],
        "B",
        "第一段。\n\n第二段。",
        2,
        [CitationDraft("第二十四条第一款", "由所涉及的机关、单位协商受理")],
        "LX-01",
        ("daily", "exam"),
        ["受理", "期限"],
    )
    assert (any_number.kind, any_number.any_number, any_number.key) == ("multiple", True, "AB")
    assert any_number.stem == "下列（　　）正确的是（　　）。"
    assert [(c.kind, c.source, c.quote) for c in any_number.citations] == [
        ("document", "《“十四五”规划》第3页", "原话"),
        ("none", "", ""),
    ]
    assert (judge.options, judge.key, judge.difficulty, judge.uses) == (
        ["正确", "错误"],
        "A",
        3,
        ("daily", "exam"),
    )


def test_every_question_knows_its_line_and_file():
    assert [(d.line, d.source) for d in markdown.read(PAPER, "练习.md").drafts] == [
        (5, "练习.md"),
        (20, "练习.md"),
        (29, "练习.md"),
    ]
    assert markdown.read(PAPER, "练习.md").all_problems() == []


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("一段说明\n## 单选题\n1. 题\n", 1, "未识别的文字", "一段说明"),
        ("## 单选题\n1. 题\n这是什么\n", 3, "未识别的文字", "续行"),
        ("## 填空题\n1. 题\n", 1, "题型", "填空题"),
        ("1. 题\nA. 甲\nB. 乙\n", 1, "题型", "没有可识别的题型标题"),
        ("### 单选题\n1. 题\n", 1, "未识别的文字", "###"),
        ("## 单选题\n1. 题\nA. 甲\nC. 丙\n", 4, "选项C", "应当是选项B"),
        ("## 单选题\n1. 题\nA. 甲\nA. 乙\n", 4, "选项A", "重复"),
        ("## 单选题\n1. 题\nA. 甲\n答案：A\nB. 乙\n", 5, "选项B", "答案之前"),
        ("## 单选题\n1. 题\nA. 甲\nB. 乙\n答案：A\n答案：B\n", 6, "答案", "前一处在第5行"),
        ("## 单选题\n1. 题\nA. 甲\nB. 乙\n答案：丙\n", 5, "答案", "选项字母"),
        ("## 判断题\n1. 题\n答案：C\n", 3, "答案", "正确"),
        ("## 判断题\n1. 题\nA. 甲\nB. 乙\n答案：正确\n", 2, "选项", "判断题不写选项"),
        ("## 判断题\n1. 题\n答案：对\n难度：9\n", 4, "难度", "1至5"),
        ("## 判断题\n1. 题\n答案：对\n用途：年度\n", 4, "用途", "年度"),
        ("## 判断题\n1. 题\n答案：对\n依据：信访条例\n", 4, "依据", "不能识别"),
        ("## 判断题\n1. 题\n答案：对\n分值：2\n", 4, "未识别的文字", "分值"),
        ("## 判断题\n1. 甲\n答案：对\n3. 丙\n答案：对\n", 4, "题号", "漏题"),
        ("## 判断题\n1. 甲\n  答案：对\n", 3, "续行", "行首有空格"),
        ("## 判断题\n1. 甲\n  2. 乙\n", 3, "续行", "行首有空格"),
    ],
)
def test_a_line_that_does_not_fit_is_told_with_its_number(text, line, column, words):
    problems = markdown.read(text).all_problems()
    assert [(p.line, p.column) for p in problems if words in p.message] == [(line, column)], problems


@given(st.lists(drafts(), max_size=4))
def test_what_is_written_is_read_back_without_loss(questions):
    again = markdown.read(markdown.write(questions, "标题"))
    assert [bare(draft) for draft in again.drafts] == questions
    assert [p for p in again.all_problems() if p.column != "续行"] == []


@given(st.text(max_size=400))
@example("## 单选题\n1. \n  \nA. \n答案：\n依据：\n难度：\n用途：\n")
def test_any_text_is_read_without_an_exception(text):
    for draft in markdown.read(text).drafts:
        assert draft == tidied(draft)


@given(st.lists(drafts(), min_size=1, max_size=3), st.data())
@settings(max_examples=50)
def test_no_line_of_a_damaged_file_disappears_without_a_word(questions, data):
    """Every line that is not blank is found again in some field or told as a problem."""
    lines = markdown.write(questions).split("\n")
    place = data.draw(st.integers(0, len(lines)))
    lines.insert(place, "这一行没有人认识")
    reading = markdown.read("\n".join(lines))
    told = [p for p in reading.all_problems() if "这一行没有人认识" in p.message]
    assert [p.line for p in told] == [place + 1]


# Sheets and records ---------------------------------------------------------------------------------------------


@given(st.lists(drafts(), min_size=1, max_size=3))
def test_json_carries_a_question_without_loss(questions):
    again = records.read(records.write(questions))
    assert [bare(draft) for draft in again.drafts] == questions
    assert again.all_problems() == []


@given(st.lists(drafts(), min_size=1, max_size=3))
@settings(max_examples=10, deadline=None)  # each one starts a child process
def test_a_sheet_carries_a_question_without_loss(questions):
    again = sheet.read(sheet.write(questions), "题.xlsx")
    assert [bare(draft) for draft in again.drafts] == questions
    assert again.all_problems() == []


def rows(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_a_foreign_header_is_understood_by_its_synonyms():
    data = rows(
        "某单位题库",
        "序号,试题内容,题目类型,A,B,C,正确答案,法条,引文,难易度,试题编号",
        "1,甲（）乙,单选,子,丑,寅,C,第一条,制定本条例,难,T1",
        "2,对不对,判断,,,,√,,,易,T2",
    )
    reading = sheet.read(data, "题.csv")
    single, judge = reading.drafts
    assert (single.stem, single.options, single.key, single.difficulty) == (
        "甲（　　）乙",
        ["子", "丑", "寅"],
        "C",
        5,
    )
    assert single.citations == [CitationDraft("第一条", "制定本条例")]
    assert (judge.kind, judge.key, judge.code, judge.line) == ("judge", "A", "T2", 4)
    [problem] = reading.problems
    assert (problem.line, "A列“序号”" in problem.message, problem.severity) == (2, True, "warning")


@pytest.mark.parametrize(
    ("cell", "options"),
    [
        ("A.甲 B.乙 C.丙", ["甲", "乙", "丙"]),
        ('"A. 甲\nB、乙\nC：丙"', ["甲", "乙", "丙"]),
        ("A.甲；B.乙", ["甲", "乙"]),
        ('"甲\n乙"', ["甲", "乙"]),
    ],
)
def test_options_in_one_cell(cell, options):
    [draft] = sheet.read(rows("题型,题干,选项,答案", f"单选题,甲（）,{cell},A"), "题.csv").drafts
    assert draft.options == options


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("填空题,甲（）,子,丑,A", "题型", "填空题"),
        (",甲（）,子,丑,AB", "题型", "按多选题读入"),
        (",甲,,,对", "题型", "按判断题读入"),
        (",甲,,,丙", "题型", "不能从答案看出"),
        ("单选题,甲（）,,丑,B", "选项", "选项A是空的"),
        ("单选题,甲（）,子,丑,丙", "答案", "不能识别"),
        ("判断题,甲,子,丑,对", "选项", "判断题不填选项"),
    ],
)
def test_a_row_that_does_not_fit_is_told_with_its_number(row, column, words):
    problems = sheet.read(rows("题型,题干,选项A,选项B,答案", row), "题.csv").all_problems()
    assert [(p.line, p.column) for p in problems if words in p.message] == [(2, column)], problems


def test_the_template_reads_back_and_says_how_it_is_filled():
    reading = sheet.read(sheet.template(), "模板.xlsx")
    assert [draft.code for draft in reading.drafts] == ["示例-01", "示例-02"]
    assert reading.all_problems() == []


# The door -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_the_encodings_of_chinese_offices(encoding):
    assert len(formats.read(PAPER.encode(encoding), "题.MD").drafts) == 3


@given(st.binary(max_size=200), st.sampled_from(["a.md", "a.json", "a.csv"]))
def test_any_bytes_are_read_or_refused_with_a_sentence(data, name):
    try:
        said = [p.message for p in formats.read(data, name).all_problems()]
    except Refused as refused:
        said = [refused.sentence]
    assert all(sentence.endswith("。") for sentence in said)


@pytest.mark.parametrize("text", ['{"kind": "single"}', "[1]", "[", '"text"', "[" * 100_000])
def test_json_that_is_no_list_of_questions_is_refused(text):
    with pytest.raises(Refused):
        records.read(text)


def test_a_record_with_the_wrong_types_is_told_and_not_believed():
    text = (
        '[{"kind": "essay", "stem": 5, "answer": ["A"], "options": "AB", "difficulty": "hard", "uses": [1],'
        ' "citations": [{"kind": "rumour"}, 7]}]'
    )
    [draft] = records.read(text).drafts
    assert {p.column for p in draft.problems} == {"题型", "题干", "答案", "难度", "用途", "依据"}
    assert (draft.stem, draft.key, draft.citations, draft.difficulty) == ("", "", [], 3)
