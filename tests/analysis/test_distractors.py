"""What options drew, against loops over the answers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import distractors
from quizapp.analysis.sheets import Column, Sheets
from tests.analysis import literal
from tests.analysis.test_items import near

ANSWERS = st.sets(st.sampled_from("ABCD"), max_size=4).map(lambda letters: "".join(sorted(letters)))


def sheets_of(answers, marks, others, *, drawn=False) -> Sheets:
    """Two items: the first with these answers and marks, the second with other marks, so that T is the sum."""
    rows = np.arange(len(answers), dtype=np.int32)
    bits = np.array(
        [sum(1 << "ABCDEFGH".index(letter) for letter in answer) for answer in answers], dtype=np.uint8
    )
    columns = (
        Column(rows, np.array(marks, dtype=np.int16), bits),
        Column(rows, np.array(others, dtype=np.int16)),
    )
    totals = np.array(marks, dtype=np.int32) + np.array(others, dtype=np.int32)
    return Sheets((1, 2), np.array([20.0, 90.0]), np.array([drawn, False]), columns, totals)


@st.composite
def answered(draw):
    answers = draw(st.lists(ANSWERS, min_size=1, max_size=30))
    marks = [20 if answer == "AC" else 10 if answer in ("A", "C") else 0 for answer in answers]
    others = draw(st.lists(st.integers(0, 90), min_size=len(answers), max_size=len(answers)))
    return answers, marks, others


@given(answered(), st.booleans())
def test_each_option_is_counted_by_fifth_and_goes_with_the_rest_as_told(made, drawn):
    answers, marks, others = made
    made = sheets_of(answers, marks, others, drawn=drawn)
    totals = [mark + other for mark, other in zip(marks, others, strict=True)]
    rest = [Fraction(total - (0 if drawn else mark)) for total, mark in zip(totals, marks, strict=True)]
    fifths = [fifth(totals, total) for total in totals]
    assert made.quintiles.tolist() == fifths
    for option in distractors.of(made, 0, 4, "AC"):
        chosen = [option.letter in answer if option.letter else not answer for answer in answers]
        assert option.chosen == sum(chosen)
        assert option.share == near(Fraction(sum(chosen), len(answers)))
        assert option.right == (option.letter in ("A", "C"))
        assert option.correlation == near(literal.biserial(chosen, rest))
        for number, share in enumerate(option.quintiles):
            own = [yes for yes, of in zip(chosen, fifths, strict=True) if of == number]
            assert share == (near(Fraction(sum(own), len(own))) if own else None)


def fifth(totals, total):
    """Where the middle of those with this total stands among all."""
    below, same = sum(one < total for one in totals), totals.count(total)
    return min(int(Fraction(2 * below + same - 1, 2 * len(totals)) * 5), 4)


@given(st.lists(st.sampled_from(["A", "B", "C", "D", ""]), min_size=1, max_size=30))
def test_the_shares_of_a_single_choice_add_up_to_one(answers):
    marks = [20 if answer == "B" else 0 for answer in answers]
    found = distractors.of(sheets_of(answers, marks, list(range(len(answers)))), 0, 4, "B")
    assert sum(option.share for option in found) == pytest.approx(1)
    for number in range(5):
        shares = [option.quintiles[number] for option in found]
        assert shares == [None] * 5 or sum(shares) == pytest.approx(1)
    assert [option.letter for option in found] == ["A", "B", "C", "D", ""]


def test_whole_answers_are_told_the_most_frequent_first():
    made = sheets_of(["AC", "A", "AC", "", "B", "A", "AC"], [20, 10, 20, 0, 0, 10, 20], [0] * 7)
    assert distractors.pattern(made, 0) == [("AC", 3), ("A", 2), ("", 1), ("B", 1)]


def test_a_table_of_marks_knows_no_choices():
    made = sheets_of(["A", "B"], [20, 0], [5, 6])
    with pytest.raises(ValueError, match="not what was chosen"):
        distractors.of(made, 1, 4, "A")


def test_ten_different_totals_stand_two_in_each_fifth():
    made = sheets_of([""] * 10, [0] * 10, [9, 3, 1, 7, 5, 0, 2, 8, 6, 4])
    assert made.quintiles.tolist() == [4, 1, 0, 3, 2, 0, 1, 4, 3, 2]
