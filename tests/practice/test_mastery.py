from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.mastery import Mastery, mastery
from quizapp.practice.memory import fold
from tests.practice.test_memory import LOGS, START, logged

RIGHT, WRONG = fold([logged(1, True)]), fold([logged(1, False)])


def test_what_was_never_met_or_went_wrong_counts_nothing():
    assert mastery([1, 2], {}, START) == Mastery(0, 2, 0)
    assert mastery([1, 2], {1: WRONG}, START) == Mastery(0, 2, 1)


def test_the_latest_answer_decides():
    assert mastery([1], {1: fold([logged(1, True), logged(2, False, days=1)])}, START).percent == 0
    assert mastery([1], {1: fold([logged(1, False), logged(2, True, days=1)])}, START).percent == 100


def test_a_right_answer_counts_fully_today_and_less_from_day_to_day():
    shares = [mastery([1], {1: RIGHT}, START + timedelta(days=days)).thousandths for days in (0, 2, 10, 60)]
    assert shares[0] == 1000
    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 4


def test_a_share_is_rounded_half_up_from_integers():
    assert Mastery(625, 10, 1).percent == Decimal(6)
    assert Mastery(650, 10, 1).percent == Decimal(7)
    assert Mastery(0, 0, 0).percent is None


@given(
    st.dictionaries(st.integers(1, 20), LOGS.map(fold), max_size=8), st.integers(0, 20), st.integers(0, 400)
)
def test_mastery_adds_up_over_any_division_and_stays_between_nothing_and_all(known, cut, days):
    now = START + timedelta(days=100 + days)
    whole = mastery(range(1, 21), known, now)
    assert mastery(range(1, cut + 1), known, now) + mastery(range(cut + 1, 21), known, now) == whole
    assert 0 <= whole.thousandths <= 1000 * whole.questions
    assert whole.questions == 20
