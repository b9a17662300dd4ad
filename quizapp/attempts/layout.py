"""What stands where on one person's paper, frozen when the attempt is created.

Stored as one text, `12:CAB:20 15:AB:10`: revision, the revision's own letters as displayed (displayed A is own C),
points in tenths of a 分. Editing a question makes a new revision and touches no layout.
"""

import hashlib
import re
from collections.abc import Iterable

from quizapp.exams.drawing import Place

LETTERS = "ABCDEFGH"
_PLACE = re.compile(r"([1-9][0-9]*):([A-H]+):([0-9]+)")


def to_text(places: Iterable[Place]) -> str:
    return " ".join(f"{place.revision_id}:{place.order}:{place.points}" for place in places)


def from_text(text: str) -> tuple[Place, ...]:
    """Raises ValueError for a text that `to_text` never wrote."""
    places = []
    for part in text.split(" "):
        found = _PLACE.fullmatch(part)
        if found is None:
            raise ValueError(f"no place of a layout: {part!r}")
        places.append(Place(int(found[1]), found[2], int(found[3])))
    return tuple(places)


def hash_of(text: str) -> str:
    """SHA-256 of a stored layout, in hex: receipts and digests carry it."""
    return hashlib.sha256(text.encode()).hexdigest()


def own_letters(place: Place, displayed: str) -> frozenset[str]:
    """The revision's own letters behind displayed ones. A letter that the slot does not offer stands for nothing
    and is kept as it is in lower case, so that it can never equal a key."""
    return frozenset(
        place.order[at] if (at := LETTERS.index(letter)) < len(place.order) else letter.lower()
        for letter in displayed
    )


def displayed_letters(place: Place, own: Iterable[str]) -> str:
    """Where the revision's own letters stand on this paper, ascending."""
    return "".join(sorted(LETTERS[place.order.index(letter)] for letter in own))


def not_offered(place: Place, displayed: str) -> bool:
    """Whether a slot was answered with a letter that it does not show: a fault of the page, reported by marking."""
    return any(LETTERS.index(letter) >= len(place.order) for letter in displayed)
