"""值班人员: who may be named, what they may do, and for how long; whom the sign-in page names."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, duty
from quizapp.exams.models import Candidate, ExamDuty, UnitWindow
from quizapp.people.models import Grant, Person
from tests.cast import sign_in
from tests.statements import statements

HOUR = timedelta(hours=1)
PHONE = "0839-3266000"


def candidate_of(exam, person_id):
    return db.session.scalar(
        select(Candidate).where(Candidate.exam_id == exam.id, Candidate.person_id == person_id)
    )


@pytest.fixture
def on_duty(published, cast):
    """罗 is on duty for the published exam."""
    duty.name(published, "10000025", PHONE, now=clock.now(), actor_id=cast.he)
    db.session.commit()
    return published


def test_a_person_of_the_holding_unit_is_named_once_and_can_be_taken_off(on_duty, cast):
    duty.name(on_duty, "10000025", "0839-1", now=clock.now(), actor_id=cast.he)
    assert [(one.name, one.phone) for one in duty.named(on_duty.id)] == [("罗成", "0839-1")]
    duty.remove(on_duty, cast.luo, actor_id=cast.he)
    duty.remove(on_duty, cast.luo, actor_id=cast.he)
    db.session.commit()
    assert duty.named(on_duty.id) == []
    told = [
        row.action for row in db.session.scalars(select(AuditEvent).where(AuditEvent.object_kind == "exam"))
    ]
    assert [one for one in told if "duty" in one] == ["exam.duty_named"] * 2 + ["exam.duty_removed"]


def test_nobody_from_elsewhere_is_named(make_exam, cast):
    exam = make_exam(unit=cast.office)
    actions.publish(exam, clock.now(), actor_id=cast.he)
    for login in ("10000066", "99999999"):
        with pytest.raises(Refused, match="unknown_person"):
            duty.name(exam, login, PHONE, now=clock.now(), actor_id=cast.he)


def test_nobody_is_named_once_the_last_window_has_ended(published, cast):
    candidate_of(published, cast.jiang).personal_closes_at = published.closes_at + HOUR
    db.session.commit()
    duty.name(published, "10000025", PHONE, now=published.closes_at, actor_id=cast.he)
    with pytest.raises(Refused, match="over"):
        duty.name(published, "10000025", PHONE, now=published.closes_at + HOUR, actor_id=cast.he)


def test_a_reset_is_logged_with_the_exam_and_the_old_password_ends(on_duty, cast):
    jiang = candidate_of(on_duty, cast.jiang)
    slip = duty.reset(on_duty, jiang, now=clock.now(), actor_id=cast.luo)
    db.session.commit()
    assert (slip.account, slip.name) == ("10000017", "江映雪")
    assert db.session.get_one(Person, cast.jiang).must_change
    rows = db.session.scalars(select(AuditEvent).where(AuditEvent.actor_id == cast.luo)).all()
    assert {row.action for row in rows} == {"people.password_reset", "candidate.sign_in_reset"}
    assert [row.detail for row in rows if row.object_kind == "candidate"] == [{"exam_id": on_duty.id}]
    assert slip.one_time_password not in str([row.detail for row in rows])


@pytest.mark.parametrize(("who", "code"), [("luo", "out_of_hands"), ("he", "out_of_hands")])
def test_neither_oneself_nor_a_holder_of_a_role_is_reset(on_duty, cast, who, code):
    with pytest.raises(Refused, match=code):
        duty.reset(on_duty, candidate_of(on_duty, getattr(cast, who)), now=clock.now(), actor_id=cast.luo)


def test_a_disabled_account_stays_disabled(on_duty, cast):
    db.session.get_one(Person, cast.jiang).disabled_at = clock.now()
    db.session.commit()
    with pytest.raises(Refused, match="disabled"):
        duty.reset(on_duty, candidate_of(on_duty, cast.jiang), now=clock.now(), actor_id=cast.luo)


@pytest.mark.parametrize("personal", [0, 1])
def test_a_reset_is_possible_from_publishing_until_the_candidates_window_ends(on_duty, cast, personal):
    jiang = candidate_of(on_duty, cast.jiang)
    end = on_duty.closes_at + personal * HOUR
    jiang.personal_closes_at = end if personal else None
    db.session.commit()
    assert duty.exams_of(cast.luo, end - timedelta(seconds=1)) == [on_duty]
    assert duty.exams_of(cast.luo, end) == []
    duty.reset(on_duty, jiang, now=end - timedelta(seconds=1), actor_id=cast.luo)
    with pytest.raises(Refused, match="over"):
        duty.reset(on_duty, jiang, now=end, actor_id=cast.luo)


def test_the_person_on_duty_finds_a_candidate_resets_and_sees_no_score(on_duty, cast, as_luo):
    jiang = candidate_of(on_duty, cast.jiang)
    jiang.points, jiang.sat = 955, True
    db.session.commit()
    page = as_luo.page("/my-exams").follow("考试值班")
    assert "江映雪" not in page.text
    page = as_luo.page(f"/duty/{on_duty.id}?q=映雪")
    assert "县信访局" in page.text
    assert "10000017" in page.text
    for word in ("95.5", "已交卷", "实考"):
        assert word not in page.text
    done = page.press("重置登录")
    assert done.h1 == "一次性口令"
    person = db.session.get_one(Person, cast.jiang)
    assert person.must_change
    assert done.reply.headers["Cache-Control"] == "no-store"


def test_nobody_else_gets_to_the_desk_and_duty_opens_nothing_else(on_duty, cast, as_jiang, as_luo, as_he):
    for client in (as_jiang, as_he):
        assert client.get(f"/duty/{on_duty.id}").status_code == 404
    for address in ("", "/candidates", "/exceptions", "/duty"):
        assert as_luo.get(f"/exams/{on_duty.id}{address}").status_code == 404
    as_luo.page("/my-exams")
    stranger = db.session.scalars(select(Candidate.id)).first()
    reply = as_jiang.post(f"/duty/{on_duty.id}/{stranger}", data={"csrf_token": as_jiang.page("/me").token})
    assert reply.status_code == 404


def test_the_unit_is_told_of_a_reset(on_duty, cast, app):
    db.session.add(
        Grant(person_id=cast.fang, role="unit_administrator", unit_id=cast.office, granted_at=clock.now())
    )
    duty.reset(on_duty, candidate_of(on_duty, cast.jiang), now=clock.now(), actor_id=cast.luo)
    db.session.commit()
    fang = sign_in(app.test_client(), cast.fang)
    assert "罗成2" in fang.page(f"/excuses/{on_duty.id}").text
    assert "重置登录" in fang.page(f"/excuses/{on_duty.id}").text


# The sign-in page -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "shown"), [(-1, False), (0, True), (60 * 24 * 7 - 1, True), (60 * 24 * 7, False)]
)
def test_the_sign_in_page_names_who_helps_while_the_exam_runs(on_duty, client, at, minutes, shown):
    at(on_duty.opens_at + timedelta(minutes=minutes))
    page = client.page("/sign-in")
    assert ("罗成" in page.text and PHONE in page.text) is shown


def test_it_names_them_until_a_units_later_end_and_never_for_a_cancelled_exam(on_duty, cast, client, at):
    end = on_duty.closes_at + HOUR
    db.session.add(
        UnitWindow(exam_id=on_duty.id, unit_id=cast.office, kind="extension", closes_at=end, at=clock.now())
    )
    db.session.commit()
    at(end - timedelta(minutes=1))
    assert PHONE in client.page("/sign-in").text
    at(end)
    assert PHONE not in client.page("/sign-in").text
    at(on_duty.opens_at)
    on_duty.state = "cancelled"
    db.session.commit()
    assert PHONE not in client.page("/sign-in").text


def test_the_sign_in_page_stays_light(on_duty, cast, client, at):
    at(on_duty.opens_at)
    client.page("/sign-in")
    with statements() as few:
        client.page("/sign-in")
    everybody = [cast.jiang, cast.li, cast.zhou, cast.fang, cast.he]
    db.session.add_all([ExamDuty(exam_id=on_duty.id, person_id=one, phone="0839-1") for one in everybody])
    db.session.commit()
    with statements() as many:
        page = client.page("/sign-in")
    assert len(many) == len(few)
    assert page.html.count("tel:") == duty.TOLD
    assert len([sql for sql in many if "exam_duty" in sql]) == 1
