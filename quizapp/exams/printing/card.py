"""答题卡: where each question stands on the answer card, alike in Word and PDF.

Five questions stand below one another in a block, blocks side by side: 1–5, 6–10 … as on the cards that people know.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.exams.printing.sheets import JUDGE_MARKS, Printed, Question, Section

BLOCK = 5  # questions below one another
ACCOUNT_DIGITS = 8  # of a 学法账号
ADVICE = (
    "请用黑色签字笔或2B铅笔将所选的方框涂满，修改时须擦净或划去后重涂；多选题每题可涂多个方框。",
    "请在填写栏内如实填写单位、姓名和学法账号，核对卷别与试卷是否一致。",
)
AGAIN = f"姓名：{'_' * 12}　学法账号：{'_' * 12}"  # on further pages
ABSENT = "缺考标记（由监考人员填涂）"


@dataclass(frozen=True)
class Cell:
    """A question on the card: its number and what may be ticked, "ABCD" or "√×"."""

    number: int
    marks: str


@dataclass(frozen=True)
class Part:
    """A 大题 on the card. rows: of cells side by side; None where the last block has no question left."""

    heading: str
    columns: int
    rows: tuple[tuple[Cell | None, ...], ...]


def parts(paper: Printed) -> list[Part]:
    """The card of a paper, a part for each section."""
    return [_part(section) for section in paper.sections]


def forms_of(paper: Printed, forms: Sequence[str]) -> list[tuple[str, bool]]:
    """(form, whether it is this one) for the boxes 卷别; nothing when there is only one form."""
    return [(form, form == paper.form) for form in forms] if paper.form else []


def _part(section: Section) -> Part:
    most = max(len(question.letters) for question in section.questions)
    columns = 5 if most <= 5 else 4 if most == 6 else 3
    cells: list[Cell | None] = [_cell(question) for question in section.questions]
    cells += [None] * (-len(cells) % BLOCK)
    blocks = [cells[at : at + BLOCK] for at in range(0, len(cells), BLOCK)]
    blocks += [[None] * BLOCK] * (-len(blocks) % columns)
    bands = [blocks[at : at + columns] for at in range(0, len(blocks), columns)]
    rows = tuple(row for band in bands for row in zip(*band, strict=True) if any(row))
    return Part(section.heading.partition("（")[0], columns, rows)


def _cell(question: Question) -> Cell:
    marks = "".join(JUDGE_MARKS.values()) if question.kind == "judge" else question.letters
    return Cell(question.number, marks)
