"""What people write into the cells of a blueprint, and that every row comes back as it went."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams import grid
from quizapp.exams.blueprint import Row

from .assembly.pools import blueprints


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("4", (4, 4)),
        (" 4题 ", (4, 4)),
        ("０４", (4, 4)),
        ("2-6", (2, 6)),
        ("2～6", (2, 6)),
        ("2至6", (2, 6)),
        ("2+", (2, None)),
        ("≥2", (2, None)),
        ("至少2题", (2, None)),
        ("-6", (0, 6)),
        ("≤6", (0, 6)),
        ("不超过6", (0, 6)),
        ("0", (0, 0)),
        ("", None),
        ("　", None),
    ],
)
def test_numbers_are_read_as_people_write_them(text, asked):
    assert grid.bounds(text) == asked


@pytest.mark.parametrize("text", ["x", "2-", "6-2", "201", "2-201", "1.5", "+2", "2--6", "²", "-", "2+3"])
def test_what_is_no_number_is_said(text):
    with pytest.raises(ValueError, match="题|数"):
        grid.bounds(text)


@given(st.integers(0, 200), st.one_of(st.none(), st.integers(0, 200)))
def test_what_a_cell_shows_is_read_again(least, most):
    if most is not None and least > most:
        least, most = most, least
    text = grid.shown(least, most)
    assert grid.bounds(text) == (None if not text else (least, most))


@given(blueprints())
def test_every_row_comes_back_from_its_cell_or_line(rows):
    page = grid.filled(rows)
    back = [grid.row_of(cell, text) for cell, text in page.cells.items()] + list(page.others)

    def asking(some):
        return sorted(repr(row) for row in some if row and (row.least, row.most) != (0, None))

    assert asking(back) == asking(rows)


@pytest.mark.parametrize(
    ("row", "key"),
    [
        (Row("single", least=5, most=5), "all"),
        (Row("single", chapter="3", least=2), "c3"),
        (Row("", chapter="3-1", least=2), "c3-1"),
        (Row("judge", regulation="tiaoli", chapter="3", least=2), "tiaoli/c3"),
        (Row("multiple", difficulty=(4, 4), most=3), "d4"),
        (Row("multiple", difficulty=(4, 5), most=3), None),
        (Row("single", article="24", least=1), None),
        (Row("", tag="情景", least=1), None),
        (Row("single", least=1), None),
        (Row("", regulation="tiaoli", least=1), None),
    ],
)
def test_a_row_stands_in_the_line_of_its_facets(row, key):
    assert grid.key_of(row) == key
    if key:
        assert grid.row_of((row.kind, key), grid.shown(row.least, row.most)) == row


def test_a_total_is_one_number():
    with pytest.raises(ValueError, match="一个数"):
        grid.row_of(("single", "all"), "2-6")
    assert grid.row_of(("single", "all"), "0") is None


@pytest.mark.parametrize("key", ["", "c", "c3/4", "d6", "../c3", "alle"])
def test_a_line_that_does_not_exist_is_refused(key):
    with pytest.raises(ValueError, match="no line"):
        grid.facets(key)
