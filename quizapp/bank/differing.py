"""What differs between two texts, and between two versions of a question: words left out, words put in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from quizapp.bank.drafts import LETTERS, Draft
from quizapp.bank.labels import answer_text, citation_text, uses_text

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


@dataclass(frozen=True)
class Row:
    """One part of a question in two versions."""

    label: str
    sides: Sides

    @property
    def changed(self) -> bool:
        return self.sides.changed


def rows(old: Draft, new: Draft) -> list[Row]:
    """Two versions of a question part by part; what neither has is left out."""
    before, after = _parts(old), _parts(new)
    labels = list(dict.fromkeys((*before, *after)))
    labels.sort(key=lambda label: _ORDER.index(label.rstrip("ABCDEFGH0123456789")))
    return [
        Row(label, sides(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label) or after.get(label)
    ]


_ORDER = ["题型", "题干", "选项", "答案", "解析", "依据", "难度", "用途", "标签"]


def _parts(draft: Draft) -> dict[str, str]:
    lettered = zip(LETTERS, [] if draft.kind == "judge" else draft.options, strict=False)
    return {
        "题型": draft.kind_word,
        "题干": draft.stem,
        **{f"选项{letter}": text for letter, text in lettered},
        "答案": answer_text(draft),
        "解析": draft.explanation,
        **{f"依据{n}": citation_text(citation) for n, citation in enumerate(draft.citations, 1)},
        "难度": str(draft.difficulty),
        "用途": uses_text(draft.uses),
        "标签": "、".join(draft.tags),
    }
