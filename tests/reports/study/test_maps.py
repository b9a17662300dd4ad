"""Mastery by article: every cell a figure and a word, small groups not told, weakest first on demand."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.reports.study import maps
from quizapp.reports.study.sums import Study

KEYS = ["t:1", "t:2", "t:3"]


@st.composite
def counters(draw):
    people, each = draw(st.integers(0, 30)), draw(st.integers(1, 5))
    return [people, draw(st.integers(0, 1000 * people * each)), people * each]


studies = st.lists(
    st.fixed_dictionaries({}, optional={key: counters() for key in KEYS}).map(
        lambda rows: Study(articles=rows)
    ),
    min_size=1,
    max_size=6,
)


def whole(parts):
    return Study(
        articles={
            key: [sum(part.articles.get(key, (0, 0, 0))[n] for part in parts) for n in range(3)]
            for key in KEYS
        }
    )


@pytest.mark.parametrize(
    ("thousandths", "text", "word"),
    [
        (0, "0%", "薄弱"),
        (394, "39%", "薄弱"),
        (395, "40%", "需加强"),
        (460, "46%", "需加强"),
        (600, "60%", "基本掌握"),
        (800, "80%", "掌握较好"),
        (1000, "100%", "掌握较好"),
    ],
)
def test_a_cell_says_its_share_and_a_word(thousandths, text, word):
    cell = maps.cell((5, thousandths, 1))
    assert (cell.text, cell.word) == (text, word)


def test_an_article_without_questions_has_no_cell():
    assert maps.cell((5, 0, 0)) is None


def test_the_legend_names_every_tint():
    assert maps.legend() == [
        (1, "薄弱（不足40%）"),
        (2, "需加强（40%—59%）"),
        (3, "基本掌握（60%—79%）"),
        (4, "掌握较好（80%及以上）"),
    ]


@given(studies)
def test_whatever_is_told_is_the_mean_of_a_group_of_five_or_more(parts):
    for row in maps.rows(whole(parts), parts, KEYS, 5):
        people = [part.articles.get(row.key, (0, 0, 0))[0] for part in parts]
        assert sum(people) >= 5
        for part, cell in zip(parts, row.cells, strict=True):
            if cell is not None:
                count, thousandths, questions = part.articles[row.key]
                assert count >= 5
                share = Decimal(thousandths) / (questions * 10)
                assert cell.percent == share.quantize(Decimal(1), rounding=ROUND_HALF_UP)


@given(studies)
def test_what_is_not_told_cannot_be_worked_out_from_the_sum(parts):
    for row in maps.rows(whole(parts), parts, KEYS, 5):
        left = [
            part.articles.get(row.key, (0, 0, 0))[0]
            for part, cell in zip(parts, row.cells, strict=True)
            if cell is None
        ]
        assert sum(left) == 0 or sum(left) >= 5


@given(studies)
def test_weakest_first_are_the_same_articles(parts):
    found = maps.rows(whole(parts), parts, KEYS, 5)
    ordered = maps.weakest(found)
    assert {row.key for row in ordered} == {row.key for row in found}
    assert [row.whole.percent for row in ordered] == sorted(row.whole.percent for row in found)
