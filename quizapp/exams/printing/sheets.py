"""What stands on a printed paper, in plain words: the one input of Word, PDF, answer card and key.

Points are whole tenths of a 分. Numbers run through the whole paper, as on the answer card.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.bank.drafts import BLANK, tidy
from quizapp.exams.blueprint import WORDS
from quizapp.figures import points as points_text
from quizapp.regulations.numerals import words

JUDGE_MARKS = {"A": "√", "B": "×"}  # how 正确 and 错误 are written on paper
_HAS_BLANK = re.compile(r"[（(]\s*[）)]|_{2,}|＿{2,}")
_NOT_XML = re.compile("[\ufffe\uffff]")
_CHOOSE = {
    "single": "每题只有一个正确答案",
    "multiple": "每题有两个或两个以上正确答案",
    "judge": "正确的选“√”，错误的选“×”",
}
_ANY_NUMBER = "每题有一个或一个以上正确答案"


@dataclass(frozen=True)
class Question:
    """One question as shown. options: (letter, text), none for a judge. key: right letters as shown, ascending;
    A of a judge is 正确. points: tenths of a 分. citations: (第二十四条第一款, the words of the law)."""

    number: int
    kind: str  # single, multiple, judge
    stem: str
    options: tuple[tuple[str, str], ...]
    key: str
    points: int
    explanation: str = ""
    citations: tuple[tuple[str, str], ...] = ()
    any_number: bool = False  # 不定项: one right letter is legal

    @property
    def letters(self) -> str:
        """What can be answered: ABCD; AB for a judge."""
        return "AB" if self.kind == "judge" else "".join(letter for letter, _ in self.options)

    @property
    def asked(self) -> str:
        """The stem with a place for the answer: （　　） is put behind a stem that has none."""
        return self.stem if _HAS_BLANK.search(self.stem) else f"{self.stem}{BLANK}"

    @property
    def key_text(self) -> str:
        """AC; √ or × for a judge."""
        return JUDGE_MARKS[self.key] if self.kind == "judge" else self.key


@dataclass(frozen=True)
class Section:
    """A 大题: questions of one kind in a row. heading: see `heading`."""

    kind: str
    heading: str
    questions: tuple[Question, ...]

    @property
    def shows_points(self) -> bool:
        """Whether points differ, so that each question tells its own."""
        return len({question.points for question in self.questions}) > 1

    def words_of(self, question: Question) -> str:
        """What stands behind the number of a question of this section: 不定项, the stem, its own points."""
        any_number = "（不定项）" if question.any_number else ""
        own = f"（{points_text(question.points)}分）" if self.shows_points else ""
        return f"{any_number}{question.asked}{own}"


@dataclass(frozen=True)
class Printed:
    """A whole paper. form: "A卷", "" when there is only one. total, pass_mark: tenths of a 分; minutes: 考试时间.

    on_card: answers go to the answer card, not onto the paper. mark: 试卷标识, see `mark_of`.
    """

    title: str  # 青石县2026年度学法考试
    form: str
    organiser: str
    minutes: int
    total: int
    pass_mark: int
    open_book: bool
    notice: tuple[str, ...]  # 注意事项, a line each, without numbers
    sections: tuple[Section, ...]
    mark: str
    on_card: bool = True

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for section in self.sections for question in section.questions)

    @property
    def name(self) -> str:
        """青石县2026年度学法考试（A卷）."""
        return f"{self.title}（{self.form}）" if self.form else self.title

    @property
    def facts(self) -> str:
        """考试时间：60分钟　满分：100分　闭卷."""
        book = "开卷" if self.open_book else "闭卷"
        return f"考试时间：{self.minutes}分钟　　满分：{points_text(self.total)}分　　{book}"


def sections(questions: Iterable[Question], rules: Mapping[str, str] | None = None) -> tuple[Section, ...]:
    """The 大题 of a paper: questions of one kind in a row stand together.

    rules: by kind, a sentence on how it is marked ("少选、多选、错选均不得分"); it ends the heading.
    """
    groups = [(kind, tuple(group)) for kind, group in groupby(questions, key=lambda question: question.kind)]
    return tuple(
        Section(kind, heading(number, group, (rules or {}).get(kind, "")), group)
        for number, (kind, group) in enumerate(groups, 1)
    )


def heading(number: int, questions: Sequence[Question], rule: str = "") -> str:
    """一、单选题（共40题，每题1分，共40分。每题只有一个正确答案）; unequal points stand behind each question.

    number: of the section, from 1. Raises ValueError for a section without questions.
    """
    if not questions:
        raise ValueError("a section has questions")
    kind, count = questions[0].kind, len(questions)
    each, whole = {question.points for question in questions}, sum(question.points for question in questions)
    worth = f"每题{points_text(min(each))}分，" if len(each) == 1 and count > 1 else ""
    shown = "，每题分值见题后" if len(each) > 1 else ""
    any_number = kind == "multiple" and all(question.any_number for question in questions)
    word = "不定项选择题" if any_number else WORDS[kind]
    choose = "，".join(
        part for part in (_ANY_NUMBER if any_number else _CHOOSE[kind], rule.rstrip("。")) if part
    )
    return f"{words(number)}、{word}（共{count}题，{worth}共{points_text(whole)}分{shown}。{choose}）"


def usual_notice(
    minutes: int, total: int, pass_mark: int, *, open_book: bool, on_card: bool = True
) -> tuple[str, ...]:
    """注意事项 for an exam that says nothing of its own. total, pass_mark: tenths of a 分."""
    where = (
        "答案须填涂在答题卡上，写在试卷上无效。"
        if on_card
        else "选择题将所选字母填入题中括号内，判断题正确的填“√”、错误的填“×”。"
    )
    book = (
        "本考试为开卷考试，可以查阅纸质资料，不得交谈或互换资料。"
        if open_book
        else "本考试为闭卷考试，不得查阅资料，不得使用手机等电子设备。"
    )
    return (
        "答题前，请在密封线内填写单位、姓名和学法账号，密封线内不要答题。",
        f"考试时间{minutes}分钟，满分{points_text(total)}分，{points_text(pass_mark)}分及以上为合格。",
        f"请使用黑色签字笔作答。{where}",
        book,
        "考试结束后，请将试卷和答题卡一并交回。" if on_card else "考试结束后，请将试卷交回。",
    )


def mark_of(form_hash: str, seed: str) -> str:
    """试卷标识: twelve signs by which a sheet of paper is traced to its form, "3F2A-91C0-77DE"."""
    digest = hashlib.sha256(f"{form_hash} {seed}".encode()).hexdigest()[:12].upper()
    return "-".join(digest[at : at + 4] for at in (0, 4, 8))


def printable(text: str) -> str:
    """Without what neither Word nor PDF can hold; line breaks stay, tabs become blanks."""
    return _NOT_XML.sub("", tidy(text)).replace("\t", " ")
