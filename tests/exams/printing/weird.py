"""Texts that could break a page or be taken for something else than text."""

from quizapp.exams.printing.sheets import Printed
from tests.exams.printing.conftest import paper, question

WEIRD = (
    "#panic(1) #[粗体] $x^2$ *星* _线_ @引用 <标签> \\ `码` // 注释 /* 块 */",
    "<b>加粗</b>&amp;<script>alert(1)</script>",
    '他说"可以"，她说‘不行’，“好”',
    "= 标题 + 项 - 项 / 词",
    "𠮷野家、䶮、㛃、𬭩",
    "表情🙂和✅",
    "https://example.invalid/" + "a" * 200,
    "sys.inputs.data {{ data }} %s {0}",
)
LONG = "很长的选项，" * 300  # far longer than a page


def weird_paper() -> Printed:
    """Every weird text as stem, option, explanation and quote, and a question longer than a page."""
    options = tuple(zip("ABCDEFGH", WEIRD, strict=True))
    questions = [
        question(
            *(number, "multiple"), stem=text, options=options, key="AH", explanation=text,
            citations=((text, text),),
        )
        for number, text in enumerate(WEIRD, 1)
    ]  # fmt: skip
    endless = question(9, "multiple", options=tuple((letter, LONG) for letter in "ABCD"))
    return paper(*questions, endless, title=WEIRD[0], form="B卷", organiser=WEIRD[1], notice=WEIRD)
