"""成绩复核: until when, what stands in the way, and how an answer is put together."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp import clock
from quizapp.attempts.appeals import rules
from quizapp.exams import release

CLOSES = datetime(2026, 12, 25, 16, tzinfo=UTC)  # 24:00 of 25 December in China
ALL, SCORE = release.EVERYTHING, release.Shown(score=True)


@dataclass
class Exam:
    state: str = "published"
    appeal_days: int = 7
    closes_at: datetime | None = CLOSES
    released_at: datetime | None = None
    show_score: str = "at_once"
    show_right: str = "closed"
    show_key: str = "closed"
    show_explanation: str = "closed"


@pytest.mark.parametrize(
    ("rules_of", "latest", "end"),
    [
        ({}, None, "2027年1月1日 24:00"),
        ({"appeal_days": 1}, None, "2026年12月26日 24:00"),
        ({}, CLOSES + timedelta(hours=3), "2027年1月2日 24:00"),
        ({"show_key": "released"}, None, None),
        ({"show_score": "released", "show_right": "never"}, None, None),
        ({"show_key": "released", "released_at": CLOSES + timedelta(days=4)}, None, "2027年1月6日 24:00"),
        ({"released_at": CLOSES - timedelta(hours=20)}, None, "2027年1月1日 24:00"),
    ],
)
def test_the_last_day_counts_from_the_release_or_from_the_end_where_nothing_waits(rules_of, latest, end):
    from quizapp.dates import closing

    found = rules.ends(Exam(**rules_of), latest)
    assert (closing(found) if found else None) == end


@given(st.integers(1, 60), st.integers(0, 60 * 24 * 60))
def test_the_end_is_always_a_midnight_of_china_after_so_many_whole_days(days, minutes):
    released = CLOSES + timedelta(minutes=minutes)
    exam = Exam(appeal_days=days, show_key="released", released_at=released)
    end = rules.ends(exam, None)
    assert end == clock.start_of(clock.today(end))
    assert timedelta(days=days) <= end - released <= timedelta(days=days + 1)
    assert rules.taken(exam, None, end - timedelta(microseconds=1))
    assert not rules.taken(exam, None, end)


@pytest.mark.parametrize(
    ("exam", "now", "taken", "words"),
    [
        (Exam(), CLOSES, True, "成绩复核申请截至2027年1月1日 24:00。"),
        (Exam(), CLOSES + timedelta(days=7), False, "成绩复核申请已于2027年1月1日 24:00截止。"),
        (
            Exam(show_key="released"),
            CLOSES + timedelta(days=99),
            True,
            "成绩复核申请截至公布答案后第7天24:00。",
        ),
        (Exam(appeal_days=0), CLOSES, False, ""),
        (Exam(state="voided"), CLOSES, False, ""),
    ],
)
def test_an_exam_says_until_when_it_takes_appeals(exam, now, taken, words):
    assert (rules.taken(exam, None, now), rules.period(exam, None, now)) == (taken, words)


@pytest.mark.parametrize(
    ("exam", "told"),
    [
        (Exam(), "考试结束后7天内可以申请"),
        (Exam(show_key="released"), "公布答案后7天内可以申请"),
        (Exam(appeal_days=0), ""),
        (Exam(show_score="never", show_right="never"), ""),
    ],
)
def test_the_rules_of_an_exam_tell_it_before(exam, told):
    assert rules.told_before(exam) == told


@pytest.mark.parametrize(
    ("number", "states", "shown", "open_now", "word"),
    [
        (3, [], ALL, True, ""),
        (0, [], SCORE, True, ""),
        (3, ["withdrawn", "withdrawn"], ALL, True, ""),
        (3, [], SCORE, True, "还没有公布"),
        (0, [], release.NOTHING, True, "还没有公布"),
        (3, ["open"], ALL, True, "已有一份待答复"),
        (3, ["withdrawn", "kept"], ALL, True, "以一次为限"),
        (3, [], ALL, False, "申请时间"),
    ],
)
def test_what_stands_in_the_way_of_an_appeal(number, states, shown, open_now, word):
    found = rules.bars(number, states, shown, open_now=open_now)
    assert (word in found) if word else found == ""


def test_an_answer_is_a_ready_sentence_of_its_verdict_and_own_words():
    ready = rules.READY["kept"][0]
    assert rules.answer_of("kept", ready, "以第3题为准。") == f"{ready}以第3题为准。"
    assert rules.answer_of("remedied", "", "已补时重考。") == "已补时重考。"
    for wrong in [("won", "", "x"), ("corrected", ready, ""), ("kept", "", "")]:
        with pytest.raises(ValueError, match="。"):
            rules.answer_of(*wrong)
