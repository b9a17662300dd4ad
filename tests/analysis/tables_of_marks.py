"""Tables of marks for tests: made by hypothesis, and turned into what the product works on."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from quizapp.analysis.sheets import Sheets, of_table


def sheets_of(table, maxima, drawn=None) -> Sheets:
    """From marks in tenths, None where an item was not met."""
    marks = np.array([[np.nan if mark is None else float(mark) for mark in row] for row in table])
    marks = marks.reshape(len(table), len(maxima))
    return of_table([f"q{at}" for at in range(len(maxima))], marks, [float(one) for one in maxima], drawn)


def _marks(maximum):
    return st.integers(0, maximum).map(Fraction)


@st.composite
def whole_tables(draw, least=2):
    """(table, maxima): everybody met everything. Marks repeat often, as they do in exams."""
    maxima = draw(st.lists(st.integers(1, 40), min_size=1, max_size=6))
    row = st.tuples(*(_marks(maximum) for maximum in maxima)).map(list)
    return draw(st.lists(row, min_size=least, max_size=12)), maxima


@st.composite
def drawn_tables(draw):
    """(table, maxima, drawn): fixed items first, then a pool from which each attempt met the same number by lot."""
    fixed, pool = draw(st.integers(0, 3)), draw(st.integers(2, 5))
    each = draw(st.integers(1, pool - 1))
    maxima = (
        draw(st.lists(st.integers(1, 30), min_size=fixed, max_size=fixed)) + [draw(st.integers(1, 30))] * pool
    )
    order = draw(st.permutations(range(fixed + pool)))  # drawn items may stand between fixed ones
    table = []
    for _ in range(draw(st.integers(2, 12))):
        lots = draw(st.permutations(range(pool)))[:each]
        row = [draw(_marks(m)) if at < fixed or at - fixed in lots else None for at, m in enumerate(maxima)]
        table.append([row[at] for at in order])
    return table, [maxima[at] for at in order], [at >= fixed for at in order]


@st.composite
def right_or_wrong(draw):
    items = draw(st.integers(2, 6))
    row = st.lists(st.sampled_from([Fraction(0), Fraction(1)]), min_size=items, max_size=items)
    return draw(st.lists(row, min_size=2, max_size=12))
