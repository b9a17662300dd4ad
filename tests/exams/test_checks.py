"""The list before publishing: what hinders, what is only said, and that nothing is said without reason."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.bank.queries import PoolEntry
from quizapp.exams import blueprint
from quizapp.exams.checks import Facts, checks, hindrances
from quizapp.exams.models import Exam

NOW = datetime(2026, 11, 20, tzinfo=UTC)
day, hour = timedelta(days=1), timedelta(hours=1)


def pool_of(**numbers: int) -> list[PoolEntry]:
    kinds = [kind for kind, number in numbers.items() for _ in range(number)]
    return [PoolEntry(i, i, kind, "24", "3", 2) for i, kind in enumerate(kinds, start=1)]


def exam(**values) -> Exam:
    rules = {
        "purpose": "annual",
        "bank_ids": [1],
        "blueprint": blueprint.rows({("single", "3"): 5, ("judge", ""): 5}),
        "points": {"single": 100, "judge": 100},
        "minutes": 60,
        "opens_at": NOW + day,
        "closes_at": NOW + 2 * day,
        "pass_mark": 600,
        "excellent_mark": 900,
        "bands": [["优秀", 900]],
        "show_answers": "released",
        "notice": "须知",
        "pledge": "承诺",
    }
    return Exam(**rules | values)


def facts(**values) -> Facts:
    known = {"pool": pool_of(single=8, judge=8), "people": 6, "open_banks": [], "chapters": {"3": "第三章"}}
    return Facts(**known | values)


def test_an_exam_in_order_is_all_well():
    assert {check.tone for check in checks(exam(), facts(), NOW)} == {"ok"}


@pytest.mark.parametrize(
    ("values", "known", "code", "words"),
    [
        ({"opens_at": None, "closes_at": None}, {}, "window", "还没有设置考试起止时间"),
        ({"opens_at": NOW - day, "closes_at": NOW}, {}, "window", "考试结束时间已过"),
        ({"bank_ids": []}, {}, "banks", "还没有选择题库"),
        ({"blueprint": []}, {}, "blueprint", "还没有设置题数"),
        ({"blueprint": blueprint.rows({("single", ""): 4})}, {}, "questions", "应为5至200题，现为4题"),
        ({"blueprint": blueprint.rows({("single", ""): 201})}, {}, "questions", "现为201题"),
        ({}, {"pool": pool_of(single=4, judge=8)}, "feasible", "第三章单选题只有4题，需要5题"),
        ({}, {"pool": pool_of(single=8, judge=4)}, "feasible", "全部判断题只有4题，需要5题"),
        ({"points": {"single": 100}}, {}, "points", "判断题还没有设置每题分值"),
        ({"pass_mark": 1001}, {}, "marks", "合格线100.1分高于总分100分"),
        ({"bands": [["优秀", 1200]]}, {}, "marks", "“优秀”等级120分高于总分100分"),
        ({"excellent_mark": 500}, {}, "marks", "优秀线低于合格线"),
        ({}, {"people": 0}, "people", "考生范围内没有人员"),
    ],
)
def test_this_hinders(values, known, code, words):
    found = [check for check in checks(exam(**values), facts(**known), NOW) if check.tone == "bad"]
    assert code in [check.code for check in found]
    assert any(words in check.text for check in found)
    assert hindrances(found)


@pytest.mark.parametrize(
    ("values", "known", "code"),
    [
        ({"opens_at": NOW}, {}, "open_already"),
        ({"closes_at": NOW + day + 59 * timedelta(minutes=1)}, {}, "short_window"),
        ({"opens_at": NOW - day, "closes_at": NOW + hour / 2}, {}, "short_window"),
        ({"points": {"single": 100, "judge": 80}, "excellent_mark": 800, "bands": []}, {}, "total"),
        ({}, {"pool": pool_of(single=5, judge=5)}, "variety"),
        ({}, {"pool": [*pool_of(single=8, judge=8), PoolEntry(99, 99, "judge", "", "", 1)]}, "citations"),
        ({}, {"open_banks": ["《信访工作条例》题库"]}, "open_bank"),
        ({"show_answers": "at_once"}, {}, "answers"),
        ({"pledge": " "}, {}, "words"),
    ],
)
def test_this_is_said_and_does_not_hinder(values, known, code):
    found = checks(exam(**values), facts(**known), NOW)
    assert code in [check.code for check in found if check.tone == "warn"]
    assert hindrances(found) == []


def test_an_open_bank_is_fine_for_a_mock_exam():
    found = checks(exam(purpose="mock"), facts(open_banks=["公开"]), NOW)
    assert {check.tone for check in found} == {"ok"}


def test_the_largest_proposal_that_the_bank_serves_is_made_and_worth_a_hundred():
    for numbers, points in blueprint.PROPOSALS:
        rows = blueprint.rows({(kind, ""): count for kind, count in numbers.items()})
        assert blueprint.total(rows, points) == 1000
    assert blueprint.questions(blueprint.proposal(pool_of(single=30, multiple=10, judge=20))[0]) == 60
    assert blueprint.questions(blueprint.proposal(pool_of(single=29, multiple=10, judge=20))[0]) == 45
    assert blueprint.proposal(pool_of(single=3))[0] == []
