"""What an answer says, wherever it stands: letters, or whether a statement is right. All patterns meet shadows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.bank.formats.freetext.normalise import Line

_LETTERS = r"[A-Ha-h](?:[ 、,;/|]{0,3}[A-Ha-h]){0,9}(?![A-Za-z])"
_RIGHT = "正确|对|√|是|TRUE|True|true|T|Y"
_WRONG = "不正确|错误|不对|错|×|否|FALSE|False|false|F|N|X|x"
_ENDS = r"(?=$|[\s。.,;:!()\[\]、|/\d]|解析)"
_ANSWER = re.compile(rf"({_LETTERS})|({_RIGHT}){_ENDS}|({_WRONG}){_ENDS}")
_BRACKETED = re.compile(
    rf"\( {{0,20}}(?:({_LETTERS})|({_RIGHT})|({_WRONG})) {{0,20}}\)"
    rf"|(?<!_)_{{1,40}} {{0,6}}({_LETTERS}|[√×]) {{0,6}}_{{1,40}}"
)
_SURE = "ABCDEFGHabcdefgh√× 、,;/|"
_PADDED = re.compile(r"[A-Ha-h]{1,8}$|[√×]$")
_RIGHT_WORDS = frozenset("正确 对 √ 是 TRUE T Y".split())
_WRONG_WORDS = frozenset("不正确 错误 不对 错 × 否 FALSE F N X".split())


@dataclass(frozen=True, slots=True)
class Answer:
    """letters: ascending; judged: right or wrong, None where only letters are said. line: of the source."""

    letters: str
    judged: bool | None
    line: int
    place: str = ""  # 题干中, 答案行, 文末答案

    def key(self, judge: bool, options: Sequence[str]) -> str:
        """The right letters for a question with these options; "" where the answer does not fit.

        √ under A.正确 B.错误 is A; A under A.错误 B.正确 is, of a judge, 错误 and so B.
        """
        said = [judgement(option) for option in options]
        if not judge:
            if self.judged is None or (self.letters and not (set(said) & {True, False})):
                return self.letters
            return "AB"[said.index(self.judged)] if self.judged in said[:2] else ""
        if self.judged is not None:
            return "A" if self.judged else "B"
        if self.letters not in ("A", "B"):
            return ""
        place = "AB".index(self.letters)
        meant = said[place] if place < len(said) else None
        return self.letters if meant is None else "A" if meant else "B"

    def words(self) -> str:
        if self.judged is None:
            return self.letters
        return "正确" if self.judged else "错误"


def judgement(text: str) -> bool | None:
    """Whether a word means 正确 (True) or 错误 (False); None for any other."""
    word = text.strip(" 。.、()（）").upper()
    return True if word in _RIGHT_WORDS else False if word in _WRONG_WORDS else None


def answer_of(words: str, line: int, place: str) -> Answer | None:
    """The answer that words in the shadow say and nothing more: A、B, abd, √, TRUE."""
    letters = "".join(sorted(set(re.sub(r"[ 、,;/|]", "", words).upper())))
    judged = judgement(words)
    if judged is None and (not letters or letters.strip("ABCDEFGH")):
        return None
    return Answer(letters if not letters.strip("ABCDEFGH") else "", judged, line, place)


def answer_at(line: Line, start: int = 0, place: str = "答案行") -> tuple[Answer | None, int]:
    """The answer that the line says from here, and where it ends."""
    found = _ANSWER.match(line.shadow, start)
    if found is None:
        return None, start
    return answer_of(found[0], line.number, place), found.end()


def answers_inside(line: Line) -> list[tuple[Answer, int, int]]:
    """Answers in brackets or on an underline inside a stem: （ C ）, （√）, _C__; with start and end.

    （7）, （第一条） and （以下简称《条例》） are none. A word, or the X of 某县（X）, counts only at the end.
    """
    out = []
    for found in _BRACKETED.finditer(line.shadow):
        words = next(group for group in found.groups() if group)
        sure = not words.strip(_SURE)
        if not sure and line.shadow[found.end() :].strip(" 。."):
            continue
        if answer := answer_of(words, line.number, "题干中"):
            out.append((answer, found.start(), found.end()))
    return out


def padded_answer(line: Line) -> tuple[Answer, int] | None:
    """An answer at the end of a line, set off by two blanks or more or by the end of a sentence; with its start."""
    found = _PADDED.search(line.shadow)
    if found is None or found.start() == 0:
        return None
    before = line.shadow[: found.start()]
    sets_off = before.endswith(("  ", "__")) or before.rstrip(" ").endswith(("。", "?", ")"))
    if not sets_off or (found[0] not in "√×" and before[-1] not in " _?)。"):
        return None
    answer = answer_of(found[0], line.number, "题干中")
    return (answer, found.start()) if answer else None


# Lists of answers ---------------------------------------------------------------------------------------------

_GAP = r"[ ,;、|。.]{0,6}"
_RANGE = re.compile(rf"{_GAP}\(?(\d{{1,4}}) ?(?:-|至|到|\.\.) ?(\d{{1,4}})\)? ?[题]?[ .:、]{{0,3}}")
_RUN = re.compile(r"[A-Ha-h√×对错TFtfXx ,;、/|]+")
_ONE = re.compile(rf"{_GAP}\(?(\d{{1,4}}) ?[.、:)\]题]{{0,2}} ?")


@dataclass(frozen=True, slots=True)
class Listed:
    """One answer of a list: the question's number and what it says. answer None: it cannot be read."""

    number: int
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class BadRange:
    """1-5 with another number of answers than five."""

    first: int
    last: int
    found: int


def listed_in(line: Line, start: int = 0) -> list[Listed | BadRange] | None:
    """The answers of a line that is a list of answers and nothing else: 1.B 2.A, 1-5 ABCDA, 1-5：√×√√×."""
    out: list[Listed | BadRange] = []
    place, end = start, len(line.shadow)
    while place < end:
        if found := _RANGE.match(line.shadow, place):
            run = _RUN.match(line.shadow, found.end())
            if run is None:
                return None
            out += _spread(int(found[1]), int(found[2]), run[0], line.number)
            place = run.end()
        elif found := _ONE.match(line.shadow, place):
            answer, after = answer_at(line, found.end(), "文末答案")
            if answer is None:
                return None
            out.append(Listed(int(found[1]), answer))
            place = after
        else:
            return out if out and not line.shadow[place:].strip(" ,;、|。.") else None
    return out or None


def _spread(first: int, last: int, run: str, number: int) -> list[Listed | BadRange]:
    """One answer for each number of a range: by blanks where there are as many groups, else by letters."""
    groups = [group for group in re.split(r"[ ,;、/|]+", run) if group]
    if len(groups) != last - first + 1:
        groups = list("".join(groups))
    if len(groups) != last - first + 1:
        return [BadRange(first, last, len(groups))]
    answers = (answer_of(group, number, "文末答案") for group in groups)
    return [Listed(first + place, answer) for place, answer in enumerate(answers)]


_ITEM = re.compile(
    r"\(?(\d{1,4}) ?[.、:)题]{1,2} ?(\[?(?:正确|参考|标准|本题)?答案\]?[: ]{0,2}(?:\[?答案\]?[: ]{0,2})?)?"
)
_EXPLAINS = re.compile(r"[。.,; ]{0,3}[\[(]?(?:答案|试题|本题)?(?:解析|解释|依据|考点|难度)")


def item_at(line: Line, *, in_list: bool) -> tuple[Listed, int] | None:
    """An answer with its explanation: 1.B【解析】…, 2.【答案】B。解析：…; where the explanation starts.

    in_list: under a heading 参考答案, where 3.错误，应为…… is an answer too.
    """
    found = _ITEM.match(line.shadow)
    if found is None:
        return None
    answer, end = answer_at(line, found.end(), "文末答案")
    rest = line.shadow[end:]
    if answer is None or not (
        not rest.strip(" 。.") or found[2] or _EXPLAINS.match(rest) or (in_list and rest[0] in "。.,;:([、 ")
    ):
        return None
    end += len(rest) - len(rest.lstrip(" 。.,;"))
    return Listed(int(found[1]), answer), end


_TABLE_ROW = re.compile(r"\|? ?(题号|题目|序号|答案|参考答案|正确答案)[:| ]{1,6}(.*)")


def table_row(line: Line) -> tuple[str, list[str]] | None:
    """A row of a table 题号/答案: its heading and its cells. No cells: the head of a table that goes downwards."""
    found = _TABLE_ROW.fullmatch(line.shadow)
    if found is None:
        return None
    cells = [cell for cell in re.split(r"[ |]+", found[2]) if cell]
    if "答案" in found[1]:
        return ("答案", cells) if len(cells) > 1 and all(answer_of(cell, 0, "") for cell in cells) else None
    if cells == ["答案"] or all(cell.isdecimal() for cell in cells):
        return "题号", [cell for cell in cells if cell.isdecimal()]
    return None
