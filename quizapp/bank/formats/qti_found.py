"""From what an item of any QTI version says to a draft: its kind, its key, its explanation."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from quizapp.bank import labels
from quizapp.bank.drafts import JUDGE_OPTIONS, LETTERS, Draft, Problem, tidied, tidy
from quizapp.bank.formats.trailer import take_trailer

_TRUE = ("正确", "对", "√", "✓", "true", "t")
_FALSE = ("错误", "错", "×", "✗", "false", "f")
_YES = (*_TRUE, "是", "yes")  # only where the item says itself that it is a true/false question
_NO = (*_FALSE, "否", "no")
_LEVELS = {"very easy": 1, "easy": 2, "medium": 3, "difficult": 4, "hard": 4, "very difficult": 5}
Say = Callable[..., None]  # column, message, severity
MEDIA = "题中的图片没有读入，请核对题意。"


@dataclass
class Option:
    ident: str
    text: str


@dataclass
class Found:
    """An item in words. refused: what it is instead of a choice; feedback: (identifier, text) in the item's order."""

    stem: str = ""
    options: list[Option] = field(default_factory=list)
    right: list[str] = field(default_factory=list)
    many: bool = False
    judge: bool | None = None  # as the item declares itself; None: it does not say
    refused: str = ""
    feedback: list[tuple[str, str]] = field(default_factory=list)
    media: bool = False
    difficulty: str = ""
    code: str = ""
    uses: str = ""
    tags: list[str] = field(default_factory=list)
    any_number: bool = False
    doubts: list[str] = field(default_factory=list)  # sentences about the key
    unread: list[str] = field(default_factory=list)  # text of the item that has no place in a draft


def draft_of(found: Found, position: int, source: str) -> Draft:
    """The draft with a problem for whatever does not fit. position: of the item in its file, from 1."""
    draft = Draft(stem=found.stem, code=found.code, tags=found.tags, line=position, source=source)

    def say(column: str, message: str, severity: str = "warning") -> None:
        draft.problems.append(Problem(position, column, message, severity, source))

    if found.refused:
        said = f"这是{found.refused}，只能读入有一处作答的单选题、多选题和判断题，这道题没有读入。"
        say("题型", said, "error")
        return tidied(draft)
    draft.kind, draft.any_number = "multiple" if found.many else "single", found.any_number
    draft.options = [option.text for option in found.options]
    _key(draft, found, say)
    _as_judge(draft, found)
    draft = _explained(draft, found)
    _levels(draft, found, say)
    if draft.kind == "multiple" and len(draft.key) == 1 and not draft.any_number:
        draft.any_number = True
        say("题型", "多选题只有一个正确选项，按不定项选择题读入，请核对。")
    for doubt in found.doubts:
        say("答案", doubt)
    for text in found.unread:
        say("未识别的文字", f"“{text[:30]}”没有读入。")
    if found.media:
        say("题干", MEDIA)
    return tidied(draft)


def _key(draft: Draft, found: Found, say: Say) -> None:
    idents = [option.ident for option in found.options]
    for ident in dict.fromkeys(found.right):
        place = idents.index(ident) if ident in idents else len(LETTERS)
        if place < len(LETTERS):
            draft.key += LETTERS[place]
        else:
            say("答案", f"正确选项“{ident[:40]}”不在前8个选项之中，没有读入。", "error")


def _as_judge(draft: Draft, found: Found) -> None:
    """Two options that say true and false make a judge, in whichever order they stand."""
    if found.judge is False or draft.kind != "single" or len(draft.options) != 2:
        return
    yes, no = (_YES, _NO) if found.judge else (_TRUE, _FALSE)
    words = [tidy(option).rstrip("。.").casefold() for option in draft.options]
    if words[0] in yes and words[1] in no:
        order = "AB"
    elif words[0] in no and words[1] in yes:
        order = "BA"
    else:
        return
    draft.kind, draft.options = "judge", list(JUDGE_OPTIONS)
    draft.key = "".join(order["AB".index(letter)] for letter in draft.key)


# Feedback -----------------------------------------------------------------------------------------------------


def _explained(draft: Draft, found: Found) -> Draft:
    """General feedback is the explanation; what is shown to the right, to the wrong or for an option follows it."""
    texts: dict[str, list[str]] = {}
    for ident, text in found.feedback:
        role = _role(ident, found.options)
        if text and text not in texts.setdefault(role, []):
            texts[role].append(text)
    first = "" if texts.get("") else "right"
    main = texts.pop(first, [])
    draft.explanation = tidy("\n".join(main))
    draft = take_trailer(draft)
    more = [
        f"{_heading(role)}：{text}" for role, every in texts.items() for text in every if text not in main
    ]
    draft.explanation = "\n".join([*([draft.explanation] if draft.explanation else []), *more])
    return draft


def _role(ident: str, options: Sequence[Option]) -> str:
    """right, wrong, the letter of an option, or "" for everybody, as the usual names of feedback have it."""
    for letter, option in zip(LETTERS, options, strict=False):
        if ident and ident.removesuffix("_fb") == option.ident:
            return letter
    name = ident.casefold()
    if "incorrect" in name or "wrong" in name:
        return "wrong"
    return "right" if "correct" in name else ""


def _heading(role: str) -> str:
    return {"right": "答对提示", "wrong": "答错提示"}.get(role, f"选项{role}")


def _levels(draft: Draft, found: Found, say: Say) -> None:
    if found.difficulty:
        words = found.difficulty.strip().casefold()
        difficulty = _LEVELS.get(words) or labels.difficulty_of(words)
        draft.difficulty = difficulty or draft.difficulty
        if difficulty is None:
            say("难度", f"难度“{words[:20]}”不能识别，没有读入。")
    if found.uses:
        uses = labels.uses_of(found.uses)
        draft.uses = uses or draft.uses
        if uses is None:
            say("用途", f"用途“{found.uses[:20]}”不能识别，没有读入。")


def joined(parts: Iterable[str]) -> str:
    """Pieces of text that are not empty, each on its own line."""
    return "\n".join(part for part in parts if part.strip())
