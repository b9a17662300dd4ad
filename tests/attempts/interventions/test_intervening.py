"""答卷处理 through its pages: 何 asks, 周 approves or sends back, 江 reads what became of her sheet."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import jobs
from quizapp.attempts.appeals.models import Appeal
from quizapp.attempts.interventions import actions, queries
from quizapp.attempts.interventions.models import Intervention
from quizapp.attempts.models import Attempt, Closing
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import exception_log, tallies
from quizapp.exams.models import Candidate, Exam
from tests.attempts.conftest import Page, csrf_of, started
from tests.attempts.test_handing_in import right_sheet
from tests.cast import sign_in
from tests.statements import statements

SECOND = timedelta(seconds=1)


@pytest.fixture
def handed(page, attempt):
    """江 has everything right: 90."""
    assert page.hand_in(right_sheet(attempt)).status_code == 200
    return attempt


def here(attempt):
    return f"/exams/{attempt.exam_id}/answer-sheets/{attempt.id}"


def ask(attempt, cast, kind="void", **more):
    told = {"reason": "替考", "evidence": "监考记录", "actor_id": cast.he, "now": clock.now()} | more
    made = actions.ask(attempt.id, kind, **told)
    db.session.commit()
    return made.id


def approve(wanted, cast):
    actions.approve(wanted, actor_id=cast.zhou, now=clock.now())
    db.session.commit()


def points(attempt):
    db.session.expire_all()
    return db.session.get_one(Candidate, attempt.candidate_id).points


def test_the_way_of_a_void_and_back(exam, handed, page, as_he, as_zhou, jiang, cast):
    db.session.get_one(Exam, exam.id).show_score = "at_once"
    db.session.commit()
    one = as_he.page(f"/exams/{exam.id}/candidates/{handed.candidate_id}").follow("第1次考试")
    assert one.path == here(handed)
    form = one.follow("作废答卷")
    assert "第1次考试，9分没有计分的答卷" in form.text.replace("\n", "").replace("  ", "").replace(" ", "")
    assert "不计入实考" in form.text
    asked = form.press("提请批准", **{"void-reason": "替考", "void-evidence": "监考记录"})
    assert "须由另一名考务管理员批准" in asked.text
    assert points(handed) == 90
    assert "作废" not in jiang.page(f"/my-exams/{exam.id}").text
    desk = as_zhou.page("/exams/")
    assert "有1项答卷处理等待您批准" in desk.text
    decided = desk.follow("查看答卷")
    assert "监考记录" in decided.text
    done = decided.press("批准")
    assert "已批准并办理" in done.text
    assert points(handed) is None
    assert tallies.faults(exam.id) == {}
    for path in (f"/my-exams/{exam.id}", f"/attempts/{page.token}/receipt", f"/attempts/{page.token}/result"):
        text = jiang.page(path).text
        assert "作废，不计成绩。理由：替考。" in text
        assert "监考记录" not in text  # for those in charge only
    assert "已作废，不计成绩" in jiang.page(f"/attempts/{page.token}/result").text
    assert "有1项答卷处理" not in as_zhou.page("/exams/").text
    again = as_he.page(here(handed)).follow("恢复答卷").press("提请批准", **{"restore-reason": "查无实据"})
    as_zhou.page(again.path).press("批准")
    assert points(handed) == 90
    assert tallies.faults(exam.id) == {}
    text = jiang.page(f"/my-exams/{exam.id}").text
    assert "恢复有效" in text
    assert "替考" not in text
    history = as_he.page(here(handed)).text
    assert "第1次考试9分 → 没有成绩" in history
    assert "没有成绩 → 第1次考试9分" in history


def test_a_sheet_closed_by_time_is_opened_again_and_counts_when_it_is_handed_in(
    exam, page, attempt, as_he, as_zhou, jiang, at, cast
):
    page.save("A...")
    jobs.sweep(at(attempt.refused_after + SECOND))
    first = db.session.query(Closing).one().receipt
    at(attempt.closes_at + timedelta(hours=2))
    form = as_he.page(here(attempt)).follow("补时重开")
    form.press("提请批准", **{"reopen-reason": "机房停电", "reopen-minutes": "20"})
    now = at(attempt.closes_at + timedelta(hours=3))  # the minutes run from the approval
    as_zhou.page(here(attempt)).press("批准")
    db.session.refresh(attempt)
    assert (attempt.state, attempt.closes_at) == ("in_progress", now + timedelta(minutes=20))
    assert tallies.faults(exam.id) == {}
    text = jiang.page(f"/my-exams/{exam.id}").text
    assert "补时20分钟，可以继续作答" in text
    assert "继续答题" in text
    page.open()
    assert page.hand_in(right_sheet(attempt)).status_code == 200
    assert "补时20分钟，以重新交卷时的答案计分" in jiang.page(f"/my-exams/{exam.id}").text
    assert points(attempt) == 90
    receipts = [
        (one.receipt, one.withdrawn_at is None) for one in db.session.query(Closing).order_by(Closing.n)
    ]
    assert receipts[0] == (first, False)
    assert receipts[1][1]
    assert tallies.faults(exam.id) == {}


def test_one_opened_again_beyond_the_end_of_the_exam_keeps_the_answers_hidden_from_all(
    exam, handed, cast, at
):
    exam = db.session.get_one(Exam, exam.id)
    exam.show_right = exam.show_key = exam.show_explanation = "closed"
    db.session.commit()
    now = at(exam.closes_at - SECOND)
    approve(ask(handed, cast, "reopen", minutes=30, now=now), cast)
    db.session.refresh(handed)
    candidate = db.session.get_one(Candidate, handed.candidate_id)
    assert candidate.personal_closes_at == handed.closes_at > exam.closes_at
    from quizapp.attempts.my_exam import shown
    from quizapp.exams.queries import latest_personal

    latest = latest_personal(exam.id)
    for when, seen in ((exam.closes_at + SECOND, False), (handed.refused_after + SECOND, True)):
        assert shown(exam, handed_in=True, latest=latest, now=when).key is seen


@pytest.mark.parametrize("setting", ["at_once", "closed", "released"])
def test_who_may_have_seen_answers_is_not_let_write_on(exam, handed, cast, at, app, setting):
    exam = db.session.get_one(Exam, exam.id)
    exam.show_right = exam.show_key = exam.show_explanation = setting
    now = clock.now() if setting == "at_once" else at(exam.closes_at + timedelta(days=1))
    exam.released_at = now if setting == "released" else None
    db.session.commit()
    with pytest.raises(Refused, match="not_possible"):
        ask(handed, cast, "reopen", minutes=10, now=now)
    db.session.rollback()
    page = sign_in(app.test_client(), cast.he).page(here(handed))
    assert "不能再恢复作答" in page.text
    assert "作废答卷" in page.text


def test_a_minute_too_many_no_reason_or_no_minutes_are_refused(handed, as_he):
    form = as_he.page(f"{here(handed)}?act=reopen")
    for fields in ({"reopen-minutes": "241"}, {"reopen-minutes": "0"}, {"reopen-minutes": "x"}, {}):
        assert form.press("提请批准", **{"reopen-reason": "停电"} | fields).status == 422
    assert form.press("提请批准", **{"reopen-reason": " ", "reopen-minutes": "5"}).status == 422
    assert db.session.query(Intervention).count() == 0


def test_two_people_and_nobody_for_the_own_sheet(exam, handed, cast, as_he):
    wanted = ask(handed, cast)
    with pytest.raises(Refused, match="second_person"):
        actions.approve(wanted, actor_id=cast.he, now=clock.now())
    db.session.rollback()
    with pytest.raises(Refused, match="second_person"):
        actions.reject(wanted, answer="不", actor_id=cast.he, now=clock.now())
    db.session.rollback()
    for act in (lambda: actions.approve(wanted, actor_id=cast.jiang, now=clock.now()),):
        with pytest.raises(Refused, match="own_attempt"):
            act()
        db.session.rollback()
    with pytest.raises(Refused, match="own_attempt"):
        ask(handed, cast, actor_id=cast.jiang)
    db.session.rollback()
    assert points(handed) == 90
    as_he.page(here(handed))
    reply = as_he.post(f"{here(handed)}/{wanted}/approve", data={"csrf_token": as_he.token})
    assert (reply.status_code, "两人分别办理" in reply.text) == (409, True)


def test_sent_back_with_a_reason_or_taken_back_nothing_changes(handed, cast, as_he, as_zhou):
    wanted = ask(handed, cast)
    with pytest.raises(Refused, match="asked"):
        ask(handed, cast, "reopen", minutes=5)
    db.session.rollback()
    as_zhou.page(here(handed))
    empty = as_zhou.post(f"{here(handed)}/{wanted}/reject", data={"csrf_token": as_zhou.token, "answer": " "})
    assert empty.status_code == 422
    assert "已退回" in as_zhou.page(here(handed)).press("/reject", answer="证据不足").text
    assert "证据不足" in as_he.page(here(handed)).text
    with pytest.raises(Refused, match="decided"):
        actions.approve(wanted, actor_id=cast.zhou, now=clock.now())
    db.session.rollback()
    ask(handed, cast)
    assert "已撤回" in as_he.page(here(handed)).press("撤回申请").text
    assert points(handed) == 90
    assert handed.state == "submitted"


def test_what_was_asked_is_judged_again_when_it_is_approved(exam, handed, cast, as_zhou):
    wanted = ask(handed, cast, "reopen", minutes=5)
    exam = db.session.get_one(Exam, exam.id)
    exam.show_right = exam.show_key = "at_once"
    db.session.commit()
    with pytest.raises(Refused, match="not_possible"):
        actions.approve(wanted, actor_id=cast.zhou, now=clock.now())
    db.session.rollback()
    page = as_zhou.page(here(handed))
    assert "不能再恢复作答" in page.text
    assert "批准后" not in page.text
    assert "已退回" in page.press("/reject", answer="已公布").text


def test_of_two_attempts_the_other_one_counts_after_a_void(exam, handed, cast, as_luo, as_he, jiang):
    db.session.get_one(Exam, exam.id).attempts_allowed = 2
    db.session.commit()
    second = started(exam, cast.jiang, clock.now())
    csrf_of(jiang)
    other = Page(jiang, second.token)
    other.open(takeover=True)
    other.hand_in(".".join("" for _ in range(4)))
    found = queries.sheets(handed.candidate_id)
    assert [one.total for one in found.values()] == [90, 0]
    text = as_he.page(f"{here(handed)}?act=void").text
    assert "第1次考试，9分" in text
    assert "第2次考试，0分" in text
    approve(ask(handed, cast), cast)
    assert points(handed) == 0
    row = db.session.query(Intervention).one()
    assert row.effect == {"before": [1, 90], "after": [2, 0]}
    assert tallies.faults(exam.id) == {}


def test_a_sheet_is_not_opened_again_beside_one_that_is_being_answered(exam, handed, cast, as_he, jiang):
    db.session.get_one(Exam, exam.id).attempts_allowed = 2
    db.session.commit()
    second = started(exam, cast.jiang, clock.now())
    csrf_of(jiang)
    Page(jiang, second.token).open(takeover=True)
    with pytest.raises(Refused, match="not_possible"):
        ask(handed, cast, "reopen", minutes=5)
    db.session.rollback()
    assert "还有一份答卷正在作答" in as_he.page(here(handed)).text


def test_a_certificate_that_would_fall_is_said_before(exam, handed, cast, as_he):
    from quizapp.attempts.certificates import issuing
    from quizapp.attempts.certificates import queries as certificates

    row = db.session.get_one(Exam, exam.id)
    row.certificates, row.show_score = True, "at_once"
    row.certificate_title = row.certificate_title or "合格证"
    db.session.commit()
    issuing.issue(certificates.results([handed.candidate_id]), clock.now(), actor_id=cast.he)
    db.session.commit()
    assert "已撤销" in as_he.page(f"{here(handed)}?act=void").text


def test_scores_that_the_reader_may_not_see_stay_hidden(exam, handed, as_he, cast, monkeypatch):
    from quizapp.exams import access

    monkeypatch.setattr(access, "hidden_scores", lambda _exam: {cast.jiang})
    text = as_he.page(f"{here(handed)}?act=void").text
    assert "由上级单位和本人查看" in text
    assert "9分" not in text
    approve(ask(handed, cast), cast)
    assert "9分" not in as_he.page(here(handed)).text


def test_an_appeal_answered_otherwise_leads_to_the_sheet(exam, handed, as_he):
    appeal = Appeal(exam_id=exam.id, attempt_id=handed.id, number=0, words="请复核", made_at=clock.now())
    db.session.add(appeal)
    db.session.commit()
    one = as_he.page(f"/exams/{exam.id}/appeals/{appeal.id}")
    assert one.follow("答卷处理").path == here(handed)
    appeal.state, appeal.answer, appeal.decided_at = "remedied", "已办", clock.now()
    db.session.commit()
    one = as_he.page(f"/exams/{exam.id}/appeals/{appeal.id}")
    assert one.follow("查看这份答卷的办理记录").path == here(handed)


def test_everything_stands_in_the_record_with_both_people(exam, handed, cast):
    actions.reject(ask(handed, cast), answer="证据不足", actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    actions.withdraw(ask(handed, cast), actor_id=cast.he, now=clock.now())
    db.session.commit()
    approve(ask(handed, cast), cast)
    approve(ask(handed, cast, "restore", reason="查无实据"), cast)
    approve(ask(handed, cast, "reopen", minutes=5, reason="停电"), cast)
    lines, _ = exception_log.lines(exam.id)
    said = [(one.act, one.told, one.reason, one.by, one.second) for one in reversed(lines)]
    asked = ("申请处理答卷", "作废答卷", "替考；监考记录", "何平", "")
    assert said == [
        asked,
        ("退回处理答卷的申请", "作废答卷", "证据不足", "周明", "何平提出"),
        asked,
        ("撤回处理答卷的申请", "作废答卷", "", "何平", ""),
        asked,
        ("答卷作废", "", "替考；监考记录", "何平", "周明批准"),
        ("申请处理答卷", "恢复答卷", "查无实据；监考记录", "何平", ""),
        ("恢复答卷", "", "查无实据", "何平", "周明批准"),
        ("申请处理答卷", "补时重开5分钟", "停电；监考记录", "何平", ""),
        ("补时", "延长5分钟，涉及1份答卷，恢复作答1份", "停电", "何平", "周明批准"),
    ]
    assert {one.candidate for one in lines} == {"江映雪"}


def test_who_sits_an_exam_sees_no_sheet_of_others(exam, handed, cast, as_he):
    sitting = started(exam, cast.luo, clock.now())
    row = db.session.get_one(Attempt, sitting.id)
    row.person_id, row.state, row.started_at = cast.he, "in_progress", clock.now()
    row.closes_at = row.refused_after = clock.now() + timedelta(minutes=30)
    db.session.commit()
    assert as_he.get(here(handed)).status_code == 403


def test_sheets_of_other_exams_and_requests_of_other_sheets_are_not_there(exam, handed, cast, as_he, as_zhou):
    wanted = ask(handed, cast)
    assert as_he.get(f"/exams/{exam.id}/answer-sheets/999").status_code == 404
    other = started(exam, cast.luo, clock.now())
    as_zhou.page(here(handed))
    reply = as_zhou.post(f"{here(other)}/{wanted}/approve", data={"csrf_token": as_zhou.token})
    assert reply.status_code == 404
    assert points(handed) == 90


def test_the_page_costs_the_same_with_a_long_history(handed, cast, as_he):
    def cost():
        with statements() as seen:
            as_he.page(here(handed))
        return len(seen)

    cost()
    before = cost()
    for _ in range(3):
        approve(ask(handed, cast), cast)
        approve(ask(handed, cast, "restore"), cast)
    assert cost() == before


@pytest.mark.parametrize("kind", ["void", "reopen"])
def test_who_approves_at_once_approves_once(exam, handed, cast, at_once, kind):
    wanted = ask(handed, cast, kind, minutes=5)
    now = clock.now()

    def decide(actor_id):
        try:
            actions.approve(wanted, actor_id=actor_id, now=now)
        except Refused as refused:
            return refused.code
        return "done"

    found = at_once([lambda who=who: decide(who) for who in (cast.zhou, cast.li, cast.zhou)])
    assert sorted(found) == ["decided", "decided", "done"]
    assert tallies.faults(exam.id) == {}


def test_without_an_open_page_a_phone_is_told_that_the_sheet_is_void(exam, attempt, page, jiang, cast):
    """Voided while it was being answered: nothing was handed in."""
    page.save("A...")
    approve(ask(attempt, cast), cast)
    text = jiang.page(f"/attempts/{page.token}/receipt").text
    assert "作废，不计成绩" in text
    assert "已自动交卷" not in text
