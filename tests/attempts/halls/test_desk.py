"""The invigilator's desk: who has come and is answering, what can be done, what is printed; no score, no answer."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts.models import Attempt
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.exams.halls.models import HallInvigilator, HallNote, HallPlace, HallSession
from quizapp.exams.models import Candidate
from quizapp.people.models import LoginFailure
from tests.attempts.conftest import candidate_of
from tests.attempts.halls.conftest import begin, enter, place_of
from tests.statements import statements


@pytest.fixture
def desk(hall):
    return f"/halls/{hall.id}"


def state(as_li, hall):
    return as_li.get(f"/halls/{hall.id}/state", headers={"Accept": "application/json"}).json


def notes():
    return list(db.session.scalars(select(HallNote.text).order_by(HallNote.id)))


def row(exam, person_id, told):
    return told["rows"][str(candidate_of(exam, person_id).id)]


def test_the_list_follows_a_candidate_from_the_door_to_the_hand_in(exam, hall, cast, client, as_li, at):
    told = state(as_li, hall)
    assert told["counts"] == {"absent": 2, "waiting": 0, "answering": 0, "done": 0}
    page = enter(client)
    assert row(exam, cast.jiang, state(as_li, hall))["word"] == "已到未开始"
    paper = page.press("开始答题", pledge="y")
    at.later(minutes=20)
    mine = row(exam, cast.jiang, state(as_li, hall))
    assert (mine["word"], mine["left"], mine["acts"]) == ("答题中", "40分钟", ["move", "time"])
    client.page(paper.path).press("检查并交卷").press("交卷")
    told = state(as_li, hall)
    assert told["counts"] == {"absent": 1, "waiting": 0, "answering": 0, "done": 1}
    assert row(exam, cast.jiang, told)["word"] == "已交卷"


def test_who_is_out_of_time_has_handed_in_though_nobody_wrote_it_down(exam, hall, cast, client, as_li, at):
    begin(client)
    for _ in range(3):
        at.later(minutes=21)
        state(as_li, hall)
    assert row(exam, cast.jiang, state(as_li, hall))["state"] == "done"


def test_who_answers_elsewhere_is_pointed_out(exam, hall, cast, as_jiang, as_li):
    as_jiang.page(f"/my-exams/{exam.id}").press("开始答题", pledge="y")
    mine = row(exam, cast.jiang, state(as_li, hall))
    assert (mine["state"], mine["remark"]) == ("answering", "不在本考场登录")


def test_the_desk_shows_no_score_and_no_answer(exam, hall, cast, client, as_li, desk):
    begin(client).press("检查并交卷").press("交卷")
    page = as_li.page(desk)
    for text in (page.html, as_li.get(f"{desk}/state").get_data(as_text=True)):
        assert "成绩" not in text.replace("没有成绩", "")
        assert "合格" not in text
        assert "试题" not in text
    assert "points" not in str(state(as_li, hall))


def test_another_invigilator_and_the_candidates_find_nothing(exam, hall, cast, as_luo, as_fang, as_li, desk):
    other = HallSession(
        exam_id=exam.id,
        title="第二场",
        hall="县一中机房",
        seats=5,
        opens_at=exam.opens_at,
        closes_at=exam.closes_at,
        start_code="135791",
    )
    db.session.add(other)
    db.session.flush()
    db.session.add(HallInvigilator(session_id=other.id, person_id=cast.fang))
    db.session.commit()
    other_desk = f"/halls/{other.id}"
    for client, address in ((as_fang, desk), (as_luo, desk), (as_li, other_desk)):
        for what in ("", "/state", "/sign-in-sheet", "/record"):
            assert client.get(f"{address}{what}").status_code == 404
    assert as_fang.page(other_desk).status == 200
    jiang = candidate_of(exam, cast.jiang).id
    csrf = as_fang.page(other_desk).token
    reply = as_fang.post(f"{other_desk}/candidates/{jiang}/admit", data={"csrf_token": csrf})
    assert reply.status_code == 404  # 江 has no place there


def test_who_makes_the_exam_sees_its_desks(hall, as_he, desk):
    assert as_he.page(desk).status == 200


def test_named_without_a_role_one_finds_the_desk_among_ones_exams(exam, hall, cast, as_fang):
    db.session.add(HallInvigilator(session_id=hall.id, person_id=cast.fang))
    db.session.commit()
    assert as_fang.page("/my-exams/").follow("第一场").h1 == "第一场监考"
    assert as_fang.page("/halls/").follow("第一场").h1 == "第一场监考"


def test_a_latecomer_is_admitted_and_it_is_noted(exam, hall, cast, client, as_li, desk, at):
    at.later(minutes=40)
    assert "请监考人员准予入场" in enter(client).text
    page = as_li.page(desk).press(f"{desk}/candidates/{candidate_of(exam, cast.jiang).id}/admit")
    assert "已准予江映雪入场" in page.text
    assert enter(client).path == "/hall/exam"
    assert place_of(exam, cast.jiang).admitted_late_by_id == cast.li
    assert notes() == ["准予入场。"]
    record = as_li.page(f"{desk}/record")
    assert "江映雪（县信访局，09:40到场）" in record.text
    assert "罗成（县信访局）" in record.text


def test_admitting_opens_an_account_that_wrong_guesses_had_closed(exam, hall, cast, client, as_li, desk):
    for guess in range(5):
        enter(client, code=f"11111{guess}")
    as_li.page(desk).press(f"{desk}/candidates/{candidate_of(exam, cast.jiang).id}/admit")
    assert db.session.query(LoginFailure).count() == 0
    assert enter(client).path == "/hall/exam"


def test_added_minutes_lengthen_the_sitting_at_once_and_add_up(exam, hall, cast, client, as_li, desk):
    begin(client)
    jiang = candidate_of(exam, cast.jiang).id
    before = db.session.query(Attempt).one().closes_at
    for minutes in (10, 5):
        as_li.page(desk).press(f"{desk}/candidates/{jiang}/time", minutes=minutes, reason="电脑重启")
    db.session.expire_all()
    assert db.session.query(Attempt).one().closes_at == before + timedelta(minutes=15)
    assert db.session.get(Candidate, jiang).personal_closes_at is None
    assert notes() == ["加时10分钟：电脑重启", "加时5分钟：电脑重启"]
    traces = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "candidate.time")).all()
    assert [(one.actor_id, one.detail["reason"]) for one in traces] == [(cast.li, "电脑重启")] * 2


def test_added_minutes_pass_the_end_of_the_exam(exam, hall, cast, client, as_li, desk):
    begin(client)
    attempt = db.session.query(Attempt).one()
    exam.closes_at = attempt.closes_at + timedelta(minutes=2)
    db.session.commit()
    before, jiang = attempt.closes_at, candidate_of(exam, cast.jiang).id
    as_li.page(desk).press(f"{desk}/candidates/{jiang}/time", minutes=10, reason="停电")
    db.session.expire_all()
    assert db.session.query(Attempt).one().closes_at == before + timedelta(minutes=10)


def test_minutes_that_the_hours_of_the_day_would_cut_off_are_refused(exam, hall, cast, client, as_li, desk):
    exam.closes_at += timedelta(days=2)
    exam.daily_from, exam.daily_until = 8 * 60, 10 * 60 + 5  # from 8:00 to 10:05; the sitting ends at 10:00
    db.session.commit()
    begin(client)
    jiang = candidate_of(exam, cast.jiang).id
    as_li.page(desk).press(f"{desk}/candidates/{jiang}/time", minutes=5, reason="停电")
    page = as_li.page(desk).press(f"{desk}/candidates/{jiang}/time", minutes=5, reason="停电")
    assert "超出当天的作答时间" in page.text
    db.session.expire_all()
    assert db.session.get(Candidate, jiang).extra_minutes == 5
    assert notes() == ["加时5分钟：停电"]


@pytest.mark.parametrize(("minutes", "reason"), [("0", "停电"), ("10", ""), ("121", "停电"), ("", "停电")])
def test_minutes_without_measure_or_reason_are_refused(exam, hall, cast, as_li, desk, minutes, reason):
    jiang = candidate_of(exam, cast.jiang).id
    page = as_li.page(desk).press(f"{desk}/candidates/{jiang}/time", minutes=minutes, reason=reason)
    assert page.status == 422
    assert notes() == []


def test_the_record_is_added_to_and_never_changed(exam, hall, cast, as_li, desk):
    page = as_li.page(desk)
    page = page.press("记录情况", **{"note-text": "8:50空调故障，已修复。", "note-candidate": 0})
    jiang = candidate_of(exam, cast.jiang).id
    page = page.press("记录情况", **{"note-text": "提前离场。", "note-candidate": jiang})
    assert "8:50空调故障，已修复。" in page.text
    assert "江映雪：提前离场。" in page.text
    assert page.press("记录情况", **{"note-text": ""}).status == 422
    assert notes() == ["8:50空调故障，已修复。", "提前离场。"]


def test_a_session_with_somebody_answering_ends_only_when_confirmed(
    exam, hall, cast, client, as_li, desk, app
):
    paper = begin(client)
    refused = as_li.page(desk).press("结束本场")
    assert refused.status == 409
    assert "还有1人在答题，本场没有结束" in refused.text
    page = as_li.page(desk).press("结束本场", confirmed="1")
    assert "“第一场”已结束" in page.text
    assert client.page(paper.path).path == paper.path  # who is answering goes on
    assert "本场次已经结束" in enter(app.test_client(), "10000025").text
    assert notes() == ["结束本场。"]


def test_a_session_in_which_nobody_answers_ends_at_once_and_then_only_takes_notes(
    exam, hall, cast, as_li, desk
):
    jiang = candidate_of(exam, cast.jiang).id
    page = as_li.page(desk)
    ended = page.press("结束本场")
    assert "已结束" in ended.text
    for act in ("admit", "move"):
        assert page.press(f"{desk}/candidates/{jiang}/{act}").status == 409
    late = page.press(f"{desk}/candidates/{jiang}/time", minutes=5, reason="停电")
    assert "本场已经结束，没有改动" in late.text
    assert "补记" in ended.press("记录情况", **{"note-text": "补记。", "note-candidate": 0}).text
    assert not state(as_li, hall)["rows"][str(jiang)]["acts"]


def test_nobody_is_moved_who_is_not_signed_in(exam, hall, cast, as_li, desk):
    page = as_li.page(desk).press(f"{desk}/candidates/{candidate_of(exam, cast.jiang).id}/move")
    assert page.status == 409
    assert "没有在电脑上登录" in page.text


def test_the_printed_pages_hold_what_the_hall_needs(exam, hall, cast, as_li, desk):
    sheet = as_li.page(f"{desk}/sign-in-sheet")
    for words in ("2026年度条例考试签到表", "县委党校机房", "李文", "江映雪", "10000017", "签名", "应到2人"):
        assert words in sheet.text
    record = as_li.page(f"{desk}/record")
    for words in ("2026年度条例考试考场记录", "应到", "缺席人员", "迟到人员", "监考人员签名"):
        assert words in record.text


def test_the_desk_costs_as_many_statements_for_two_as_for_forty(exam, hall, cast, as_li, desk):
    seen = []
    for _ in range(2):
        with statements() as asked:
            for what in ("", "/state", "/sign-in-sheet", "/record"):
                as_li.get(f"{desk}{what}")
        seen.append(len(asked))
        if len(seen) == 1:
            _many(exam, hall, 38)
    assert seen[0] == seen[1]


def _many(exam, hall, count):
    from quizapp.people.models import Person

    luo = db.session.query(Candidate).filter_by(exam_id=exam.id, name="罗成").one()
    hall.seats = 60
    for number in range(count):
        person = Person(account=f"2{number:07}", name=f"考生{number}", name_key="k", created_at=clock.now())
        db.session.add(person)
        db.session.flush()
        one = Candidate(
            exam_id=exam.id,
            person_id=person.id,
            unit_id=luo.unit_id,
            lft=luo.lft,
            name=person.name,
            name_key="k",
        )
        db.session.add(one)
        db.session.flush()
        db.session.add(HallPlace(session_id=hall.id, candidate_id=one.id, seat=number + 3))
    db.session.commit()


def test_looking_at_the_desk_keeps_an_invigilator_signed_in_while_the_hall_is_open(hall, as_li, at):
    for _ in range(4):
        at.later(minutes=20)
        assert state(as_li, hall)["counts"]
    hall.ended_at = clock.now()
    db.session.commit()
    at.later(minutes=20)
    assert state(as_li, hall)["ended"]
    at.later(minutes=20)
    assert as_li.get(f"/halls/{hall.id}/state", headers={"Accept": "application/json"}).status_code == 401
