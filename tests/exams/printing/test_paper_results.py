"""A spreadsheet of a sitting on paper: whom each row is about, what he answered, and every problem at once."""

import pytest

from quizapp import spreadsheets
from quizapp.errors import Refused
from quizapp.exams.printing import paper_results, results_sheet
from quizapp.exams.printing.paper_results import Sitter, asked_of, read
from quizapp.people import accounts
from quizapp.spreadsheets import Row
from tests.exams.printing.conftest import many, paper, question

JIANG_NUMBER, LUO_NUMBER, LI_NUMBER = (
    payload + accounts.check_digit(payload) for payload in ("1234567", "2345678", "3456789")
)
JIANG = Sitter(1, "江晓", JIANG_NUMBER, "1001", "13800000001", "县信访局")
LUO = Sitter(2, "罗·阿依", LUO_NUMBER, "", "13800000002", "县信访局")
LI = Sitter(3, "李明", LI_NUMBER, "1003", "", "云岭镇", expected=False)
ROLL = (JIANG, LUO, LI)
FORMS = {"A卷": asked_of(paper(*many(2, 1, 1))), "B卷": asked_of(paper(*many(2, 1, 1)))}
GOOD = "B、D、AC、√"
HEADER = ("学法账号", "姓名", "单位", "卷别", "作答")


def rows(*lines: tuple[str, ...], header: tuple[str, ...] = HEADER) -> list[Row]:
    return [Row(number, list(cells)) for number, cells in enumerate((header, *lines), 1)]


def said(reading: paper_results.Reading) -> list[tuple[int, str, str]]:
    return [(problem.row, problem.column, problem.message) for problem in reading.problems]


def test_a_row_becomes_the_sheet_of_a_candidate():
    reading = read(
        rows((JIANG.account, "江晓", "", "B", GOOD), (LUO.account, "", "", "1", "BD(AC)√")), ROLL, FORMS
    )
    assert not reading.problems
    first, second = reading.results
    assert (first.sitter, first.form, first.sheet, first.row) == (JIANG, "B卷", "B.D.AC.A", 2)
    assert (second.sitter, second.form, second.answers) == (LUO, "A卷", ("B", "D", "AC", "A"))
    assert reading.summary == "读到2人的答卷，0人没有作答"


@pytest.mark.parametrize("text", ["A", "a", "Ａ卷", "试卷A", "A 卷", "1", "（A）"])
def test_a_form_is_named_in_many_ways(text):
    reading = read(rows((JIANG.account, "", "", text, GOOD)), ROLL, FORMS)
    assert [result.form for result in reading.results] == ["A卷"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (("工号", "作答", "卷型"), ("1001", GOOD, "A")),
        (("手机", "答案", "试卷"), ("１３８０００００００１", GOOD, "A")),
        (("姓名", "作答", "卷别"), ("江　晓", GOOD, "A")),
        (("准考证号", "考生姓名", "作答", "卷别"), (JIANG.account, "江晓", GOOD, "A")),
    ],
)
def test_a_person_is_found_by_any_number_or_a_name_that_only_one_has(header, cells):
    assert [result.sitter for result in read(rows(cells, header=header), ROLL, FORMS).results] == [JIANG]


@pytest.mark.parametrize(
    ("cells", "column", "message"),
    [
        (
            ("99999999", "", "", "A", GOOD),
            "学法账号",
            "考生名单中没有学法账号99999999（校验位不符，可能有错字）",
        ),
        ((JIANG.account, "罗明", "", "A", GOOD), "姓名", f"姓名不符，学法账号{JIANG.account}的考生是“江晓”"),
        (("", "", "", "A", GOOD), "学法账号", "没有填写学法账号，也没有填写姓名"),
        (("", "何某", "", "A", GOOD), "姓名", "考生名单中没有“何某”"),
        ((JIANG.account, "", "", "C", GOOD), "卷别", "没有卷别“C”，应为A卷、B卷"),
        ((JIANG.account, "", "", "", GOOD), "卷别", "没有填写卷别，应为A卷、B卷"),
        ((JIANG.account, "", "", "A", "B、D"), "作答", "共4题，只有2个答案"),
        ((JIANG.account, "", "", "A", "B、E、AC、√"), "作答", "第2题没有选项“E”"),
        ((LI.account, "", "", "A", GOOD), "姓名", "李明已免考或缓考，不能录入答卷"),
    ],
)
def test_what_is_wrong_is_said_with_row_and_column(cells, column, message):
    reading = read(rows(cells), ROLL, FORMS)
    assert said(reading) == [(2, column, message)]
    assert not reading.results


def test_all_problems_come_at_once():
    lines = (
        ("99999999", "", "", "C", GOOD),
        (JIANG.account, "", "", "A", "B"),
        (LUO.account, "", "", "A", GOOD),
    )
    reading = read(rows(*lines), ROLL, FORMS)
    assert [(row, column) for row, column, _ in said(reading)] == [(2, "学法账号"), (2, "卷别"), (3, "作答")]
    assert len(reading.results) == 1
    assert reading.summary == "读到1人的答卷，0人没有作答，3处问题"


def test_a_person_stands_in_one_row_only():
    reading = read(rows((JIANG.account, "", "", "A", GOOD), ("", "江晓", "", "B", GOOD)), ROLL, FORMS)
    assert said(reading) == [(3, "姓名", "江晓与第2行重复，请删除其中一行")]


def test_numbers_of_two_people_are_not_one():
    header = ("学法账号", "手机号", "卷别", "作答")
    reading = read(rows((JIANG.account, LUO.phone, "A", GOOD), header=header), ROLL, FORMS)
    assert said(reading) == [(2, "手机号", "学法账号属于江晓，手机号属于罗·阿依，请核对")]


def test_namesakes_are_told_apart_by_their_unit_or_not_at_all():
    other = Sitter(9, "江晓", "87654321", unit="云岭镇")
    told = read(rows(("", "江晓", "云岭镇", "A", GOOD)), (*ROLL, other), FORMS)
    assert [result.sitter for result in told.results] == [other]
    doubt = read(rows(("", "江晓", "", "A", GOOD)), (*ROLL, other), FORMS)
    assert said(doubt) == [(2, "姓名", "有2名考生叫“江晓”，请填写学法账号")]


@pytest.mark.parametrize("answers", ["", "缺考"])
def test_a_row_without_answers_is_a_person_who_did_not_sit(answers):
    reading = read(rows((JIANG.account, "江晓", "", "", answers), (LI.account, "", "", "", "")), ROLL, FORMS)
    assert not reading.results
    assert not reading.problems
    assert reading.absent == [JIANG, LI]


def test_the_only_form_needs_no_name():
    forms = {"": FORMS["A卷"]}
    assert read(rows((JIANG.account, "", "", "", GOOD)), ROLL, forms).results[0].form == ""
    assert said(read(rows((JIANG.account, "", "", "B", GOOD)), ROLL, forms)) == [(2, "卷别", "没有卷别“B”")]


@pytest.mark.parametrize(
    ("answers", "sheet", "message"),
    [
        ("AB、D、AC、√", "AB.D.AC.A", "第1题只能选一项，填了多项，将按答错计分，请核对"),
        ("B、D、C、√", "B.D.C.A", "第3题是多选题，只填了一项，请核对"),
    ],
)
def test_what_looks_like_a_slip_is_read_and_pointed_out(answers, sheet, message):
    reading = read(rows((JIANG.account, "", "", "A", answers)), ROLL, FORMS)
    assert reading.results[0].sheet == sheet
    assert [(warning.row, warning.column, warning.message) for warning in reading.warnings] == [
        (2, "作答", message)
    ]


def test_one_letter_is_nothing_unusual_where_any_number_may_be_right():
    form = asked_of(paper(question(1, "multiple", any_number=True)))
    assert not read(rows((JIANG.account, "", "", "", "C")), ROLL, {"": form}).warnings


def test_a_number_that_a_spreadsheet_program_rounded_is_not_believed():
    damaged = [Row(1, list(HEADER)), Row(2, ["12345678", "", "", "A", GOOD], (0,))]
    assert "已被表格软件改动" in said(read(damaged, ROLL, FORMS))[0][2]


def test_a_sheet_without_header_or_people_is_refused():
    with pytest.raises(Refused) as refused:
        read(rows(("江晓",), header=("姓名",)), ROLL, FORMS)
    assert "作答" in refused.value.sentence
    with pytest.raises(Refused):
        read(rows((GOOD,), header=("作答",)), ROLL, FORMS)
    assert said(read(rows(), ROLL, FORMS)) == [(0, "", "表中没有人员")]


def test_the_template_comes_back_filled_in():
    """Candidates stand in it, those who are exempt do not; untouched it says that nobody sat."""
    written = results_sheet.template(ROLL, tuple(FORMS))
    back = spreadsheets.read(written, "答卷.xlsx")
    reading = read(back, ROLL, FORMS)
    assert reading.absent == [JIANG, LUO]
    assert not reading.problems
    back[1].cells[3:5] = ["A", GOOD]
    assert [result.sitter for result in read(back, ROLL, FORMS).results] == [JIANG]


def test_the_examples_in_the_template_are_read_as_it_says():
    words = " ".join(text for _, text in results_sheet._EXPLAINED)
    assert "BDACB ADCAB (AC)(ABD) √×√×√" in words
    form = asked_of(paper(*many(10, 2, 5)))
    reading = read(rows((JIANG.account, "", "", "", "BDACB ADCAB (AC)(ABD) √×√×√")), ROLL, {"": form})
    assert reading.results[0].sheet == "B.D.A.C.B.A.D.C.A.B.AC.ABD.A.B.A.B.A"
