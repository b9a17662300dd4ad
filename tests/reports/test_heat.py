"""Heat maps: what stands in every cell, how strong its tint is, and whose figures are too few to be told."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import tree
from quizapp.reports import heat
from quizapp.reports.heat import OF_DAYS, OF_SCORES, cell, columns, legend, months, tint, untold
from quizapp.reports.tree_sums import over_intervals
from tests.people.test_tree import trees
from tests.reports.test_spread import below

FIRST = date(2026, 12, 11)


@given(trees(), st.data())
def test_sums_over_intervals_equal_adding_up_one_by_one(places, data):
    numbers = tree.numbering(places)
    lfts = [lft for lft, _ in numbers.values()]
    pair = st.lists(st.integers(0, 9), min_size=2, max_size=2)
    own = data.draw(st.dictionaries(st.sampled_from(lfts), pair))
    found = over_intervals(numbers.values(), own, 2)
    for place in places:
        here = [own.get(numbers[one][0], [0, 0]) for one in below(places, place)]
        assert found[numbers[place.id][0]] == [sum(column) for column in zip(*here, strict=True)]


@pytest.mark.parametrize(
    ("part", "whole", "text", "tints"),
    [
        (0, 0, "—", (0, 0)),
        (0, 4, "0.0", (0, 0)),
        (1, 5, "20.0", (1, 1)),
        (1, 4, "25.0", (2, 1)),
        (5, 16, "31.3", (2, 1)),
        (2, 3, "66.7", (3, 2)),
        (8999, 10000, "90.0", (4, 4)),
        (9, 10, "90.0", (4, 5)),
        (9999, 10000, "100.0", (4, 5)),
        (4, 4, "100.0", (5, 5)),
    ],
)
def test_a_cell_says_its_figure_and_the_tint_goes_by_the_figure_before_rounding(part, whole, text, tints):
    assert (cell(part, whole, OF_DAYS).text, cell(part, whole, OF_SCORES).text) == (text, text)
    assert (cell(part, whole, OF_DAYS).tint, cell(part, whole, OF_SCORES).tint) == tints


def test_the_legend_names_every_tint():
    assert legend(OF_DAYS) == [
        (1, "不足25"),
        (2, "25—49.9"),
        (3, "50—74.9"),
        (4, "75—99.9"),
        (5, "100"),
    ]
    assert legend(OF_SCORES)[0] == (1, "不足60")
    assert legend(OF_SCORES)[-1] == (5, "90及以上")


@given(st.decimals(0, 100, places=1), st.sampled_from([OF_DAYS, OF_SCORES]))
def test_more_is_never_fainter(value, marks):
    assert tint(value, marks) <= tint(min(value + 1, Decimal(100)), marks) <= 5


@given(st.integers(0, 400))
def test_columns_are_days_in_order_that_end_with_the_last(length):
    last = FIRST + timedelta(days=length)
    days = columns(FIRST, last)
    assert days == sorted(set(days))
    assert days[-1] == last
    assert (
        len(days) == length + 1
        if length < heat.MOST_DAYS
        else all(0 < (later - one).days <= 7 for one, later in zip(days, days[1:], strict=False))
    )
    assert sum(count for _, count in months(days)) == len(days)


def test_months_say_the_year_where_there_are_two():
    assert months([FIRST]) == [("12月", 1)]
    assert months([date(2026, 12, 31), date(2027, 1, 1)]) == [("2026年12月", 1), ("2027年1月", 1)]


@given(st.lists(st.integers(0, 40), max_size=12), st.integers(5, 12))
def test_what_is_not_told_is_at_least_a_group_or_everything(sizes, smallest):
    hidden = untold(sizes, smallest)
    assert {place for place, size in enumerate(sizes) if 0 < size < smallest} <= hidden
    assert all(sizes[place] for place in hidden)
    people = sum(sizes[place] for place in hidden)
    assert not hidden or people >= smallest or hidden == {place for place, size in enumerate(sizes) if size}


@pytest.mark.parametrize(
    ("sizes", "hidden"),
    [
        ((), set()),
        ((5, 9), set()),
        ((3, 9, 12), {0, 1}),  # alone it would be the sum less the others
        ((3, 4, 12), {0, 1}),
        ((0, 3, 8), {1, 2}),
    ],
)
def test_a_small_group_does_not_stay_alone(sizes, hidden):
    assert untold(sizes, 5) == hidden


@given(
    st.lists(
        st.dictionaries(st.sampled_from(["3:1", "3:2"]), st.tuples(*[st.integers(1, 12)] * 2)), max_size=6
    )
)
def test_no_chapter_of_fewer_than_five_people_is_told_and_none_can_be_worked_out(units):
    scored = [{key: (people, earned, 20) for key, (people, earned) in unit.items()} for unit in units]
    rows = heat.by_chapter(scored, ["3:1", "3:2"], 5)
    for column, key in enumerate(["3:1", "3:2"]):
        dark = [
            unit[key][0]
            for unit, cells in zip(scored, rows, strict=True)
            if key in unit and (cells is None or cells[column].text == heat.NOTHING)
        ]
        assert sum(dark) == 0 or sum(dark) >= 5 or len(dark) == sum(key in unit for unit in scored)
        for unit, cells in zip(scored, rows, strict=True):
            if cells is not None and cells[column].text != heat.NOTHING:
                assert unit[key][0] >= 5
                assert cells[column] == cell(unit[key][1], 20, OF_SCORES)


def test_a_unit_of_which_nothing_is_told_says_so_and_one_without_questions_does_not():
    assert heat.by_chapter([{"3:1": (4, 10, 20)}, {}], ["3:1"], 5) == [None, [heat.Cell("—", 0)]]
