"""Two editions of a regulation side by side: which article became which, and what differs in its words.

Articles are paired by their words, not by their numbers, which move when articles come and go: first those that say the
same, then those that share most of their pairs of characters.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache

from quizapp.differing import Sides, sides
from quizapp.regulations.citing import Article, Law

KEPT = 32  # pairs of editions that are remembered
ALIKE = 0.5  # share of common pairs of characters from which two articles are one article, changed


@dataclass(frozen=True)
class Compared:
    """One row: an article of either edition or of both."""

    old: str  # its number, "" for one that is new
    new: str  # its number, "" for one that is left out
    lines: tuple[Sides, ...]  # line by line; what is the same stands on both sides

    @property
    def change(self) -> str:
        """same, moved (the same words under another number), changed, added or removed."""
        if not self.old:
            return "added"
        if not self.new:
            return "removed"
        if any(line.changed for line in self.lines):
            return "changed"
        return "same" if self.old == self.new else "moved"


@lru_cache(KEPT)
def compared(old: Law, new: Law) -> tuple[Compared, ...]:
    """Every article of both editions, in the order of the new one; what was left out stands after its old neighbour."""
    became = pairs(old, new)
    came_from = {n: o for o, n in became.items()}
    rows = [_row(old, new, came_from.get(article.number, ""), article.number) for article in new.articles]
    return tuple(_with_removed(old, new, rows, became))


def pairs(old: Law, new: Law) -> dict[str, str]:
    """Old number to new number of the articles that are one and the same, changed or not."""
    found: dict[str, str] = {}
    left = {a.number: _text(a) for a in old.articles}
    right = {a.number: _text(a) for a in new.articles}
    by_text: dict[str, list[str]] = defaultdict(list)
    for number, text in right.items():
        by_text[text].append(number)
    for number, text in left.items():
        if by_text[text]:
            same = number if number in by_text[text] else by_text[text][0]
            by_text[text].remove(same)
            found[number] = same
    taken = set(found.values())
    chosen = _alike(
        {n: text for n, text in left.items() if n not in found},
        {n: text for n, text in right.items() if n not in taken},
    )
    return found | chosen


def _alike(left: dict[str, str], right: dict[str, str]) -> dict[str, str]:
    """The likest first; of equally like ones those under the same number, then in order."""
    holding: dict[str, list[str]] = defaultdict(list)
    sizes = {}
    for number, text in right.items():
        sizes[number] = _pairs(text)
        for pair in sizes[number]:
            holding[pair].append(number)
    scored = []
    for place, (number, text) in enumerate(left.items()):
        own = _pairs(text)
        common = Counter(other for pair in own for other in holding[pair])
        for other, count in common.items():
            share = 2 * count / (len(own) + len(sizes[other]))
            if share >= ALIKE:
                scored.append((-share, number != other, place, number, other))
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, _, _, number, other in sorted(scored):
        if number not in found and other not in taken:
            found[number] = other
            taken.add(other)
    return found


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(max(1, len(text) - 1))}


def _text(article: Article) -> str:
    return "\n".join(line.marker + line.text for line in article.lines)


def _row(old: Law, new: Law, before: str, after: str) -> Compared:
    left = _text(old.article(before)) if before else ""
    right = _text(new.article(after)) if after else ""
    return Compared(before, after, tuple(_lines(left.split("\n"), right.split("\n"))))


def _lines(left: list[str], right: list[str]) -> list[Sides]:
    """Lines that say the same stand beside each other, the others are compared in their order."""
    from difflib import SequenceMatcher

    out = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        old, new = left[a:b], right[c:d]
        for place in range(max(len(old), len(new))):
            before = old[place] if place < len(old) else ""
            after = new[place] if place < len(new) else ""
            out.append(sides(before, after))
        del tag
    return out


def _with_removed(old: Law, new: Law, rows: list[Compared], became: dict[str, str]) -> list[Compared]:
    after: dict[str, list[Compared]] = defaultdict(list)
    neighbour = ""
    for article in old.articles:
        if article.number in became:
            neighbour = became[article.number]
        else:
            after[neighbour].append(_row(old, new, article.number, ""))
    return after[""] + [row for own in rows for row in (own, *after[own.new])]
