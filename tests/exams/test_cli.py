"""The commands do what the pages do."""

from datetime import timedelta

from quizapp.db import db
from quizapp.exams.models import Exam


def run(app, *words):
    return app.test_cli_runner().invoke(args=["exams", *words])


def test_listing_showing_publishing_and_releasing(app, make_exam, at):
    exam = make_exam()
    assert "2026年度条例考试" in run(app, "list").output
    assert "[通过] 按今天的名册，考生6人" in run(app, "show", str(exam.id)).output
    done = run(app, "publish", str(exam.id))
    assert done.exit_code == 0
    assert "考生6人" in done.output
    assert (
        "应考6人（名册6人，免考0人，缓考0人），实考0人，参考率0.0%" in run(app, "show", str(exam.id)).output
    )
    again = run(app, "publish", str(exam.id))
    assert again.exit_code == 1
    assert "已发布" in again.output
    assert run(app, "release", str(exam.id)).exit_code == 1
    at(db.session.get(Exam, exam.id).closes_at + timedelta(minutes=3))
    assert "答案已公布" in run(app, "release", str(exam.id)).output


def test_an_exam_that_does_not_exist(app, cast):
    assert "没有编号为7的考试" in run(app, "show", "7").output
    assert "还没有考试" in run(app, "list").output
