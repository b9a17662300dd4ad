"""A blueprint that cannot be filled is named before publishing, by the cell that lacks questions."""

from collections import Counter
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import blueprint, drawing


@dataclass(frozen=True)
class Kept:
    revision_id: int
    kind: str
    chapter: str
    article: str = "1"


def pool_of(*cells: tuple[str, str, int]) -> list[Kept]:
    kept = []
    for kind, chapter, count in cells:
        kept += [Kept(len(kept) + i + 1, kind, chapter) for i in range(count)]
    return kept


def test_a_chapter_that_lacks_questions_is_named():
    rows = blueprint.rows({("multiple", "3"): 6})
    (shortage,) = blueprint.shortages(rows, pool_of(("multiple", "3", 4), ("multiple", "4", 50)))
    assert shortage.sentence({"3": "第三章"}) == "第三章多选题只有4题，需要6题"


def test_the_row_without_chapter_finds_only_what_the_chapters_leave():
    pool = pool_of(("single", "1", 5), ("single", "2", 5))
    enough = blueprint.rows({("single", "1"): 5, ("single", ""): 5})
    too_many = blueprint.rows({("single", "1"): 5, ("single", ""): 6})
    assert blueprint.shortages(enough, pool) == []
    assert [s.sentence({}) for s in blueprint.shortages(too_many, pool)] == ["全部单选题只有10题，需要11题"]


def test_questions_without_a_chapter_serve_the_row_without_chapter():
    pool = pool_of(("judge", "", 3))
    assert blueprint.shortages(blueprint.rows({("judge", ""): 3}), pool) == []


def test_kinds_do_not_help_each_other():
    rows = blueprint.rows({("single", ""): 2, ("judge", ""): 1})
    assert [s.kind for s in blueprint.shortages(rows, pool_of(("single", "1", 9)))] == ["judge"]


def test_rows_stand_in_the_order_of_the_paper_and_empty_cells_are_left_out():
    grid = {
        ("judge", ""): 1,
        ("single", ""): 2,
        ("single", "10"): 3,
        ("single", "2"): 4,
        ("multiple", "1"): 0,
    }
    assert [(r["kind"], r["chapter"], r["count"]) for r in blueprint.rows(grid)] == [
        ("single", "2", 4),
        ("single", "10", 3),
        ("single", "", 2),
        ("judge", "", 1),
    ]


def test_totals_are_tenths():
    rows = blueprint.rows({("single", "1"): 10, ("single", ""): 20, ("multiple", ""): 10, ("judge", ""): 20})
    points = {"single": 20, "multiple": 20, "judge": 10}
    assert blueprint.by_kind(rows) == {"single": 30, "multiple": 10, "judge": 20}
    assert blueprint.questions(rows) == 60
    assert blueprint.total(rows, points) == 1000
    assert blueprint.total(rows, {"single": 15}) == 450


grids = st.dictionaries(
    st.tuples(st.sampled_from(blueprint.KINDS), st.sampled_from(["", "1", "2", "3"])), st.integers(0, 4)
)
pools = st.lists(
    st.tuples(st.sampled_from(blueprint.KINDS), st.sampled_from(["", "1", "2", "3"])), max_size=30
)


@given(grids, pools, st.text(max_size=5))
def test_no_shortage_means_that_a_paper_can_be_drawn_and_a_shortage_that_it_cannot(grid, cells, seed):
    pool = [Kept(number, kind, chapter) for number, (kind, chapter) in enumerate(cells)]
    rows = blueprint.rows(grid)
    slots = drawing.slots(pool, rows, dict.fromkeys(blueprint.KINDS, 10))
    if blueprint.shortages(rows, pool):
        with pytest.raises(ValueError, match="left"):
            drawing.draw(slots, rows, Random(seed))
        return
    drawn = {slot.revision_id for slot in drawing.draw(slots, rows, Random(seed))}
    chosen = [entry for entry in pool if entry.revision_id in drawn]
    assert len(chosen) == blueprint.questions(rows)
    found = Counter((entry.kind, entry.chapter) for entry in chosen)
    for (kind, chapter), count in blueprint.counts(rows).items():
        assert not chapter or found[kind, chapter] >= count
    assert Counter(entry.kind for entry in chosen) == Counter(blueprint.by_kind(rows))
