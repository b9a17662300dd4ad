"""The list before publishing: what hinders, what is only said, and that nothing is said without reason."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.exams import blueprint
from quizapp.exams.assembling import PaperForm
from quizapp.exams.blueprint import Item
from quizapp.exams.checks import Facts, checks, hindrances
from quizapp.exams.drawing import PoolSlot
from quizapp.exams.models import Exam
from quizapp.exams.slots import Slot
from tests.papers import totals

NOW = datetime(2026, 11, 17, tzinfo=UTC)  # a Tuesday
day, hour = timedelta(days=1), timedelta(hours=1)


MULTIPLE = {
    "blueprint": blueprint.stored(blueprint.of_grid({("multiple", ""): 5, ("judge", ""): 5})),
    "points": {"multiple": 100, "judge": 100},
}


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
        "multiple_rule": "all",
        "minutes": 60,
        "opens_at": NOW + day,
        "closes_at": NOW + 2 * day,
        "pass_mark": 600,
        "excellent_mark": 900,
        "bands": [["优秀", 900]],
        "show_score": "at_once",
        "show_key": "released",
        "show_right": "released",
        "show_explanation": "released",
        "notice": "须知",
        "pledge": "承诺",
    }
    return Exam(**rules | values)


def slot(opens_at: datetime, closes_at: datetime) -> Slot:
    return Slot(3, "云岭镇", 300, 400, opens_at, closes_at)


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
        ({"show_key": "closed"}, {}, "order", "否则先显示的会透露后显示的"),
        ({"show_explanation": "at_once"}, {}, "order", "应依次不早于前一项"),
        ({"show_right": "at_once"}, {"hidden": ["镇题库"]}, "answers", "“镇题库”出借时不显示答案"),
        ({}, {"people": 0}, "people", "考生范围内没有人员"),
        ({"last_start_at": NOW + 3 * day}, {}, "last_start", "最晚开始时间不在考试起止时间内"),
        ({"last_start_at": NOW + day}, {}, "last_start", "最晚开始时间不在考试起止时间内"),
        (
            {"closes_at": NOW + day + hour, "daily_from": 0, "daily_until": 420},
            {},
            "hours",
            "考试起止时间内没有每天0:00至7:00的作答时间",
        ),
        ({}, {"slots": [slot(NOW, NOW + day + hour)]}, "slots", "云岭镇的场次不在考试起止时间内"),
        (
            {"daily_from": 1080, "daily_until": 1200},
            {"slots": [slot(NOW + day, NOW + day + hour)]},
            "slots",
            "云岭镇的场次内没有每天可以作答的时间",
        ),
        (
            MULTIPLE | {"multiple_rule": "fixed:100"},
            {"pool": pool_of(multiple=8, judge=8)},
            "rule",
            "应大于0分、小于每题10分",
        ),
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
        ({"show_right": "at_once", "show_key": "at_once"}, {}, "answers"),
        ({"show_right": "at_once"}, {}, "answers"),
        ({"show_score": "never"}, {}, "order"),
        ({"pledge": " "}, {}, "words"),
        ({"daily_from": 540, "daily_until": 599}, {}, "hours"),
        ({}, {"slots": [slot(NOW + day, NOW + day + hour / 2)]}, "slots"),
        ({"closes_at": NOW + 5 * day}, {}, "day_off"),
        ({}, {"holidays": {(NOW + day).date(): False}}, "day_off"),
    ],
)
def test_this_is_said_and_does_not_hinder(values, known, code):
    found = checks(exam(**values), facts(**known), NOW)
    assert code in [check.code for check in found if check.tone == "warn"]
    assert hindrances(found) == []


def test_hours_and_slots_in_order_are_told():
    found = checks(
        exam(daily_from=540, daily_until=1080),
        facts(slots=[slot(NOW + day + hour, NOW + day + 3 * hour)]),
        NOW,
    )
    told = {check.code: check.text for check in found if check.tone == "ok"}
    assert (told["hours"], told["slots"]) == ("每天9:00至18:00可以作答", "已为1个单位安排场次")


def test_a_weekend_that_is_worked_is_no_day_off():
    saturday = NOW + 4 * day
    found = checks(exam(closes_at=saturday + day / 2), facts(holidays={saturday.date(): True}), NOW)
    assert "day_off" not in [check.code for check in found]


def test_an_open_bank_is_fine_for_a_mock_exam():
    found = checks(exam(purpose="mock"), facts(open_banks=["公开"]), NOW)
    assert {check.tone for check in found} == {"ok"}
