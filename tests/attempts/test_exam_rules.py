"""The rules on one page before starting, and the days that are left, in plain words."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from quizapp.attempts import exam_rules
from quizapp.db import db
from tests.attempts.conftest import candidate_of
from tests.papers import totals


def exam_of(**more):
    rules = {
        "blueprint": totals(single=20, judge=10),
        "points": {"single": 20, "judge": 15},
        "pass_mark": 600,
        "bands": [["优秀", 900], ["合格", 600]],
        "counts": "best",
        "show_score": "at_once",
        "show_right": "released",
        "show_key": "released",
        "show_explanation": "never",
    }
    return SimpleNamespace(**(rules | more))


def test_the_paper_is_said_by_kind_and_in_all():
    assert exam_rules.paper(exam_of()) == "单选题20题，每题2分；判断题10题，每题1.5分；共30题，满分55分"


def test_marks_are_said_with_their_bands():
    assert exam_rules.marks(exam_of()) == "60分（含本数）；等级：优秀90分、合格60分"
    assert exam_rules.marks(exam_of(bands=[])) == "60分（含本数）"


def test_what_shows_at_the_same_time_stands_together():
    assert exam_rules.shown(exam_of()) == [
        ("成绩", "交卷后可见"),
        ("各题对错、标准答案", "公布答案后可见"),
        ("依据和解析", "不显示"),
    ]


@pytest.mark.parametrize(
    ("allowed", "left", "words"), [(1, 1, "共1次，已用0次"), (3, 2, "共3次，已用1次，取最高分")]
)
def test_tries_are_counted(allowed, left, words):
    assert exam_rules.tries(allowed, left, "取最高分") == words


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-12-27 23:00", "4天后开始"),
        ("2026-12-30 23:00", "明天9:00开始"),
        ("2026-12-31 08:00", "今天9:00开始"),
        ("2026-12-31 09:00", "还剩6天"),
        ("2027-01-05 23:59", "还剩1天"),
        ("2027-01-06 00:00", "今天24:00截止"),
        ("2027-01-06 23:59", "今天24:00截止"),
        ("2027-01-07 00:00", ""),
    ],
)
def test_days_are_those_of_the_calendar_over_the_new_year(at, now, words):
    opens, ends = at("2026-12-31 09:00"), at("2027-01-07 00:00")
    said = exam_rules.countdown(begins_at=opens, last_start_at=ends, ends_at=ends, now=at(now))
    assert said == words


def test_after_the_last_start_nothing_is_left(at):
    opens, last, ends = at("2026-12-31 09:00"), at("2027-01-05 09:00"), at("2027-01-07 00:00")
    assert exam_rules.countdown(begins_at=opens, last_start_at=last, ends_at=ends, now=last) == ""


def test_the_page_says_everything_before_the_start(exam, as_jiang):
    shown = as_jiang.page(f"/my-exams/{exam.id}").text
    for words in (
        "今天21:00截止",
        "60分钟，开始答题后连续计时",
        "单选题2题，每题2分；多选题1题，每题4分；判断题1题，每题1分；共4题，满分9分",
        "少选得一半分",
        "5分（含本数）",
        "共1次，已用0次",
        "闭卷",
        "成绩交卷后可见",
        "公布答案后",
        "考试须知",
        "一、独立作答",
        "本人独立完成本次考试",
    ):
        assert words in shown, words


def test_more_time_and_a_later_end_are_this_persons(exam, cast, as_jiang):
    candidate = candidate_of(exam, cast.jiang)
    candidate.extra_minutes, candidate.personal_closes_at = 15, exam.closes_at + timedelta(days=2)
    db.session.commit()
    shown = as_jiang.page(f"/my-exams/{exam.id}").text
    assert "75分钟" in shown
    assert "还剩2天" in shown


def test_who_has_finished_reads_no_countdown(page):
    page.hand_in("B.D.ACE.A")
    shown = page.client.page("/my-exams/1").text
    assert "截止时间" in shown
    assert "今天21:00截止" not in shown
