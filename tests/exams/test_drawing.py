"""One person's paper is the same for ever, takes no question twice, and keeps its sections."""

from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import drawing
from quizapp.exams.blueprint import KINDS

CELLS = {("single", "1"): 0, ("multiple", "2"): 2, ("single", ""): 1, ("judge", ""): 3}
PLAN = [  # three of chapter 1, then four of whatever single questions are left
    {"cells": [0], "count": 3},
    {"cells": [2], "count": 2},
    {"cells": [0, 1], "count": 4},
    {"cells": [3], "count": 3},
]
POINTS = {"single": 20, "multiple": 25, "judge": 10}


@dataclass(frozen=True)
class Entry:
    revision_id: int
    kind: str
    chapter: str


POOL = [
    Entry(100 + number, kind, chapter)
    for number, (kind, chapter) in enumerate(
        [
            (kind, chapter)
            for kind in ("judge", "single", "multiple")
            for chapter in ("2", "1", "")
            for _ in range(5)
        ]
    )
]


def slots_of(pool):
    ordered = sorted(pool, key=lambda e: (KINDS.index(e.kind), int(e.chapter or 0), e.revision_id))
    cells = [CELLS.get((e.kind, e.chapter), CELLS.get((e.kind, ""))) for e in ordered]
    return [
        drawing.PoolSlot(place, entry.revision_id, entry.kind, cell, POINTS[entry.kind])
        for place, (entry, cell) in enumerate(
            [(e, c) for e, c in zip(ordered, cells, strict=True) if c is not None], start=1
        )
    ]


SLOTS = slots_of(POOL)
OPTIONS = {entry.revision_id: 2 if entry.kind == "judge" else 4 for entry in POOL}
KIND = {entry.revision_id: entry.kind for entry in POOL}


def paper(candidate_id=7, number=1, *, seed="9f", questions=True, options=True, slots=SLOTS, plan=PLAN):
    return drawing.layout(
        slots,
        plan,
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


def test_the_order_in_which_the_database_gives_the_pool_does_not_matter():
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


def test_an_entry_that_finds_too_few_is_a_mistake():
    with pytest.raises(ValueError, match="wants more"):
        drawing.draw(SLOTS, [{"cells": [2], "count": 5}, {"cells": [2], "count": 1}], Random("x"))


def test_without_a_plan_every_question_stands_on_the_paper():
    fixed = paper(plan=None, questions=False)
    assert [place.revision_id for place in fixed] == [slot.revision_id for slot in SLOTS]
    assert {place.revision_id for place in paper(plan=None)} == {slot.revision_id for slot in SLOTS}


def test_forms_fall_to_people_by_lot_and_another_at_each_attempt():
    first = [drawing.form_for("9f", candidate, 1, 3) for candidate in range(300)]
    assert all(70 < first.count(form) < 130 for form in range(3))
    for candidate in range(20):
        assert {drawing.form_for("9f", candidate, number, 3) for number in (1, 2, 3)} == {0, 1, 2}
    assert {drawing.form_for("9f", candidate, 4, 1) for candidate in range(20)} == {0}


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


@given(st.sets(st.integers(1, 12)), st.integers(1, 8), st.text("ab", max_size=3))
def test_what_a_person_has_met_is_drawn_last(met, count, seed):
    slots = [drawing.PoolSlot(n, n, "single", 0, 10) for n in range(1, 13)]
    plan = [{"cells": [0], "count": count}]
    drawn = [slot.revision_id for slot in drawing.draw(slots, plan, Random(seed), met)]
    assert len(set(drawn)) == count
    assert len(met & set(drawn)) == max(count - (12 - len(met)), 0)
    assert drawn == [slot.revision_id for slot in drawing.draw(slots, plan, Random(seed), met)]


@given(st.integers(1, 8), st.text("ab", max_size=3))
def test_who_has_met_nothing_gets_the_paper_of_the_seed_alone(count, seed):
    slots = [drawing.PoolSlot(n, n, "single", 0, 10) for n in range(1, 13)]
    plan = [{"cells": [0], "count": count}]
    chance = Random(seed)
    alone = sorted(drawing.some_of(slots, count, chance), key=lambda slot: slot.position)
    assert drawing.draw(slots, plan, Random(seed)) == alone
