"""Tables of marks from files: what is read, and what is said of what cannot be read."""

import pytest

from quizapp.analysis import tables
from quizapp.errors import Refused

MARKS = "甲,乙,丙\n2,0,\n1.5,3,1\n"


def read(marks, maxima=None, drawn=None):
    return tables.read(marks.encode(), maxima and maxima.encode(), drawn and drawn.encode())


def columns(made):
    return [list(zip(one.rows.tolist(), one.marks.tolist(), strict=True)) for one in made.columns]


def test_marks_are_read_in_tenths_and_an_empty_cell_was_not_met():
    made, told = read(MARKS)
    assert made.ids == ("甲", "乙", "丙")
    assert columns(made) == [[(0, 20), (1, 15)], [(0, 0), (1, 30)], [(1, 10)]]
    assert made.totals.tolist() == [20, 55]
    assert made.maxima.tolist() == [20, 30, 10]
    assert told == [
        "没有给出满分，以每题的最高得分为满分。",
        "“丙”有空白，按没有考到该题处理；缺答应填0分，每人随机抽取的题请用--drawn指明。",
    ]


@pytest.mark.parametrize(
    "maxima", ["甲,乙,丙\n2,3,5\n", "丙,5\n甲,2\n乙,3\n", "题目,满分\n甲,2\n乙,3\n丙,5\n"]
)
def test_full_marks_stand_across_or_down(maxima):
    made, _ = read(MARKS, maxima)
    assert made.maxima.tolist() == [20, 30, 50]


@pytest.mark.parametrize(
    "drawn", ["丙\n", "甲,乙,丙\n0,0,1\n", "丙,1\n", "丙,是\n甲,否\n", "题目,抽取\n丙,1\n乙,0\n"]
)
def test_drawn_items_are_named_in_several_ways(drawn):
    made, told = read(MARKS, "甲,乙,丙\n2,3,5", drawn)
    assert made.drawn.tolist() == [False, False, True]
    assert told == []


def test_names_of_candidates_in_the_first_column_are_left_out():
    made, told = read("姓名,甲,乙\n江映雪,1,2\n罗成,0,1\n", "甲,乙\n1,2\n")
    assert made.ids == ("甲", "乙")
    assert told == ["第1列“姓名”不是成绩，没有读入。"]


def test_files_of_chinese_windows_are_read():
    made, _ = tables.read("甲,乙\r\n1,2\r\n,,\r\n\r\n3,4\r\n".replace(",,", ",").encode("gb18030"))
    assert made.ids == ("甲", "乙")
    assert made.size == 2  # lines without anything are passed over


@pytest.mark.parametrize(
    ("marks", "maxima", "drawn", "said"),
    [
        ("", None, None, "成绩表是空的"),
        ("甲,乙\n", None, None, "只有表头"),
        ("甲,甲\n1,2\n", None, None, "“甲”出现了不止一次"),
        ("甲,,丙\n1,2,3\n", None, None, "第2格是空的"),
        ("1,0,1\n1,1,0\n", None, None, "第一行应为题目名称"),
        ("甲,乙\n1,2\n1\n", None, None, "第3行有1格，表头有2格"),
        ("甲,乙\n1,2\n1,缺\n", None, None, "第3行“乙”列的“缺”不是数字"),
        ("甲,乙\n1,nan\n", None, None, "不是数字"),
        ('甲,乙\n1,"2\n', None, None, "引号不成对"),
        (MARKS, "甲,乙\n2,3\n", None, "没有“丙”"),
        (MARKS, "甲,2\n乙,3\n丁,1\n", None, "“丁”不是成绩表中的题目"),
        (MARKS, "甲,2\n甲,2\n乙,3\n丙,1\n", None, "不止一次"),
        (MARKS, "甲,2\n乙,三\n丙,1\n", None, "“乙”的“三”不是满分"),
        (MARKS, "甲,2\n乙,-3\n丙,1\n", None, "不是满分"),
        (MARKS, "甲,2,3\n乙,3,4\n丙,1,5\n", None, "第1行应为“题目名称,值”"),
        (MARKS, "甲,乙,丙\n1,3,5\n", None, "第2行“甲”列得2分，高于满分1分"),
        (MARKS, None, "丙,也许\n", "“也许”应为1（随机抽取）或0"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(marks, maxima, drawn, said):
    with pytest.raises(Refused) as refused:
        read(marks, maxima, drawn)
    assert said in refused.value.sentence
