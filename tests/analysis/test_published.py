"""Examples that others have published, with their figures: whoever doubts ours can look there."""

import numpy as np
import pytest

from quizapp.analysis import distractors, items, whole
from quizapp.analysis.sheets import Column, Sheets
from tests.analysis.tables_of_marks import sheets_of

# K. L. Wuensch, East Carolina University, StatHelp, KR20.txt: ten students, a quiz of ten items on reliability. The
# handout tells Σpq = 2.18 and the variance of the totals, 5.84 (over s).
WUENSCH = """1111110110 1011011101 1111011001 0010001000 0000010010
1110111111 1101110111 1111111101 0101111101 1101101110"""

# C. Zaiontz, Real Statistics Using Excel, "Kuder and Richardson Formula 20", example 1: twelve students, eleven
# questions; the page tells KR-20 = 0.738.
ZAIONTZ = """11111111111 11111111010 10111111100 11101101100 11111000100 01101111000
11110010000 11111000000 01011000010 10010100000 11100000000 10010000000"""

# J. D. Brown, Point-biserial correlation coefficients, Shiken: JALT Testing & Evaluation SIG Newsletter 5 (3), 2001,
# pages 12 to 15, table 2: totals of eight students and three items; means 45 and 30, deviation 8.29; r_pbi 0.91, -0.91
# and .00. (45 - 30)/8.29·√(0.5·0.5) is 0.905, which the newsletter rounds up twice.
BROWN_TOTALS = [50, 45, 45, 40, 35, 30, 30, 25]
BROWN_ITEMS = ["11110000", "00001111", "11111111"]


def table(text):
    return [[int(mark) for mark in row] for row in text.split()]


def test_kr20_of_the_handout():
    rows = table(WUENSCH)
    shares = [sum(column) / 10 for column in zip(*rows, strict=True)]
    assert sum(p * (1 - p) for p in shares) == pytest.approx(2.18)
    found = whole.statistics(sheets_of(rows, [1] * 10))
    assert found.deviation**2 * 9 / 10 == pytest.approx(5.84)
    assert found.kr20 == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))
    assert [item.facility for item in items.statistics(sheets_of(rows, [1] * 10))] == pytest.approx(
        [0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6]
    )


def test_kr20_of_the_twelve_students():
    assert whole.statistics(sheets_of(table(ZAIONTZ), [1] * 11)).kr20 == pytest.approx(0.738, abs=0.0005)


def test_point_biserials_of_the_newsletter():
    """Each item as an option that was chosen or not, beside the total as it stands: what r is for a drawn item."""
    totals = np.array(BROWN_TOTALS, dtype=np.float64)
    rows = np.arange(8, dtype=np.int32)
    columns = tuple(
        Column(rows, np.zeros(8), np.array([int(one) for one in item], dtype=np.uint8))
        for item in BROWN_ITEMS
    )
    made = Sheets(("1", "2", "3"), np.ones(3), np.array([True] * 3), columns, totals)
    told = [distractors.of(made, item, 1, "A")[0].correlation for item in range(3)]
    assert told[:2] == [pytest.approx(0.91, abs=0.006), pytest.approx(-0.91, abs=0.006)]
    assert told[0] == pytest.approx((45 - 30) / 8.2916 * 0.5, abs=0.0001)
    assert told[2] is None  # chosen by all: the newsletter prints .00
