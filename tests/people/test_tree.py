"""Intervals: whatever the tree, one comparison says who lies below whom."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.people import tree
from quizapp.people.tree import Place


@st.composite
def trees(draw):
    size = draw(st.integers(1, 25))
    parents = [None] + [draw(st.integers(0, i - 1)) for i in range(1, size)]
    return [
        Place(i, parent, draw(st.integers(0, 3)), f"c{draw(st.integers(0, 9))}-{i}")
        for i, parent in enumerate(parents)
    ]


def ancestors(places, place):
    by_id = {p.id: p for p in places}
    found = set()
    while place.parent_id is not None:
        place = by_id[place.parent_id]
        found.add(place.id)
    return found


@given(trees(), st.randoms())
def test_below_is_one_comparison_and_the_order_of_rows_is_nothing(places, random):
    numbers = tree.numbering(places)
    shuffled = list(places)
    random.shuffle(shuffled)
    assert tree.numbering(shuffled) == numbers
    for place in places:
        for other in places:
            inside = numbers[other.id][0] < numbers[place.id][0] <= numbers[other.id][1]
            assert inside is (other.id in ancestors(places, place))
    edges = [edge for interval in numbers.values() for edge in interval]
    assert len(set(edges)) == len(edges)


@given(trees())
def test_siblings_stand_by_number_then_code(places):
    numbers = tree.numbering(places)
    for place in places:
        siblings = [p for p in places if p.parent_id == place.parent_id]
        by_interval = sorted(siblings, key=lambda p: numbers[p.id][0])
        assert by_interval == sorted(siblings, key=lambda p: (p.sort, p.code))


@given(trees(), st.data())
def test_a_new_unit_in_free_numbers_disturbs_nobody(places, data):
    numbers = tree.numbering(places)
    parent = data.draw(st.sampled_from(places))
    below = sorted(numbers[p.id] for p in places if p.parent_id == parent.id)
    position = data.draw(st.integers(0, len(below)))
    free = tree.room(numbers[parent.id], below, position)
    if free is None:
        return
    lft, rgt = free
    assert numbers[parent.id][0] < lft < rgt < numbers[parent.id][1]
    assert all(after < lft or rgt < before for before, after in below)
    assert sum(interval < free for interval in below) == position


def test_no_room_is_said_and_not_squeezed():
    assert tree.room((1, 4), [], 0) == (2, 3)
    assert tree.room((1, 3), [], 0) is None


def test_a_ring_is_refused():
    with pytest.raises(ValueError, match="no root"):
        tree.numbering([Place(1, 2, 0, "a"), Place(2, 1, 0, "b")])
    assert tree.ring({"a": "b", "b": "a", "c": "b", "d": None, "e": "d"}) == ["a", "b", "c"]
    assert tree.ring({"a": "a"}) == ["a"]


def test_thousands_of_levels_do_not_exhaust_the_stack():
    places = [Place(i, i - 1 if i else None, 0, str(i)) for i in range(5000)]
    assert tree.numbering(places)[0][0] == 1


def test_outermost_drops_what_lies_inside():
    assert tree.outermost([(10, 20), (1, 100), (10, 20), (200, 300)]) == [(1, 100), (200, 300)]
