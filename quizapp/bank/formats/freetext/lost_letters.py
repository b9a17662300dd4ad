"""Options whose letters were lost in copying, put back where only one order is possible; said each time."""

import re

from quizapp.bank.formats.freetext.normalise import Line
from quizapp.bank.formats.freetext.paper import FoundOptions, Option

LETTERS = "ABCDEFGHIJK"  # three more than a question may have, so that too many are told
_STEM_ENDS = re.compile(r"\([ A-H]{0,20}\)|__|[。?:][”\])]{0,2}$")  # in the last line of a stem


def _restored(found: FoundOptions, letters: str, number: int) -> None:
    said = f"选项{'、'.join(letters)}前没有字母，按次序补上，请核对。"
    found.doubts.append((number, "选项", said, "warning"))


def restore_first(found: FoundOptions, head: list[Line], letter: str, inside: bool) -> None:
    """Lines before option B, C … that must be A, B …: as many as letters are missing, behind the end of the stem."""
    missing = LETTERS.index(letter)
    stem, rest = head[: len(head) - missing], head[len(head) - missing :]
    if not stem or not _STEM_ENDS.search(stem[-1].shadow) or inside:
        number = head[-1].number if head else 0
        said = f"选项字母不连续，没有选项A就有选项{letter}，文字没有分开。"
        found.doubts.append((number, "选项", said, "error"))
        return
    found.stem = stem
    found.options = [Option(LETTERS[place], [line]) for place, line in enumerate(rest)]
    _restored(found, LETTERS[:missing], rest[0].number)


def restore_between(found: FoundOptions, missing: int) -> bool:
    """Split the lines of the last option where exactly the missing ones follow its first."""
    lines = found.options[-1].lines
    if len(lines) != missing + 1:
        return False
    found.options[-1].lines = lines[:1]
    start = len(found.options)
    found.options += [Option(LETTERS[start + place], [line]) for place, line in enumerate(lines[1:])]
    _restored(found, LETTERS[start : start + missing], lines[1].number)
    return True


def restore_last(found: FoundOptions, highest: int) -> None:
    """Where the answer names a letter beyond the marked options, and as many lines without a letter follow."""
    missing = highest - len(found.options)
    if missing > 0:
        restore_between(found, missing)


def restore_all(found: FoundOptions, highest: int) -> None:
    """No letter at all: the lines behind the end of the stem are options, if the answer's letters are among them."""
    lines = found.stem
    end = next((place for place, line in enumerate(lines, 1) if _STEM_ENDS.search(line.shadow)), 1)
    rest = lines[end:]
    if not max(highest, 2) <= len(rest) <= 8:
        return
    found.stem = lines[:end]
    found.options = [Option(LETTERS[place], [line]) for place, line in enumerate(rest)]
    _restored(found, LETTERS[: len(rest)], rest[0].number)
