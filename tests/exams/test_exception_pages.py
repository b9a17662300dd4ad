"""The pages about exceptions, as unit administrators and exam administrators use them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.exams import actions, exceptions, queries
from quizapp.exams.models import Candidate, ExcuseRequest
from quizapp.people.models import Grant
from tests.cast import sign_in
from tests.exams.test_excusing import candidate_of
from tests.exams.test_publish import people_of
from tests.statements import statements

HOUR = timedelta(hours=1)


@pytest.fixture
def as_unit(app, cast):
    """方, unit administrator of 县信访局 (江, 罗)."""
    db.session.add(
        Grant(person_id=cast.fang, role="unit_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    return sign_in(app.test_client(), cast.fang)


def ask(page, *ids, **more):
    fields = {"candidate": list(ids), "kind": "deferred", "cause": "借调", "detail": "市委组织部"} | more
    return page.press("提交申请", **fields)


def test_a_unit_administrator_asks_for_several_and_sees_what_became_of_it(as_unit, as_he, published, cast):
    jiang, luo = (candidate_of(published, who).id for who in (cast.jiang, cast.luo))
    page = as_unit.page("/").follow("免考缓考").follow(published.title)
    assert "江映雪" in page.text
    assert "周明" not in page.text
    page = ask(page, jiang, luo, proof="借调函")
    assert "已为2名考生提交缓考申请" in page.text
    assert page.text.count("缓考，借调：市委组织部") == 2
    queue = as_he.page(f"/exams/{published.id}").follow("例外处理").follow("免考缓考")
    assert "证明材料：借调函" in queue.text
    asked = db.session.scalars(select(ExcuseRequest.id).order_by(ExcuseRequest.id)).all()
    queue.press("批准所选", request=[asked[0]], answer="同意")
    as_he.page(f"/exams/excuses?exam={published.id}").press(
        "不批准所选", request=[asked[1]], answer="材料不全"
    )
    own = as_unit.page("/excuses/")
    assert "答复：材料不全" in own.text
    assert "何平" in own.text
    assert [candidate_of(published, who).status for who in (cast.jiang, cast.luo)] == ["deferred", "expected"]


def test_what_is_wrong_is_said_beside_the_field_and_the_ticks_stay(as_unit, published, cast):
    jiang = candidate_of(published, cast.jiang).id
    page = ask(as_unit.page(f"/excuses/{published.id}"), jiang, cause="其他", detail="")
    assert page.status == 422
    assert "原因为“其他”时，请填写情况说明" in page.text
    assert page.form("提交申请").values.getlist("candidate") == [str(jiang)]
    assert db.session.scalars(select(ExcuseRequest.id)).all() == []


def test_without_a_tick_nothing_is_asked(as_unit, published):
    page = ask(as_unit.page(f"/excuses/{published.id}"))
    assert page.status == 422
    assert "没有选择考生，没有提交任何申请" in page.text


def test_a_candidate_of_another_unit_cannot_be_slipped_in(as_unit, published, cast):
    page = as_unit.page(f"/excuses/{published.id}")
    foreign = candidate_of(published, cast.zhou).id
    data = {"csrf_token": page.token, "candidate": foreign, "kind": "exempt", "cause": "产假"}
    reply = as_unit.post(f"/excuses/{published.id}", data=data)
    assert reply.status_code == 422
    assert db.session.scalars(select(ExcuseRequest.id)).all() == []


def test_who_has_sat_or_waits_has_no_box_to_tick(as_unit, published, cast):
    jiang, luo = (candidate_of(published, who) for who in (cast.jiang, cast.luo))
    ask(as_unit.page(f"/excuses/{published.id}"), jiang.id)
    db.session.get_one(Candidate, luo.id).sat = True
    db.session.commit()
    page = as_unit.page(f"/excuses/{published.id}")
    assert "缓考待批" in page.text
    assert "已交卷" in page.text
    assert "candidate" not in page.form("提交申请").choices


def test_a_request_is_withdrawn_on_the_page(as_unit, published, cast):
    page = ask(as_unit.page(f"/excuses/{published.id}"), candidate_of(published, cast.jiang).id)
    page = page.press("撤回申请")
    assert "申请已撤回" in page.text
    assert "已撤回" in as_unit.page("/excuses/?state=withdrawn").text
    assert "没有申请" in as_unit.page("/excuses/?state=asked").text


def test_a_refusal_without_an_answer_is_not_taken(as_unit, as_he, published, cast):
    ask(as_unit.page(f"/excuses/{published.id}"), candidate_of(published, cast.jiang).id)
    asked = db.session.scalars(select(ExcuseRequest.id)).one()
    page = as_he.page("/exams/excuses").press("不批准所选", request=[asked])
    assert page.status == 422
    assert "不批准时请填写理由，没有处理任何申请" in page.text
    assert "请勾选申请后再处理" in as_he.page("/exams/excuses").press("批准所选").text


def test_several_get_more_time_from_the_list(as_he, published, cast):
    ids = [candidate_of(published, who).id for who in (cast.jiang, cast.luo)]
    fields = {"time-extra_minutes": "5", "time-extra_percent": "50", "time-reason": "视力障碍"}
    page = as_he.page(f"/exams/{published.id}/candidates")
    assert "已更新2名考生的考试时间" in page.press("延长所选考生时间", candidate=ids, **fields).text
    given = {candidate_of(published, who).extra_percent for who in (cast.jiang, cast.luo)}
    assert given == {50}
    assert candidate_of(published, cast.li).extra_percent == 0
    nobody = as_he.page(f"/exams/{published.id}/candidates").press("延长所选考生时间", **fields)
    assert nobody.status == 422


def test_one_candidate_gets_percent_attempts_and_an_excuse_with_its_day(as_he, published, cast):
    address = f"/exams/{published.id}/candidates/{candidate_of(published, cast.jiang).id}"
    page = as_he.page(address)
    page = page.press("延长时间", **{"time-extra_percent": "30", "time-reason": "视力障碍"})
    page = page.press("更新次数", **{"attempts-extra_attempts": "2", "attempts-reason": "设备故障"})
    day = published.opens_at.astimezone(clock.CHINA).date() + timedelta(days=2)
    values = {"status-status": "exempt", "status-until": day.isoformat(), "status-reason": "驻村"}
    page = page.press("更新状态", **values)
    one = candidate_of(published, cast.jiang)
    assert (one.extra_percent, one.extra_attempts, one.status) == (30, 2, "exempt")
    assert one.excused_until == clock.end_of(day)
    assert f"免考，{day.year}年{day.month}月{day.day}日到期" in page.text
    assert "另延长30%" in page.text
    assert "另增加2次" in page.text
    refused = page.press("更新次数", **{"attempts-extra_attempts": "6", "attempts-reason": "设备故障"})
    assert "请填写0至5的整数" in refused.text
    past = clock.today() - timedelta(days=1)
    refused = page.press("更新状态", **(values | {"status-until": past.isoformat()}))
    assert "到期日应为今天或以后，没有改动" in refused.text


def test_a_unit_gets_a_later_end_only_after_a_second_look(as_he, published, cast):
    day = published.closes_at.astimezone(clock.CHINA).date() + timedelta(days=1)
    page = as_he.page(f"/exams/{published.id}/extensions")
    assert "不能提前，也不能撤销" in page.text
    fields = {"unit": cast.office, "closes_on": day.isoformat(), "reason": "停电"}
    unsure = page.press("延长考试时间", **fields)
    assert unsure.status == 422
    assert "请核对后勾选" in unsure.text
    done = unsure.press("延长考试时间", **fields, sure="y")
    assert "“县信访局”及下级单位的2名考生" in done.text
    assert candidate_of(published, cast.jiang).personal_closes_at == clock.end_of(day)
    assert candidate_of(published, cast.li).personal_closes_at is None


def test_a_person_is_put_on_duty_and_taken_off(as_he, published):
    page = as_he.page(f"/exams/{published.id}/duty")
    wrong = page.press("指定", login="10000025", phone="办公室")
    assert wrong.status == 422
    assert "请填写电话号码" in wrong.text
    page = wrong.press("指定", login="10000025", phone="0839-3266000转8")
    assert "已指定罗成为值班人员" in page.text
    assert "还没有指定值班人员" in page.press("取消值班").text


def test_a_draft_has_no_exceptions(as_he, make_exam):
    draft = make_exam()
    for page in ("extensions", "duty", "exceptions", "exceptions.xlsx"):
        assert as_he.get(f"/exams/{draft.id}/{page}").status_code == 404


def test_the_pages_cost_the_same_for_a_few_and_for_many(as_he, as_unit, make_exam, cast):
    def publish():
        exam = make_exam()
        actions.publish(exam, clock.now(), actor_id=cast.he)
        db.session.commit()
        return exam

    def excuse(exam, people):
        now = clock.now()
        rows = [
            {
                "candidate_id": one,
                "kind": "exempt",
                "reason": "驻村",
                "asked_at": now,
                "asked_by_id": cast.fang,
            }
            for one in db.session.scalars(
                select(Candidate.id).where(Candidate.exam_id == exam.id).limit(people)
            )
        ]
        db.session.execute(ExcuseRequest.__table__.insert(), rows)
        one = candidate_of(exam, cast.jiang)
        exceptions.grant_attempts(exam, one, 1, reason="设备故障", now=now, actor_id=cast.he)
        db.session.commit()

    def costs(exam):
        own = [f"/exams/{exam.id}/{page}" for page in ("candidates", "extensions", "duty", "exceptions")]
        asked = [(as_he, page) for page in [*own, f"/exams/excuses?exam={exam.id}", "/exams/excuses"]]
        asked += [(as_unit, "/excuses/"), (as_unit, f"/excuses/{exam.id}")]
        found = []
        for client, address in asked:
            with statements() as seen:
                client.page(address)
            found.append(len(seen))
        return found

    small = publish()
    excuse(small, 1)
    costs(small)  # what is kept per process is read once
    before = costs(small)
    people_of(cast.office, 45, 30000000)
    large = publish()
    excuse(large, 40)
    assert costs(large) == before
    assert max(before) < 20
    assert queries.sums(large.id)["listed"] == 51
