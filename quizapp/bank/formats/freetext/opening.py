"""Whether a number opens a question. Numbers run on within a section (rule 2).

So `1.` inside an explanation, `第1条` and the start of a wrapped line open none. Where a number could be either, the
lines below it decide: options, a blank or an answer speak for a question.
"""

import re
from collections.abc import Sequence

from quizapp.bank.formats.freetext import answers, marks
from quizapp.bank.formats.freetext.marks import Number
from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.paper import Block

WINDOW = 4000  # characters of one line in which the next mark is looked for; a question is shorter
LOOK_AHEAD = 12  # lines in which a doubtful number must show that it opens a question
_DONE = r"(?:^|[ ;])[A-D] ?[.、:)]|\([A-H√×]\)|答案|\( {0,20}(?:[A-H]{1,8}|[√×对错]|正确|错误) {0,20}\)|[√×]$"
_IS_DONE = re.compile(_DONE)
_EVIDENCE = re.compile(rf"{_DONE}|\( {{0,20}}\)|__")
_WORDS_FOLLOW = re.compile(r"[一-鿿《“(\d]")
_HAS_OPTION = re.compile(r"[B-H] ?[.、:)]")


def is_done(shadow: str) -> bool:
    """Whether a line holds an option or an answer: behind it another question may begin."""
    return bool(_IS_DONE.search(shadow))


def shows(lines: Sequence[Line], place: int, number: Number) -> bool:
    """Whether the lines from this number to the next look like a question."""
    if _EVIDENCE.search(lines[place].shadow, number.end):
        return True
    for line in lines[place + 1 : place + LOOK_AHEAD]:
        following = marks.number_at(line.shadow)
        if following and following.sure:
            return False
        if _EVIDENCE.search(line.shadow):
            return True
    return False


class Numbering:
    """The numbers of a section as they run on. last: of the question before; style: as its numbers are written."""

    def __init__(self) -> None:
        self.last = 0
        self._style = ""
        self._list_next = 0  # the number that would go on with a list inside an explanation or stem

    def begin(self, number: Number) -> None:
        """A section begins with this number."""
        self.last, self._style = 0, number.style

    def taken(self, number: Number) -> None:
        self.last, self._list_next = number.value, 0

    def end_list(self) -> None:
        self._list_next = 0

    def watch(self, line: Line) -> None:
        """Keep count of a list 1. 2. 3. inside a text, so that its numbers open no questions."""
        number = marks.number_at(line.shadow)
        if number and number.value in (1, self._list_next):
            self._list_next = number.value + 1

    def opens_first(self, lines: Sequence[Line], place: int, number: Number) -> bool:
        """Whether a number opens the first question of a section."""
        return number.sure or number.value in (1, self.last + 1) or shows(lines, place, number)

    def opens(self, lines: Sequence[Line], place: int, number: Number, block: Block | None) -> bool:
        """Whether a number opens the next question. block: the question above, None where it has ended."""
        done = block is None or block.done
        explaining = block is not None and block.is_explaining
        free = done and not explaining
        same = number.style == self._style
        if number.value == self.last + 1:
            if same and self._list_next != number.value and number.style not in ("bare", "glued"):
                return True
            return (free or same or (number.sure and explaining)) and shows(lines, place, number)
        if not number.sure or not same or (self._list_next == number.value and number.value > 1):
            return False
        if block is not None and block.introduces_list:
            return False
        if number.value == 1:
            return free or shows(lines, place, number)
        states = (
            free and block is not None and block.kind.name == "judge"
        )  # a statement needs nothing below it
        return done and (states or shows(lines, place, number))

    def glued(self, line: Line, end: int) -> int | None:
        """Where in a line of options, or behind an answer in brackets, the next question's number stands."""
        for mark in (".", "、"):
            place = line.shadow.find(f"{self.last + 1}{mark}", 1, end)
            if place > 0 and _may_be_glued(line.shadow, place):
                return place
        return None

    def behind_answer(self, words: Line) -> int:
        """答案：C2.下列……: where the next question begins behind the answer; 0 where none does."""
        answer, end = answers.answer_at(words)
        number = marks.number_at(words.shadow, end + (words.shadow[end : end + 1] == " "))
        if answer is None or number is None or number.value != self.last + 1 or not number.sure:
            return 0
        return number.start if _WORDS_FOLLOW.match(words.shadow, number.end) else 0


def _may_be_glued(shadow: str, place: int) -> bool:
    before = shadow[max(place - 200, 0) : place].rstrip(" ")
    if before[-1:].isdecimal() or not (before.endswith((")", "√", "×")) or _HAS_OPTION.search(before)):
        return False
    number = marks.number_at(shadow, place)
    if number is None or not number.sure:
        return False
    rest = shadow[number.end : number.end + WINDOW]
    return bool(_WORDS_FOLLOW.match(rest)) and bool(_EVIDENCE.search(rest)) and len(rest) > 5
