"""Which questions ask nearly the same: how far their runs of three characters agree (Jaccard).

Near pairs are found by prefix filtering: of two texts that agree to a share t, one of the rarest (1 − t)·n + 1 runs
of one must stand in those of the other, so that only few pairs are compared. Source: Xiao et al., "Efficient
similarity joins for near-duplicate detection", WWW 2008.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

NEAR = 0.72  # from this share on two stems are shown side by side
SHORTEST = 8  # characters; shorter stems agree by chance
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Near:
    """A text of the second list that nearly says what one of the first says. share: 0.72–1."""

    place: int
    share: float


def grams(text: str) -> frozenset[str]:
    """The runs of three letters or digits of a text; none for one too short to compare."""
    bare = _SIGNS.sub("", text)
    if len(bare) < SHORTEST:
        return frozenset()
    return frozenset(bare[at : at + 3] for at in range(len(bare) - 2))


def share(first: frozenset[str], second: frozenset[str]) -> float:
    """How far two sets of runs agree: 0–1."""
    both = len(first & second)
    return both / (len(first) + len(second) - both) if both else 0.0


def nearest(texts: Sequence[str], others: Sequence[str], *, near: float = NEAR) -> list[Near | None]:
    """For each text the one of `others` that agrees most, if any agrees to `near`."""
    index = _Index([grams(text) for text in others], near)
    return [max(index.near(grams(text)), key=lambda n: (n.share, -n.place), default=None) for text in texts]


def pairs_within(texts: Sequence[str], *, near: float = NEAR) -> list[Near | None]:
    """For each text the earlier one of the same list that agrees most, if any agrees to `near`."""
    sets = [grams(text) for text in texts]
    index = _Index(sets, near)
    return [
        max(
            (n for n in index.near(own) if n.place < place),
            key=lambda n: (n.share, -n.place),
            default=None,
        )
        for place, own in enumerate(sets)
    ]


class _Index:
    """The rarest runs of each text, and where they stand."""

    def __init__(self, sets: Sequence[frozenset[str]], near: float) -> None:
        self._sets, self._least = sets, near
        self._count = Counter(gram for own in sets for gram in own)
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, own in enumerate(sets):
            for gram in self._prefix(own):
                self._places[gram].append(place)

    def _prefix(self, own: frozenset[str]) -> Iterable[str]:
        ordered = sorted(own, key=lambda gram: (self._count[gram], gram))
        return ordered[: len(own) - int(-(-self._least * len(own) // 1)) + 1]

    def near(self, own: frozenset[str]) -> Iterator[Near]:
        """Every text that agrees with this one to the wanted share."""
        candidates = {place for gram in self._prefix(own) for place in self._places.get(gram, ())}
        for place in candidates:
            other = self._sets[place]
            if min(len(own), len(other)) < self._least * max(len(own), len(other)):
                continue
            agreed = share(own, other)
            if agreed >= self._least:
                yield Near(place, agreed)
