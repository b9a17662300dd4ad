"""What differs between two texts: words left out, words put in. Questions and editions of a regulation use it alike."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORD = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?|[零〇一二三四五六七八九十百千万两]+|\s+|.", re.S)
_BRIDGE = 2  # characters: what stays between two changes and is shorter is no island, but part of one change
ALIKE = 0.4  # texts that share less are two texts: nothing is gained by marking what they have in common
_SIGN = re.compile(r"[，。；：、（）“”《》？\s]")


@dataclass(frozen=True)
class Piece:
    """A stretch of a text. change: "" stays, old is left out, new is put in."""

    text: str
    change: str = ""


@dataclass(frozen=True)
class Sides:
    """Two texts side by side, each whole, with what differs marked."""

    old: list[Piece]
    new: list[Piece]

    @property
    def changed(self) -> bool:
        return any(piece.change for piece in (*self.old, *self.new))


def sides(old: str, new: str) -> Sides:
    """Compare by characters, with numbers and Latin words whole: 15日 and 30日 differ in 15 and 30."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if before and after and SequenceMatcher(None, before, after, autojunk=False).ratio() < ALIKE:
        return Sides([Piece(old, "old")], [Piece(new, "new")])
    left: list[Piece] = []
    right: list[Piece] = []
    for kept, gone, come in _stretches(before, after):
        _put(left, kept or gone, "" if kept else "old")
        _put(right, kept or come, "" if kept else "new")
    return Sides(left, right)


def _stretches(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str, str]]:
    """(what stays, what is left out, what is put in) in order; either the first is empty or the other two."""
    found: list[tuple[str, str, str]] = []
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(codes):
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        island = (
            tag == "equal" and 0 < place < len(codes) - 1 and len(gone) < _BRIDGE and not _SIGN.search(gone)
        )
        if tag == "equal" and not island:
            found.append((gone, "", ""))
        elif found and not found[-1][0]:
            found[-1] = ("", found[-1][1] + gone, found[-1][2] + come)
        else:
            found.append(("", gone, come))
    return found


def _put(pieces: list[Piece], text: str, change: str) -> None:
    if text:
        pieces.append(Piece(text, change))
