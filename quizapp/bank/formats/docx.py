"""Word files: their text for the reader of free text, and an exam paper that WPS and Word can change.

Reading happens in a child process (`word_reader`). Automatic numbers, ticks of symbol fonts and blanks of underlined
spaces become text; tables become lines (`tables`); what cannot become text is told with its line.
"""

import io
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from quizapp import child
from quizapp.bank.drafts import FIELDS, Draft, Problem, tidy
from quizapp.bank.formats import paper
from quizapp.bank.formats.tables import Line, Row, Tables
from quizapp.errors import Refused
from quizapp.spreadsheets import check_zip

CARRIES = frozenset(FIELDS)
LONGEST = 5_000_000  # characters
_ON_A_LINE = {
    "picture": ("图片", "这一行有图片或图形，没有读入，请核对题意。"),
    "formula": ("公式", "这一行有公式，只读入了其中的文字，请核对题意。"),
    "object": ("对象", "这一行有嵌入的对象，没有读入，请核对题意。"),
    "symbol": ("符号", "这一行有不能识别的特殊符号，没有读入，请核对题意。"),
    "note": ("脚注", "这一行的脚注或尾注没有读入。"),
    "box": ("文本框", "这一行有文本框，其中的文字已读在本行之后，请核对位置。"),
}
_IN_THE_FILE = {
    "deleted": ("修订", "文中有修订：标为删除的文字没有读入，标为插入的文字已经读入。"),
    "hidden": ("隐藏文字", "文中有隐藏文字，已经读入，请核对。"),
    "header": ("页眉页脚", "页眉、页脚“{words}”没有读入。"),
    "comment": ("批注", "批注“{words}”没有读入。"),
}


def text_of(data: bytes, file_name: str) -> tuple[str, list[Problem]]:
    """The document as lines of text, and what the lines do not show. Raises Refused."""
    found = blocks_of(data, file_name)
    tables = Tables()
    lines = [line for block in found["blocks"] for line in _lines(block, tables)]
    text = "\n".join(line.text for line in lines)
    if len(text) > LONGEST:
        raise _refuse("file_too_large", "文件中的文字过多。", "请拆分成几个文件后重新上传。")
    if not text.strip() and not any(line.told for line in lines):
        raise _refuse("file_empty", "文件中没有文字。", "请核对文件后重新上传。")
    return text, [*_of_the_file(found["told"], file_name), *_of_lines(lines, file_name)]


def blocks_of(data: bytes, file_name: str) -> Any:
    """What `word_reader` says of the file; regulations are read from it too. Raises Refused."""
    save_as = "请在WPS或Word中另存为.docx（不设密码）后重新上传。"
    broken = _refuse("file_broken", "文件已损坏、已加密，或不是Word文档。", save_as)
    if not data.strip():
        raise _refuse("file_empty", "文件是空的。", "请核对文件后重新上传。")
    if not data.startswith(b"PK"):
        raise broken
    check_zip(data, broken)
    try:
        found = child.read("quizapp.bank.formats.word_reader", data)
    except child.Failed as error:
        raise broken from error
    if found.get("refused") == "macros" or file_name.lower().endswith((".docm", ".dotm")):
        raise _refuse(
            "file_macros", "文件中有宏，出于安全考虑不读取。", "请在WPS或Word中另存为.docx后重新上传。"
        )
    if found.get("refused") == "dtd":
        raise _refuse("file_dtd", "文件中有文档类型或实体声明，出于安全考虑不读取。", save_as)
    if "refused" in found:
        raise broken
    return found


def _refuse(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)


def _lines(block: list[Any], tables: Tables) -> Iterator[Line]:
    """The lines of a paragraph or table, as `word_reader` says them."""
    if block[0] == "table":
        yield from tables.lines([_row(row, tables) for row in block[1]])
        return
    _, text, marks = block
    for place, line in enumerate(text.split("\n")):
        told = dict.fromkeys(_ON_A_LINE[what] for what, at in marks if at == place)
        yield Line(line.rstrip(), tuple(told))


def _row(row: list[Any], tables: Tables) -> Row:
    return [
        None if cell is None else [line for block in cell for line in _lines(block, tables)] for cell in row
    ]


def _of_the_file(told: list[list[str]], source: str) -> Iterator[Problem]:
    for what, words in dict.fromkeys((what, words) for what, words in told):
        column, message = _IN_THE_FILE[what]
        yield Problem(1, column, message.format(words=words), "warning", source)


def _of_lines(lines: Sequence[Line], source: str) -> Iterator[Problem]:
    for number, line in enumerate(lines, 1):
        for column, message in line.told:
            yield Problem(number, column, message, "warning", source)


# Writing --------------------------------------------------------------------------------------------------------

_STYLES = {  # part: (built-in style, font, its size, indent, space above: points)
    "title": ("Title", "黑体", 18, 0, 0),
    "section": ("Heading 1", "黑体", 14, 0, 18),
    "stem": ("Normal", "宋体", 12, 0, 9),
    "option": ("List", "宋体", 12, 24, 0),
    "note": ("List 2", "仿宋", 9, 24, 0),
    "page": ("Footer", "宋体", 9, 0, 0),
}
_PAGE = ("第", "PAGE", "页　共", "NUMPAGES", "页")  # text and field in turn; the reader leaves it out
_NOT_XML = re.compile("[\ufffe\uffff]")


def write(drafts: Sequence[Draft], title: str = "", note: str = "") -> bytes:
    """A paper on A4: the questions, under each one in small type its answer, 依据 and 解析.

    note: a remark below the title, such as how the paper is read back.
    """
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(26)
    page.top_margin = page.bottom_margin = Mm(25)
    title = _NOT_XML.sub("", tidy(title))
    document.core_properties.title, document.core_properties.author = title[:255], ""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    styles: dict[str, str] = {}
    for part, (name, font, points, indent, above) in _STYLES.items():
        styles[part] = document.styles[name].style_id
        _dress(document.styles[name], font, points, indent, above)
    _number_pages(page.footer.paragraphs[0])
    end = document.element.body[-1]  # what a section says stands behind its paragraphs
    lines = [*paper.lines(drafts, title, note), ("section", "")]
    for (part, text), (following, _) in pairwise(lines):
        element = OxmlElement("w:p")
        end.addprevious(element)  # add_paragraph would look through the whole body each time
        element.style = styles[part]  # by its id; a Paragraph would compare all styles
        _say(Paragraph(element, document), part, text, following)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _dress(style: Any, font: str, points: int, indent: int, above: int) -> None:
    """The font by its Chinese name, which Word and WPS both know, for Han and for Latin letters."""
    style.font.name, style.font.size, style.font.bold = font, Pt(points), False
    style.font.color.rgb = None
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        del fonts.attrib[key]
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), font)
    for border in list(style.element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)
    style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = Pt(indent), Pt(0)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(above), Pt(3)
    style.paragraph_format.keep_together = True


def _number_pages(footer: Paragraph) -> None:
    """第1页　共9页, counted by the program that shows it."""
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for place, words in enumerate(_PAGE):
        if place % 2 == 0:
            footer.add_run(words)
            continue
        field, run = OxmlElement("w:fldSimple"), OxmlElement("w:r")
        field.set(qn("w:instr"), words)
        field.append(run)
        run.text = "1"  # until it is counted
        footer._p.append(field)


def _say(paragraph: Paragraph, part: str, text: str, following: str) -> None:
    """One paragraph a part, its further lines behind a line break; no question runs over the end of a page.

    following: the part that comes next; a heading stays with it, and all of a question with each other.
    """
    if part in ("title", "section") or following in ("option", "note"):
        paragraph._p.get_or_add_pPr().get_or_add_keepNext()  # as above: no wrapper for each line
    if part == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(_NOT_XML.sub("", text))
