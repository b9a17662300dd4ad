"""Whether what somebody kept of a provision still stands in the edition in force."""

from dataclasses import dataclass

from quizapp.differing import Sides, sides
from quizapp.regulations.citing import Law
from quizapp.regulations.numerals import label


@dataclass(frozen=True)
class Standing:
    """What became of a provision's words. moved_to: the one other provision that says the same now, "" for none."""

    in_words: str
    change: str  # "" the same, changed, gone
    moved_to: str  # its anchor
    moved_in_words: str
    sides: Sides | None  # then and now, where both are there and differ


def standing(law: Law, anchor: str, words: str) -> Standing:
    """Compare the words kept with what the provision says in this edition."""
    if anchor in law.anchors and law.words(anchor) == words:
        return Standing(law.in_words(anchor), "", "", "", None)
    places = [place for place in law.places_of(words) if place != anchor]
    moved = places[0] if len(places) == 1 else ""
    there = law.in_words(moved) if moved else ""
    if anchor not in law.anchors:
        return Standing(_named(anchor), "gone", moved, there, None)
    return Standing(law.in_words(anchor), "changed", moved, there, sides(words, law.words(anchor)))


def _named(anchor: str) -> str:
    """第六十条第二款, of an article that the edition does not have."""
    number, *below = anchor.split(".")
    return label(number, "条") + "".join(
        label(part, unit) for part, unit in zip(below, "款项目", strict=False)
    )
