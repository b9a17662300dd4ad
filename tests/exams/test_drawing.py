"""One person's paper is the same for ever, takes no question twice, and keeps its sections."""

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import blueprint, drawing

ROWS = blueprint.rows({("single", "1"): 3, ("single", ""): 4, ("multiple", "2"): 2, ("judge", ""): 3})
POINTS = {"single": 20, "multiple": 25, "judge": 10}


@dataclass(frozen=True)
class Entry:
    revision_id: int
    kind: str
    chapter: str
    article: str


POOL = [
    Entry(100 + number, kind, chapter, str(number))
    for number, (kind, chapter) in enumerate(
        [
            (kind, chapter)
            for kind in ("judge", "single", "multiple")
            for chapter in ("2", "1", "")
            for _ in range(5)
        ]
    )
]
SLOTS = drawing.slots(POOL, ROWS, POINTS)
OPTIONS = {entry.revision_id: 2 if entry.kind == "judge" else 4 for entry in POOL}
KIND = {entry.revision_id: entry.kind for entry in POOL}


def paper(candidate_id=7, number=1, *, seed="9f", questions=True, options=True, slots=SLOTS):
    return drawing.layout(
        slots,
        ROWS,
        seed=seed,
        candidate_id=candidate_id,
        number=number,
        shuffle_questions=questions,
        shuffle_options=options,
        options_of=OPTIONS,
    )


def test_the_paper_of_a_seed_never_changes():
    """These letters were drawn once; another Python or another line of code must draw them again."""
    assert [(p.revision_id, p.order) for p in paper()] == PINNED


def test_the_pool_holds_what_the_rows_can_draw_and_nothing_else():
    kinds = {
        (entry.kind, entry.chapter) for entry in POOL if entry.revision_id in {s.revision_id for s in SLOTS}
    }
    assert ("multiple", "1") not in kinds
    assert ("multiple", "2") in kinds
    assert [s.position for s in SLOTS] == list(range(1, len(SLOTS) + 1))
    assert [s.kind for s in SLOTS] == sorted([s.kind for s in SLOTS], key=blueprint.KINDS.index)


def test_the_order_in_which_the_database_gives_the_pool_does_not_matter():
    assert drawing.slots(POOL[::-1], ROWS, POINTS) == SLOTS
    assert paper(slots=SLOTS[::-1]) == paper()
    assert drawing.fingerprint(SLOTS[::-1]) == drawing.fingerprint(SLOTS)


def test_another_person_and_another_attempt_get_another_paper():
    assert len({tuple(paper(candidate, number)) for candidate in range(20) for number in (1, 2)}) == 40


def test_switching_a_shuffle_off_changes_nothing_else():
    full, fixed = paper(), paper(questions=False, options=False)
    assert {p.revision_id for p in full} == {p.revision_id for p in fixed}
    assert all(p.order == "ABCD"[: len(p.order)] for p in fixed)
    positions = {s.revision_id: s.position for s in SLOTS}
    assert [positions[p.revision_id] for p in fixed] == sorted(positions[p.revision_id] for p in fixed)
    assert [p.revision_id for p in paper(options=False)] == [p.revision_id for p in full]


@given(st.text(max_size=20), st.integers(1, 10**9), st.integers(1, 5))
def test_every_paper_keeps_the_rules(seed, candidate_id, number):
    places = paper(candidate_id, number, seed=seed)
    revisions = [p.revision_id for p in places]
    assert len(set(revisions)) == len(revisions) == 12
    assert [KIND[r] for r in revisions] == ["single"] * 7 + ["multiple"] * 2 + ["judge"] * 3
    assert sum(e.chapter == "1" for e in POOL if e.kind == "single" and e.revision_id in revisions) >= 3
    for place in places:
        assert sorted(place.order) == list("ABCD"[: OPTIONS[place.revision_id]])
        assert place.points == POINTS[KIND[place.revision_id]]
        assert KIND[place.revision_id] != "judge" or place.order == "AB"


def test_every_question_and_every_order_has_its_chance():
    seen = {p.revision_id for candidate in range(200) for p in paper(candidate)}
    assert seen == {s.revision_id for s in SLOTS}
    orders = {tuple(drawing.shuffled("ABC", Random(str(n)))) for n in range(200)}
    assert len(orders) == 6


def test_choices_are_equally_likely():
    random, found = Random("fair"), dict.fromkeys(range(10), 0)
    for _ in range(2000):
        for item in drawing.some_of(range(10), 3, random):
            found[item] += 1
    assert all(510 < times < 690 for times in found.values()), found  # 600 expected, over four deviations


def test_two_rows_of_one_cell_are_a_mistake():
    row = {"kind": "single", "chapter": "1", "count": 1}
    with pytest.raises(ValueError, match="one cell"):
        drawing.draw(SLOTS, [row, dict(row)], Random("x"))


PINNED = [
    (123, "ABCD"),
    (127, "BDCA"),
    (128, "BDAC"),
    (125, "BDAC"),
    (121, "CBDA"),
    (122, "BCAD"),
    (120, "DABC"),
    (130, "BCAD"),
    (132, "DBAC"),
    (104, "AB"),
    (106, "AB"),
    (108, "AB"),
]
