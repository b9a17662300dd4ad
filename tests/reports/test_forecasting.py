"""What is said about the end of an exam, and about an earlier one beside it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.reports.comparing import rows
from quizapp.reports.completion import Counts, Figures, cumulative
from quizapp.reports.forecasting import sentence

TODAY = date(2026, 12, 10)


def said(by_day, expected, *, opened=date(2026, 12, 1), closes=date(2026, 12, 31)):
    return sentence(cumulative(by_day), expected, opened=opened, today=TODAY, closes=closes)


@pytest.mark.parametrize(
    ("by_day", "expected", "days", "words"),
    [
        ({TODAY: 10}, 10, {}, "应考人员已全部完成。"),
        ({TODAY: 1}, 10, {"opened": TODAY}, "开考不满两天，暂不能预计完成时间。"),
        ({date(2026, 12, 2): 5}, 10, {}, "最近7天没有人完成考试，暂不能预计完成时间。"),
        ({}, 10, {}, "最近7天没有人完成考试，暂不能预计完成时间。"),
        ({date(2026, 12, 8): 7, TODAY: 7}, 24, {}, "按最近7天的进度，预计12月15日全部完成。"),
        ({TODAY: 4}, 8, {"opened": date(2026, 12, 9)}, "按最近2天的进度，预计12月12日全部完成。"),
        (
            {TODAY: 7},
            27,
            {"closes": date(2026, 12, 15)},
            "按最近7天的进度，到12月15日截止时预计还有约15人未考。",
        ),
    ],
)
def test_the_sentence(by_day, expected, days, words):
    assert said(by_day, expected, **days) == words


@given(st.dictionaries(st.integers(0, 9), st.integers(1, 30), max_size=9), st.integers(1, 400))
def test_at_the_pace_of_the_last_week_the_day_named_is_the_first_that_suffices(by_day, expected):
    counts = {TODAY - timedelta(days=back): people for back, people in by_day.items()}
    words = said(counts, expected, closes=date(2040, 1, 1))
    left = expected - sum(by_day.values())
    recent = sum(people for back, people in by_day.items() if back < 7)
    if left <= 0 or recent == 0:
        assert "预计" not in words or "暂不能" in words
        return
    days = next(n for n in range(1, 3000) if recent * n >= left * 7)
    day = TODAY + timedelta(days=days)
    assert f"预计{day.month}月{day.day}日全部完成" in words


def test_differences_agree_with_the_figures_beside_them_and_scores_stay_apart():
    now = Figures(Counts(listed=32, expected=32, submitted=10, passed=5, points=8000), 1605)
    before = Figures(Counts(listed=30, expected=30, submitted=10, passed=5, points=7950), None)
    found = {row.label: (row.now, row.before, row.change) for row in rows(now, before, scores=True)}
    assert found["应考人数"] == ("32人", "30人", "增加2人")
    assert found["实考"][2] == "持平"
    assert found["参考率"] == ("31.3%", "33.3%", "下降2.0个百分点")
    assert found["平均分"] == ("80.0", "79.5", "上升0.5分")
    assert found["中位数"] == ("80.3", "—", "—")
    assert [row.label for row in rows(now, before, scores=False)] == ["应考人数", "实考", "参考率"]
