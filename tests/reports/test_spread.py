"""Medians, distributions and 人员类别: equal to a slow recomputation, whatever the tree and the results."""

import json
import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import bands
from quizapp.exams.steps import step_count, step_names
from quizapp.people import tree
from quizapp.reports.spread import Marks, Spread, of_tree
from tests.people.test_tree import trees


@st.composite
def results(draw):
    """A tree, and rows of candidates somewhere in it; some have not sat the exam."""
    places = draw(trees())
    numbers = tree.numbering(places)
    full = draw(st.sampled_from([300, 1000, 1200]))
    people = st.tuples(
        st.sampled_from(sorted(numbers)),
        st.none() | st.integers(0, full),
        st.sampled_from(["", "公务员", "事业编制"]),
        st.booleans(),
    )
    rows = [(numbers[place][0], *rest) for place, *rest in draw(st.lists(people, max_size=60))]
    levels = draw(st.lists(st.integers(1, full), max_size=3, unique=True))
    return places, numbers, rows, Marks(full, full * 6 // 10, full * 9 // 10, levels)


def below(places, top):
    """The unit itself and all below it, found by walking up from each."""
    by_id = {place.id: place for place in places}
    found = []
    for place in places:
        here = place
        while here is not None and here.id != top.id:
            here = by_id.get(here.parent_id)
        if here is not None:
            found.append(place.id)
    return found


def median(points):
    return Fraction(statistics.median(Fraction(one) for one in points)) * 2 if points else None


def same(one, rows, own_lft, marks):
    """Whether the figures of a unit are those of these rows, worked out one by one."""
    taken = [points for _, points, _, _ in rows if points is not None]
    own = [points for lft, points, _, _ in rows if points is not None and lft == own_lft]
    assert (one.middle, one.own_middle) == (median(taken), median(own))
    steps = [0] * step_count(marks.full)
    for points in taken:
        steps[-1 if points == marks.full else points // 100] += 1
    assert one.steps == steps
    named = [(str(number), mark) for number, mark in enumerate(sorted(marks.levels), 1)]
    reached = [bands.band(points, named) or "0" for points in taken]
    assert one.levels == [reached.count(str(n)) for n in range(len(marks.levels) + 1)]
    assert [each.name for each in one.categories] == sorted({kind for _, _, kind, _ in rows})
    for each in one.categories:
        of_it = [points for _, points, kind, _ in rows if kind == each.name]
        sat = [points for points in of_it if points is not None]
        assert (each.expected, each.submitted, each.points) == (len(of_it), len(sat), sum(sat))
        assert each.middle == median(sat)
        assert each.passed == sum(bands.passed(points, marks.passing) for points in sat)
        assert each.excellent == sum(bands.excellent(points, marks.excellent) for points in sat)
    assert Spread.of_json(json.loads(json.dumps(one.to_json()))) == one


@given(results())
def test_every_unit_equals_a_literal_recomputation_with_and_without_its_own_leaders(made):
    places, numbers, rows, marks = made
    found = of_tree(numbers.values(), rows, marks)
    assert found.keys() == {lft for lft, _ in numbers.values()}
    for place in places:
        lfts = {numbers[one][0] for one in below(places, place)}
        here, own_lft = [row for row in rows if row[0] in lfts], numbers[place.id][0]
        both = found[own_lft]
        same(both.everybody, here, own_lft, marks)
        others = [row for row in here if not (row[0] == own_lft and row[3])]
        assert (both.apart is None) == (len(others) == len(here))
        if both.apart is not None:
            same(both.apart, others, own_lft, marks)


@pytest.mark.parametrize(
    ("full", "names"),
    [
        (1000, ["0—9", "90—100"]),
        (300, ["0—9", "20—30"]),
        (1200, ["0—9", "110—120"]),
        (250, ["0—9", "20—25"]),
        (50, ["0—10", "0—10"]),
    ],
)
def test_the_last_step_holds_full_marks(full, names):
    found = step_names(full)
    assert [found[0], found[-1]] == names
    assert len(found) == step_count(full)
