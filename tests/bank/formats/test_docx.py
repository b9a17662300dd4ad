"""Word files: every kind of text that people and their programs put in, and papers that come back."""

import io
import json
import re
import zipfile
from dataclasses import replace
from random import Random

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp import child
from quizapp.bank.drafts import Draft
from quizapp.bank.formats import docx, markdown, paper, word_reader, word_symbols
from quizapp.bank.formats.sheet import EXAMPLES
from quizapp.bank.formats.tables import Line, Tables
from quizapp.bank.formats.word_numbers import figure
from quizapp.errors import Refused
from tests.bank.formats.strategies import drafts, kept
from tests.linear import assert_linear

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


READ_IN_A_CHILD = child.read


@pytest.fixture(scope="module", autouse=True)
def in_this_process():
    """What a reader says is the same here, and sooner; whoever tests files takes `in_a_child`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(child, "read", lambda _name, data: json.loads(json.dumps(word_reader.read(data))))
        yield


@pytest.fixture
def in_a_child(monkeypatch):
    monkeypatch.setattr(child, "read", READ_IN_A_CHILD)


def word(body: str, **parts: str) -> bytes:
    """A Word file with this body, and other parts (numbering, styles, header, comments) beside it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        main = f'<Relationship Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
        archive.writestr("_rels/.rels", f"<Relationships>{main}</Relationships>")
        archive.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        calls = "".join(f'<Relationship Type="{RELATIONS}/{name}" Target="{name}.xml"/>' for name in parts)
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{calls}</Relationships>")
        for name, content in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMES}>{content}</w:{name}>")
    return target.getvalue()


def p(*content: str, about: str = "") -> str:
    """A paragraph of runs; a bare text is a run."""
    runs = "".join(part if part.startswith("<") else r(part) for part in content)
    return f"<w:p>{f'<w:pPr>{about}</w:pPr>' if about else ''}{runs}</w:p>"


def r(text: str, about: str = "") -> str:
    return f'<w:r><w:rPr>{about}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def lines(body: str, **parts: str) -> list[str]:
    return docx.text_of(word(body, **parts), "题.docx")[0].split("\n")


def told(body: str, **parts: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.column) for problem in docx.text_of(word(body, **parts), "题.docx")[1]]


# Text -----------------------------------------------------------------------------------------------------------

UNDERLINED = '<w:u w:val="single"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("甲", "乙"), ["甲乙"]),
        (p("甲") + p() + p("乙"), ["甲", "", "乙"]),
        (p("甲", "<w:r><w:tab/></w:r>", "乙"), ["甲\t乙"]),
        (p("甲", "<w:r><w:br/></w:r>", "乙", "<w:r><w:cr/></w:r>", "丙"), ["甲", "乙", "丙"]),
        (p("甲", '<w:r><w:br w:type="page"/></w:r>', "乙"), ["甲乙"]),
        (p("信访", "<w:r><w:noBreakHyphen/></w:r>", "1"), ["信访-1"]),
        (p('<w:hyperlink r="1">' + r("链接") + "</w:hyperlink>"), ["链接"]),
        (p('<w:fldSimple w:instr="PAGE">' + r("域") + "</w:fldSimple>"), ["域"]),
        (p("<w:r><w:instrText> REF x </w:instrText></w:r>", r("域值")), ["域值"]),
        (p("<w:smartTag>" + r("甲") + "</w:smartTag>"), ["甲"]),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + p("控件") + "</w:sdtContent></w:sdt>", ["控件"]),
        (p("甲<!-- 注释 -->"), ["甲"]),
        (
            p(
                "<w:r><w:ruby><w:rt>"
                + r("xin")
                + "</w:rt><w:rubyBase>"
                + r("信")
                + "</w:rubyBase></w:ruby></w:r>"
            ),
            ["信"],
        ),
        (p("信\n访"), ["信 访"]),
    ],
)
def test_text_stands_in_runs_and_in_what_wraps_them(body, expected):
    assert lines(body) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["由", r("    ", UNDERLINED), "受理。"], "由（　　）受理。"),
        (["由", r("  ", UNDERLINED), r("　", UNDERLINED), "受理。"], "由（　　）受理。"),
        (["由", f"<w:r><w:rPr>{UNDERLINED}</w:rPr><w:tab/></w:r>", "受理。"], "由（　　）受理。"),
        (["由（", r("    ", UNDERLINED), "）受理。"], "由（　　）受理。"),
        (["由", r(" C ", UNDERLINED), "受理。"], "由（C）受理。"),
        (["由", r("  ", UNDERLINED), r("AB", UNDERLINED), r("  ", UNDERLINED)], "由（AB）"),
        (["应当", r("及时 受理", UNDERLINED)], "应当及时 受理"),
        ([r("不得", UNDERLINED), r(" ", UNDERLINED), r("拒绝", UNDERLINED)], "不得 拒绝"),
        (["一", r(" ", UNDERLINED), "二"], "一 二"),
        (["一", r("    ", '<w:u w:val="none"/>'), "二"], "一    二"),
        (["甲____乙"], "甲____乙"),
    ],
)
def test_underlined_spaces_are_a_blank_to_fill_in(parts, expected):
    assert lines(p(*parts)) == [expected]


def test_a_tab_with_a_line_under_it_is_a_blank():
    tabs = '<w:tabs><w:tab w:val="left" w:leader="underscore" w:pos="4000"/></w:tabs>'
    assert lines(p("由", "<w:r><w:tab/></w:r>", about=tabs)) == ["由（　　）"]


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "√"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F04F"/></w:r>', "×"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B4"/></w:r>', "×"),
        ('<w:r><w:sym w:font="宋体" w:char="221A"/></w:r>', "√"),
        (r("ü", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "√"),
        (r("\uf0fb", '<w:rFonts w:ascii="Wingdings"/>'), "×"),
    ],
)
def test_signs_of_symbol_fonts_are_the_signs_that_people_see(run, expected):
    assert lines(p("（", run, "）")) == [f"（{expected}）"]
    assert told(p("（", run, "）")) == []


def test_a_sign_that_nobody_knows_is_told():
    assert told(p("甲") + p('<w:r><w:sym w:font="Wingdings" w:char="F04A"/></w:r>', "乙")) == [(2, "符号")]
    assert word_symbols.sign(0xD800, "宋体") == ""


def test_deleted_text_is_not_read_and_inserted_text_is():
    body = p(
        "甲", '<w:del w:id="1"><w:r><w:delText>乙</w:delText></w:r></w:del>', "<w:ins>" + r("丙") + "</w:ins>"
    )
    moved = p("<w:moveFrom>" + r("丁") + "</w:moveFrom>", "<w:moveTo>" + r("戊") + "</w:moveTo>")
    assert lines(body + moved) == ["甲丙", "戊"]
    assert told(body + moved) == [(1, "修订")]


def test_a_paragraph_whose_end_was_deleted_runs_on():
    body = p("甲", about="<w:rPr><w:del/></w:rPr>") + p("乙") + p("丙")
    assert lines(body) == ["甲乙", "丙"]


def test_hidden_text_is_read_with_a_word():
    body = p("答案：", r("C", "<w:vanish/>"))
    assert lines(body) == ["答案：C"]
    assert told(body) == [(1, "隐藏文字")]


@pytest.mark.parametrize(
    ("content", "column", "expected"),
    [
        ("<w:r><w:drawing><a:blip/></w:drawing></w:r>", "图片", "题"),
        ("<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>", "图片", "题"),
        ("<w:r><w:object><o:OLEObject/></w:object></w:r>", "对象", "题"),
        ("<m:oMathPara><m:oMath><m:r><m:t>x+1</m:t></m:r></m:oMath></m:oMathPara>", "公式", "题x+1"),
        ("<w:r><w:instrText> EQ \\o\\ac(○,1) </w:instrText></w:r>", "公式", "题"),
        ('<w:r><w:footnoteReference w:id="2"/></w:r>', "脚注", "题"),
    ],
)
def test_what_no_text_can_show_is_told_with_its_line(content, column, expected):
    body = p("一") + p("题", content)
    assert lines(body)[1] == expected
    assert told(body) == [(2, column)]


def test_the_line_of_a_picture_is_counted_behind_breaks():
    assert told(p("甲", "<w:r><w:br/></w:r>", "乙", "<w:r><w:drawing><a:blip/></w:drawing></w:r>")) == [
        (2, "图片")
    ]


def test_an_embedded_document_is_told():
    assert told(p("甲") + '<w:altChunk r="1"/>') == [(2, "对象")]


def test_a_line_across_the_page_is_nothing_to_tell():
    assert told(p("甲", '<w:r><w:pict><v:rect o:hr="t"/></w:pict></w:r>')) == []


def test_text_boxes_are_read_once_behind_their_paragraph():
    box = "<w:txbxContent>" + p("框中") + "</w:txbxContent>"
    both = (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert lines(p("一", both) + p("二")) == ["一", "框中", "二"]
    assert told(p("一", both) + p("二")) == [(1, "文本框")]


def test_headers_and_comments_are_told_and_page_numbers_are_not():
    parts = {"header": p("青石县题库"), "footer": p("第1页 共 9 页"), "comments": p("请核对")}
    assert lines(p("甲"), **parts) == ["甲"]
    assert told(p("甲"), **parts) == [(1, "页眉页脚"), (1, "批注")]


# Automatic numbers ----------------------------------------------------------------------------------------------


def level(depth: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(levels: str, lists: str = "") -> str:
    return (
        f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{lists}'
    )


def item(text: str, depth: int = 0, number: int = 1) -> str:
    return p(text, about=f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


@pytest.mark.parametrize(
    ("count", "form", "expected"),
    [
        (3, "decimal", "3"), (3, "decimalZero", "03"), (2, "upperLetter", "B"), (27, "lowerLetter", "aa"),
        (4, "upperRoman", "IV"), (1994, "lowerRoman", "mcmxciv"), (12, "chineseCounting", "十二"),
        (105, "chineseCountingThousand", "一百零五"), (3, "japaneseCounting", "三"), (23, "ideographDigital", "二三"),
        (12, "chineseLegalSimplified", "拾贰"), (3, "decimalEnclosedCircle", "③"), (51, "decimalEnclosedCircle", "51"),
        (2, "decimalEnclosedCircleChinese", "②"), (2, "decimalEnclosedParen", "⑵"), (2, "decimalEnclosedFullstop", "⒉"),
        (2, "ideographTraditional", "乙"), (2, "ideographZodiac", "丑"), (12, "decimalFullWidth", "１２"),
        (5, "numberInDash", "- 5 -"), (5, "none", ""), (5, "hebrew1", "5"), (0, "upperLetter", "0"),
        (0, "chineseCounting", "0"), (99999, "chineseCounting", "99999"),
    ],
)  # fmt: skip
def test_a_count_is_written_as_the_program_writes_it(count, form, expected):
    assert figure(count, form) == expected


def test_questions_and_options_are_numbered_and_options_begin_again():
    found = numbering(level(0, "decimal", "%1、") + level(1, "upperLetter", "%2."))
    body = item("甲") + item("子", 1) + item("丑", 1) + p("答案：A") + item("乙") + item("寅", 1)
    assert lines(body, numbering=found) == ["1、 甲", "A. 子", "B. 丑", "答案：A", "2、 乙", "A. 寅"]


def test_a_number_may_show_the_levels_above_it():
    found = numbering(level(0, "chineseCounting", "（%1）") + level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert lines(item("甲") + item("子", 1) + item("乙") + item("丑", 1), numbering=found) == [
        *("（一） 甲", "1.1 子", "（二） 乙", "2.1 丑"),
    ]


def test_a_list_may_begin_at_any_number_and_begin_again_as_another_list():
    again = (
        '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/>'
        "</w:lvlOverride></w:num>"
    )
    found = numbering(level(0, "decimal", "%1.", '<w:suff w:val="nothing"/>', start=5), again)
    body = item("甲") + item("乙") + item("丙", number=2) + item("丁", number=2) + item("戊")
    assert lines(body, numbering=found) == ["5.甲", "6.乙", "1.丙", "2.丁", "3.戊"]


@pytest.mark.parametrize(("restart", "last"), [("0", "B. 丑"), ("1", "A. 丑"), ("", "A. 丑")])
def test_a_level_begins_again_where_it_says_so(restart, last):
    more = f'<w:lvlRestart w:val="{restart}"/>' if restart else ""
    found = numbering(level(0, "decimal", "%1.") + level(1, "upperLetter", "%2.", more))
    assert lines(item("甲") + item("子", 1) + item("乙") + item("丑", 1), numbering=found)[-1] == last


def test_a_style_may_number_its_paragraphs_and_a_paragraph_may_refuse():
    found = numbering(
        level(0, "decimal", "%1.") + level(1, "upperLetter", "%2.", '<w:pStyle w:val="option"/>')
    )
    styles = (
        '<w:style w:type="paragraph" w:styleId="option"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
        "</w:style>"
        '<w:style w:type="paragraph" w:styleId="mine"><w:basedOn w:val="option"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="round"><w:basedOn w:val="round"/></w:style>'
    )
    body = (
        p("子", about='<w:pStyle w:val="option"/>')
        + p("丑", about='<w:pStyle w:val="mine"/>')
        + p("说明", about='<w:pStyle w:val="option"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + p("甲", about='<w:pStyle w:val="round"/>')
    )
    assert lines(body, numbering=found, styles=styles) == ["A. 子", "B. 丑", "说明", "甲"]


def test_bullets_say_nothing_and_an_empty_item_shows_no_number():
    found = numbering(level(0, "bullet", "\uf06c") + level(1, "decimal", "%2."))
    assert lines(item("甲") + item("", 1) + item("乙", 1), numbering=found) == ["甲", "", "2. 乙"]


def test_a_number_belongs_to_one_paragraph_though_its_end_was_deleted():
    deleted = p("甲", about='<w:numPr><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr>')
    assert lines(deleted + item("乙") + item("丙"), numbering=numbering(level(0, "decimal", "%1."))) == [
        *("1. 甲乙", "2. 丙"),
    ]


# Tables ---------------------------------------------------------------------------------------------------------


def table(*rows: list[str]) -> str:
    """Cells are texts; a cell that begins with < is XML."""
    cells = [
        "".join(f"<w:tc>{cell if cell.startswith('<') else p(cell)}</w:tc>" for cell in row) for row in rows
    ]
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


QUESTION = ["1. 甲（）", "A. 子", "B. 丑", "答案：A", "依据：第一条 “原文”", "解析：因为"]


@pytest.mark.parametrize(
    "body",
    [
        table(
            ["序号", "题干", "选项A", "选项B", "答案", "法条", "引文", "解析"],
            ["1", "甲（）", "子", "丑", "A", "第一条", "原文", "因为"],
        ),
        table(
            ["题库", *[""] * 4],
            ["题目", "备选项", "正确答案", "依据", "解析"],
            ["甲（）", p("A. 子") + p("B. 丑"), "A", "第一条 “原文”", "因为"],
        ),
        table(
            ["题干", "甲（）"],
            ["A", "子"],
            ["B", "丑"],
            ["答案", "A"],
            ["依据", "第一条 “原文”"],
            ["解析", "因为"],
        ),
    ],
    ids=["a column each", "options in one cell", "a card"],
)
def test_a_table_of_questions_becomes_questions(body):
    assert [line for line in lines(body) if line != "题库"] == QUESTION


def test_questions_of_a_table_are_counted_on_within_a_kind():
    head = ["题型", "题干", "答案", "备注"]
    body = table(head, ["单选题", "甲", "A", "x"], ["单选题", "乙", "B", ""], ["判断题", "丙", "对", ""])
    assert lines(body) == [
        *("", "单选题", "1. 甲", "答案：A", "2. 乙", "答案：B", "判断题", "1. 丙", "答案：对"),
    ]
    assert told(body) == [(1, "备注")]


def test_cells_that_run_down_over_rows_belong_to_the_question_above():
    goes_on = "<w:tcPr><w:vMerge/></w:tcPr><w:p/>"
    body = table(
        ["题型", "题干", "选项", "答案"],
        ["单选题", "甲", "A. 子", "A"],
        [goes_on, goes_on, "B. 丑", goes_on],
        [goes_on, "乙", "A. 寅", "B"],
    )
    assert lines(body) == [*("单选题", "1. 甲", "A. 子", "B. 丑", "答案：A", "2. 乙", "A. 寅", "答案：B")]


def test_a_cell_over_several_columns_counts_as_all_of_them():
    wide = "<w:tcPr><w:gridSpan w:val='2'/></w:tcPr>" + p("甲")
    assert lines(table(["题干", "备选项", "答案"], [wide, "对"])) == ["1. 甲", "答案：对"]


def test_a_picture_in_a_table_is_told_at_its_question():
    picture = p("乙", "<w:r><w:drawing><a:blip/></w:drawing></w:r>")
    assert told(table(["题干", "答案"], ["甲", "A"], [picture, "B"])) == [(3, "图片")]
    alone = p("<w:r><w:drawing><a:blip/></w:drawing></w:r>")
    assert told(table(["题干", "选项A", "答案"], ["甲", alone, "A"], ["", alone, ""])) == [
        (1, "图片"),
        (3, "图片"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        table(["题号", "答案"], ["1", "B"], ["2", "A、C"], ["3", "√"]),
        table(["题号", "1", "2", "3"], ["答案", "B", "AC", "√"]),
        table(["题号", "答案", "题号", "答案"], ["1", "B", "3", "√"], ["2", "AC", "", ""]),
        table(["题号", "1", "2"], ["答案", "B", "A C"], ["题号", "3", ""], ["答案", "√", ""]),
        table(["1", "2", "3"], ["B", "A,C", "√"]),
    ],
)
def test_a_table_of_answers_becomes_a_line_of_answers(body):
    assert lines(p("参考答案") + body) == ["参考答案", "1.B 2.AC 3.√"]
    assert told(body) == []


def test_answers_keep_their_headings_and_explanations():
    wide = "<w:tcPr><w:gridSpan w:val='3'/></w:tcPr>" + p("单选题")
    body = table([wide], ["题号", "答案", "解析"], ["1", "B", p("因为") + p("所以")], ["2", "A", ""])
    assert lines(body) == ["单选题", "1.B【解析】因为", "  所以", "2.A"]


def test_a_sheet_for_answers_that_is_still_empty_is_told():
    body = p("甲") + table(["题号", "1", "2"], ["答案", "", ""])
    assert lines(body) == ["甲", ""]
    assert told(body) == [(2, "答案")]


def test_any_other_table_is_read_row_by_row():
    assert lines(table(["A. 子", "B. 丑"], ["C. 寅", ""], ["得分", ""])) == ["A. 子\tB. 丑", "C. 寅", "得分"]
    assert lines(table([p("1. 甲") + p("A. 子"), p("2. 乙")])) == ["1. 甲", "A. 子", "2. 乙"]


def test_a_table_within_a_table_is_read_where_it_stands():
    assert lines(table([p("甲") + table(["题号", "1"], ["答案", "B"]) + p("乙")])) == ["甲", "1.B", "乙"]


def test_deleted_rows_are_not_read():
    body = table(["A. 子"]).replace("<w:tr>", "<w:tr><w:trPr><w:del/></w:trPr>")
    assert told(body + p("甲")) == [(1, "修订")]


CELLS = [
    "",
    "题干",
    "题目",
    "答案",
    "题号",
    "选项A",
    "1",
    "2",
    "A",
    "AC",
    "√",
    "单选题",
    "甲\n乙",
    "备注",
    "\U000e0001",
]


@given(st.lists(st.lists(st.none() | st.sampled_from(CELLS), max_size=5), max_size=6))
def test_any_table_is_read_and_no_word_of_it_is_lost_but_headings(rows):
    cells = [
        [None if cell is None else [Line(line) for line in cell.split("\n")] for cell in row] for row in rows
    ]
    found = Tables().lines(cells)
    said = "\n".join([line.text for line in found] + [words for line in found for _, words in line.told])
    given = any("甲" in (cell or "") for row in rows for cell in row)
    assert "甲" in said or "没有读入" in said or not given
    assert all("\n" not in line.text for line in found)


# Files ----------------------------------------------------------------------------------------------------------


def refused(data: bytes, name: str = "题.docx") -> str:
    with pytest.raises(Refused) as caught:
        docx.text_of(data, name)
    assert caught.value.status == 422
    assert caught.value.sentence.endswith("。")
    assert caught.value.advice.startswith("没有保存任何内容。")
    return caught.value.code


def zipped(entries: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


MAIN = "word/document.xml"
DTD = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "题.docx", "file_empty"),
        (word(p("")), "题.docx", "file_empty"),
        (b"\xd0\xcf\x11\xe0 locked or old", "题.docx", "file_broken"),
        (b"PK\x03\x04", "题.docx", "file_broken"),
        (zipped({"a": "b"}), "题.docx", "file_broken"),
        (zipped({MAIN: "<other/>"}), "题.docx", "file_broken"),
        (zipped({MAIN: "<document><body>"}), "题.docx", "file_broken"),
        (zipped({MAIN: f"{DTD}<document>&a;</document>"}), "题.docx", "file_dtd"),
        (word(p("甲")), "题.docm", "file_macros"),
        (
            zipped({MAIN: "<document/>", "word/vbaProject.bin": "x"}),
            "题.docx",
            "file_macros",
        ),
        (zipped({"../../etc/passwd": "x"}), "题.docx", "file_broken"),
        (zipped({MAIN: "<document/>", "word/media/a.bin": b"0" * 60 * 2**20}), "题.docx", "file_too_large"),
        (word(p("0" * (docx.LONGEST + 1))), "题.docx", "file_too_large"),
        (word("<w:p>" * 60_000 + "</w:p>" * 60_000), "题.docx", "file_broken"),
    ],
)
def test_h30_a_file_that_cannot_be_read_is_refused_in_words(data, name, code, in_a_child):
    assert refused(data, name) == code


def test_h33_an_entity_bomb_in_any_part_is_refused(in_a_child):
    link = f'<Relationship Type="{RELATIONS}/styles" Target="styles.xml"/>'
    data = {
        MAIN: f"<document><body>{p('甲')}</body></document>".replace("w:", ""),
        "word/_rels/document.xml.rels": f"<Relationships>{link}</Relationships>",
        "word/styles.xml": "<styles/>",
    }
    assert docx.text_of(zipped(data), "题.docx")[0] == "甲"
    assert refused(zipped(data | {"word/styles.xml": f"{DTD}<styles/>"})) == "file_dtd"


def test_h30_mutants_never_crash(in_a_child):
    random, seed = Random(7), docx.write(EXAMPLES, "练习")
    outcomes = set()
    for number in range(21):
        data = bytearray(seed)
        at = random.randrange(len(data))
        if number % 3 == 0:
            for _ in range(random.randrange(1, 30)):
                data[random.randrange(len(data))] = random.randrange(256)
        elif number % 3 == 1:
            del data[at:]
        else:
            data[at:at] = data[at : at + 200]
        try:
            outcomes.add(type(docx.text_of(bytes(data), "题.docx")))
        except Refused:
            outcomes.add(Refused)
    assert outcomes <= {tuple, Refused}
    assert Refused in outcomes


def test_h30_a_broken_document_inside_a_whole_archive_is_read_or_refused(in_a_child):
    random, body = Random(8), table(["题号", "1"], ["答案", "B"]) + item("甲")
    seed, codes = f"<w:document {NAMES}><w:body>{body}</w:body></w:document>", set()
    for _ in range(12):
        text = bytearray(seed.encode())
        text[random.randrange(len(text))] = random.randrange(32, 127)
        try:
            docx.text_of(zipped({MAIN: bytes(text)}), "题.docx")
        except Refused as reason:
            codes.add(reason.code)
    assert codes <= {"file_broken", "file_empty"}


def test_ten_times_the_text_takes_about_ten_times_as_long():
    found = numbering(level(0, "decimal", "%1."))

    def file(count: int) -> bytes:
        return word((item("甲") + p(r("  ", UNDERLINED), "乙" * 20)) * count, numbering=found)

    assert_linear(file, word_reader.read, 1_000)


@pytest.mark.parametrize("cell", [[Line("甲")], None])
def test_ten_times_the_rows_take_about_ten_times_as_long(cell):
    def rows(count: int) -> list:
        head = [[[Line("题干")], [Line("答案")]], [[Line("甲")], [Line("A")]]]
        return [*head, *[[cell, [Line("B")]]] * count]

    assert_linear(rows, lambda table: Tables().lines(table), 2_000)


# Papers ---------------------------------------------------------------------------------------------------------


def as_markdown(text: str) -> str:
    """The house's own format differs in its headings only."""
    return re.sub(r"^[一二三四五六七八九十]+、(?=.*题$)", "## ", text, flags=re.MULTILINE)


@given(st.lists(drafts(), max_size=3))
@settings(max_examples=20, deadline=None)
def test_a_paper_reads_back_as_the_lines_that_were_written(questions):
    data = docx.write(questions, "某县练习")
    text, problems = docx.text_of(data, "卷.docx")
    assert text == "\n".join(line for _, line in paper.lines(questions, "某县练习"))
    assert problems == []
    again = markdown.read(as_markdown(text).replace("某县练习", "# 某县练习", 1)).drafts
    assert [kept(draft, docx.CARRIES) for draft in again] == [
        kept(draft, docx.CARRIES) for draft in questions
    ]


def test_a_paper_says_no_more_than_people_need():
    text, _ = docx.text_of(docx.write([replace(EXAMPLES[0], difficulty=3, code="")]), "卷.docx")
    assert [line.partition("：")[0] for line in text.split("\n")][-3:] == ["答案", "依据", "解析"]


def test_a_paper_may_say_under_its_title_how_it_is_read():
    text, _ = docx.text_of(docx.write(EXAMPLES, "练习", "说明：逐行读入。"), "卷.docx")
    assert text.split("\n")[:3] == ["练习", "说明：逐行读入。", "一、单选题"]


def test_a_paper_is_a4_in_chinese_fonts_and_stays_text():
    document = python_docx.Document(io.BytesIO(docx.write(EXAMPLES, "练习")))
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    with zipfile.ZipFile(io.BytesIO(docx.write(EXAMPLES, "练习"))) as archive:
        styles, body = archive.read("word/styles.xml").decode(), archive.read("word/document.xml").decode()
    assert all(f'w:eastAsia="{font}"' in styles for font in ("宋体", "仿宋", "黑体"))
    assert 'w:eastAsia="zh-CN"' in styles
    assert "w:numPr" not in body
    assert [paragraph.style.name for paragraph in document.paragraphs[:3]] == ["Title", "Heading 1", "Normal"]


def test_no_question_runs_over_the_end_of_a_page():
    """Each line keeps to the next one, the last of a question to none."""
    document = python_docx.Document(io.BytesIO(docx.write(EXAMPLES, "练习", "说明：逐行读入。")))
    kept = [
        (paragraph.text.partition("：")[0][:5], bool(paragraph.paragraph_format.keep_with_next))
        for paragraph in document.paragraphs
    ]
    assert [text for text, with_next in kept if not with_next] == ["说明", "编号", "编号"]
    assert all(paragraph.style.paragraph_format.keep_together for paragraph in document.paragraphs)


def test_pages_are_numbered_and_the_number_is_not_read_back():
    data = docx.write(EXAMPLES, "练习")
    footer = python_docx.Document(io.BytesIO(data)).sections[0].footer.paragraphs[0]
    assert footer._p.xpath("w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]
    assert "".join(footer._p.xpath(".//w:t/text()")) == "第1页　共1页"
    text, problems = docx.text_of(data, "卷.docx")
    assert "共1页" not in text
    assert problems == []


@pytest.mark.parametrize("text", ["一\n\n三", "\ufffe甲", "<w:t>&amp;", "1. 假的题号", "答案：B"])
def test_any_words_can_be_written(text):
    written = docx.write([Draft("single", f"甲（　　）\n{text}", [text, "乙"], "A", text)], text * 100)
    assert "甲（　　）" in docx.text_of(written, "卷.docx")[0]
