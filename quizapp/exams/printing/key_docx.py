"""标准答案与解析 as Word: a table of all keys for those who mark, then each question with its 依据 and 解析."""

from dataclasses import replace

from docx.shared import Pt

from quizapp.exams.printing import key, word
from quizapp.exams.printing.sheets import Printed, Question
from quizapp.exams.printing.sizes import A4, INDENT

SIZE = replace(A4, left=22, right=22)


def write(paper: Printed) -> bytes:
    """The key; for those who mark, never for candidates."""
    sheet = word.Sheet(f"{paper.name}{key.TITLE}", SIZE)
    word.foot(sheet, sheet.page.footer, key.CAUTION, f"试卷标识：{paper.mark}")
    sheet.centred(paper.title, word.TITLE)
    form = f"（{paper.form}）" if paper.form else ""
    sheet.centred(f"{key.TITLE}{form}", word.HEADING).runs[0].font.size = Pt(14)
    word.say(sheet.add(together=True), "一览表", word.HEI)
    for section in paper.sections:
        sheet.add(section.heading, together=True)
        sheet.table(key.table(section), [14.0] + [(SIZE.printed - 14) / key.ACROSS] * key.ACROSS, height=6)
        sheet.gap(6)
    for section in paper.sections:
        sheet.add(section.heading, word.HEADING, together=True).paragraph_format.space_before = Pt(8)
        for question in section.questions:
            _question(sheet, question)
    return sheet.bytes()


def _question(sheet: word.Sheet, question: Question) -> None:
    stem = sheet.add(f"{question.number}．{question.stem}", together=True)
    stem.paragraph_format.space_before = Pt(4)
    notes = key.notes(question)
    for place, (label, text) in enumerate(notes, 1):
        line = sheet.add(together=place < len(notes))
        line.paragraph_format.left_indent = Pt(INDENT)
        word.say(line, f"【{label}】", word.HEI)
        word.say(line, text)
