"""A row is stored strictly, matches what it says, and says it in Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import blueprint as rows
from quizapp.exams.blueprint import Row, expected_of, of_grid, read, stored

from .assembly.pools import blueprints, item, section

TITLES = {"tiaoli": "《信访工作条例》"}


@given(st.lists(blueprints(), max_size=3))
def test_a_row_comes_back_from_json_as_it_went(found):
    for row in (row for blueprint in found for row in blueprint):
        assert Row.from_json(row.to_json()) == row


GOOD = Row("single", chapter="3", difficulty=(4, 5), least=4, most=4).to_json()


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "essay"},
        {"kind": None},
        {"chapter": 3},
        {"difficulty": [5, 4]},
        {"difficulty": [4]},
        {"difficulty": [0, 5]},
        {"difficulty": [None, 5]},
        {"difficulty": "45"},
        {"least": -1},
        {"least": None},
        {"least": 4.0},
        {"least": True},
        {"most": 3},
        {"most": 201},
        {"most": "4"},
        {"count": 4},
    ],
    ids=str,
)
def test_a_row_that_was_never_written_is_refused(change):
    with pytest.raises(ValueError, match=r"row|kind|bounds|difficult"):
        Row.from_json(GOOD | change)


@pytest.mark.parametrize("value", [None, [], "single", {}, {"kind": "single"}])
def test_what_is_no_row_at_all_is_refused(value):
    with pytest.raises(ValueError, match="not a row"):
        Row.from_json(value)


@pytest.mark.parametrize(
    ("row", "words", "bounds"),
    [
        (Row("multiple", chapter="3", least=6, most=6), "第三章多选题", "恰好6题"),
        (Row("single", difficulty=(4, 5), least=2), "难度4至5级单选题", "至少2题"),
        (Row("judge", difficulty=(5, 5), most=3), "难度5级判断题", "至多3题"),
        (Row(tag="情景", least=2, most=4), "标签“情景”试题", "2至4题"),
        (Row(regulation="tiaoli", article="24"), "《信访工作条例》第二十四条试题", "不限"),
        (Row(chapter="3-1", article="120-1"), "第三章之一第一百二十条之一试题", "不限"),
        (section("single", 40), "全部单选题", "恰好40题"),
        (Row(least=5), "全部试题", "至少5题"),
    ],
)
def test_a_row_in_words(row, words, bounds):
    assert (row.in_words(TITLES), row.bounds_in_words()) == (words, bounds)


@pytest.mark.parametrize(
    ("row", "counts"),
    [
        (Row("multiple"), True),
        (Row("single"), False),
        (Row(regulation="tiaoli"), True),
        (Row(regulation="fa"), False),
        (Row(chapter="3", article="24"), True),
        (Row(chapter="2", article="24"), False),
        (Row(tag="情景"), True),
        (Row(tag="时"), False),
        (Row(difficulty=(4, 4)), True),
        (Row(difficulty=(1, 3)), False),
        (Row(), True),
    ],
)
def test_a_row_matches_when_every_facet_does(row, counts):
    assert row.matches(item(1, "multiple", "3", article="24", tags={"情景", "时限"}, difficulty=4)) is counts


def test_sections_make_size_and_marks_of_a_paper():
    paper = [section("judge", 20), section("single", 40), Row("multiple", chapter="2", least=3, most=3)]
    paper.append(section("multiple", 20))
    assert rows.sections(paper) == {"single": 40, "multiple": 20, "judge": 20}
    assert rows.questions(paper) == 80
    assert rows.total(paper, {"single": 10, "multiple": 20, "judge": 10}) == 1000
    assert rows.total(paper, {"single": 15}) == 600
    rows.check(paper)


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        ([section("single", 5), section("single", 6)], "two sections"),
        ([section("single", 5), Row("judge", chapter="1", least=1)], "without a section: judge"),
        ([section("single", 4)], "5 to 200"),
        ([section("single", 101), section("judge", 100)], "5 to 200"),
        ([Row("single", least=5, most=6)], "without a section: single"),
    ],
)
def test_a_blueprint_without_one_section_for_each_kind_is_refused(paper, reason):
    with pytest.raises(ValueError, match=reason):
        rows.check(paper)


def test_a_paper_with_a_question_twice_or_of_a_kind_without_section_is_none():
    one, two, other = item(1), item(2), item(3, "judge")
    assert rows.kept([section("single", 2)], [one, two])
    assert not rows.kept([section("single", 2)], [one, one])
    assert not rows.kept([section("single", 2)], [one, two, other])


def test_harder_questions_are_expected_to_earn_less():
    assert [expected_of(level) for level in range(1, 6)] == [0.9, 0.8, 0.7, 0.6, 0.5]
    with pytest.raises(KeyError):
        expected_of(6)


@pytest.mark.parametrize(
    ("grid", "rows"),
    [
        (
            {("judge", ""): 3, ("single", ""): 5},
            [Row("single", least=5, most=5), Row("judge", least=3, most=3)],
        ),
        (
            {("single", "10"): 2, ("single", "2"): 4, ("single", "1"): 0},
            [
                Row("single", least=6, most=6),
                Row("single", chapter="2", least=4, most=4),
                Row("single", chapter="10", least=2, most=2),
            ],
        ),
        (
            {("multiple", "3"): 2, ("multiple", ""): 4},
            [Row("multiple", least=6, most=6), Row("multiple", chapter="3", least=2)],
        ),
        ({}, []),
    ],
)
def test_a_grid_becomes_totals_and_chapters(grid, rows):
    assert of_grid(grid) == rows
    assert read(stored(rows)) == rows
