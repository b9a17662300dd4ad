"""The exam's own tree: which units are kept, and where a later one fits."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import frozen_tree


@dataclass(frozen=True)
class Node:
    id: int
    parent_id: int | None
    lft: int
    rgt: int


TREE = [Node(1, None, 1, 100), Node(2, 1, 10, 40), Node(3, 2, 20, 30), Node(4, 1, 50, 60), Node(5, 4, 52, 54)]
BY_ID = {node.id: node for node in TREE}


@pytest.mark.parametrize(("wanted", "kept"), [([3], [1, 2, 3]), ([1], [1]), ([5, 2], [1, 2, 4, 5]), ([], [])])
def test_the_wanted_units_and_all_above_are_kept(wanted, kept):
    assert [node.id for node in frozen_tree.on_the_way(TREE, wanted)] == kept


def test_an_unknown_unit_is_an_error():
    with pytest.raises(KeyError):
        frozen_tree.on_the_way(TREE, [9])


@given(st.lists(st.integers(1, 40), max_size=39), st.data())
def test_every_kept_tree_hangs_together(parents, data):
    """A random tree: node n+2 hangs on one of the earlier ones."""
    below: dict[int, list[int]] = {}
    for number, parent in enumerate(parents, start=2):
        below.setdefault(1 + parent % (number - 1), []).append(number)
    nodes, counter = [], iter(range(1, 200))

    def visit(number, parent):
        lft = next(counter)
        for child in below.get(number, []):
            visit(child, number)
        nodes.append(Node(number, parent, lft, next(counter)))

    visit(1, None)
    wanted = data.draw(st.sets(st.sampled_from([node.id for node in nodes])))
    kept = frozen_tree.on_the_way(nodes, wanted)
    ids = {node.id for node in kept}
    assert wanted <= ids
    assert all(node.parent_id is None or node.parent_id in ids for node in kept)
    assert all(
        any(node.lft <= other.lft <= node.rgt for other in kept if other.id in wanted) for node in kept
    )
    assert [node.lft for node in kept] == sorted(node.lft for node in kept)


@pytest.mark.parametrize(
    ("new", "fits"),
    [((32, 35), True), ((22, 24), True), ((5, 45), False), ((35, 45), False), ((70, 80), True)],
)
def test_an_interval_fits_inside_or_beside_the_others(new, fits):
    assert frozen_tree.fits(new, [(1, 100), (10, 40), (20, 30)]) is fits


def test_the_units_that_are_missing_on_the_way_are_named_from_above():
    frozen = {1: (1, 100), 2: (10, 40)}
    assert [node.id for node in frozen_tree.path_to(BY_ID[5], BY_ID, frozen)] == [4, 5]
    assert frozen_tree.path_to(BY_ID[2], BY_ID, frozen) == []


def test_a_tree_that_was_rearranged_takes_no_new_unit():
    assert frozen_tree.path_to(BY_ID[5], BY_ID, {1: (1, 49)}) is None
    assert frozen_tree.path_to(BY_ID[5], BY_ID, {1: (1, 100), 9: (53, 70)}) is None
    assert frozen_tree.path_to(BY_ID[5], BY_ID, {9: (1, 100)}) is None
