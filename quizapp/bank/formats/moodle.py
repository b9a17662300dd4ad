"""What Moodle's two formats, GIFT and XML, mean alike: kinds of text, weights of answers, feedback, names.

Sources: docs.moodle.org "GIFT format", "Moodle XML format", "Multiple Choice question type".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt

from quizapp.bank.drafts import LETTERS, Draft, Problem, tidy
from quizapp.bank.formats.markup import seen

PLACES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # Moodle knows no limit; a letter beyond H is told by the checks
OTHER_KINDS = {
    "essay": "论述题",
    "shortanswer": "简答题",
    "numerical": "数值题",
    "matching": "匹配题",
    "match": "匹配题",
    "cloze": "填空题（Cloze）",
    "multianswer": "填空题（Cloze）",
    "gapselect": "选词填空题",
    "ddwtos": "拖放填空题",
    "ordering": "排序题",
    "calculated": "计算题",
    "calculatedsimple": "计算题",
    "calculatedmulti": "计算选择题",
    "description": "说明文字",
}
# Moodle's own texts for answers that were right, partly right or wrong: they tell no more than the key
_SAYS_NOTHING = re.compile(
    r"(?:(?:您的|你的)?(?:回答|答案)?(?:是)?(?:部分)?(?:正确|不正确|错误|对|错|对了|错了)(?:的)?)?[。.!！√×✓✗]?"
    r"|(?:your answer is )?(?:partially )?(?:right|wrong|correct|incorrect|true|false|yes|no)[.!]?",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:p|br|b|i|u|em|strong|span|div|a|img|sub|sup|ul|ol|li|table|tr|td|th|font|s|hr|code|pre|h[1-6]|audio|video)"
    r"(?:\s[^<>]*)?/?>|&(?:[a-z]{2,8}|\#\d{1,7});",
    re.IGNORECASE | re.VERBOSE,
)
_WORDS = re.compile(r"[^\W_]+")
MARKDOWN_LENGTH = (
    10_000  # characters; a longer text stays as it is: markdown-it is slow with many backslashes
)
_MARKDOWN = MarkdownIt("commonmark")


@dataclass(frozen=True)
class Answer:
    """One choice. percent: of the points, 100 for right in a single choice; negative takes points away."""

    text: str
    percent: float
    feedback: str = ""


def read_text(text: str, kind: str) -> tuple[str, bool]:
    """(what people read, whether a picture or sound is lost). kind: html, markdown, plain_text; else Moodle's mixture.

    Moodle's mixture is plain text in which HTML counts and a new line is a new line.
    """
    if kind in ("plain", "plain_text"):
        return text, False
    if kind == "markdown":
        if len(text) > MARKDOWN_LENGTH:
            return text, False
        text = _MARKDOWN.render(text)
    elif kind != "html":
        if not _TAG.search(text):
            return text, False
        text = text.replace("\n", "<br>")
    return seen(text)


def settle(draft: Draft, answers: Sequence[Answer], *, single: bool) -> None:
    """Give a choice its kind, options and key by the weights of its answers; say what is doubtful.

    single: one right answer is asked for, the one of 100 %. Else all that earn something are right; Moodle lets
    only one of them be, which is 不定项 here.
    """
    draft.kind = "single" if single else "multiple"
    draft.any_number = draft.any_number and not single
    draft.options = [answer.text for answer in answers]
    least = 99.9 if single else 0.001
    lettered = list(zip(PLACES, answers, strict=False))
    draft.key = "".join(letter for letter, answer in lettered if answer.percent >= least)
    partial = [letter for letter, answer in lettered if single and 0 < answer.percent < least]
    if partial and draft.key:
        said = f"选项{'、'.join(partial)}在原题中得部分分，此处按错误选项读入。"
        say(draft, "答案", said, "warning")
    elif partial:
        say(draft, "答案", f"单选题中没有得满分的选项，选项{'、'.join(partial)}只得部分分。")
    if not single and len(draft.key) == 1 and not draft.any_number:
        draft.any_number = True
        say(draft, "题型", "多选题只有一个正确选项，按不定项选择题读入，请核对。", "warning")


def say(draft: Draft, column: str, message: str, severity: str = "error") -> None:
    draft.problems.append(Problem(draft.line, column, message, severity, draft.source))


def refuse(draft: Draft, kind: str) -> None:
    """The question is of a kind that this system has not; its stem stays, so that it can be found again."""
    word = OTHER_KINDS.get(kind, f"“{kind[:20]}”类题目")
    say(draft, "题型", f"这是{word}，系统只有单选题、多选题、不定项选择题和判断题，这道题不能导入。")


def doubt_media(draft: Draft) -> None:
    say(draft, "图片", "题中的图片没有读入，请核对题意。", "warning")


def explain(draft: Draft, remarks: Iterable[tuple[str, str]]) -> None:
    """Add (whose, what) to the explanation as lines "A：…", where it says more than right or wrong."""
    lines = [draft.explanation] if draft.explanation else []
    for whose, text in remarks:
        if not _SAYS_NOTHING.fullmatch(tidy(text)):
            lines.append(f"{whose}：{tidy(text)}")
    draft.explanation = "\n".join(lines)


def unread_names(named: Iterable[tuple[str, Draft]], source: str) -> list[Problem]:
    """One warning for all names of questions that say more than the stem's beginning or the code."""
    lost = [(name, draft) for name, draft in named if _says_more(name, draft)]
    if not lost:
        return []
    name, draft = lost[0]
    said = f"{len(lost)}道题的名称（如“{tidy(name)[:20]}”）没有读入，只读题干。"
    return [Problem(draft.line, "名称", said, "warning", source)]


def _says_more(name: str, draft: Draft) -> bool:
    if name.strip() == draft.code:
        return False
    plain = _WORDS.findall(name)
    return not "".join(_WORDS.findall(draft.stem)).startswith("".join(plain))


def unread_categories(categories: Sequence[tuple[int, str]], source: str) -> list[Problem]:
    """One warning for all categories. categories: line, path as in the file."""
    if not categories:
        return []
    lowest = (re.split("(?<!/)/(?!/)", tidy(path))[-1].replace("//", "/") for _, path in categories)
    names = list(dict.fromkeys(name[:20] for name in lowest))
    more = f"等{len(names)}个" if len(names) > 5 else ""
    said = f"题目分类（{'、'.join(names[:5])}{more}）没有读入。"
    return [Problem(categories[0][0], "分类", said, "warning", source)]


def category_of(title: str) -> str:
    """The path of a category of this name, as Moodle writes it; a slash in the name is doubled."""
    return "$course$/top/" + " ".join(title.split()).replace("/", "//")


def name_of(draft: Draft) -> str:
    """Moodle asks for a name: the code, else the beginning of the stem."""
    return draft.code or " ".join(draft.stem.split())[:30]


def percents(draft: Draft) -> list[float]:
    """The weight of each option. In a multiple choice one wrong letter takes everything, as it does here."""
    if draft.kind != "multiple":
        return [100.0 if letter in draft.key else 0.0 for letter in LETTERS[: len(draft.options)]]
    right = 100 / max(1, len(draft.key))
    return [right if letter in draft.key else -100.0 for letter in LETTERS[: len(draft.options)]]


def number(percent: float) -> str:
    """100, 33.33333: five places, as Moodle keeps them."""
    return f"{percent:.5f}".rstrip("0").rstrip(".")
