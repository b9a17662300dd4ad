"""The way of a cadre without script: rules, paper, 保存, 交卷, receipt, result."""

from datetime import timedelta

import pytest
from werkzeug.datastructures import MultiDict

from quizapp import clock
from quizapp.attempts import jobs, layout, queries
from quizapp.attempts.models import Attempt, Closing
from quizapp.bank.models import ErrorReport, Revision
from quizapp.db import db
from quizapp.exams import actions as exams
from quizapp.people.models import LoginSession
from tests.attempts.conftest import candidate_of, make_exam, own_phone
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements

SECOND = timedelta(seconds=1)


def to_check(page, **answers):
    """检查并交卷: the paper's form goes to the address of the button."""
    values = MultiDict(page.form("/sheet").values)
    for name, chosen in answers.items():
        values.setlist(name, list(chosen))
    reply = page.client.post(f"{page.path}/hand-in", data=values, follow_redirects=True)
    return page.client.read(reply)


def begin(client, exam):
    return client.page(f"/my-exams/{exam.id}").press("开始答题", pledge="y")


def test_my_exams_say_what_is_due(jiang, exam, at):
    page = jiang.page("/my-exams/")
    assert page.h1 == "我的考试"
    assert "2026年度条例考试" in page.text
    assert "年度考试今天21:00截止" in page.text
    exam.closes_at = clock.end_of(clock.today() + timedelta(days=6))
    db.session.commit()
    assert "年度考试12月31日24:00截止，还剩6天" in jiang.page("/my-exams/").text


def test_nothing_due_is_said_plainly(as_fang):
    assert "目前没有需要完成的考试" in as_fang.page("/my-exams/").text


def test_the_rules_are_read_before_the_clock_starts(jiang, exam):
    page = jiang.page(f"/my-exams/{exam.id}")
    for words in (
        "开始时间2026年12月25日 09:00",
        "截止时间2026年12月25日 21:00",
        "60分钟",
        "共1次，已用0次",
        "独立作答",
        "闭卷",
        "本人独立完成本次考试。",
        "多选题计分少选得一半分，多选、错选不得分",
    ):
        assert words in page.text
    assert db.session.query(Attempt).count() == 0


def test_a_fixed_mark_for_a_missing_letter_is_said_on_start_page_and_paper(jiang, exam):
    exam.multiple_rule = "fixed:15"
    db.session.commit()
    words = "少选得1.5分，多选、错选不得分"
    assert f"多选题计分{words}" in jiang.page(f"/my-exams/{exam.id}").text
    assert words in begin(jiang, exam).text


def test_without_the_pledge_nothing_starts(jiang, exam):
    page = jiang.page(f"/my-exams/{exam.id}").press("开始答题")
    assert "请先阅读并勾选诚信承诺" in page.text
    assert db.session.query(Attempt).count() == 0


def test_the_pledge_is_stored_with_its_words(jiang, exam):
    begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    assert (attempt.pledge, attempt.pledged_at) == ("本人独立完成本次考试。", clock.now())


def test_less_time_is_said_and_confirmed(jiang, exam, at):
    at(exam.closes_at - timedelta(minutes=35))
    db.session.query(LoginSession).update({"confirmed_at": clock.now()})
    db.session.commit()
    page = jiang.page(f"/my-exams/{exam.id}")
    assert "现在开始，只有35分钟，不足60分钟：考试12月25日21:00截止。" in page.text
    refused = page.press("开始答题", pledge="y")
    assert "现在开始只有35分钟" in refused.text
    assert db.session.query(Attempt).count() == 0
    assert "检查并交卷" in page.press("开始答题", pledge="y", less_time="y").html


def test_a_formal_exam_asks_for_the_password_once_it_is_long_ago(jiang, exam, at):
    db.session.query(LoginSession).update({"confirmed_at": clock.now() - timedelta(hours=13)})
    db.session.commit()
    page = jiang.page(f"/my-exams/{exam.id}")
    assert "确认口令" in page.text
    assert f"/confirm?next=/my-exams/{exam.id}" in {href for _, href in page.links}
    token = page.token
    reply = jiang.post(f"/my-exams/{exam.id}", data={"pledge": "y", "csrf_token": token})
    assert reply.status_code == 303
    assert db.session.query(Attempt).count() == 0
    exam.purpose = "mock"
    db.session.commit()
    assert "检查并交卷" in begin(jiang, exam).html


def test_the_paper_works_without_script_to_the_receipt(jiang, exam):
    page = begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    assert page.path == f"/attempts/{attempt.token}"
    assert (attempt.state, attempt.epoch) == ("in_progress", 1)
    right = right_sheet(attempt).split(".")
    page = page.press("保存", q1=right[0], q3=list(right[2]))
    assert "已保存" in page.text
    assert attempt.sheet == f"{right[0]}..{right[2]}."
    page = to_check(page, **{"q2": right[1], "q2-doubt": "1"})
    assert "还有1题未答：第4题" in page.text
    assert "待检查1题" in page.text
    assert attempt.state == "in_progress"
    assert attempt.sheet == f"{right[0]}.{right[1]}.{right[2]}."
    page = page.press("交卷")
    closing = db.session.query(Closing).one()
    assert page.path == f"/attempts/{attempt.token}/receipt"
    assert closing.receipt in page.text
    assert "截图或抄下这8位即可备查" in page.text
    assert "3/4题" in page.text
    assert "成绩 8分 合格，优秀" in page.text  # 80 tenths
    assert attempt.state == "submitted"


def test_a_second_browser_is_asked_and_takes_over(jiang, exam, app, cast):
    from tests.cast import sign_in

    first = begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    other = own_phone(sign_in(app.test_client(), cast.jiang))
    page = other.page(f"/attempts/{attempt.token}")
    assert "本次考试已在另一页面作答，在此继续？" in page.text
    page = page.press("在此继续")
    page.press("保存", q1="A")
    assert (attempt.epoch, attempt.sheet) == (2, "A...")
    late = first.press("保存", q1="B")
    assert "已在另一页面作答" in late.text
    assert attempt.sheet == "A..."


def test_a_page_whose_form_is_old_learns_it(jiang, exam):
    page = begin(jiang, exam)
    page.press("保存", q1="A")
    stale = page.press("保存", q1="B")  # the same hidden revision as before, other letters
    assert "这一页的答案没有保存" in stale.text
    assert db.session.query(Attempt).one().sheet == "A..."


def test_after_the_end_the_paper_leads_to_the_receipt(jiang, exam, at):
    page = begin(jiang, exam)
    page.press("保存", q1="A")
    attempt = db.session.query(Attempt).one()
    at(attempt.refused_after + SECOND)
    page = jiang.page(f"/attempts/{attempt.token}")
    assert "时间到，已自动交卷" in page.text
    page = page.press("查看交卷回执")
    assert db.session.query(Closing).one().receipt in page.text
    assert "1/4题" in page.text


def test_a_form_that_comes_too_late_is_held_and_said_so(jiang, exam, at):
    page = begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    at(attempt.refused_after + SECOND)
    page = page.press("保存", q1="A")
    assert "没有计入成绩，已另行保存" in page.text
    assert attempt.sheet == "..."


@pytest.mark.parametrize(
    ("show_score", "words"),
    [
        ("closed", "成绩将于12月25日21:00后公布。"),
        ("released", "成绩将在考试结束后由主办单位公布。"),
        ("never", "本次考试不显示成绩。"),
    ],
)
def test_the_score_waits_for_what_the_exam_says(jiang, exam, show_score, words):
    exam.show_score = show_score
    db.session.commit()
    receipt = to_check(begin(jiang, exam)).press("交卷")
    assert words in receipt.text
    assert "0/4题" in receipt.text
    attempt = db.session.query(Attempt).one()
    assert "合格" not in jiang.page(f"/attempts/{attempt.token}/result").text.replace("合格线", "")


def test_answers_come_with_key_and_article_once_released(jiang, exam, at):
    page = begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    right = right_sheet(attempt).split(".")
    to_check(page, q1=right[0], q2="A" if right[1] != "A" else "B").press("交卷")
    url = f"/attempts/{attempt.token}/result"
    before = jiang.page(url)
    assert "各题对错、标准答案、依据和解析将在考试结束后由主办单位公布。" in before.text
    assert "解析0" not in before.html
    exams.release(exam, at(exam.closes_at + timedelta(minutes=3)), actor_id=None)
    db.session.commit()
    after = jiang.page(url)
    assert "答对1题，共4题" in after.text
    for words in ("解析0", "解析3", f"正确答案：{right[1]}", "未作答", "选错", "漏选"):
        assert words in after.text


def test_my_exams_show_what_came_out(jiang, exam):
    to_check(begin(jiang, exam)).press("交卷")
    page = jiang.page("/my-exams/")
    assert "已交卷" in page.text
    assert "0分" in page.text
    assert "目前没有需要完成的考试" in page.text


def test_a_running_exam_is_continued(jiang, exam):
    begin(jiang, exam)
    page = jiang.page("/my-exams/")
    assert "进行中" in page.text
    assert "检查并交卷" in page.follow("继续答题").html
    assert "检查并交卷" in jiang.page(f"/my-exams/{exam.id}").follow("继续答题").html


def test_another_persons_pages_are_not_there(jiang, exam, as_luo, as_fang):
    begin(jiang, exam)
    token = db.session.query(Attempt).one().token
    for path in ("", "/receipt", "/result", "/hand-in"):
        assert as_luo.page(f"/attempts/{token}{path}", status=404)
    assert as_fang.page(f"/my-exams/{exam.id}", status=404)


def test_a_draft_is_not_there_for_its_candidates(jiang, exam):
    exam.state = "draft"
    db.session.commit()
    jiang.page(f"/my-exams/{exam.id}", status=404)


def test_my_exams_cost_three_statements_however_many_there_are(jiang, exam, cast, at):
    from tests.attempts.conftest import make_exam

    with statements() as one:
        queries.my_exams(cast.jiang, clock.now())
    revisions = db.session.query(queries.bank.Revision).all()
    for title in ("甲", "乙"):
        make_exam(cast, clock.now(), asked=revisions, title=title)
    with statements() as three:
        assert len(queries.my_exams(cast.jiang, clock.now())) == 3
    assert len(one) == len(three) == 3


def test_who_missed_it_is_absent(jiang, exam, at):
    at(exam.closes_at + SECOND)
    assert "缺考" in jiang.page("/my-exams/").text
    assert "开始考试的时间已过。" in jiang.page(f"/my-exams/{exam.id}").text


def test_a_sitting_closes_the_books(jiang, exam, cast):
    assert not queries.exam_running(cast.jiang, clock.now())
    begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    assert queries.closed_book_running(cast.jiang, clock.now())
    assert queries.exam_running(cast.jiang, clock.now())
    assert not queries.closed_book_running(cast.luo, clock.now())
    assert not queries.exam_running(cast.jiang, attempt.refused_after + SECOND)
    exam.open_book = True
    db.session.commit()
    assert not queries.closed_book_running(cast.jiang, clock.now())
    assert queries.exam_running(cast.jiang, clock.now())


def test_a_trial_runs_like_an_exam_and_shows_its_result(exam, cast, as_he, at):
    own_phone(as_he)
    token = as_he.page("/my-exams/").token
    reply = as_he.post(f"/exams/{exam.id}/trial", data={"csrf_token": token}, follow_redirects=True)
    page = as_he.read(reply)
    assert "这是试考，不计成绩" in page.text
    attempt = db.session.query(Attempt).one()
    right = right_sheet(attempt).split(".")
    page = to_check(page, q1=right[0]).press("交卷")
    assert "试考，不计成绩" in page.text
    assert "成绩 2分" in page.text
    assert "解析0" in as_he.page(f"/attempts/{attempt.token}/result").text
    assert not candidate_of(exam, cast.jiang).started


def test_a_trial_is_for_who_makes_the_exam(exam, as_jiang, as_li):
    for client in (as_jiang, as_li):
        own_phone(client)
        token = client.page("/my-exams/").token
        assert client.post(f"/exams/{exam.id}/trial", data={"csrf_token": token}).status_code == 404
    assert db.session.query(Attempt).count() == 0


def test_the_commands(jiang, exam, app, at):
    page = begin(jiang, exam)
    page.press("保存", q1="A")
    attempt = db.session.query(Attempt).one()
    at(attempt.refused_after + SECOND)
    run = app.test_cli_runner().invoke
    db.session.commit()
    assert "已自动交卷1份" in run(args=["attempts", "sweep"]).output
    receipt = db.session.query(Closing).one().receipt
    db.session.commit()
    for wanted in (receipt, receipt.lower(), attempt.token):
        db.session.commit()
        shown = run(args=["attempts", "show", wanted]).output
        for words in ("江映雪", "打开", "保存　1.1　A...", "自动交卷", receipt, "重新计算：一致"):
            assert words in shown
    db.session.commit()
    assert "没有找到这份答卷" in run(args=["attempts", "show", "R-0000-0000"]).output
    assert jobs.sweep(clock.now()) == 0


# 纠错 -------------------------------------------------------------------------------------------------------------


def reports():
    return db.session.query(ErrorReport).all()


def test_a_mistake_is_reported_from_the_released_result(jiang, exam, at):
    page = begin(jiang, exam)
    attempt = db.session.query(Attempt).one()
    address = f"/attempts/{attempt.token}/result/2/report"
    data = {"csrf_token": jiang.token, "text": "错"}
    assert jiang.get(address).status_code == 404  # the exam is running
    assert jiang.post(address, data=data).status_code == 404
    to_check(page, q1="A").press("交卷")
    assert jiang.get(address).status_code == 404  # handed in, not released
    assert jiang.post(address, data=data).status_code == 404
    assert reports() == []
    exams.release(exam, at(exam.closes_at + timedelta(minutes=3)), actor_id=None)
    db.session.commit()
    page = jiang.page(f"/attempts/{attempt.token}/result").follow("本题有误？纠错（第2题）")
    revision_id = layout.from_text(attempt.layout)[1].revision_id
    assert db.session.get(Revision, revision_id).stem.split("（")[0] in page.text
    page = page.press("提交纠错", text="两个选项都对。")
    assert "已收到您对本题的纠错" in page.text
    [report] = reports()
    assert report.revision_id == revision_id
    for number in (0, 5):
        assert jiang.get(f"/attempts/{attempt.token}/result/{number}/report").status_code == 404


def test_the_result_of_another_person_is_reported_by_nobody_else(jiang, exam, as_luo, at):
    to_check(begin(jiang, exam)).press("交卷")
    token = db.session.query(Attempt).one().token
    exams.release(exam, at(exam.closes_at + timedelta(minutes=3)), actor_id=None)
    db.session.commit()
    luo = own_phone(as_luo)
    luo.page("/my-exams/")
    address = f"/attempts/{token}/result/1/report"
    assert luo.get(address).status_code == 404
    assert luo.post(address, data={"csrf_token": luo.token, "text": "错"}).status_code == 404
    assert reports() == []


def test_while_one_sits_an_exam_nothing_is_reported_and_no_answer_read(jiang, exam, cast, at):
    """Hazard H37: also of an earlier exam, whose questions may be asked again."""
    to_check(begin(jiang, exam)).press("交卷")
    token = db.session.query(Attempt).one().token
    exams.release(exam, at(exam.closes_at + timedelta(minutes=3)), actor_id=None)
    db.session.commit()
    assert jiang.get("/my-reports").status_code == 200
    asked = db.session.query(Revision).all()
    db.session.query(LoginSession).update({"confirmed_at": clock.now()})
    begin(jiang, make_exam(cast, clock.now(), asked=asked, title="补考"))
    for address in (f"/attempts/{token}/result/1/report", "/my-reports"):
        assert jiang.get(address).status_code == 403, address
