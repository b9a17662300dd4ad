"""更正答案 through its pages: 何 asks, 周 approves, and those affected are told as much as the settings show."""

import pytest

from quizapp import clock
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.models import Attempt
from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from quizapp.people.models import Grant
from tests.attempts.corrections.conftest import (
    approve,
    asked,
    correction,
    key,
    points,
    run_jobs,
    sheet_of,
)
from tests.cast import sign_in
from tests.statements import statements


def fill(page, revision, *, treatment="normal", answer="C", policy="new", reason="标准答案有误"):
    fields = {f"treatment-{revision}": treatment, f"answer-{revision}": answer}
    return page.press("试算", policy=policy, reason=reason, **fields)


def test_the_whole_way_from_the_wrong_key_to_the_notice_and_back(sat, as_he, as_zhou, jiang, cast):
    first = asked()[0].id
    page = as_he.page(f"/exams/{sat.id}").follow("更正答案").follow("更正答案")
    page = page.press("更正本题：第0道试题（ ）。")
    assert "现在的标准答案：B" in page.text
    page = fill(page, first)
    assert page.path.startswith("/jobs/")
    run_jobs()
    page = as_he.page(as_he.page(page.path).follow("查看结果").path)
    assert "以下是试算结果，成绩还没有改动" in page.text
    assert "可以批准的人：周明" in page.text
    assert "成绩变化 2 人".replace(" ", "") in page.text.replace(" ", "")
    here = page.path
    page = page.press("提交批准")
    assert "等待批准" in page.text
    assert "批准这项更正" not in page.text  # not the own one
    desk = as_zhou.page("/exams/")
    assert "有1项更正答案等待您批准" in desk.text
    page = desk.follow("查看更正")
    assert page.path == here
    assert "江映雪" in page.text
    assert points(sat) == {"江映雪": 70, "罗成": 30}
    page = page.press("/approve")
    assert "办理中" in page.text
    assert points(sat) == {"江映雪": 70, "罗成": 30}
    run_jobs()
    assert "周明批准，已于" in as_zhou.page(here).text
    assert points(sat) == {"江映雪": 90, "罗成": 10}
    assert tallies.faults(sat.id) == {}
    assert "有1项更正" not in as_zhou.page("/exams/").text
    told = jiang.page(f"/my-exams/{sat.id}").text
    assert "您的得分由7分改为9分" in told
    assert "第1次" in as_he.page(f"/exams/{sat.id}/corrections").text
    page = as_he.page(f"/exams/{sat.id}/corrections").press("/restore", reason="更正有误")
    run_jobs()
    page = as_he.page(as_he.page(page.path).follow("查看结果").path).press("提交批准")
    as_zhou.page(page.path).press("/approve")
    run_jobs()
    assert points(sat) == {"江映雪": 70, "罗成": 30}
    assert "恢复第1次判分" in as_he.page(f"/exams/{sat.id}/corrections").text


def test_a_question_named_in_the_address_is_chosen_beforehand(sat, as_he):
    ids = [one.id for one in asked()]
    page = as_he.page(f"/exams/{sat.id}/corrections/new?question={ids[2]}&question=999&question=x")
    assert page.form("试算").values.getlist("question") == [str(ids[2])]
    assert page.form("试算").values[f"answer-{ids[2]}"] == "ACE"
    page = page.press("更正本题：第1道试题（ ）。", **{f"answer-{ids[2]}": "AC、ACE"})
    assert page.form("试算").values.getlist("question") == [str(ids[2]), str(ids[1])]
    assert page.form("试算").values[f"answer-{ids[2]}"] == "AC、ACE"  # what was typed stays
    page = page.press("搜索", q="第3道")
    assert "更正本题：第3道" in page.text
    assert "更正本题：第0道" not in page.text
    assert len(page.form("试算").values.getlist("question")) == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"answer": "F"}, "不是本题的选项"),
        ({"answer": ""}, "请填写正确答案"),
        ({"reason": ""}, "请填写原因"),
        ({"answer": "B"}, "与现在的相同"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(sat, as_he, fields, sentence):
    first = asked()[0].id
    page = fill(as_he.page(f"/exams/{sat.id}/corrections/new?question={first}"), first, **fields)
    assert page.status == 422
    assert sentence in page.text
    assert db.session.query(Correction).count() == 0


def test_sent_back_with_a_reason_and_taken_back(sat, as_he, as_zhou, cast):
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    here = f"/exams/{sat.id}/corrections/{run_id}"
    page = as_zhou.page(here).press("/reject", answer="")
    assert page.status == 422
    assert "请写明退回的理由" in page.text
    page = as_zhou.page(here).press("/reject", answer="答案没有错")
    assert "已退回" in page.text
    assert "周明" in as_he.page(here).text
    assert "答案没有错" in as_he.page(f"/exams/{sat.id}/corrections").text
    second = correction(sat, cast, {asked()[1].id: key("C")})
    page = as_he.page(f"/exams/{sat.id}/corrections/{second}").press("/withdraw")
    assert "已撤回" in page.text
    assert points(sat) == {"江映雪": 70, "罗成": 30}


def test_with_nobody_to_approve_the_page_says_what_to_do(sat, as_he, cast):
    db.session.query(Grant).filter_by(person_id=cast.zhou).delete()
    db.session.commit()
    page = as_he.page(f"/exams/{sat.id}/corrections/{correction(sat, cast, {asked()[0].id: key('C')})}")
    assert "没有另一人可以批准" in page.text
    assert "授权" in page.text


def test_lists_and_files_of_those_who_change(sat, as_he, cast):
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    here = f"/exams/{sat.id}/corrections/{run_id}"
    assert "罗成" not in as_he.page(f"{here}?shown=up").text
    assert "江映雪" not in as_he.page(f"{here}?q=罗成&sort=change").text
    assert "没有符合条件的考生" in as_he.page(f"{here}?q=没有此人").text
    reply = as_he.get(f"{here}.xlsx")
    assert reply.status_code == 200
    from quizapp.spreadsheets import read

    rows = [row.cells for row in read(reply.data, "a.xlsx")]
    assert [row[0] for row in rows[1:]] == ["江映雪", "罗成"]
    assert rows[1][3:6] == ["7", "9", "2"]


def test_scores_of_the_own_board_stay_hidden(sat, cast, app):
    """方 makes the exams of 县信访局 and nothing above; 江 belongs to its 领导班子."""
    db.session.add(
        Grant(person_id=cast.fang, role="exam_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    db.session.get_one(Exam, sat.id).unit_id = cast.office
    row = db.session.query(Candidate).filter_by(person_id=cast.jiang).one()
    row.category = "领导班子成员"
    db.session.commit()
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    fang = sign_in(app.test_client(), cast.fang)
    page = fang.page(f"/exams/{sat.id}/corrections/{run_id}")
    assert "江映雪" not in page.text
    assert "罗成" in page.text
    assert "不在名单中" in page.text
    assert "江映雪".encode() not in fang.get(f"/exams/{sat.id}/corrections/{run_id}.xlsx").data


def test_who_sits_an_exam_sees_no_correction(sat, cast, as_he):
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    row = db.session.query(Candidate).filter_by(exam_id=sat.id, person_id=cast.luo).one()
    mine = db.session.query(Attempt).filter_by(candidate_id=row.id).one()
    mine.state, mine.closed_at, mine.person_id = "in_progress", None, cast.he
    db.session.commit()
    for path in ("", "/new", f"/{run_id}", f"/{run_id}.xlsx"):
        assert as_he.get(f"/exams/{sat.id}/corrections{path}").status_code == 403
    assert as_he.get("/exams/corrections").status_code == 403


# What candidates are told -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "said", "unsaid"),
    [
        ({"show_score": "never"}, [], ["更正", "得分"]),
        ({"show_score": "at_once"}, ["有试题的标准答案经复核更正", "由7分改为9分"], ["题：", "改为“"]),
        ({"show_score": "never", "show_right": "at_once"}, ["题的标准答案经复核更正"], ["由7分", "改为“"]),
        (
            {"show_score": "at_once", "show_right": "at_once", "show_key": "at_once"},
            ["由7分改为9分", "题：“", "”改为“"],
            [],
        ),
    ],
)
def test_candidates_are_told_what_the_release_settings_show(sat, cast, jiang, shown, said, unsaid):
    exam = db.session.get_one(Exam, sat.id)
    for name, value in {"show_right": "released", "show_key": "released", **shown}.items():
        setattr(exam, name, value)
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    page = jiang.page(f"/my-exams/{sat.id}")
    assert "答案更正" not in page.text  # nothing before it counts
    approve(run_id, cast)
    text = jiang.page(f"/my-exams/{sat.id}").text
    notice = text.split("答案更正")[1].split("考试规则")[0] if "答案更正" in text else ""
    assert bool(notice) == bool(said)
    for words in said:
        assert words in notice
    for words in unsaid:
        assert words not in notice


def test_who_is_not_affected_is_told_nothing(sat, cast, jiang):
    """江 has the second question right by both keys."""
    approve(correction(sat, cast, {asked()[1].id: key("D A")}), cast)
    assert "答案更正" not in jiang.page(f"/my-exams/{sat.id}").text


def test_the_result_page_tells_a_void_question_and_how_the_total_came_about(sat, cast, jiang):
    exam = db.session.get_one(Exam, sat.id)
    exam.show_score = exam.show_right = exam.show_key = "at_once"
    token = db.session.query(Attempt.token).filter_by(person_id=cast.jiang).scalar()
    approve(correction(sat, cast, {asked()[1].id: key("D", treatment="rescale")}), cast)
    text = jiang.page(f"/attempts/{token}/result").text
    assert "满分9分" in text  # 江 70 − 20 = 50 of 70, scaled: 64
    assert "6.4分" in text
    assert "5×9÷7" in text  # noqa: RUF001 - a times sign is meant
    assert "作废，其余试题按满分折算" in text
    approve(correction(sat, cast, {asked()[1].id: key("D", treatment="drop")}), cast)
    text = jiang.page(f"/attempts/{token}/result").text
    assert "满分7分" in text
    assert "作废，分值不计入试卷" in text


def test_the_result_page_shows_every_accepted_answer_and_whose_old_total_was_kept(sat, cast, as_luo, jiang):
    exam = db.session.get_one(Exam, sat.id)
    exam.show_score = exam.show_right = exam.show_key = "at_once"
    tokens = dict(db.session.query(Attempt.person_id, Attempt.token).all())
    approve(correction(sat, cast, {asked()[0].id: key("C A")}, policy="better"), cast)
    assert "也接受" in jiang.page(f"/attempts/{tokens[cast.jiang]}/result").text
    luo = as_luo.page(f"/attempts/{tokens[cast.luo]}/result").text
    assert "本卷按更正前的答案计分" in luo
    assert "3分" in luo


# The bank -----------------------------------------------------------------------------------------------------


def test_the_bank_follows_by_a_draft_and_nobody_practises_the_wrong_key(sat, cast, as_he):
    first = asked()[0]
    db.session.get_one(Bank, db.session.query(Bank).one().id).unit_id = cast.county
    db.session.commit()
    run_id = correction(sat, cast, {first.id: key("C")})
    here = f"/exams/{sat.id}/corrections/{run_id}"
    assert "题库中的这道试题" not in as_he.page(here).text
    approve(run_id, cast)
    page = as_he.page(here).press("写成草稿并停用原版本")
    assert "已为试题S-0写成新的草稿" in page.text
    rows = db.session.query(Revision).filter_by(question_id=first.question_id).order_by(Revision.number).all()
    assert [(row.number, row.key, row.status) for row in rows] == [(1, "B", "suspended"), (2, "C", "draft")]
    assert "题库中的这道试题" not in page.text  # the bank says something newer now


# Costs --------------------------------------------------------------------------------------------------------


def test_a_page_costs_the_same_for_one_change_and_for_two(sat, cast, as_he):
    one = correction(sat, cast, {asked()[1].id: key("A")})
    as_he.page(f"/exams/{sat.id}/corrections/{one}")
    with statements() as first:
        as_he.page(f"/exams/{sat.id}/corrections/{one}?shown=up")
    as_he.page(f"/exams/{sat.id}/corrections/{one}").press("/withdraw")
    two = correction(sat, cast, {asked()[0].id: key("C"), asked()[3].id: key("B", "judge")})
    with statements() as second:
        as_he.page(f"/exams/{sat.id}/corrections/{two}")
    assert len(second) == len(first)


# The command --------------------------------------------------------------------------------------------------


def run(app, *words):
    return app.test_cli_runner().invoke(args=["attempts", *words])


def test_the_command_rehearses_without_keeping_and_proposes_but_never_approves(sat, app, cast):
    words = ("correct", str(sat.id), "--question", "S-0", "--answer", "C", "--reason", "答案有误")
    dry = run(app, *words, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert "实考2人，成绩变化2人：提高1人，降低1人" in dry.output
    assert db.session.query(Correction).count() == 0
    done = run(app, *words, "--by", "10000033")
    assert "已提交" in done.output
    assert db.session.query(Correction).one().state == "waiting"
    assert points(sat) == {"江映雪": 70, "罗成": 30}
    assert "还没有办完" in run(app, *words).output
    approve(db.session.query(Correction).one().run_id, cast)
    assert points(sat) == {"江映雪": 90, "罗成": 10}
    listed = run(app, "corrections", str(sat.id)).output
    assert "第2次\t现行" in listed
    assert "2人变化" in listed
    assert "已提交" in run(app, "correct", str(sat.id), "--restore", "1", "--reason", "撤销").output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "请用--question"),
        (("--question", "S-0"), "须有一个--answer"),
        (("--question", "S-9", "--full"), "没有编号为S-9"),
        (("--question", "S-0", "--answer", "F"), "不是本题的选项"),
        (("--question", "S-0", "--full", "--drop"), "只能写一个"),
        (("--question", "S-0", "--full", "--by", "999"), "没有账号或工号"),
        (("--restore", "7"), "没有第7次判分"),
    ],
)
def test_the_command_says_what_is_wrong(sat, app, words, sentence):
    done = run(app, "correct", str(sat.id), *words, "--reason", "x")
    assert done.exit_code == 1
    assert sentence in done.output
    assert "没有编号为77" in run(app, "corrections", "77").output


def test_open_attempts_are_marked_by_the_new_key(exam, cast, page, attempt, as_zhou):
    run_id = correction(exam, cast, {asked()[0].id: key("C")})
    as_zhou.page(f"/exams/{exam.id}/corrections/{run_id}").press("/approve")
    run_jobs()
    page.hand_in(sheet_of(attempt, "C", "D", "ACE", "A"))
    assert points(exam)["江映雪"] == 90
