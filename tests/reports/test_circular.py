"""通报: the form of GB/T 9704—2012, the page's figures in every format, nobody named, words that a unit may change."""

import io
import os
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from quizapp import child, clock
from quizapp.audit import AuditEvent
from quizapp.bank.formats import office
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Grant, Person
from quizapp.reports.completion import Counts, UnitRow
from quizapp.reports.documents import circular_pdf, files, official, placeholders
from quizapp.reports.documents.circular import UNTOLD, Line, compose, indents, line, number
from quizapp.reports.documents.wording import check, shipped
from quizapp.reports.heat import untold
from tests.cast import sign_in
from tests.databases import lacking

WINDOW = (date(2026, 12, 11), date(2026, 12, 25))


def bare(text):
    return re.sub(r"\s", "", text)


def unit(name, submitted, expected=None, points=700):
    expected = submitted if expected is None else expected
    return UnitRow(
        1,
        name,
        False,
        False,
        Counts(expected, 0, 0, expected, submitted, submitted, submitted, 0, points * submitted),
    )


def circular(parts=(), wording=None, *, serial=12, day=date(2026, 7, 12)):
    whole = UnitRow(1, "青石县", False, False, sum((part.counts for part in parts), Counts()))
    values = placeholders.values("2026年度考试", "青石县", WINDOW, "2026年12月26日 09:12", whole, parts)
    return compose(wording or shipped(), values, whole, parts, serial=serial, day=day, smallest=5)


def word_text(data):
    document = docx.Document(io.BytesIO(data))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return bare("".join([*(p.text for p in document.paragraphs), *cells]))


def pdf_pages(data):
    return [bare(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(data)).pages]


PARTS = [unit("县委办公室", 12, 15), unit("县信访局", 9), unit("云岭镇", 3, 20, points=312)]


# The form ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("serial", "words"), [(12, "青信〔2026〕12号"), (1, "青信〔2026〕1号"), (None, "青信〔2026〕　　号")]
)
def test_the_number_has_six_cornered_brackets_and_no_zeros_in_front(serial, words):
    assert number("青信", 2026, serial) == words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一、基本情况", Line(1, "一、基本情况", "")),
        ("十二、其他", Line(1, "十二、其他", "")),
        ("（一）参加考试情况。共3人。", Line(2, "（一）参加考试情况。", "共3人。")),
        ("（二）成绩", Line(2, "（二）成绩", "")),
        ("一、是正文，因为有句号。后面还有。", Line(0, "", "一、是正文，因为有句号。后面还有。")),
        ("　　正文。", Line(0, "", "正文。")),
        ("1. 第三层用仿宋。", Line(0, "", "1. 第三层用仿宋。")),
    ],
)
def test_a_line_is_a_heading_by_how_it_begins(text, wanted):
    assert line(text) == wanted


@pytest.mark.parametrize(
    ("signature", "wanted"), [("青石县信访局", (4.25, 4)), ("某" * 8, (3.25, 4)), ("某" * 21, (0, 7.25))]
)
def test_the_signature_stands_in_the_middle_above_the_date(signature, wanted):
    assert indents(signature, "2026年7月12日") == wanted


def test_the_sheet_is_that_of_the_standard():
    assert (official.TOP, official.BOTTOM, official.SHEET.left, official.SHEET.right) == (37, 35, 28, 26)
    assert (official.SHEET.printed, official.SHEET.height - official.TOP - official.BOTTOM) == (156, 225)
    assert official.LINE * 22 == pytest.approx(225 * 72 / 25.4)
    document = docx.Document(io.BytesIO(files.circular_file(circular(PARTS), "docx")))
    page = document.sections[0]
    edges = (page.top_margin.mm, page.bottom_margin.mm, page.left_margin.mm, page.right_margin.mm)
    assert edges == pytest.approx((37, 35, 28, 26), abs=0.1)
    fonts = {
        name: (style.font.size.pt, style.element.rPr.rFonts.get(qn("w:eastAsia")))
        for name in ("Title", "Normal", "Heading 1", "List")
        for style in [document.styles[name]]
    }
    assert fonts == {
        "Title": (22, "方正小标宋简体"),
        "Normal": (16, "仿宋_GB2312"),
        "Heading 1": (16, "黑体"),
        "List": (14, "宋体"),
    }
    lead = next(p for p in document.paragraphs if p.text.startswith("（一）")).runs[0]
    assert lead._r.rPr.rFonts.get(qn("w:eastAsia")) == "楷体_GB2312"
    assert document.settings.odd_and_even_pages_header_footer
    assert [foot.paragraphs[0].alignment for foot in (page.footer, page.even_page_footer)] == [2, 0]
    assert page.footer.paragraphs[0].text.replace("1", "") == "—  —"


def test_each_font_names_those_that_stand_in_for_it():
    data = files.circular_file(circular(PARTS), "docx")
    table = zipfile.ZipFile(io.BytesIO(data)).read("word/fontTable.xml").decode()
    for name, others in official.WORD_FALLBACKS.items():
        assert f'w:name="{name}"><w:altName w:val="{",".join(others)}"/>' in table


def test_a_pdf_takes_the_fonts_that_are_there_and_bold_for_a_missing_title_font():
    few = circular_pdf.fonts(frozenset({"SimSun", "FangSong"}))
    assert (few["fang"][0], few["kai"][0], few["biao"][0], few["biao_weight"]) == (
        *("FangSong", "SimSun", "SimSun"),
        "bold",
    )
    assert circular_pdf.fonts(frozenset({"FZXiaoBiaoSong-B05S", "SimSun"}))["biao_weight"] == "regular"


@pytest.mark.parametrize("letterhead", ["", "青石县信访局文件"])
def test_word_and_pdf_say_the_same_words(letterhead):
    made = circular(PARTS, replace(shipped(), mark="青信", letterhead=letterhead))
    word = word_text(files.circular_file(made, "docx"))
    pages = pdf_pages(files.circular_file(made, "pdf"))
    pdf = re.sub(r"—\d+—", "", "".join(pages))
    lines = [f"{one.lead}{one.rest}" for one in made.lines]
    table = ["".join(map(str, row)) for row in made.rows]
    said = [
        letterhead,
        made.title,
        made.recipients,
        *lines,
        made.attachment,
        made.signature,
        *table,
        made.note,
    ]
    for words in [*said, "青信〔2026〕12号", "2026年7月12日"]:
        assert bare(words) in word
        assert bare(words) in pdf
    assert [page[-3:] for page in pages] == [f"—{n}—" for n in range(1, len(pages) + 1)]


# What is told of whom ---------------------------------------------------------------------------------------


def test_units_stand_in_their_order_and_no_small_one_tells_results():
    made = circular(PARTS)
    assert [row[0] for row in made.rows] == ["县委办公室", "县信访局", "云岭镇", "合计"]
    assert made.rows[2][4:] == (UNTOLD,) * 3
    assert made.rows[2][:4] == ("云岭镇", 20, 3, "15.0%")
    assert made.rows[1][4:] == (UNTOLD,) * 3  # else the sum would tell the town's
    assert "不足5人" in made.note


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(5, 20))
def test_what_is_not_told_cannot_be_worked_out_for_fewer_than_that(sizes, smallest):
    hidden = untold(sizes, smallest)
    small = {place for place, sat in enumerate(sizes) if 0 < sat < smallest}
    assert small <= hidden
    if hidden:
        assert sum(sizes[place] for place in hidden) >= smallest or hidden == {
            place for place, sat in enumerate(sizes) if sat
        }
    else:
        assert not small


def test_a_unit_alone_has_no_table_and_nobody_is_no_mistake():
    made = circular([])
    assert (made.rows, made.attachment, made.note) == ((), "", "")
    assert "参考率为—" in "".join(one.rest for one in made.lines)
    assert len(pdf_pages(files.circular_file(made, "pdf"))) <= 2
    assert "附件" not in word_text(files.circular_file(made, "docx"))


# Placeholders -----------------------------------------------------------------------------------------------


def test_the_shipped_words_use_only_what_there_is():
    check(shipped())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("应考｛应考数｝人", "正文中没有名为“｛应考数｝”的填充项"),
        ("应考{姓名}", "没有名为“｛姓名｝”的填充项"),
        ("应考｛应考人数人", "有一个大括号没有配对"),
        ("应考应考人数｝人", "有一个大括号没有配对"),
        ("｛｝", "没有名为“｛｝”的填充项"),
        ("{0.__class__}", "没有名为“｛0.__class__｝”的填充项"),
    ],
)
def test_unknown_placeholders_are_refused_in_words(text, told):
    with pytest.raises(Refused) as caught:
        check(replace(shipped(), body=text))
    assert told in caught.value.sentence
    assert "｛应考人数｝" in caught.value.advice


def test_half_width_braces_do_as_well_and_values_are_never_filled_again():
    assert placeholders.filled("{单位}、｛ 单位 ｝", {"单位": "｛考试名称｝"}) == "｛考试名称｝、｛考试名称｝"


def test_every_placeholder_has_a_value():
    values = placeholders.values(
        "考试", "青石县", WINDOW, "今天", UnitRow(1, "青石县", False, False, Counts()), []
    )
    assert set(values) == set(placeholders.NAMES)
    assert values["全员参考单位"] == "无"


# Pages ------------------------------------------------------------------------------------------------------


def test_the_page_and_both_files_tell_the_figures_of_the_report(results, as_li):
    page = as_li.page(f"/reports/exams/{results}/documents").follow("预览和下载")
    shown = bare(page.text)
    query = "?serial=12&day=2026-07-12"
    word = word_text(as_li.get(f"/reports/exams/{results}/circular.docx{query}").data)
    pdf = "".join(pdf_pages(as_li.get(f"/reports/exams/{results}/circular.pdf{query}").data))
    for words in (
        *("名册的工作人员6人", "免考1人、缓考1人，应考4人", "参加考试3人，缺考1人，参考率为75.0%"),
        *("合格2人，占实际参加考试人数的66.7%，占应考人数的50.0%", "优秀1人，占实际参加考试人数的33.3%"),
        *("平均分为72.2分", "有应考人员的单位共2个，其中1个单位"),
    ):
        for text in (shown, word, pdf):
            assert words in text, words
    for text in (word, pdf):
        assert "×信〔2026〕12号" in text
        assert "2026年7月12日" in text


def test_no_format_names_anybody(results, as_li):
    names = db.session.scalars(select(Person.name)).all()
    word = word_text(as_li.get(f"/reports/exams/{results}/circular.docx").data)
    pdf = "".join(pdf_pages(as_li.get(f"/reports/exams/{results}/circular.pdf").data))
    assert not [name for name in names if name in word or name in pdf]


def address(results, cast):
    return f"/reports/exams/{results}/circular/wording?unit={cast.county}"


def test_an_administrator_changes_the_words_also_for_the_units_below(results, as_zhou, as_li, cast):
    page = as_zhou.page(address(results, cast))
    seen = page.press("预览", body="共考｛应考人数｝人。")
    assert "共考4人。" in seen.text
    assert "还没有保存" in seen.text
    assert "共考4人。" not in as_li.page(f"/reports/exams/{results}/circular").text
    page.press("保存文字", body="共考｛应考人数｝人。", mark="青信")
    assert "共考4人。" in as_li.page(f"/reports/exams/{results}/circular").text
    below = as_li.page(f"/reports/exams/{results}/circular?unit={cast.office}")
    assert "共考2人。" in below.text
    assert "文字来自青石县" in below.text
    actions = select(AuditEvent.action).where(AuditEvent.object_kind == "circular_wording")
    assert db.session.scalars(actions).all() == ["circular.changed"]
    as_zhou.page(address(results, cast)).press("恢复原文字")
    assert "共考4人。" not in as_li.page(f"/reports/exams/{results}/circular").text


def test_unknown_placeholders_are_kept_out_and_what_was_typed_stays(results, as_zhou, as_li, cast):
    for button in ("保存文字", "预览"):
        refused = as_zhou.page(address(results, cast)).press(button, body="考了｛分数｝分")
        assert refused.status == 422
        assert "没有名为“｛分数｝”的填充项" in refused.text
        assert "没有保存任何改动" in refused.text
        assert "考了｛分数｝分" in refused.text
    assert "考了" not in as_li.page(f"/reports/exams/{results}/circular").text


def test_a_name_in_the_words_is_pointed_out_whoever_it_is(results, as_zhou, cast):
    for name in ("江映雪", "李文"):
        page = as_zhou.page(address(results, cast)).press("预览", body=f"表扬{name}。")
        assert f"文中有“{name}”，与考生姓名相同" in page.text


def test_words_belong_to_the_unit_and_are_changed_only_by_its_administrators(app, results, as_li, cast):
    assert as_li.get(address(results, cast)).status_code == 404
    db.session.add(
        Grant(person_id=cast.luo, role="administrator", unit_id=cast.office, granted_at=clock.now())
    )
    db.session.commit()
    as_luo = sign_in(app.test_client(), cast.luo)
    for other in (cast.county, cast.town):
        for path in ("circular", "circular.docx", "circular.pdf", "circular/wording"):
            assert as_luo.get(f"/reports/exams/{results}/{path}?unit={other}").status_code == 404
    as_luo.page(f"/reports/exams/{results}/circular/wording").press("保存文字", signature="县信访局办公室")
    assert "县信访局办公室" in as_luo.page(f"/reports/exams/{results}/circular").text
    assert "县信访局办公室" not in as_li.page(f"/reports/exams/{results}/circular").text


@pytest.mark.parametrize("query", ["serial=abc&day=never", "serial=-1", "serial=99999", "day=2026-13-40"])
def test_a_number_or_a_day_that_is_none_is_left_open(results, as_li, query):
    assert "×信〔" in as_li.page(f"/reports/exams/{results}/circular?{query}").text


def test_the_number_of_statements_of_the_preview_is_constant(results, as_li, cast):
    def statements(unit_id):
        count = []
        listen = (db.engine, "before_cursor_execute", lambda *_: count.append(1))
        event.listen(*listen)
        try:
            as_li.page(f"/reports/exams/{results}/circular?unit={unit_id}")
        finally:
            event.remove(*listen)
        return len(count)

    assert statements(cast.county) == statements(cast.office)


# Opened in another program ----------------------------------------------------------------------------------


def test_libreoffice_opens_the_word_file_with_the_same_words_and_page_numbers(tmp_path, monkeypatch):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        lacking("没有LibreOffice。Debian、Ubuntu：apt-get install libreoffice-writer-nogui")
    made = circular(PARTS)
    (tmp_path / "in.docx").write_bytes(files.circular_file(made, "docx"))
    command = [
        program,
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--convert-to", "pdf", "--outdir", str(tmp_path)),
        str(tmp_path / "in.docx"),
    ]
    child.run(command, {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}, seconds=office.SECONDS)
    pages = pdf_pages((tmp_path / "in.pdf").read_bytes())
    text = re.sub(r"—\d+—", "", "".join(pages))
    assert [f"—{n}—" in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
    for one in made.lines:
        assert bare(f"{one.lead}{one.rest}") in text
