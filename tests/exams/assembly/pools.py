"""Pools and blueprints for the tests of assembly: written out, by chance, and small enough to try everything."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random

from hypothesis import strategies as st

from quizapp.exams.blueprint import Item, Row, expected_of, kept

KINDS = ("single", "multiple", "judge")
POINTS = {"single": 10, "multiple": 20, "judge": 10}


def item(number, kind="single", chapter="1", *, article="", tags=(), difficulty=3, expected=None, wear=0.0):
    """Question `number`; its revision has 1000 more, so that nobody takes one for the other."""
    share = expected_of(difficulty) if expected is None else expected
    facets = ("tiaoli", chapter, article, frozenset(tags))
    return Item(1000 + number, number, kind, *facets, difficulty, share, wear)


def pool_of(*groups: tuple[str, str, int], **more) -> list[Item]:
    """(kind, chapter, how many), …"""
    found: list[Item] = []
    for kind, chapter, count in groups:
        found += [item(len(found) + number, kind, chapter, **more) for number in range(count)]
    return found


def section(kind: str, count: int) -> Row:
    return Row(kind, least=count, most=count)


def wide_pool(size=120):
    """Two kinds in three chapters, each question with a facility of its own, some worn."""
    return [
        item(
            number,
            ("single", "judge")[number % 2],
            str(1 + number % 3),
            difficulty=1 + number % 5,
            expected=expected_of(1 + number % 5) + (number * 37 % 100) / 1000 - 0.05,
            wear=(number * 13 % 10) / 10,
        )
        for number in range(size)
    ]


ROWS = [
    section("single", 12),
    section("judge", 8),
    Row(chapter="1", least=5, most=7),
    Row("single", chapter="2", least=4, most=4),
    Row(difficulty=(4, 5), least=6, most=9),
]


def every_set(
    pool: Sequence[Item], forms: int, common: int, enemies: Sequence[frozenset[int]]
) -> Iterator[list[list[Item]]]:
    """Every way of putting the pool into papers: a question stands in none, in one, or as a common one in all."""
    places = [
        (),
        *((form,) for form in range(forms)),
        *([tuple(range(forms))] if common and forms > 1 else []),
    ]
    for chosen in product(places, repeat=len(pool)):
        if forms > 1 and sum(len(place) == forms for place in chosen) > common:
            continue
        papers = [
            [one for one, place in zip(pool, chosen, strict=True) if form in place] for form in range(forms)
        ]
        ids = [{one.revision_id for one in paper} for paper in papers]
        if all(len(group & paper) <= 1 for group in enemies for paper in ids):
            yield papers


def can_be_made(rows, pool, *, forms=1, common=0, enemies=(), kinds=None) -> bool:
    """By trying everything, with nothing of the code under test but `Row.holds` and `Row.matches`."""
    used = [one for one in pool if one.kind in (kinds or [row.kind for row in rows if row.section])]
    return any(
        all(row.holds(sum(map(row.matches, paper))) for row in rows for paper in papers)
        for papers in every_set(used, forms, common, enemies)
    )


def keeps_everything(rows, papers: Sequence[Sequence[Item]], *, common=0, enemies=()) -> bool:
    """Whether these papers are what was asked for."""
    ids = [{one.revision_id for one in paper} for paper in papers]
    pairs = [a & b for place, a in enumerate(ids) for b in ids[:place]]
    return (
        all(kept(rows, paper) for paper in papers)
        and all(len(shared) <= common for shared in pairs)
        and all(len(group & paper) <= 1 for group in enemies for paper in ids)
    )


# By chance ----------------------------------------------------------------------------------------------------

chapters = st.sampled_from(["", "1", "2"])


@st.composite
def items(draw, most=40):
    """A pool of up to `most` questions in two kinds, two chapters, three articles, two tags."""
    cells = draw(
        st.lists(
            st.tuples(
                st.sampled_from(KINDS[:2]),
                chapters,
                st.sampled_from(["", "7", "8"]),
                st.sets(st.sampled_from(["情景", "时限"])),
                st.integers(1, 5),
                st.sampled_from([None, 0.55, 0.633, 0.712]),
                st.sampled_from([0.0, 0.0, 0.25, 0.5, 1.0]),
            ),
            max_size=most,
        )
    )
    return [
        item(number, kind, chapter, article=article, tags=tags, difficulty=level, expected=share, wear=wear)
        for number, (kind, chapter, article, tags, level, share, wear) in enumerate(cells)
    ]


@st.composite
def blueprints(draw, most=5, largest=3):
    """Sections for one or two kinds, and up to `most` other rows."""
    kinds = draw(st.sampled_from([("single",), ("single", "multiple")]))
    rows = [section(kind, draw(st.integers(1, largest))) for kind in kinds]
    for _ in range(draw(st.integers(0, most))):
        least = draw(st.integers(0, largest))
        low = draw(st.integers(1, 5))
        facets = {
            "kind": draw(st.sampled_from(["", *kinds])),
            "chapter": draw(chapters),
            "article": draw(st.sampled_from(["", "", "7"])),
            "tag": draw(st.sampled_from(["", "", "情景"])),
            "difficulty": draw(st.sampled_from([(), (), (low, draw(st.integers(low, 5)))])),
        }
        if any(facets[name] for name in facets if name != "kind"):
            rows.append(Row(**facets, least=least, most=draw(st.sampled_from([None, least, least + 1]))))
    return rows


@st.composite
def enmities(draw, pool):
    """Up to three enemy groups within a pool."""
    ids = [one.revision_id for one in pool]
    if not ids:
        return []
    return draw(st.lists(st.frozensets(st.sampled_from(ids), max_size=4), max_size=3))


@dataclass(frozen=True)
class Case:
    """A pool and a blueprint that can be made from it, unless a row was tightened afterwards."""

    rows: list[Row]
    pool: list[Item]
    forms: int
    common: int
    enemies: list[frozenset[int]]

    @property
    def asked(self):
        return {"forms": self.forms, "common": self.common, "enemies": self.enemies}


@st.composite
def cases(draw, *, spare=30, forms=3, largest=8, rows=8, tightened=False):
    """Papers are hidden in a pool first; then the rows are written around what these papers hold.

    spare: questions of the pool that stand in none of them, at most. largest: questions of one paper, at most.
    """
    chance = Random(draw(st.integers(0, 2**32)))
    count, size = draw(st.integers(1, forms)), draw(st.integers(2, largest))
    common = draw(st.integers(0, 2)) if count > 1 else 0
    kinds = ["single", *(["multiple"] if chance.random() < 0.6 else [])]
    papers, pool = _hidden(chance, kinds, count, size, min(common, size - 1))
    pool += [
        _random_item(chance, len(pool) + n, some(chance, kinds)) for n in range(draw(st.integers(0, spare)))
    ]
    found = [section(kind, sum(one.kind == kind for one in papers[0])) for kind in kinds]
    found = [row for row in found if row.least]
    for _ in range(draw(st.integers(0, rows))):
        found.append(_around(chance, papers, kinds))
    if tightened:
        place = int(chance.random() * len(found))
        found[place] = replace(found[place], least=found[place].least + 1, most=found[place].least + 1)
    enemies = [
        frozenset(some(chance, paper).revision_id for paper in papers) for _ in range(draw(st.integers(0, 3)))
    ]
    enemies += [frozenset(some(chance, pool).revision_id for _ in range(3))] if chance.random() < 0.2 else []
    return Case(found, pool, count, common, enemies)


def some(chance: Random, options):
    return options[int(chance.random() * len(options))]


def _hidden(chance, kinds, count, size, common):
    """Papers of one size and one mix of kinds; some questions stand in all of them."""
    wanted = [some(chance, kinds) for _ in range(size)]
    shared = [_random_item(chance, number, wanted[number]) for number in range(common)]
    pool, papers = list(shared), []
    for _ in range(count):
        own = [_random_item(chance, len(pool) + n, kind) for n, kind in enumerate(wanted[common:])]
        pool += own
        papers.append(shared + own)
    return papers, pool


def _random_item(chance, number, kind):
    return item(
        number,
        kind,
        some(chance, ["", "1", "2"]),
        article=some(chance, ["", "7", "8"]),
        tags={"情景"} if chance.random() < 0.3 else (),
        difficulty=1 + int(chance.random() * 5),
        expected=some(chance, [None, round(0.3 + chance.random() * 0.6, 3)]),
        wear=some(chance, [0.0, 0.0, 1.0, round(chance.random(), 2)]),
    )


def _around(chance, papers, kinds):
    low = 1 + int(chance.random() * 5)
    facets = {
        "kind": some(chance, ["", *kinds]),
        **some(
            chance,
            [{"chapter": "1"}, {"chapter": "2", "article": "7"}, {"tag": "情景"}, {"article": "8"}, {}],
        ),
    }
    if len(facets) == 1 or chance.random() < 0.3:
        facets["difficulty"] = (low, low + int(chance.random() * (6 - low)))
    held = [sum(map(Row(**facets).matches, paper)) for paper in papers]
    slack = some(chance, [0, 0, 1])
    return Row(**facets, least=max(0, min(held) - slack), most=some(chance, [None, max(held) + slack]))
