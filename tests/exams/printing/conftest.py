"""One paper of every kind of question, as people would print it."""

from dataclasses import replace

import pytest

from quizapp.exams.printing.sheets import Printed, Question, mark_of, sections, usual_notice

RULES = {"multiple": "少选、多选、错选均不得分"}


def question(number: int, kind: str = "single", **more: object) -> Question:
    """A question whose words tell its number."""
    options = () if kind == "judge" else tuple((letter, f"选项{number}{letter}") for letter in "ABCD")
    key = {"single": "B", "multiple": "ACD", "judge": "B"}[kind]
    plain = Question(
        *(number, kind, f"第{number}道关于受理的题目", options, key, 10),
        explanation=f"解释{number}",
        citations=(("第二十四条第一款", f"引文{number}"),),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def paper(*questions: Question, **more: object) -> Printed:
    """A paper of these questions."""
    total = sum(one.points for one in questions)
    plain = Printed(
        title="青石县2026年度学法考试",
        form="A卷",
        organiser="青石县信访局",
        minutes=60,
        total=total,
        pass_mark=total * 6 // 10,
        open_book=False,
        notice=usual_notice(60, total, total * 6 // 10, open_book=False),
        sections=sections(questions, RULES),
        mark=mark_of("ab" * 32, "seed"),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def many(singles: int, multiples: int, judges: int) -> list[Question]:
    """So many questions of each kind, numbered through."""
    kinds = ["single"] * singles + ["multiple"] * multiples + ["judge"] * judges
    return [question(number, kind) for number, kind in enumerate(kinds, 1)]


@pytest.fixture(scope="session")
def small() -> Printed:
    """Six questions."""
    return paper(*many(3, 2, 1))
