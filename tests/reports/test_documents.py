"""汇总表 and 成绩名册: every format says what the page says, to the last digit, and only to whom it may."""

import io
import re
from dataclasses import replace
from random import Random

import docx
import pypdf
import pytest
from python_calamine import CalamineWorkbook

from quizapp import clock
from quizapp.db import db
from quizapp.people.models import Grant
from quizapp.reports.completion import DEFINITIONS, Counts, UnitRow
from quizapp.reports.documents import files
from quizapp.reports.documents.form import FEET, titled
from quizapp.reports.documents.score_list import Line, score_list
from quizapp.reports.documents.summary import headings, summary
from tests.cast import sign_in

FACTS = (("单位", "青石县"), ("考试时间", "2026年12月11日至2026年12月25日 24:00"), ("数据截止时间", "今天"))
KINDS = ("docx", "xlsx", "pdf")


def bare(text):
    """Without blanks and line breaks, which a PDF puts where its lines end."""
    return re.sub(r"\s", "", text)


def word_rows(data):
    return [[cell.text for cell in row.cells] for row in docx.Document(io.BytesIO(data)).tables[0].rows]


def excel_rows(data, name, count):
    """count: columns. Whole numbers as they are shown."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(name).to_python()
    shown = [[str(int(v)) if isinstance(v, float) else v for v in row[:count]] for row in rows]
    return shown[2:]


def pdf_text(data):
    return bare("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages))


def made(form, name="汇总表"):
    return {kind: files.form_file(form, name, kind) for kind in KINDS}


def same_everywhere(form, name="汇总表"):
    """The three files, after each was compared with the rows of the form, cell by cell."""
    found, wanted = made(form, name), [list(form.headings), *([str(v) for v in row] for row in form.rows)]
    assert word_rows(found["docx"]) == wanted
    assert excel_rows(found["xlsx"], name, len(form.headings))[: len(wanted)] == wanted
    text = pdf_text(found["pdf"])
    for row in wanted[1:]:
        assert bare("".join(row)) in text, row
    return found


def counts(chance):
    expected = chance.randrange(1, 60)
    submitted = chance.randrange(expected + 1)
    passed = chance.randrange(submitted + 1)
    points = sum(chance.randrange(1001) for _ in range(submitted))
    excellent = chance.randrange(passed + 1)
    return Counts(expected + 3, 1, 2, expected, submitted, submitted, passed, excellent, points)


def form_of(parts, **more):
    whole = UnitRow(1, "青石县", False, False, sum((part.counts for part in parts), Counts()))
    return summary("2026年度考试", FACTS, whole, parts, over=True, **({"scores": True} | more))


@pytest.fixture
def long_names():
    chance = Random(7)
    names = ["县信访局", "=1+1", "+SUM(A1)", "某" * 70, "A" * 60, "㐂𠮷镇", "乡\t镇"]
    return [UnitRow(number, name, False, False, counts(chance)) for number, name in enumerate(names, 1)]


def test_long_strange_and_formula_like_names_stand_alike_in_every_format(long_names):
    form = form_of([replace(long_names[0], middle=1630), *long_names[1:-1]])
    found = same_everywhere(form)
    assert form.headings[-1] == "中位数"
    assert [row[-1] for row in form.rows] == ["81.5", *["—"] * len(form.rows[1:])]
    assert b"<f>" not in found["xlsx"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(found["xlsx"])).get_sheet_by_index(0)
    assert book.to_python()[4][0] == "=1+1"


def test_a_tab_in_a_name_spoils_no_format(long_names):
    form = form_of(long_names[-1:])
    assert word_rows(made(form)["docx"])[1][0] == "乡 镇"


def test_the_sum_stands_last_and_nobody_is_no_mistake():
    form = form_of([])
    assert form.rows == (("合计", 0, 0, 0, 0, 0, 0, "—", "—", "—", "—", "—", "—"),)
    same_everywhere(form)


def test_five_hundred_units_keep_their_heading_on_every_page_and_the_places_to_sign_together():
    chance = Random(5)
    parts = [UnitRow(number, f"第{number}个单位", False, False, counts(chance)) for number in range(500)]
    form = form_of(parts)
    found = same_everywhere(form)
    pages = [bare(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(found["pdf"])).pages]
    assert len(pages) > 10
    assert all("名册人数" in page for page in pages)
    assert f"第{len(pages)}页共{len(pages)}页" in pages[-1]
    assert all(bare(words) in pages[-1] for words in (*FEET, form.note))
    head = docx.Document(io.BytesIO(found["docx"])).tables[0].rows[0]
    assert head._tr.xpath("w:trPr/w:tblHeader")


def test_every_format_carries_facts_definitions_and_places_to_sign(long_names):
    form = form_of(long_names[:1])
    found = made(form)
    document = docx.Document(io.BytesIO(found["docx"]))
    word = bare("".join(paragraph.text for paragraph in document.paragraphs))
    book = CalamineWorkbook.from_filelike(io.BytesIO(found["xlsx"])).get_sheet_by_name("汇总表").to_python()
    excel = bare("".join(str(cell) for row in book for cell in row))
    for words in (form.title, *form.fact_words, DEFINITIONS, *FEET):
        for text in (word, excel, pdf_text(found["pdf"])):
            assert bare(words) in text
    page = document.sections[0]
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((297, 210), abs=0.1)
    assert page.orientation == 1


@pytest.mark.parametrize(("over", "word"), [(True, "缺考"), (False, "未考")])
def test_who_has_not_sat_it_is_absent_only_when_it_is_over(over, word):
    assert headings(over=over, scores=False)[6] == word


def test_the_word_exam_is_not_said_twice():
    assert titled("2026年度考试", "成绩名册") == "2026年度考试成绩名册"
    assert titled("学法用法", "成绩名册") == "学法用法考试成绩名册"


def test_the_list_of_scores_says_one_of_four_results_of_everybody():
    lines = [
        Line("县信访局", "江映雪", "科长", "已交卷", 785, True, shown=True),
        Line("县信访局", "罗成", "", "已交卷", 425, False, shown=True),
        Line("县信访局", "方圆", "", "免考", None, False, shown=True),
        Line("云岭镇", "周明", "", "缓考", None, False, shown=True),
        Line("云岭镇", "=李文", "", "缺考", None, False, shown=True),
    ]
    form = score_list("2026年度考试", FACTS, lines)
    assert [row[4:] for row in form.rows] == [
        ("已考", "78.5", "合格"),
        ("已考", "42.5", "不合格"),
        ("免考", "—", "—"),
        ("缓考", "—", "—"),
        ("缺考", "—", "—"),
    ]
    assert "本册共5人，其中已考2人，缺考1人，免考1人，缓考1人" in form.note
    same_everywhere(form, "成绩名册")


def test_a_score_that_the_reader_may_not_see_is_said_to_be_hidden_and_who_has_none_is_not():
    lines = [
        Line("县信访局", "江映雪", "局长", "已交卷", 785, True, shown=False),
        Line("县信访局", "罗成", "副局长", "免考", None, False, shown=False),
    ]
    form = score_list("2026年度考试", FACTS, lines)
    assert [row[4:] for row in form.rows] == [("已考", "不显示", "不显示"), ("免考", "—", "—")]


@pytest.mark.parametrize("status", ["未开始", "进行中"])
def test_nobody_is_absent_while_the_exam_runs(status):
    form = score_list("考试", FACTS, [Line("县信访局", "江映雪", "", status, None, False, shown=True)])
    assert form.rows[0][4] == "未考"
    assert "未考1人" in form.note


def test_the_summary_says_what_the_page_says_in_every_format(results, as_li):
    page = as_li.page(f"/reports/exams/{results}")
    files_of = {kind: as_li.get(f"/reports/exams/{results}/summary.{kind}").data for kind in KINDS}
    rows = word_rows(files_of["docx"])
    assert excel_rows(files_of["xlsx"], "汇总表", len(rows[0]))[: len(rows)] == rows
    text = pdf_text(files_of["pdf"])
    assert all(bare("".join(row)) in text for row in rows[1:])
    assert [row[0] for row in rows[1:]] == ["青石县（本级）", "县信访局", "云岭镇", "合计"]
    total = dict(zip(rows[0], rows[-1], strict=True))
    shown = bare(page.text)
    for words in (
        f"名册{total['名册人数']}人，免考{total['免考']}人，缓考{total['缓考']}人",
        f"实考{total['实考']}人，还有{total['未考']}人未考",
        f"应考人数{total['应考人数']}人",
        f"参考率{total['参考率']}",
        f"合格率{total['合格率']}",
        f"应考合格率{total['应考合格率']}",
        f"平均分{total['平均分']}分",
        f"优秀率{total['优秀率']}",
    ):
        assert words in shown, words
    for row in rows[1:-1]:
        part = dict(zip(rows[0], row, strict=True))
        for words in (f"{part['实考']}/{part['应考人数']}", part["参考率"], part["合格率"], part["优秀率"]):
            assert words in shown, (row[0], words)


def test_the_list_of_scores_stands_in_the_order_of_units_posts_and_names(results, as_li):
    rows = excel_rows(as_li.get(f"/reports/exams/{results}/scores.xlsx").data, "成绩名册", 7)[1:7]
    assert [row[2] for row in rows] == ["何平", "李文", "周明", "江映雪", "罗成", "方圆"]
    assert [row[4] for row in rows] == ["已考", "未考", "缓考", "已考", "已考", "免考"]
    assert [row[5] for row in rows] == ["95.5", "—", "—", "78.5", "42.5", "—"]
    text = pdf_text(as_li.get(f"/reports/exams/{results}/scores.pdf").data)
    assert all(bare("".join(row)) in text for row in rows)


def test_the_page_of_documents_offers_what_may_be_seen(results, as_li):
    page = as_li.page(f"/reports/exams/{results}").follow("上报材料")
    assert "情况汇总表" in page.text
    assert "成绩名册" in page.text


def test_a_unit_administrator_gets_the_own_units_figures_and_no_scores(app, cast, results):
    db.session.add(
        Grant(person_id=cast.luo, role="unit_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    db.session.commit()
    as_luo = sign_in(app.test_client(), cast.luo)
    assert "成绩名册" not in as_luo.page(f"/reports/exams/{results}/documents").text
    rows = word_rows(as_luo.get(f"/reports/exams/{results}/summary.docx").data)
    assert [row[0] for row in rows[1:]] == ["县信访局（本级）", "合计"]
    assert rows[0][-1] == "参考率"
    told = pdf_text(as_luo.get(f"/reports/exams/{results}/summary.pdf").data)
    assert "合格" not in told
    assert "平均分" not in told
    for path in (
        "scores.xlsx",
        "scores.pdf",
        "circular",
        "circular.docx",
        "circular.pdf",
        "circular/wording",
    ):
        assert as_luo.get(f"/reports/exams/{results}/{path}").status_code == 404
    for other in (cast.county, cast.town):
        for path in ("documents", "summary.docx", "summary.xlsx", "summary.pdf", "scores.xlsx"):
            assert as_luo.get(f"/reports/exams/{results}/{path}?unit={other}").status_code == 404


def test_a_leader_of_a_town_gets_the_scores_of_the_town_alone(app, cast, results):
    db.session.add(Grant(person_id=cast.fang, role="leader", unit_id=cast.town, granted_at=clock.now()))
    db.session.commit()
    as_fang = sign_in(app.test_client(), cast.fang)
    rows = excel_rows(as_fang.get(f"/reports/exams/{results}/scores.xlsx").data, "成绩名册", 7)
    assert [row[2] for row in rows[1:2]] == ["方圆"]
    for other in (cast.county, cast.office):
        assert as_fang.get(f"/reports/exams/{results}/scores.xlsx?unit={other}").status_code == 404


def test_a_pdf_of_too_many_people_is_refused_in_words(results, as_li, monkeypatch):
    monkeypatch.setattr("quizapp.reports.document_views.MOST_ON_PAPER", 5)
    reply = as_li.get(f"/reports/exams/{results}/scores.pdf")
    assert reply.status_code == 409
    assert "本册有6人，PDF最多5人，没有生成文件。" in reply.text
    assert as_li.get(f"/reports/exams/{results}/scores.xlsx").status_code == 200
