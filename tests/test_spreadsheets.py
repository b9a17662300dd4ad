"""Sheets in and out: what is read, what is refused, and that nothing becomes a formula (hazards H30, H32, H35)."""

import io
import weakref
import zipfile
from random import Random

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from quizapp import spreadsheets
from quizapp.errors import Refused
from quizapp.spreadsheets import Row, Sheet

TEXTS = ["张三", "007", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "http://example.org", ""]  # noqa: RUF001
FORMULA_STARTS = "=+-@\t\r\0＝＋－＠"  # noqa: RUF001


def sheet(rows, header=("姓名", "工号")):
    return spreadsheets.workbook([Sheet("人员", header, rows, text_columns=(1,))])


def refused(data, name="a.xlsx"):
    with pytest.raises(Refused) as caught:
        spreadsheets.read(data, name)
    assert caught.value.sentence.endswith("。")
    return caught.value.code


def test_what_is_written_is_read_back_as_the_same_text():
    rows = spreadsheets.read(sheet([[text, text] for text in TEXTS[:-1]]), "名册.XLSX")
    assert [row.cells for row in rows[1:]] == [[text.replace("\r", "\r"), text] for text in TEXTS[:-1]]


def test_row_numbers_are_those_of_the_program_and_trailing_blanks_go():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write_string(2, 1, "姓名")
    page.write_number(4, 1, 3)
    page.write_string(9, 1, "  ")
    book.close()
    rows = spreadsheets.read(target.getvalue(), "a.xlsx")
    assert [(row.number, row.cell(1)) for row in rows if not row.is_blank] == [(3, "姓名"), (5, "3")]
    assert rows[-1].number == 5
    assert rows[0].cell(7) == ""
    assert rows[0].cell(None) == ""


def test_a_number_too_long_for_the_program_is_marked():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write_row(0, 0, [123456789012345, 370202199001011234, 1.5])
    book.close()
    [row] = spreadsheets.read(target.getvalue(), "a.xlsx")
    assert row.damaged == (1,)
    assert (row.cells[0], row.cells[2]) == ("123456789012345", "1.5")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_csv_of_every_encoding_and_delimiter(encoding, delimiter):
    text = f'姓名{delimiter}职务\r\n\r\n"张{delimiter}三"{delimiter}"科员\n兼出纳"\r\n\r\n'
    rows = spreadsheets.read(text.encode(encoding), "a.csv")
    assert [row.number for row in rows] == [1, 2, 3]
    assert rows[2].cells == [f"张{delimiter}三", "科员\n兼出纳"]


def test_an_old_workbook_is_told_by_its_content_not_its_name():
    assert spreadsheets.read(sheet([["张三", "1"]]), "a.xls")[1].cells == ["张三", "1"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "file_empty"),
        (b"   \r\n", "a.csv", "file_empty"),
        (b"x", "a.docx", "file_kind"),
        (b"x", "noname", "file_kind"),
        (b"<html><table>", "a.xls", "file_broken"),
        (b"PK\x03\x04broken", "a.xlsx", "file_broken"),
        (b"\xd0\xcf\x11\xe0broken", "a.xls", "file_broken"),
        (b'a,"b\nc', "a.csv", "file_broken"),
        (b"a,\x00b", "a.csv", "file_encoding"),
        (b"\xff\xfe\x00", "a.csv", "file_encoding"),
        (b"a" * 200_000, "a.csv", "file_broken"),
        (b"," * 500, "a.csv", "file_too_large"),
        (sheet([], header=()), "a.xlsx", "file_empty"),
    ],
)
def test_h30_a_file_that_cannot_be_read_is_refused_in_words(data, name, code):
    assert refused(data, name) == code


def test_h30_mutants_never_crash():
    """Bytes changed, cut, doubled: rows or a refusal, nothing else."""
    random, seed = Random(42), sheet([["张三", str(i)] for i in range(20)])
    outcomes = set()
    for number in range(60):
        data = bytearray(seed)
        kind = number % 3
        if kind == 0:
            for _ in range(random.randrange(1, 30)):
                data[random.randrange(len(data))] = random.randrange(256)
        elif kind == 1:
            del data[random.randrange(4, len(data)) :]
        else:
            at = random.randrange(len(data))
            data[at:at] = data[at : at + 200]
        try:
            outcomes.add(type(spreadsheets.read(bytes(data), "a.xlsx")))
        except Refused:
            outcomes.add(Refused)
    assert outcomes <= {list, Refused}
    assert Refused in outcomes


def bomb(size):
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/a.xml", "w") as entry,
    ):
        for _ in range(size // 2**20):
            entry.write(b"0" * 2**20)
    return target.getvalue()


def test_h32_a_bomb_is_refused_before_any_parser(monkeypatch):
    def parser(*_arguments, **_options):
        raise AssertionError("the parser was reached")

    monkeypatch.setattr(spreadsheets.child, "read", parser)
    data = bomb(60 * 2**20)
    assert len(data) < 100_000
    assert refused(data) == "file_too_large"


def test_h32_sizes_that_lie_are_found_by_unpacking():
    data = bytearray(bomb(2**20))
    honest = (2**20).to_bytes(4, "little")
    while (at := data.find(honest)) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    assert refused(bytes(data)) == "file_broken"


def test_h32_a_cell_at_the_far_corner_costs_a_child_not_the_server():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    page.write_string(0, 0, "a")
    page.write_string(1048575, 16383, "b")
    book.close()
    assert refused(target.getvalue()) in ("file_broken", "file_too_large")


def test_h35_a_workbook_holds_no_formula_and_no_link():
    data = sheet([[text, text] for text in TEXTS])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        pages = [
            archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")
        ]
    assert pages
    assert not any("<f>" in page or "<hyperlink" in page for page in pages)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert [row[0] for row in book.get_sheet_by_index(0).iter_rows()][1:-1] == TEXTS[:-1]


@given(st.text(max_size=20))
def test_h35_no_text_in_a_csv_starts_like_a_formula(text):
    line = spreadsheets.csv_bytes(["x"], [[text]]).decode("utf-8-sig").partition("\r\n")[2]
    field = line[1:] if line.startswith('"') else line
    assert not field.startswith(tuple(FORMULA_STARTS))


@pytest.mark.parametrize(
    "text", [*(sign + "1" for sign in FORMULA_STARTS), " =1+1", "\n@SUM(A1)", "\u3000＋1"]
)  # noqa: RUF001
def test_h35_every_sign_is_made_harmless(text):
    line = spreadsheets.csv_bytes(["x"], [[text]]).decode("utf-8-sig").partition("\r\n")[2]
    assert line.lstrip('"').startswith("'")


def test_h35_numbers_in_a_csv_stay_numbers():
    data = spreadsheets.csv_bytes(["差"], [[-5], [None, 1], [1.5]])
    assert data.decode("utf-8-sig").splitlines() == ["差", "-5", ",1", "1.5"]


def test_headings_are_found_with_marks_remarks_and_synonyms_below_a_title():
    rows = [Row(1, ["青石县名册"]), Row(2, []), Row(3, ["*姓 名", "工号（选填）", "备注", "编号"])]
    synonyms = {"name": ("姓名",), "number": ("工号", "人员编号")}
    assert spreadsheets.header_of(rows, synonyms, ["name"]) == (2, {"name": 0, "number": 1})


def test_two_columns_of_one_meaning_are_refused():
    with pytest.raises(Refused, match="two_columns"):
        spreadsheets.columns(Row(1, ["工号", "人员编号"]), {"number": ("工号", "人员编号")})


def test_a_missing_column_is_named():
    with pytest.raises(Refused, match="缺少这些列：工号"):
        spreadsheets.header_of(
            [Row(1, ["姓名"])], {"name": ("姓名",), "number": ("工号",)}, ["name", "number"]
        )


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_lettered_as_on_screen(column, letters):
    assert spreadsheets.letter(column) == letters


@pytest.mark.parametrize("kind", [spreadsheets.workbook, spreadsheets.large_workbook])
def test_a_large_workbook_reads_as_a_small_one(kind):
    rows = [["单位", "格桑·卓玛", "=1+1", None], ["", " 两边空白 ", "00123", 31.5], ["𣲗", "a<b>&c", "0", 7]]
    made = kind(
        [Sheet("甲", ["一", "二", "三", "四"], iter(rows), [26], (2,)), Sheet("乙", [], iter([["说明"]]))]
    )
    book = CalamineWorkbook.from_filelike(io.BytesIO(made))
    assert book.sheet_names == ["甲", "乙"]
    assert book.get_sheet_by_name("甲").to_python() == [
        ["一", "二", "三", "四"],
        ["单位", "格桑·卓玛", "=1+1", ""],
        ["", " 两边空白 ", "00123", 31.5],
        ["𣲗", "a<b>&c", "0", 7.0],
    ]
    assert book.get_sheet_by_name("乙").to_python() == [["说明"]]


def test_rows_of_a_large_workbook_are_let_go_as_they_are_written():
    """What a million rows need is one of them."""
    alive: weakref.WeakSet[Cell] = weakref.WeakSet()
    most = 0

    def rows():
        nonlocal most
        for number in range(500):
            cell = Cell(f"第{number}行")
            alive.add(cell)
            most = max(most, len(alive))
            yield [cell]
            del cell

    spreadsheets.large_workbook([Sheet("表", ["甲"], rows())])
    assert most <= 3


class Cell(str):
    """A text of which one can ask whether it is still held."""


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_download_has_a_chinese_name_and_enters_no_cache(app):
    with app.test_request_context():
        reply = spreadsheets.download(b"x", "名册 1.xlsx")
    assert "filename*=UTF-8''%E5%90%8D%E5%86%8C%201.xlsx" in reply.headers["Content-Disposition"]
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_cells_merged_over_rows_hold_their_text_in_each_row_and_a_title_over_columns_does_not():
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet()
    page.merge_range(0, 0, 0, 2, "一套试题")
    page.merge_range(1, 0, 3, 0, "单选题")
    for number in (1, 2, 3):
        page.write_string(number, 1, f"第{number}题")
    book.close()
    cells = [[row.cell(0), row.cell(1)] for row in spreadsheets.read(target.getvalue(), "表.xlsx")]
    assert cells == [["一套试题", ""], ["单选题", "第1题"], ["单选题", "第2题"], ["单选题", "第3题"]]


def test_limits_are_settings(app):
    app.config["IMPORT_UNPACKED_MB"] = 0
    with pytest.raises(Refused, match="解压后过大"):
        spreadsheets.read(spreadsheets.workbook([spreadsheets.Sheet("表", ("甲",), [("乙",)])]), "表.xlsx")
