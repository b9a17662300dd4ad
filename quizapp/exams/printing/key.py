"""标准答案与解析: what the key of a paper says, alike in Word and PDF."""

from quizapp.exams.printing.sheets import JUDGE_MARKS, Question, Section

TITLE = "标准答案与解析"
CAUTION = "考试结束前不得外传"
ACROSS = 10  # questions in a row of the table


def table(section: Section) -> list[list[str]]:
    """Rows of numbers and below each its key, ten across, blank where the last row has no question left."""
    rows = []
    for at in range(0, len(section.questions), ACROSS):
        here = section.questions[at : at + ACROSS]
        blank = [""] * (ACROSS - len(here))
        rows.append(["题号", *(str(question.number) for question in here), *blank])
        rows.append(["答案", *(question.key_text for question in here), *blank])
    return rows


def notes(question: Question) -> list[tuple[str, str]]:
    """(答案, 依据, 解析; what is said there): the right options in words, the law's words, the explanation."""
    quotes = [f"{place} “{quote}”" if quote else place for place, quote in question.citations]
    found = [
        ("答案", _answer(question)),
        *(("依据", quote) for quote in quotes),
        ("解析", question.explanation),
    ]
    return [(label, text) for label, text in found if text]


def _answer(question: Question) -> str:
    if question.kind == "judge":
        return f"{JUDGE_MARKS[question.key]}（{'正确' if question.key == 'A' else '错误'}）"
    right = [f"{letter}．{text}" for letter, text in question.options if letter in question.key]
    letters = f"{question.key}　" if len(right) > 1 else ""
    return f"{letters}{'；'.join(right)}"
