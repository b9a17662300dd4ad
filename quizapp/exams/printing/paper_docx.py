"""A paper as Word on A4 or A3, as Chinese exam papers look: 密封线, title, 注意事项, table of marks, 大题."""

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from quizapp.exams.printing import seal, word
from quizapp.exams.printing.sheets import Printed, Question, Section
from quizapp.exams.printing.sizes import A4, INDENT, TYPE, Size
from quizapp.exams.printing.widths import per_line
from quizapp.regulations.numerals import words

_NUMBER = 1.5 * TYPE  # points: "1．"


def write(paper: Printed, size: Size = A4) -> bytes:
    """The candidate's paper; nothing in it tells a key."""
    sheet = word.Sheet(paper.name, size)
    _edges(sheet, paper)
    _head(sheet, paper)
    for section in paper.sections:
        heading = sheet.add(section.heading, word.HEADING, together=True)
        heading.paragraph_format.space_before = Pt(8)
        for question in section.questions:
            _question(sheet, question, section)
    return sheet.bytes()


def _edges(sheet: word.Sheet, paper: Printed) -> None:
    """The paper's name above all pages but the first, page numbers and mark below all."""
    sheet.page.different_first_page_header_footer = True
    above = sheet.page.header.paragraphs[0]
    above.style, above.alignment = sheet.document.styles[word.SMALL], WD_ALIGN_PARAGRAPH.RIGHT
    word.say(above, paper.name)
    for footer in (sheet.page.first_page_footer, sheet.page.footer):
        word.foot(sheet, footer, paper.form, f"试卷标识：{paper.mark}")


def _head(sheet: word.Sheet, paper: Printed) -> None:
    seal.draw(sheet, sheet.centred(paper.title, word.TITLE))
    name = sheet.centred("", word.BODY)
    word.say(name, f"试卷（{paper.form}）" if paper.form else "试卷", word.HEI)
    name.runs[0].font.size = Pt(15)
    sheet.centred(f"（{paper.facts}）")
    if paper.organiser:
        sheet.centred(f"组织单位：{paper.organiser}")
    if paper.notice:
        word.say(sheet.add(together=True), "注意事项：", word.HEI)
        for number, line in enumerate(paper.notice, 1):
            kept = sheet.add(f"{number}．{line}").paragraph_format
            kept.left_indent, kept.first_line_indent = Pt(_NUMBER), Pt(-_NUMBER)
    _marks(sheet, len(paper.sections))


def _marks(sheet: word.Sheet, sections: int) -> None:
    """The table of marks for those who mark the paper."""
    numbers = [words(number) for number in range(1, sections + 1)]
    blank = [""] * (sections + 1)
    rows = [["题号", *numbers, "总分"], ["得分", *blank], ["阅卷人", *blank]]
    sheet.gap(6)
    sheet.table(rows, [20.0] * (sections + 2), height=7)


def _question(sheet: word.Sheet, question: Question, section: Section) -> None:
    """The stem and its options, all on one page."""
    has_options = question.kind != "judge"
    stem = sheet.add(f"{question.number}．{section.words_of(question)}", together=has_options)
    stem.paragraph_format.space_before = Pt(2)
    if has_options:
        _options(sheet, question.options)


def _options(sheet: word.Sheet, options: tuple[tuple[str, str], ...]) -> None:
    count = per_line(options, sheet.size.room)
    step = (sheet.size.line - INDENT) / count
    for at in range(0, len(options), count):
        here = options[at : at + count]
        line = sheet.add(style=word.INDENTED, together=at + count < len(options))
        kept = line.paragraph_format
        if count == 1:
            kept.left_indent, kept.first_line_indent = Pt(INDENT + _NUMBER), Pt(-_NUMBER)
        else:
            kept.left_indent = Pt(INDENT)
            word.tabs(line, (INDENT + step * place for place in range(1, count)))
        for place, (letter, text) in enumerate(here):
            if place:
                line.add_run("\t")
            word.say(line, f"{letter}．{text}")
