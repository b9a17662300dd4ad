"""What a closed sheet earned: a pure function of the layout, the keys of a marking run, and the sheet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.bank import marking
from quizapp.exams.drawing import Place

POLICIES = ("new", "better")  # what a correction does to who had more before: see `corrected`
ALTERNATIVES = 16  # of one run at most


@dataclass(frozen=True)
class Key:
    """What a revision accepts in one marking run."""

    kind: str  # single, multiple, judge
    accepted: tuple[frozenset[str], ...]  # any of these letter sets is right
    treatment: str = "normal"  # see bank.marking


@dataclass(frozen=True, eq=False)
class Keys(Mapping[int, Key]):
    """The keys of a marking run, by revision; older ones beside them where the better total of both counts.

    As a mapping it gives the newest.
    """

    newest: Mapping[int, Key]
    others: tuple[Mapping[int, Key], ...] = ()

    def __getitem__(self, revision_id: int) -> Key:
        return self.newest[revision_id]

    def __iter__(self) -> Iterator[int]:
        return iter(self.newest)

    def __len__(self) -> int:
        return len(self.newest)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Mapping):
            return NotImplemented
        return [dict(one) for one in self.every] == [dict(one) for one in every(other)]

    @property
    def every(self) -> tuple[Mapping[int, Key], ...]:
        """The newest first: of equal totals the newest counts."""
        return (self.newest, *self.others)


def every(keys: Mapping[int, Key]) -> tuple[Mapping[int, Key], ...]:
    """The alternatives of which the best counts for each sheet; one, unless a correction kept the better."""
    return keys.every if isinstance(keys, Keys) else (keys,)


def corrected(keys: Mapping[int, Key], corrections: Mapping[int, Key], policy: str) -> Keys:
    """These keys with corrections, by revision. policy: `new`, or `better`: 取新旧成绩中较高者, for each sheet.

    A promise once given stays: what an earlier correction kept as the better is corrected like the newest.
    Raises KeyError for a revision that the keys do not know, ValueError for another policy or too many alternatives.
    """
    if policy not in POLICIES:
        raise ValueError(f"no such policy: {policy}")
    for revision_id in corrections:
        _ = keys[revision_id]
    after = [{**one, **corrections} for one in every(keys)]
    wanted = [*after, *every(keys)] if policy == "better" else after
    found: list[Mapping[int, Key]] = []
    for one in wanted:
        if not any(dict(one) == dict(other) for other in found):
            found.append(one)
    if len(found) > ALTERNATIVES:
        raise ValueError(f"more than {ALTERNATIVES} alternatives")
    return Keys(found[0], tuple(found[1:]))


@dataclass(frozen=True)
class Marks:
    """Tenths of a 分, in all and per slot. Where questions were scaled away the total is more than its slots."""

    total: int
    slots: tuple[int, ...]


@dataclass(frozen=True)
class Told:
    """The same with what explains it. full: what this paper can come to. gone: of it, the points scaled away.

    keys: the alternative that counted. newest: what is right by now; another one, where the older total was better.
    """

    marks: Marks
    full: int
    gone: int
    keys: Mapping[int, Key]
    newest: Mapping[int, Key]

    @property
    def kept(self) -> bool:
        """Whether the total is the one from before a correction."""
        return self.keys is not self.newest


def marks_of(layout: Sequence[Place], keys: Mapping[int, Key], sheet: str, rule: str) -> Marks:
    """What a sheet earns. rule: what some right letters of a multiple choice earn (少选), see bank.marking.

    Raises ValueError for a sheet of another length, KeyError for a revision without a key.
    """
    return told_of(layout, keys, sheet, rule).marks


def told_of(layout: Sequence[Place], keys: Mapping[int, Key], sheet: str, rule: str) -> Told:
    """The same, explained."""
    newest = every(keys)[0]
    found = (_told(layout, one, sheet, rule, newest) for one in every(keys))
    return max(found, key=lambda told: told.marks.total)


def _told(
    layout: Sequence[Place], keys: Mapping[int, Key], sheet: str, rule: str, newest: Mapping[int, Key]
) -> Told:
    earned = tuple(
        _earned(keys[place.revision_id], layouts.own_letters(place, letters), place.points, rule)
        for place, letters in zip(layout, sheets.parse(sheet), strict=True)
    )
    points = [place.points for place in layout]
    treatments = [keys[place.revision_id].treatment for place in layout]
    total = marking.total(earned, points, treatments)
    gone = sum(p for p, treatment in zip(points, treatments, strict=True) if treatment == "rescale")
    return Told(Marks(total, earned), marking.full_marks(points, treatments), gone, keys, newest)


def _earned(key: Key, own: frozenset[str], points: int, rule: str) -> int:
    return marking.best_earned(
        key.accepted,
        own,
        points,
        rule=rule if key.kind == "multiple" else "all",
        treatment=key.treatment,
    )


class Marker:
    """`marks_of` for many sheets by the same keys and rule, which never change: what the same letters of the same
    question earn is worked out once. So a sweep marks a sheet in a tenth of the time."""

    def __init__(self, keys: Mapping[int, Key], rule: str) -> None:
        self.keys, self.rule = keys, rule
        self._markers = [_OneMarker(one, rule) for one in every(keys)]

    def marks(self, layout: str, sheet: str) -> Marks:
        """layout, sheet: as stored. Raises ValueError where they differ in length, KeyError for an unknown revision."""
        if len(self._markers) == 1:
            return self._markers[0].marks(layout, sheet)
        return max((one.marks(layout, sheet) for one in self._markers), key=lambda marks: marks.total)


class _OneMarker:
    """The same for one of the alternatives."""

    def __init__(self, keys: Mapping[int, Key], rule: str) -> None:
        self.keys, self.rule = keys, rule
        self._scales = any(key.treatment == "rescale" for key in keys.values())
        self._known: dict[tuple[str, str, str], int] = {}  # revision, own letters in the order shown, points

    def marks(self, layout: str, sheet: str) -> Marks:
        earned, known = [], self._known
        for text, letters in zip(layout.split(" "), sheet.split("."), strict=True):
            revision, order, points = text.split(":")
            own = "".join([order[ord(one) - 65 : ord(one) - 64] or one.lower() for one in letters])
            asked = (revision, own, points)
            if asked not in known:
                known[asked] = _earned(self.keys[int(revision)], frozenset(own), int(points), self.rule)
            earned.append(known[asked])
        return Marks(self._scaled(layout, earned) if self._scales else sum(earned), tuple(earned))

    def _scaled(self, layout: str, earned: Sequence[int]) -> int:
        places = layouts.from_text(layout)
        treatments = [self.keys[place.revision_id].treatment for place in places]
        return marking.total(earned, [place.points for place in places], treatments)


def slots_text(marks: Marks) -> str:
    """As stored: "20.0.15"."""
    return ".".join(str(tenths) for tenths in marks.slots)


def slots_of(text: str) -> tuple[int, ...]:
    return tuple(int(tenths) for tenths in text.split("."))


OTHERS = "else"  # under this name stand the alternatives, as far as they differ from the newest


def keys_to_json(keys: Mapping[int, Key]) -> dict[str, Any]:
    """As a marking run stores its keys: {"12": ["multiple", ["AC"], "normal"]}; with alternatives also
    {"else": [{"12": ["multiple", ["AB"], "normal"]}]}."""
    newest, *others = every(keys)
    stored: dict[str, Any] = _rows(newest)
    if others:
        stored[OTHERS] = [
            _rows({one: key for one, key in other.items() if newest[one] != key}) for other in others
        ]
    return stored


def _rows(keys: Mapping[int, Key]) -> dict[str, Any]:
    return {
        str(revision_id): [key.kind, ["".join(sorted(letters)) for letters in key.accepted], key.treatment]
        for revision_id, key in sorted(keys.items())
    }


def keys_from_json(stored: Mapping[str, Any]) -> Keys:
    newest = _keys({name: row for name, row in stored.items() if name != OTHERS})
    return Keys(newest, tuple({**newest, **_keys(other)} for other in stored.get(OTHERS, ())))


def _keys(stored: Mapping[str, Any]) -> dict[int, Key]:
    return {
        int(revision_id): Key(kind, tuple(frozenset(letters) for letters in accepted), treatment)
        for revision_id, (kind, accepted, treatment) in stored.items()
    }
