"""The commands do what the pages do."""

from datetime import timedelta

from quizapp import clock, jobs
from quizapp.db import db
from quizapp.exams import actions, assembly_job
from quizapp.exams.models import Exam, Slot
from tests.papers import totals


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


def test_forms_are_listed_and_checked_against_seed_and_hash(app, make_exam, cast):
    exam = make_exam()
    assert "抽题方案\t10题" in run(app, "forms", str(exam.id)).output
    actions.replan(
        exam, {"mode": "forms", "forms_wanted": 2, "blueprint": totals(single=6, judge=4)}, actor_id=cast.he
    )
    db.session.commit()
    assert "还没有组卷" in run(app, "forms", str(exam.id)).output
    job = assembly_job.request(exam, url="/", person_id=cast.he)
    db.session.commit()
    jobs.run(job.id)
    listed = run(app, "forms", str(exam.id), "--check")
    assert "A卷\t10题" in listed.output
    assert "按种子重做，试卷一致" in listed.output
    exam = db.session.get(Exam, exam.id, populate_existing=True)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    db.session.commit()
    assert "与发布时一致" in run(app, "forms", str(exam.id), "--check").output
    db.session.query(Slot).filter_by(position=1).update({"points": 1})
    db.session.commit()
    altered = run(app, "forms", str(exam.id), "--check")
    assert altered.exit_code == 1
    assert "A卷、B卷与发布时不一致" in altered.output


def test_a_stored_set_that_the_seed_does_not_give_is_told(app, make_exam, cast):
    exam = make_exam(mode="forms", forms_wanted=2, blueprint=totals(single=6, judge=4))
    job = assembly_job.request(exam, url="/", person_id=cast.he)
    db.session.commit()
    jobs.run(job.id)
    exam = db.session.get(Exam, exam.id, populate_existing=True)
    first, second = exam.assembled["forms"]
    exam.assembled = {**exam.assembled, "forms": [second, first]}
    db.session.commit()
    altered = run(app, "forms", str(exam.id), "--check")
    assert altered.exit_code == 1
    assert "重做的试卷与保存的不一致" in altered.output
