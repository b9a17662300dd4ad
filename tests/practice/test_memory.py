"""The fold of the log."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fsrs import Card, Rating, Scheduler
from hypothesis import given
from hypothesis import strategies as st

from quizapp.practice.memory import Logged, before_each, fold

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def logged(number: int, correct: bool, *, days: float = 0, late: float = 0) -> Logged:
    """The number-th answer, given `days` after the start, and received `late` days after it was given."""
    moment = START + timedelta(days=days)
    return Logged(
        client_id=f"answer-{number:04}",
        correct=correct,
        day=moment.astimezone(ZoneInfo("Asia/Shanghai")).date(),
        answered_at=moment,
        received_at=moment + timedelta(days=late),
    )


LOGS = st.lists(
    st.tuples(st.booleans(), st.floats(0, 90), st.floats(-2, 5)), min_size=1, max_size=12
).map(lambda rows: [logged(n, right, days=days, late=late) for n, (right, days, late) in enumerate(rows)])  # fmt: skip


@given(LOGS, st.randoms(use_true_random=False))
def test_the_order_and_number_of_arrivals_make_no_difference(log, chance):
    arrivals = log + chance.choices(log, k=len(log))
    chance.shuffle(arrivals)
    assert fold(arrivals) == fold(log)


@given(LOGS)
def test_the_numbers_are_those_of_the_package(log):
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = Card(card_id=1, due=START)
    for entry in sorted(log, key=lambda e: (min(e.answered_at, e.received_at), e.client_id)):
        moment = min(entry.answered_at, entry.received_at)
        card, _ = scheduler.review_card(card, Rating.Good if entry.correct else Rating.Again, moment)
    memory = fold(log)
    assert (memory.stability, memory.difficulty) == (card.stability, card.difficulty)
    assert (memory.due_at, memory.reviewed_at) == (card.due, card.last_review)
    later = START + timedelta(days=200)
    assert memory.recall(later) == scheduler.get_card_retrievability(card, later)


@given(LOGS, st.integers(0, 400))
def test_due_times_and_recall_are_those_of_the_package_at_every_step(log, days):
    """The fold of each beginning of a history, beside the package run by hand on the same answers."""
    scheduler = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    ordered = sorted(log, key=lambda e: (min(e.answered_at, e.received_at), e.client_id))
    card = Card(card_id=1, due=ordered[0].moment)
    for number, entry in enumerate(ordered, 1):
        card, _ = scheduler.review_card(card, Rating.Good if entry.correct else Rating.Again, entry.moment)
        memory, later = fold(ordered[:number]), entry.moment + timedelta(days=days)
        assert (memory.stability, memory.difficulty, memory.due_at) == (
            card.stability,
            card.difficulty,
            card.due,
        )
        assert memory.recall(later) == scheduler.get_card_retrievability(card, later)


@given(LOGS, st.randoms(use_true_random=False))
def test_what_was_known_before_each_answer_is_the_fold_of_those_before_it(log, chance):
    arrivals = log + chance.choices(log, k=len(log))
    chance.shuffle(arrivals)
    found = list(before_each(arrivals))
    ordered = sorted(log, key=lambda e: (e.moment, e.client_id))
    assert [correct for _, _, correct in found] == [entry.correct for entry in ordered]
    assert found[0][:2] == (None, False)
    for number in range(1, len(ordered)):
        before = fold(ordered[:number])
        assert found[number][:2] == (before.recall(ordered[number].moment), ordered[number - 1].correct)


@given(LOGS)
def test_the_counts_are_those_of_the_log(log):
    memory = fold(log)
    assert memory.answers == len(log)
    assert memory.right == sum(entry.correct for entry in log)
    if not any(not entry.correct for entry in log):
        assert not memory.wrong_open


def test_a_phone_whose_clock_runs_ahead_counts_when_its_answer_arrived():
    ahead = logged(1, True, days=30, late=-29)
    assert fold([ahead]).reviewed_at == START + timedelta(days=1)


def test_a_wrong_answer_is_due_before_a_right_one():
    assert fold([logged(1, False)]).due_at < fold([logged(1, True)]).due_at


@pytest.mark.parametrize(
    ("answers", "stays"),
    [
        ([(False, 0)], True),
        ([(True, 0)], False),
        ([(False, 0), (True, 0.1)], True),
        ([(False, 0), (True, 0.1), (True, 0.2)], True),
        ([(False, 0), (True, 0.1), (True, 1)], False),
        ([(False, 0), (True, 1), (False, 2), (True, 3)], True),
        ([(False, 0), (True, 1), (False, 2), (True, 3), (True, 4)], False),
        ([(True, 0), (True, 1), (False, 2)], True),
    ],
)
def test_a_question_leaves_the_wrong_book_after_two_right_answers_on_different_days(answers, stays):
    assert fold([logged(n, right, days=days) for n, (right, days) in enumerate(answers)]).wrong_open is stays


def test_the_day_in_the_log_decides_not_the_hour():
    """A quiz of Monday answered right before and after midnight is one day."""
    monday = date(2026, 11, 2)
    entries = [
        Logged("a", False, monday, START, START),
        Logged("b", True, monday, START + timedelta(hours=14), START + timedelta(hours=14)),
        Logged("c", True, monday, START + timedelta(hours=16), START + timedelta(hours=16)),
    ]
    assert fold(entries).wrong_open


def test_without_an_answer_there_is_no_memory():
    with pytest.raises(ValueError, match="no answer"):
        fold([])
