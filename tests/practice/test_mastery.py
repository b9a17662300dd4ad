from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.mastery import Mastery, by_place, mastery
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


@pytest.mark.parametrize(
    ("thousandths", "met", "level"),
    [
        (0, 0, "new"),
        (0, 1, "weak"),
        (2399, 3, "weak"),
        (2400, 3, "fair"),
        (3199, 4, "fair"),
        (3200, 4, "mastered"),
        (4000, 4, "mastered"),
    ],
)
def test_the_word_for_an_article_of_four_questions(thousandths, met, level):
    assert Mastery(thousandths, 4, met).level == level


@dataclass(frozen=True)
class Placed:
    question_id: int
    place: tuple[str, str]


@given(st.dictionaries(st.integers(1, 20), LOGS.map(fold), max_size=8), st.integers(1, 7))
def test_the_articles_of_a_regulation_add_up_to_the_whole(known, articles):
    questions = [Placed(n, ("law", str(n % articles))) for n in range(1, 21)]
    found = by_place(questions, known, START + timedelta(days=120))
    whole = mastery(range(1, 21), known, START + timedelta(days=120))
    assert sum(found.values(), Mastery()) == whole
    assert set(found) == {one.place for one in questions}
