"""申请复核 and its answer over HTTP: 江 and 罗 ask, 何 answers from the journal, everyone sees only what is theirs."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import disputed_lists, history, layout, records, starting
from quizapp.attempts.appeals import queries
from quizapp.attempts.appeals.models import Appeal
from quizapp.attempts.disputed_lists import Asked
from quizapp.attempts.models import Attempt
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams import exception_log
from quizapp.exams.models import Candidate
from quizapp.people.models import Grant
from tests.attempts.conftest import Page, candidate_of, csrf_of, own_phone, started
from tests.statements import statements

KEPT = "经核对保存记录，交卷时的答案与成绩页面所列一致。"
PARTS = ("show_score", "show_right", "show_key", "show_explanation")


def shows(exam, **settings):
    for part in PARTS:
        setattr(exam, part, settings.get(part, "at_once"))
    db.session.commit()


def sat(exam, client, person, sheet="A.B.AC.A"):
    """Hand a sheet in; gives the token."""
    attempt = starting.start(exam, candidate_of(exam, person), pledge="", now=clock.now())
    db.session.commit()
    csrf_of(own_phone(client))
    page = Page(client, attempt.token)
    page.open()
    page.save("..B.")
    assert page.hand_in(sheet).status_code == 200
    return attempt.token


@pytest.fixture
def token(exam, cast, as_jiang):
    shows(exam)
    return sat(exam, as_jiang, cast.jiang)


def ask(client, token, number, words="我选的是A。"):
    return client.page(f"/attempts/{token}/appeals/{number}").press("提交申请", words=words)


def asked(number=1):
    return db.session.query(Appeal).filter_by(number=number).order_by(Appeal.id.desc()).first()


def address(exam, appeal):
    return f"/exams/{exam.id}/appeals/{appeal.id}"


def test_from_the_result_to_the_answer(exam, cast, token, as_jiang, as_he):
    assert "考试结束后7天内可以申请" in as_jiang.page(f"/my-exams/{exam.id}").text
    result = as_jiang.page(f"/attempts/{token}/result")
    assert "成绩复核申请截至2027年1月1日 24:00。" in result.text
    assert result.text.count("申请复核（第") == 4
    sent = result.follow("申请复核（第1题）").press("提交申请", words="我明明选了B。")
    assert "待答复" in sent.text
    exam_page = as_he.page(f"/exams/{exam.id}").follow("成绩复核（1）")
    one = exam_page.follow("江映雪")
    assert "我明明选了B。" in one.text
    assert "交卷时的答案：A" in one.text.replace("\n", "").replace(" ", "")
    assert f"/exams/{exam.id}/corrections/new?question={asked().revision_id}" in dict(one.links).values()
    done = one.press("提交答复", verdict="kept", ready=KEPT, words="第1题为A。")
    assert "已答复1份申请" in done.text
    seen = as_jiang.page(f"/attempts/{token}/result").follow("复核申请：维持原成绩（第1题）")
    assert f"{KEPT}第1题为A。" in seen.text
    assert "复核申请已有答复：维持原成绩" in as_jiang.page(f"/my-exams/{exam.id}").text
    event = db.session.query(AuditEvent).filter_by(action="attempt.appeal_answered").one()
    assert (event.actor_id, event.detail["number"], event.detail["verdict"]) == (cast.he, 1, "维持原成绩")
    [line], _ = exception_log.lines(exam.id)
    assert (line.act, line.candidate, line.told) == ("答复成绩复核申请", "江映雪", "第1题，维持原成绩")


def test_the_journal_of_the_question_stands_on_its_page(exam, cast, token, as_jiang, as_he):
    ask(as_jiang, token, 3)
    text = as_he.page(address(exam, asked(3))).text
    attempt = db.session.query(Attempt).filter_by(token=token).one()
    steps = history.of_question(history.lines(records.events(attempt.id), attempt.closes_at), 3)
    assert [step.words for step in steps] == ["未答", "选B", "由B改为AC"]
    for step in steps:
        assert step.words in text
    assert "答卷共保存2次，其中2次改动了本题" in text


def test_the_question_stands_as_this_person_saw_it(exam, cast, token, as_jiang, as_he):
    ask(as_jiang, token, 1)
    attempt = db.session.query(Attempt).filter_by(token=token).one()
    place = layout.from_text(attempt.layout)[0]
    text = as_he.page(address(exam, asked())).text
    from quizapp.bank.queries import faces, keys

    options = faces([place.revision_id])[place.revision_id].options
    shown = [options["ABCDEFGH".index(own)] for own in place.order]
    assert sorted(shown, key=text.index) == shown
    key = layout.displayed_letters(place, keys([place.revision_id])[place.revision_id])
    assert f"正确答案：{key}" in text


def test_one_open_appeal_and_one_answer_for_each_question(exam, token, as_jiang, as_he):
    ask(as_jiang, token, 1)
    again = as_jiang.post(
        f"/attempts/{token}/appeals/1", data={"csrf_token": as_jiang.token, "words": "再来一次"}
    )
    assert again.status_code == 409
    assert "已有一份待答复的申请" in again.text
    withdrawn = as_jiang.page(f"/attempts/{token}/appeals/1").press("撤回申请")
    assert "已撤回" in withdrawn.text
    ask(as_jiang, token, 1, "第二次")
    as_he.page(address(exam, asked())).press("提交答复", verdict="remedied", ready="", words="已办理。")
    third = as_jiang.post(f"/attempts/{token}/appeals/1", data={"csrf_token": as_jiang.token, "words": "又"})
    assert (third.status_code, "以一次为限" in third.text) == (409, True)
    gone = as_jiang.post(f"/attempts/{token}/appeals/1/withdraw", data={"csrf_token": as_jiang.token})
    assert (gone.status_code, "已经答复" in gone.text) == (409, True)
    assert [one.state for one in db.session.query(Appeal).order_by(Appeal.id)] == ["withdrawn", "remedied"]


def test_bad_input_says_what_is_missing_and_keeps_what_was_written(exam, token, as_jiang, as_he):
    empty = ask(as_jiang, token, 0, "  ")
    assert (empty.status, "请写明复核的理由" in empty.text) == (422, True)
    ask(as_jiang, token, 0, "总分不对。")
    one = as_he.page(address(exam, asked(0)))
    for given, word in [
        ({"words": "原因"}, "请选择处理结果"),
        ({"verdict": "kept"}, "请选择常用答复，或填写答复"),
        ({"verdict": "corrected", "ready": KEPT}, "与处理结果不一致"),
    ]:
        refused = one.press("提交答复", **given)
        assert (refused.status, word in refused.text) == (422, True)
    assert asked(0).state == "open"


@pytest.mark.parametrize("days", [0, 7])
def test_after_the_last_day_or_where_none_are_taken_nothing_is_offered(exam, cast, as_jiang, at, days):
    exam.appeal_days = days
    shows(exam)
    token = sat(exam, as_jiang, cast.jiang)
    at(exam.closes_at + timedelta(days=8))
    result = as_jiang.page(f"/attempts/{token}/result")
    assert ("已于2027年1月1日 24:00截止" in result.text) == (days == 7)
    assert "申请复核" not in result.text
    late = as_jiang.post(f"/attempts/{token}/appeals/1", data={"csrf_token": as_jiang.token, "words": "晚了"})
    assert (late.status_code, "不在成绩复核的申请时间内" in late.text) == (409, True)
    assert db.session.query(Appeal).count() == 0


def test_a_question_is_appealed_only_when_right_or_wrong_is_shown(exam, cast, as_jiang):
    shows(exam, show_right="released", show_key="released", show_explanation="released")
    token = sat(exam, as_jiang, cast.jiang)
    assert as_jiang.get(f"/attempts/{token}/appeals/1").status_code == 404
    assert "截至公布答案后第7天24:00" in as_jiang.page(f"/attempts/{token}/appeals/0").text
    assert "待答复" in ask(as_jiang, token, 0).text
    hidden = as_jiang.page(f"/attempts/{token}/result").text
    assert "正确答案" not in hidden
    shows(exam, **dict.fromkeys(PARTS, "released"))
    assert as_jiang.get(f"/attempts/{token}/appeals/5").status_code == 404


def test_many_of_one_question_are_answered_together(exam, cast, token, as_jiang, as_luo, as_he):
    """The same revision stands elsewhere on 罗's sheet."""
    other = sat(exam, as_luo, cast.luo)
    places = [
        [place.revision_id for place in layout.from_text(row.layout)]
        for row in (db.session.query(Attempt).filter_by(token=t).one() for t in (token, other))
    ]
    theirs = places[1].index(places[0][0]) + 1
    another = theirs % 4 + 1
    ask(as_jiang, token, 1)
    ask(as_luo, other, theirs, "答案应为A。")
    ask(as_luo, other, another, "另一题。")
    mine, alike, different = db.session.query(Appeal).order_by(Appeal.id)
    page = as_he.page(address(exam, mine))
    assert "答案应为A。" in page.text
    data = {"csrf_token": as_he.token, "verdict": "corrected", "ready": "", "words": "已更正。"}
    wrong = as_he.post(address(exam, mine), data={**data, "also": [alike.id, different.id]})
    assert (wrong.status_code, "同一道试题" in wrong.text) == (409, True)
    assert {one.state for one in db.session.query(Appeal)} == {"open"}
    done = page.press("提交答复", verdict="corrected", words="已更正。", also=[str(alike.id)])
    assert "已答复2份申请" in done.text
    db.session.expire_all()
    assert [one.state for one in (mine, alike, different)] == ["corrected", "corrected", "open"]
    assert "已更正答案" in as_luo.page(f"/attempts/{other}/result").text


def test_an_answer_can_be_taken_back(exam, token, as_jiang, as_he):
    ask(as_jiang, token, 1)
    one = as_he.page(address(exam, asked())).press("提交答复", verdict="kept", ready=KEPT)
    again = one.press("撤销答复")
    assert "提交答复" in again.reply.text
    assert KEPT not in as_jiang.page(f"/attempts/{token}/appeals/1").text
    assert {e.action for e in db.session.query(AuditEvent)} >= {"attempt.appeal_reopened"}
    twice = as_he.post(f"{address(exam, asked())}/reopen", data={"csrf_token": as_he.token})
    assert twice.status_code == 409


def test_nobody_answers_the_own_appeal(exam, cast, token, as_jiang, as_zhou):
    ask(as_jiang, token, 1)
    db.session.add(
        Grant(person_id=cast.jiang, role="exam_administrator", unit_id=cast.county, granted_at=clock.now())
    )
    db.session.commit()
    page = as_jiang.page(address(exam, asked()))
    assert "由另一名考务管理员答复" in page.text
    data = {"csrf_token": as_jiang.token, "verdict": "kept", "ready": KEPT, "words": ""}
    assert as_jiang.post(address(exam, asked()), data=data).status_code == 409
    assert as_zhou.page(address(exam, asked())).press("提交答复", verdict="kept", ready=KEPT).status == 200


def test_others_neither_read_nor_answer_nor_withdraw(exam, token, as_jiang, as_luo, as_li):
    ask(as_jiang, token, 1)
    for client in (as_luo, as_li):
        csrf_of(client)
        form = {"csrf_token": client.token, "verdict": "kept", "words": "x"}
        assert client.get(f"/attempts/{token}/appeals/1").status_code == 404
        assert client.post(f"/attempts/{token}/appeals/1/withdraw", data=form).status_code == 404
        assert client.get(f"/exams/{exam.id}/appeals").status_code == 404
        assert client.post(address(exam, asked()), data=form).status_code == 404
    assert asked().state == "open"


def test_what_the_list_of_candidates_hides_is_hidden_here_too(exam, cast, token, as_jiang, as_he):
    """何 of the county may not see what 领导班子 of the county scored."""
    ask(as_jiang, token, 0, "总分不对。")
    ask(as_jiang, token, 1)
    points = db.session.query(Candidate).filter_by(person_id=cast.jiang).one().points
    assert "各题得分共" in "".join(as_he.page(address(exam, asked(0))).text.split())
    candidate = db.session.query(Candidate).filter_by(person_id=cast.jiang).one()
    candidate.lft, candidate.unit_id, candidate.category = 1, cast.county, "领导班子成员"
    db.session.commit()
    whole, one = (as_he.page(address(exam, asked(number))).text for number in (0, 1))
    assert "成绩由上级单位和本人查看" in whole
    assert f"共{points / 10:g}分" not in whole
    assert "满分" not in one


def test_keys_that_a_loan_hides_stay_hidden(exam, token, as_jiang, as_he, monkeypatch):
    from quizapp.attempts import disputed

    ask(as_jiang, token, 1)
    assert "正确答案" in as_he.page(address(exam, asked())).text
    monkeypatch.setattr(disputed.exams, "hidden", lambda revisions, *_about: set(revisions))
    text = as_he.page(address(exam, asked())).text
    assert "题库出借时不显示答案" in text
    assert "正确答案" not in text
    assert "解析" not in text


def test_while_the_trainer_sits_an_exam_the_page_is_closed(exam, cast, token, as_jiang, as_he):
    ask(as_jiang, token, 1)
    exam.attempts_allowed = 2
    candidate = candidate_of(exam, cast.luo)
    candidate.person_id = cast.he
    db.session.commit()
    started(exam, cast.he, clock.now())
    closed = own_phone(as_he).get(address(exam, asked()))
    assert (closed.status_code, "考试进行中" in closed.text) == (403, True)
    assert "我选的是A" not in closed.text


def test_while_the_candidate_sits_another_exam_no_answer_is_shown(exam, cast, token, as_jiang, as_he):
    ask(as_jiang, token, 1)
    as_he.page(address(exam, asked())).press("提交答复", verdict="kept", ready=KEPT)
    exam.attempts_allowed = 2
    db.session.commit()
    started(exam, cast.jiang, clock.now())
    assert as_jiang.get(f"/attempts/{token}/appeals/1").status_code == 403


def test_the_list_is_searched_sorted_and_paged(exam, cast, token, as_jiang, as_luo, as_he, monkeypatch):
    other = sat(exam, as_luo, cast.luo)
    ask(as_jiang, token, 1, "甲")
    ask(as_luo, other, 2, "乙")
    ask(as_jiang, token, 2, "丙")
    here = f"/exams/{exam.id}/appeals"
    names = [row.appeal.words for row in queries.listed(exam.id, Asked("open", order="newest"))[0]]
    assert names == ["丙", "乙", "甲"]
    assert [row.appeal.words for row in queries.listed(exam.id, Asked("open", order="name"))[0]] == [
        "甲",
        "丙",
        "乙",
    ]
    found = as_he.page(here).press("搜索", q="luo").text
    assert ("罗成" in found, "江映雪" in found) == (True, False)
    assert "没有符合条件的复核申请" in as_he.page(f"{here}?q=nobody").text
    monkeypatch.setattr(disputed_lists, "PAGE", 2)
    first = as_he.page(here)
    assert "共3份" in first.text
    assert "丙" in first.follow("下一页").text
    as_jiang.page(f"/attempts/{token}/appeals/1").press("撤回申请")
    assert queries.numbers(exam.id) == {"open": 2, "answered": 0, "withdrawn": 1}


def test_the_pages_cost_as_many_statements_for_many_as_for_one(exam, cast, token, as_jiang, as_luo, as_he):
    ask(as_jiang, token, 1)
    addresses = (f"/exams/{exam.id}/appeals", address(exam, asked()), f"/exams/{exam.id}")
    before = []
    for one in addresses:
        as_he.get(one)
        with statements() as seen:
            as_he.get(one)
        before.append(len(seen))
    other = sat(exam, as_luo, cast.luo)
    for number in range(4):
        ask(as_luo, other, number)
    ask(as_jiang, token, 2)
    for one, cost in zip(addresses, before, strict=True):
        with statements() as seen:
            as_he.get(one)
        assert len(seen) == cost
