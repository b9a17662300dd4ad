"""Exceptions that reach sittings: more time and later ends while people answer, further attempts, duty resets."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import jobs, queries, starting
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import duty, exceptions, extra_time, unit_windows
from quizapp.exams.extra_time import MoreTime
from quizapp.exams.models import Candidate, ExamDuty, ExamUnit
from tests.attempts.conftest import candidate_of, started
from tests.statements import statements

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def office(exam) -> ExamUnit:
    return db.session.get_one(ExamUnit, (exam.id, 100))


def late_sittings(exam, cast, at):
    """江 and 罗 who began half an hour before the end, so that the window cuts their hour."""
    now = at(exam.closes_at - 30 * MINUTE)
    return [started(exam, who, now) for who in (cast.jiang, cast.luo)]


def extend(exam, cast, end):
    unit_windows.extend(exam, office(exam), end, reason="停电", now=clock.now(), actor_id=cast.he)
    db.session.commit()


def test_a_later_end_of_the_unit_reaches_everybody_who_is_answering(exam, cast, at):
    sittings = late_sittings(exam, cast, at)
    end = exam.closes_at + 10 * MINUTE
    extend(exam, cast, end)
    assert [one.closes_at for one in sittings] == [end, end]
    assert [one.refused_after - one.closes_at for one in sittings] == [timedelta(seconds=120)] * 2
    extend(exam, cast, exam.closes_at + 2 * HOUR)
    assert [one.closes_at - one.started_at for one in sittings] == [HOUR, HOUR]
    kinds = select(SheetEvent.kind).where(SheetEvent.attempt_id == sittings[0].id).order_by(SheetEvent.id)
    assert list(db.session.scalars(kinds)) == ["open", "extend", "extend"]


def test_answers_are_saved_until_the_later_end(page, attempt, exam, cast, at):
    exam.closes_at = attempt.started_at + 30 * MINUTE
    db.session.commit()
    extend(exam, cast, attempt.started_at + 3 * HOUR)
    at(attempt.started_at + HOUR + timedelta(seconds=120))
    assert page.save("A...").status_code == 200


def test_who_was_cut_off_before_starts_within_the_later_end(exam, cast, at):
    now = at(exam.closes_at + MINUTE)
    with pytest.raises(Refused, match="too_late"):
        starting.start(exam, candidate_of(exam, cast.jiang), pledge="", now=now)
    extend(exam, cast, exam.closes_at + HOUR)
    assert started(exam, cast.jiang, now).closes_at == exam.closes_at + HOUR


def test_what_has_closed_stays_closed(exam, cast, at):
    sitting = late_sittings(exam, cast, at)[0]
    jobs.sweep(at(sitting.refused_after + timedelta(seconds=1)))
    before = sitting.closes_at
    extend(exam, cast, exam.closes_at + HOUR)
    assert (sitting.state, sitting.closes_at) == ("expired", before)


@pytest.mark.parametrize(
    ("more", "minutes"),
    [(MoreTime(20), 80), (MoreTime(0, 50), 90), (MoreTime(10, 25), 85), (MoreTime(), 60)],
)
def test_several_get_the_same_minutes_and_percent_while_they_answer(exam, cast, more, minutes):
    sittings = [started(exam, who, clock.now()) for who in (cast.jiang, cast.luo)]
    ids = [one.candidate_id for one in sittings]
    given = extra_time.grant(exam, ids, more, reason="视力障碍", now=clock.now(), actor_id=cast.he)
    db.session.commit()
    assert {one.person_id for one in given} == {cast.jiang, cast.luo}
    assert [one.closes_at - one.started_at for one in sittings] == [minutes * MINUTE] * 2


def test_more_time_for_several_keeps_the_ends_that_some_have(exam, cast):
    jiang, luo = (candidate_of(exam, who) for who in (cast.jiang, cast.luo))
    end = exam.closes_at + HOUR
    jiang.personal_closes_at = end
    db.session.commit()
    more = {"reason": "视力障碍", "now": clock.now(), "actor_id": cast.he}
    extra_time.grant(exam, [jiang.id, luo.id], MoreTime(10), keep_ends=True, **more)
    db.session.commit()
    assert [(one.extra_minutes, one.personal_closes_at) for one in (jiang, luo)] == [(10, end), (10, None)]
    extra_time.grant(exam, [jiang.id, luo.id], MoreTime(10, closes_at=end + HOUR), keep_ends=True, **more)
    db.session.commit()
    assert {one.personal_closes_at for one in (jiang, luo)} == {end + HOUR}


def test_candidates_of_another_exam_get_nothing(exam, cast):
    jiang = candidate_of(exam, cast.jiang)
    assert extra_time.grant(
        exam, [jiang.id, 999_999], MoreTime(5), reason="视力障碍", now=clock.now(), actor_id=cast.he
    ) == [jiang]


def test_more_time_for_both_costs_as_many_statements_as_for_one(exam, cast):
    ids = [started(exam, who, exam.opens_at).candidate_id for who in (cast.jiang, cast.luo)]

    def cost(some, minutes):
        assert exam.state == "published"
        with statements() as seen:
            extra_time.grant(
                exam, some, MoreTime(minutes), reason="视力障碍", now=clock.now(), actor_id=cast.he
            )
        db.session.commit()
        return len(seen)

    assert cost(ids[:1], 10) == cost(ids, 20)


def test_sittings_are_locked_before_their_candidates(exam, cast):
    """A hand-in locks its sitting, then its candidate; the other order would wait in a circle."""
    ids = [started(exam, who, exam.opens_at).candidate_id for who in (cast.jiang, cast.luo)]
    with statements() as seen:
        extra_time.grant(exam, ids, MoreTime(10), reason="视力障碍", now=clock.now(), actor_id=cast.he)
    db.session.commit()
    order = [
        "attempt" if "FROM attempt" in sql else "candidate"
        for sql in seen
        if ("FROM attempt" in sql or "FROM candidate" in sql) and "sheet_event" not in sql
    ]
    assert order[:2] == ["attempt", "candidate"]


# Further attempts -------------------------------------------------------------------------------------------


def test_a_further_attempt_is_for_one_person_and_has_an_end(page, attempt, exam, cast):
    page.hand_in("A...")
    jiang, luo = candidate_of(exam, cast.jiang), candidate_of(exam, cast.luo)
    now = clock.now()
    assert starting.may_not_start(exam, jiang, 1, now) == "used_up"
    exceptions.grant_attempts(exam, jiang, 1, reason="设备故障", now=now, actor_id=cast.he)
    db.session.commit()
    assert starting.may_not_start(exam, jiang, 1, now) is None
    assert starting.may_not_start(exam, luo, 1, now) == "used_up"
    mine = queries.my_exam(exam, jiang, now)
    assert (mine.tries_allowed, mine.tries_used, mine.tries_left, mine.may_try_again) == (2, 1, 1, True)
    again = started(exam, cast.jiang, now)
    assert again.number == 2
    assert starting.may_not_start(exam, jiang, 2, now) == "used_up"


def test_a_further_attempt_can_be_opened_on_the_page(page, attempt, exam, cast, as_jiang):
    page.hand_in("A...")
    jiang = candidate_of(exam, cast.jiang)
    exceptions.grant_attempts(exam, jiang, 1, reason="设备故障", now=clock.now(), actor_id=cast.he)
    db.session.commit()
    assert "共2次，已用1次" in as_jiang.page(f"/my-exams/{exam.id}").text
    assert "还可以再考1次" in as_jiang.page("/my-exams").text


@pytest.mark.parametrize(
    ("number", "reason", "released", "code"),
    [(6, "设备故障", False, "extra"), (-1, "设备故障", False, "extra"), (1, " ", False, "reason")]
    + [(1, "设备故障", True, "answers_out")],
)
def test_further_attempts_have_their_limits(exam, cast, number, reason, released, code):
    jiang = candidate_of(exam, cast.jiang)
    exam.released_at = clock.now() if released else None
    db.session.commit()
    with pytest.raises(Refused) as refusal:
        exceptions.grant_attempts(exam, jiang, number, reason=reason, now=clock.now(), actor_id=cast.he)
    assert refusal.value.code == code


# Duty -------------------------------------------------------------------------------------------------------


def test_a_reset_during_the_exam_keeps_the_sheet(page, attempt, exam, cast, app):
    page.save("A...")
    db.session.add(ExamDuty(exam_id=exam.id, person_id=cast.luo, phone="0839-1234567"))
    jiang = db.session.get_one(Candidate, attempt.candidate_id)
    slip = duty.reset(exam, jiang, now=clock.now(), actor_id=cast.luo)
    db.session.commit()
    assert page.save("AB..").status_code == 401
    client = app.test_client()
    client.page("/sign-in").press("登录", login=slip.account, password=slip.one_time_password)
    db.session.expire_all()
    stored = db.session.get_one(Attempt, attempt.id)
    assert (stored.sheet, stored.state) == ("A...", "in_progress")
