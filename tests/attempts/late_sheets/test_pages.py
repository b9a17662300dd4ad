"""The pages of 滞留答卷: the list, the comparison, the two people, and what the candidate reads."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import jobs
from quizapp.attempts.disputed_lists import Asked
from quizapp.attempts.late_sheets import queries, rules
from quizapp.attempts.models import Attempt, HeldSheet
from quizapp.db import db
from quizapp.exams.models import Candidate
from quizapp.people.models import Grant
from tests.attempts.conftest import Page, candidate_of, csrf_of, own_phone, started
from tests.attempts.test_handing_in import right_sheet
from tests.statements import statements

SECOND = timedelta(seconds=1)
OUTAGE = rules.READY["accept"][0]


@pytest.fixture
def held(page, attempt, at):
    page.save("A...")
    jobs.sweep(at(attempt.refused_after + SECOND))
    at(attempt.refused_after + timedelta(minutes=3, seconds=12))
    page.save(right_sheet(attempt))
    return db.session.query(HeldSheet).one()


def here(exam, held):
    return f"/exams/{exam.id}/held-sheets/{held.id}"


def test_two_people_accept_and_the_candidate_is_told(exam, held, page, as_he, as_zhou):
    listed = as_he.page(f"/exams/{exam.id}").follow("成绩复核（1）")
    assert "交卷后5分12秒" in listed.text  # the grace of two minutes counts too: the sheet closed at its end
    one = listed.follow("江映雪")
    assert "0分→9分" in one.text or "2分→9分" in one.text
    proposed = one.press("提请采用", **{"accept-ready": OUTAGE, "accept-words": "见供电公司证明。"})
    assert "须由另一名考务管理员批准" in proposed.text
    refused = as_he.post(f"{here(exam, held)}/approve", data={"csrf_token": as_he.token})
    assert (refused.status_code, "两人分别办理" in refused.text) == (409, True)
    done = as_zhou.page(here(exam, held)).press("批准采用")
    assert "已采用这份滞留答卷" in done.text
    told = page.client.page(f"/attempts/{page.token}/receipt").text
    assert f"已经批准采用，成绩按该答卷计算，交卷回执随之更新。理由：{OUTAGE}见供电公司证明。" in told
    assert "没有计入成绩" not in told
    record = as_he.page(f"/exams/{exam.id}/exceptions").text
    assert "批准采用滞留答卷" in record
    undone = as_he.page(here(exam, held)).press("撤销采用", reason="证明有误")
    assert "原答卷恢复计分" in undone.text
    assert "没有计入成绩" in page.client.page(f"/attempts/{page.token}/receipt").text


def test_a_rejection_is_told_with_its_reason_and_can_be_thought_over(exam, held, page, as_he):
    one = as_he.page(here(exam, held))
    bare = one.press("不采用", **{"reject-words": " "})
    assert (bare.status, "请选择理由，或填写理由" in bare.text) == (422, True)
    assert "已记为不采用" in one.press("不采用", **{"reject-words": "不能证明。"}).text
    told = page.client.page(f"/attempts/{page.token}/receipt").text
    assert "没有采用，成绩不变。理由：不能证明。" in told
    assert "待处理" in as_he.page(here(exam, held)).press("重新考虑").text


def test_the_own_sheet_is_for_others_to_decide(exam, held, cast, as_jiang):
    db.session.add(
        Grant(person_id=cast.jiang, role="exam_administrator", unit_id=cast.county, granted_at=clock.now())
    )
    db.session.commit()
    assert "由其他考务管理员处理" in as_jiang.page(here(exam, held)).text
    reply = as_jiang.post(
        f"{here(exam, held)}/propose", data={"csrf_token": as_jiang.token, "accept-ready": OUTAGE}
    )
    assert reply.status_code == 409


def test_another_exams_sheet_and_other_people_find_nothing(exam, held, as_he, as_luo, as_li):
    assert as_he.get(f"/exams/{exam.id}/held-sheets/{held.id + 1}").status_code == 404
    assert as_he.get(f"/exams/{exam.id + 1}/held-sheets/{held.id}").status_code == 404
    for client in (as_luo, as_li):
        csrf_of(client)
        assert client.get(here(exam, held)).status_code == 404
        data = {"csrf_token": client.token, "reject-words": "x"}
        assert client.post(f"{here(exam, held)}/reject", data=data).status_code == 404
    assert queries.decided(held.id) is None


def test_scores_that_the_list_of_candidates_hides_are_hidden_here(exam, held, cast, as_he):
    assert "→9分" in as_he.page(here(exam, held)).text
    candidate = db.session.query(Candidate).filter_by(person_id=cast.jiang).one()
    candidate.lft, candidate.unit_id, candidate.category = 1, cast.county, "领导班子成员"
    db.session.commit()
    text = as_he.page(here(exam, held)).text
    assert "由上级单位和本人查看" in text
    assert "→9分" not in text
    assert "—→—" in text


def test_marks_of_questions_whose_keys_a_loan_hides_are_hidden(exam, held, as_he, monkeypatch):
    from quizapp.attempts import disputed

    monkeypatch.setattr(disputed.exams, "hidden", lambda revisions, *_about: set(revisions))
    assert "—→—" in as_he.page(here(exam, held)).text


def test_while_the_trainer_sits_an_exam_the_comparison_is_closed(exam, held, cast, as_he):
    candidate = candidate_of(exam, cast.luo)
    candidate.person_id = cast.he
    db.session.commit()
    started(exam, cast.he, clock.now())
    client = own_phone(as_he)
    assert client.get(here(exam, held)).status_code == 403
    data = {"csrf_token": csrf_of(client), "reject-words": "x"}
    assert client.post(f"{here(exam, held)}/reject", data=data).status_code == 403


def test_of_many_sheets_of_one_page_the_last_is_listed(exam, held, page, as_he, as_luo, cast):
    page.save("B.B..")
    page.save("A.B.A.")
    assert [row.held.sheet for row in queries.listed(exam.id, Asked("waiting"))[0]] == ["A.B.A."]
    assert queries.listed(exam.id, Asked("waiting"))[0][0].earlier == 2
    listed = as_he.page(f"/exams/{exam.id}/held-sheets")
    assert "此前还有2份" in listed.text
    assert "本人的其他滞留答卷" in listed.follow("江映雪").text
    assert "没有符合条件的滞留答卷" in as_he.page(f"/exams/{exam.id}/held-sheets?q=luo").text


def test_the_pages_cost_as_many_statements_for_many_as_for_one(exam, held, cast, page, as_he, as_luo):
    addresses = (f"/exams/{exam.id}/held-sheets", here(exam, held))
    before = []
    for one in addresses:
        as_he.get(one)
        with statements() as seen:
            as_he.get(one)
        before.append(len(seen))
    other = started(exam, cast.luo, clock.now())
    late = Page(own_phone(as_luo), other.token)
    csrf_of(as_luo)
    jobs.sweep(db.session.query(Attempt).filter_by(id=other.id).one().refused_after + SECOND)
    late.epoch = 1
    for sheet in ("A...", "A.B..", "A.B.A."):
        late.save(sheet)
        page.save(sheet)
    assert db.session.query(HeldSheet).count() > 4
    for one, cost in zip(addresses, before, strict=True):
        with statements() as seen:
            as_he.get(one)
        assert len(seen) == cost


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (timedelta(seconds=-1), ""),
        (timedelta(minutes=3, seconds=12), "3分12秒"),
        (timedelta(hours=2, minutes=5, seconds=59), "2小时5分"),
        (timedelta(days=3, hours=4), "3天4小时"),
    ],
)
def test_how_late_a_sheet_came_is_said_in_words(after, words):
    closed = clock.now()
    assert rules.lateness(closed + after, closed) == words
    assert rules.lateness(closed, None) == ""


def test_what_differs_and_what_would_be_lost():
    found = rules.differences("A.B..C", "A..D.B")
    assert [(one.number, one.counted, one.held) for one in found] == [
        (2, "B", ""),
        (3, "", "D"),
        (4, "C", "B"),
    ]
    assert rules.blanked(found) == 1
