"""The list before publishing: what hinders, what is only said, and that nothing is said without reason."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.exams import blueprint
from quizapp.exams.assembling import PaperForm
from quizapp.exams.blueprint import Item
from quizapp.exams.checks import Facts, checks, hindrances
from quizapp.exams.drawing import PoolSlot
from quizapp.exams.models import Exam
from tests.papers import totals

NOW = datetime(2026, 11, 20, tzinfo=UTC)
day, hour = timedelta(days=1), timedelta(hours=1)


def item(number: int, kind: str, article: str = "24") -> Item:
    return Item(number, number, kind, "tiaoli", "3" if article else "", article, frozenset(), 2, 0.8)


def pool_of(**numbers: int) -> list[Item]:
    kinds = [kind for kind, number in numbers.items() for _ in range(number)]
    return [item(number, kind) for number, kind in enumerate(kinds, start=1)]


def exam(**values) -> Exam:
    rules = {
        "purpose": "annual",
        "mode": "draw",
        "forms_wanted": 1,
        "overlap": 0,
        "bank_ids": [1],
        "blueprint": blueprint.stored(blueprint.of_grid({("single", "3"): 5, ("judge", ""): 5})),
        "points": {"single": 100, "judge": 100},
        "minutes": 60,
        "opens_at": NOW + day,
        "closes_at": NOW + 2 * day,
        "pass_mark": 600,
        "excellent_mark": 900,
        "bands": [["优秀", 900]],
        "show_key": "released",
        "show_right": "released",
        "show_explanation": "released",
        "notice": "须知",
        "pledge": "承诺",
    }
    return Exam(**rules | values)


def facts(**values) -> Facts:
    known = {"pool": pool_of(single=8, judge=8), "people": 6, "open_banks": [], "regulations": {}}
    known |= values
    drawable = [
        PoolSlot(n, one.revision_id, one.kind, 0, 100) for n, one in enumerate(known["pool"], start=1)
    ]
    return Facts(**{"forms": [PaperForm(1, drawable, [])]} | known)


def test_an_exam_in_order_is_all_well():
    assert {check.tone for check in checks(exam(), facts(), NOW)} == {"ok"}


@pytest.mark.parametrize(
    ("values", "known", "code", "words"),
    [
        ({"opens_at": None, "closes_at": None}, {}, "window", "还没有设置考试起止时间"),
        ({"opens_at": NOW - day, "closes_at": NOW}, {}, "window", "考试结束时间已过"),
        ({"bank_ids": []}, {}, "banks", "还没有选择题库"),
        ({"blueprint": []}, {}, "blueprint", "还没有设置题数"),
        (
            {"blueprint": totals(single=4)},
            {},
            "questions",
            "应为5至200题，现为4题",
        ),
        (
            {"blueprint": totals(single=200, judge=1)},
            {},
            "questions",
            "现为201题",
        ),
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
        ({}, {"pool": [*pool_of(single=8, judge=8), item(99, "judge", "")]}, "citations"),
        ({}, {"open_banks": ["《信访工作条例》题库"]}, "open_bank"),
        ({"show_key": "at_once"}, {}, "answers"),
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
