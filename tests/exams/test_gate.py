"""When a self-test opens an exam: the same share of right answers as the exam asks for, never anything else."""

from datetime import UTC, datetime

import pytest

from quizapp.exams import gate

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def taken(right: int, answered: int = 10, questions: int = 10) -> gate.Taken:
    return gate.Taken("a-token", questions, answered, right, NOW)


@pytest.mark.parametrize(
    ("questions", "pass_mark", "full", "right"),
    [
        (10, 600, 1000, 6),  # the share itself passes
        (10, 601, 1000, 7),
        (10, 800, 1000, 8),
        (10, 50, 90, 6),  # 5.56
        (3, 600, 1000, 2),
        (10, 1000, 1000, 10),
        (10, 0, 1000, 0),
    ],
)
def test_as_many_right_answers_as_the_exams_share(questions, pass_mark, full, right):
    assert gate.needed(questions, pass_mark, full) == right


def test_an_exam_without_marks_asks_for_no_share():
    with pytest.raises(ValueError, match="without marks"):
        gate.needed(10, 0, 0)


@pytest.mark.parametrize(
    ("tests", "is_open"),
    [
        ([], False),
        ([taken(5)], False),
        ([taken(6)], True),
        ([taken(6), taken(0)], True),  # once passed it stays passed
        ([taken(9, answered=9)], False),  # not finished
        ([taken(5), taken(5)], False),
        ([taken(2, answered=3, questions=3)], True),  # it had no more questions then
    ],
)
def test_one_finished_self_test_that_passes_opens_the_exam(tests, is_open):
    assert gate.standing(tests, 50, 600, 1000).open is is_open


def test_where_there_is_nothing_to_practise_nobody_is_kept_out():
    assert gate.standing([], 0, 600, 1000).open
    assert not gate.standing([], 1, 600, 1000).open


def test_the_page_learns_what_is_running_and_what_came_out_last():
    found = gate.standing([taken(3), taken(1, answered=2)], 50, 600, 1000)
    assert (found.questions, found.needed) == (10, 6)
    assert found.running == taken(1, answered=2)
    assert found.last == taken(3)
    found = gate.standing([taken(3), taken(8)], 4, 600, 1000)
    assert (found.questions, found.needed) == (4, 3)
    assert (found.running, found.last, found.passed) == (None, None, taken(8))
