"""考前自测: the only condition that an exam may set before its start, a passed self-test of what the exam is about.

Neither study time nor daily quizzes are ever asked for. The self-test asks QUESTIONS questions that the person may
practise, of the exam's banks or on the same regulations, and passes with the same share of right answers as the exam.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

QUESTIONS = 10  # of a self-test; fewer only where a person has no more to practise


def needed(questions: int, pass_mark: int, full_marks: int) -> int:
    """How many right answers pass: at least pass_mark ÷ full_marks of the questions. Marks in tenths of a 分.

    Raises ValueError for an exam without marks.
    """
    if full_marks <= 0:
        raise ValueError("an exam without marks has no share that passes")
    return -(-questions * pass_mark // full_marks)


@dataclass(frozen=True)
class Taken:
    """A self-test for an exam, as far as it has been answered."""

    token: str
    questions: int
    answered: int
    right: int
    at: datetime | None  # of the latest answer

    @property
    def finished(self) -> bool:
        return self.answered == self.questions


@dataclass(frozen=True)
class Standing:
    """Where a person stands before an exam's gate."""

    questions: int  # of the next self-test; 0: there is nothing to practise, so nothing is asked
    needed: int  # right answers in it
    passed: Taken | None  # the first that passed
    running: Taken | None  # the newest, while it is not finished
    last: Taken | None  # the newest that was finished and did not pass

    @property
    def open(self) -> bool:
        """Whether the exam may be started as far as the gate is concerned."""
        return self.passed is not None or self.questions == 0


def standing(taken: Sequence[Taken], available: int, pass_mark: int, full_marks: int) -> Standing:
    """taken: the person's self-tests for the exam, the oldest first. available: questions that may be practised."""
    questions = min(available, QUESTIONS)
    done = [one for one in taken if one.finished]
    passed = [one for one in done if one.right >= needed(one.questions, pass_mark, full_marks)]
    unfinished = taken[-1:] if taken and not taken[-1].finished else ()
    return Standing(
        questions,
        needed(questions, pass_mark, full_marks),
        next(iter(passed), None),
        next(iter(unfinished), None),
        done[-1] if done and not passed else None,
    )
