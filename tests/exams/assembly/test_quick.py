"""Quick fill: chapters in the proportions of the bank, and something of every chapter."""

from dataclasses import replace

from hypothesis import given

from quizapp.exams.assembly.feasibility import conflict
from quizapp.exams.assembly.quick import PROPOSALS, every_chapter, like_the_bank, proposal
from quizapp.exams.blueprint import Row, of_grid, questions, sections, total

from .pools import blueprints, item, items, pool_of, section


def test_chapters_share_a_section_in_the_proportions_of_the_bank():
    pool = pool_of(("single", "10", 25), ("single", "2", 50), ("single", "1", 25), ("judge", "1", 3))
    assert like_the_bank({"judge": 2, "single": 10}, pool) == [
        Row("single", chapter="1", least=3, most=3),
        Row("single", chapter="2", least=5, most=5),
        Row("single", chapter="10", least=2, most=2),
        Row("judge", chapter="1", least=2, most=2),
    ]


def test_chapters_of_several_regulations_are_told_apart():
    pool = pool_of(("single", "1", 4), ("single", "2", 4))
    pool = [replace(one, regulation="fa") if one.chapter == "2" else one for one in pool]
    assert [(row.regulation, row.chapter, row.least) for row in like_the_bank({"single": 4}, pool)] == [
        ("fa", "2", 2),
        ("tiaoli", "1", 2),
    ]


def test_a_kind_with_too_few_questions_in_chapters_gets_no_rows():
    assert like_the_bank({"single": 5}, pool_of(("single", "1", 4), ("single", "", 9))) == []


@given(blueprints(), items())
def test_what_is_spread_like_the_bank_adds_up_and_can_be_made(rows, pool):
    totals = sections(rows)
    found = like_the_bank(totals, pool)
    for kind in {row.kind for row in found}:
        assert sum(row.least for row in found if row.kind == kind) == totals[kind]
    both = [row for row in rows if row.section] + found
    assert all(len(each.rows) == 1 and both[each.rows[0]].section for each in conflict(both, pool))


def test_every_chapter_gets_a_row_unless_rows_see_to_it():
    pool = pool_of(
        ("single", "1", 9), ("judge", "2", 9), ("single", "2", 9), ("single", "3", 1), ("judge", "", 5)
    )
    rows = [section("single", 8), section("judge", 5)]
    rows += [Row("single", chapter="2", least=1), Row("judge", chapter="2", least=1)]
    assert every_chapter(rows, pool) == [*rows, Row(chapter="1", least=2), Row(chapter="3", least=1)]


def test_a_row_of_a_chapter_is_raised_in_its_place():
    pool = pool_of(("single", "1", 9), ("single", "2", 9))
    rows = [Row(chapter="1", least=1, most=3), section("single", 8), Row(chapter="2", most=1)]
    assert every_chapter(rows, pool) == [Row(chapter="1", least=2, most=3), *rows[1:]]


@given(blueprints(most=3, largest=12), items())
def test_after_that_a_paper_has_something_of_every_chapter(rows, pool):
    found = every_chapter(rows, pool)
    assert every_chapter(found, pool) == found
    kinds = sections(rows)
    for chapter in {one.chapter for one in pool if one.chapter and one.kind in kinds}:
        there = [one for one in pool if one.chapter == chapter and one.kind in kinds]
        asked = sum(row.least for row in found if row.chapter == chapter and not row.section)
        capped = any(row.chapter == chapter and row.most is not None and row.most < 2 for row in found)
        assert capped or asked >= min(2, len(there))


def test_the_largest_proposal_that_the_bank_serves_is_made_and_worth_a_hundred():
    def pool(**numbers):
        kinds = [kind for kind, number in numbers.items() for _ in range(number)]
        return [item(number, kind) for number, kind in enumerate(kinds, start=1)]

    for numbers, points in PROPOSALS:
        rows = of_grid({(kind, ""): count for kind, count in numbers.items()})
        assert total(rows, points) == 1000
    assert questions(proposal(pool(single=30, multiple=10, judge=20))[0]) == 60
    assert questions(proposal(pool(single=29, multiple=10, judge=20))[0]) == 45
    assert proposal(pool(single=3))[0] == []
