"""The pace of a section from the times of the journal, and who was much faster than the others."""

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.analysis.clues import facts
from quizapp.analysis.clues.pace import Pace, fast, paces

START = datetime(2026, 12, 25, 1, 0, tzinfo=UTC)
SECTIONS = ["single"] * 6 + ["judge"] * 5


def journal(*saves):
    """(seconds after the opening, sheet); the opening comes first."""
    return [(START, "." * 10), *((START + timedelta(seconds=at), sheet) for at, sheet in saves)]


def test_the_time_between_two_changes_belongs_to_the_questions_changed_in_between():
    found = paces(
        journal(
            (60, "A.B........."[:12].rstrip(".") + "." * 9),
            (180, "A.B.C.D......."[:7] + "." * 7),
            (300, "A.B.C.D.A.B....."[:11] + "." * 5),
            (310, "A.B.C.D.A.B.A.A.A.A.A"),
        ),
        SECTIONS,
    )
    assert found == {"single": Pace(50.0, 6), "judge": Pace(2.0, 5)}


def test_a_save_that_changes_nothing_takes_no_time_from_anybody():
    with_marks = paces(
        journal(
            (60, "A.B.C.D.A.B" + "." * 5),
            (90, "A.B.C.D.A.B" + "." * 5),
            (120, "A.B.C.D.A.B.A.A..."[:15] + "." * 3),
            (180, "A.B.C.D.A.B.A.A.A.A.A"),
        ),
        SECTIONS,
    )
    assert with_marks == {"single": Pace(10.0, 6), "judge": Pace(24.0, 5)}


def test_a_sheet_that_came_whole_tells_no_pace():
    assert paces(journal((600, "A.B.C.D.A.B.A.A.A.A.A")), SECTIONS) == {}
    assert paces([], SECTIONS) == {}


def test_a_section_with_few_answers_has_no_pace():
    found = paces(
        journal((10, "A" + "." * 10), (20, "A.B" + "." * 9), (30, "A.B.C.D.A.B" + "." * 5)), SECTIONS
    )
    assert set(found) == {"single"}


def others(count, seconds=20.0):
    return {at: {"single": Pace(seconds + at % 5, 30)} for at in range(count)}


def test_whoever_is_much_faster_than_the_others_is_found():
    found = fast(others(30) | {99: {"single": Pace(4.0, 30)}})
    assert [(one.attempt, one.section, one.seconds, one.median, one.people) for one in found] == [
        (99, "single", 4.0, 22.0, 31)
    ]


@pytest.mark.parametrize(
    "paces_of",
    [
        others(30) | {99: {"single": Pace(9.0, 30)}},  # less than three times faster
        others(15) | {99: {"single": Pace(1.0, 30)}},  # too few to compare with
        {at: {"single": Pace(2.0 * 1.3**at, 30)} for at in range(30)},  # all differ that much
    ],
)
def test_nobody_is_found_without_reason(paces_of):
    assert fast(paces_of) == []


@pytest.mark.parametrize(
    ("p", "words"),
    [
        (0.03, "约百分之3"),
        (0.0005, "约万分之5"),
        (4e-6, "约百万分之4"),
        (3e-8, "约亿分之3"),
        (1e-12, "小于亿分之1"),
    ],
)
def test_a_small_chance_is_told_in_words(p, words):
    assert facts.small(p) == words


def test_every_kind_says_facts_and_no_verdict():
    told = [
        facts.words("takeover", {"times": [START.isoformat()]}),
        facts.words(
            "pace", {"section": "单选题", "answered": 30, "seconds": 4.0, "median": 22.5, "people": 31}
        ),
        facts.words(
            "similarity",
            {"common": 60, "same": 55, "expected": 40.8, "both_wrong": 10, "same_wrong": 9, "p": 5e-6},
        ),
    ]
    assert told[0] == "由另一页面或设备接续作答1次：2026年12月25日 09:00:00。"
    assert told[1] == "单选题30题，平均每题用时4秒；31份答卷的中位数为22.5秒。"
    assert "预计约40.8题" in told[2]
    assert "约百万分之5" in told[2]
    assert not any(word in "".join(told) for word in ("作弊", "抄袭", "违规"))
