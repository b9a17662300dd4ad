"""What may be done with one attempt, and which attempt counts afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts.interventions import rules
from quizapp.attempts.interventions.rules import Sheet

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
FINE = {"exam_state": "published", "trial": False, "answers_seen": False, "another_open": False}
OFFERS = {
    ("created", "void"): "还没有开始",
    ("created", "reopen"): "还没有开始",
    ("created", "restore"): "还没有开始",
    ("in_progress", "void"): "",
    ("in_progress", "reopen"): "",
    ("in_progress", "restore"): "没有作废",
    ("submitted", "void"): "",
    ("submitted", "reopen"): "",
    ("submitted", "restore"): "没有作废",
    ("expired", "void"): "",
    ("expired", "reopen"): "",
    ("expired", "restore"): "没有作废",
    ("voided", "void"): "先恢复",
    ("voided", "reopen"): "先恢复",
    ("voided", "restore"): "",
}


@pytest.mark.parametrize(("case", "why"), OFFERS.items())
def test_what_can_be_done_in_which_state(case, why):
    state, kind = case
    said = rules.bars(kind, state=state, **FINE)
    assert (why in said) if why else said == ""
    assert (kind in rules.OFFERED.get(state, ())) == (said == "")


@pytest.mark.parametrize("change", [{"exam_state": "voided"}, {"exam_state": "cancelled"}, {"trial": True}])
def test_nothing_is_done_to_a_voided_exam_or_a_trial(change):
    for kind, state in (("void", "submitted"), ("restore", "voided"), ("reopen", "expired")):
        assert "不能处理答卷" in rules.bars(kind, state=state, **(FINE | change))


def test_who_may_have_seen_answers_does_not_write_on_but_may_be_voided():
    seen = FINE | {"answers_seen": True}
    assert "看到对错或答案" in rules.bars("reopen", state="submitted", **seen)
    assert rules.bars("void", state="submitted", **seen) == ""
    assert rules.bars("restore", state="voided", **seen) == ""


def test_nobody_answers_two_sheets_at_a_time():
    two = FINE | {"another_open": True}
    assert "正在作答" in rules.bars("reopen", state="expired", **two)
    assert "正在作答" in rules.bars("restore", state="voided", **two)
    assert rules.bars("void", state="submitted", **two) == ""
    sheets = [sheet(1), sheet(2, "in_progress", None)]
    assert rules.another_open(sheets, 1)
    assert not rules.another_open(sheets, 2)


def sheet(number, state="submitted", total=50, *, before=None, sat=True):
    return Sheet(number, state, before, total, sat)


@pytest.mark.parametrize(
    ("sheets", "best", "last"),
    [
        ([], None, None),
        ([sheet(1, total=50)], 1, 1),
        ([sheet(1, total=50), sheet(2, total=50)], 1, 2),
        ([sheet(1, total=50), sheet(2, total=40)], 1, 2),
        ([sheet(2, total=60), sheet(1, total=50)], 2, 2),
        ([sheet(1, total=50), sheet(2, "voided", 90)], 1, 1),
        ([sheet(1, "expired", 0, sat=False)], None, None),
        ([sheet(1, "in_progress", None)], None, None),
    ],
)
def test_which_attempt_counts(sheets, best, last):
    for rule, number in (("best", best), ("last", last)):
        found = rules.counted(sheets, rule)
        assert (found.number if found else None) == number


STATES = st.sampled_from(["in_progress", "submitted", "expired"])
SHEETS = st.lists(st.tuples(STATES, st.integers(0, 100), st.booleans()), min_size=1, max_size=5).map(
    lambda rows: [
        Sheet(number, state, None, total if state != "in_progress" else None, sat)
        for number, (state, total, sat) in enumerate(rows, 1)
    ]
)


@given(SHEETS, st.data(), st.sampled_from(["best", "last"]))
def test_voided_and_restored_it_was_never_done(sheets, data, rule):
    number = data.draw(st.sampled_from(sheets)).number
    gone = rules.after("void", sheets, number)
    assert rules.counted(gone, rule) == rules.counted([one for one in sheets if one.number != number], rule)
    assert rules.after("restore", gone, number) == sheets


@given(SHEETS, st.data(), st.sampled_from(["best", "last"]))
def test_what_is_opened_again_does_not_count_and_the_others_stay(sheets, data, rule):
    number = data.draw(st.sampled_from(sheets)).number
    then = rules.after("reopen", sheets, number)
    found = rules.counted(then, rule)
    assert found is None or found.number != number
    assert [one for one in then if one.number != number] == [one for one in sheets if one.number != number]


@given(st.integers(-600, 600), st.integers(1, rules.MOST_MINUTES))
def test_so_many_minutes_are_left_from_now_or_from_the_end_to_come(ago, minutes):
    closes_at = NOW - timedelta(minutes=ago)
    end = closes_at + rules.longer_by(closes_at, minutes, NOW)
    assert end - max(NOW, closes_at) == timedelta(minutes=minutes)
    assert end > closes_at


@pytest.mark.parametrize("kind", rules.KINDS)
def test_the_candidate_is_told_plainly_with_the_reason(kind):
    tone, said = rules.told(kind, 2, NOW, "机房停电。", minutes=20 if kind == "reopen" else None)
    assert tone in ("bad", "ok", "info")
    assert "第2次考试" in said
    assert "2026年11月27日10:00" in said.replace(" ", "")
    assert "理由：机房停电。" in said
    assert "。。" not in said
