"""The door of the hall: account and start code, from half an hour before, one computer for one person."""

import threading
from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts.halls import entering
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.halls import rules
from quizapp.people.models import LoginFailure, LoginSession, Person
from tests.attempts.conftest import candidate_of
from tests.attempts.halls.conftest import CODE, begin, enter, place_of
from tests.cast import PASSWORD
from tests.statements import statements

minute = timedelta(minutes=1)


def live(person_id):
    return db.session.query(LoginSession).filter_by(person_id=person_id, ended_at=None).all()


def test_a_candidate_signs_in_by_account_and_code_and_the_arrival_is_kept(exam, hall, cast, client):
    page = enter(client)
    assert page.path == "/hall/exam"
    assert "江映雪" in page.text
    place = place_of(exam, cast.jiang)
    assert (place.arrived_at, place.seat) == (clock.now(), 1)
    (session,) = live(cast.jiang)
    assert (session.kind, session.id) == ("hall", place.login_session_id)
    assert session.expires_at == rules.signed_in_until(hall.closes_at, 60)


@pytest.mark.parametrize("typed", ["１００００017", " 1000 0017 "])
def test_what_is_typed_may_be_full_width_or_apart(exam, hall, client, typed):
    assert enter(client, typed, "２46810").path == "/hall/exam"


def test_a_wrong_code_an_unknown_account_and_one_without_a_place_are_told_the_same(exam, hall, cast, app):
    told = set()
    for account, code in (("10000017", "135791"), ("99999999", CODE), ("10000066", CODE)):
        page = enter(app.test_client(), account, code)
        assert page.status == 401
        told.add(page.text)
    assert len(told) == 1
    assert entering.SENTENCE in told.pop()
    assert live(cast.jiang) == []


def test_every_refusal_asks_the_database_the_same(exam, hall, app):
    asked = []
    for account, code in (("10000017", "135791"), ("99999999", CODE), ("10000066", CODE)):
        page = app.test_client().page("/hall")
        with statements() as seen:
            page.press("登录", account=account, code=code)
        asked.append([one.split()[0] for one in seen])
    assert asked[0] == asked[1] == asked[2]


def test_guesses_are_counted_and_the_account_is_closed_for_a_while(exam, hall, cast, client, at):
    for guess in range(5):
        assert enter(client, code=f"11111{guess}").status == 401
    assert enter(client).status == 401  # the right code does not help now
    assert db.session.query(LoginFailure).filter_by(login="hall:10000017").count() == 5
    at.later(minutes=15)
    assert enter(client).path == "/hall/exam"
    assert db.session.query(LoginFailure).count() == 0


def test_guesses_at_the_door_do_not_close_the_way_by_password(exam, hall, cast, client):
    for guess in range(5):
        enter(client, code=f"11111{guess}")
    page = client.page("/sign-in").press("登录", login="10000017", password=PASSWORD)
    assert page.path == "/"


@pytest.mark.parametrize(
    ("moves", "sentence"),
    [
        ({"minutes": -31}, rules.DOORS["not_yet"]),
        ({"minutes": 31}, rules.DOORS["late"]),
        ({"minutes": 120}, rules.DOORS["over"]),
    ],
    ids=["too early", "late", "over"],
)
def test_outside_of_its_time_the_door_says_why_and_counts_no_failure(exam, hall, client, at, moves, sentence):
    at.later(**moves)
    page = enter(client)
    assert page.status == 401
    assert sentence in page.text
    assert db.session.query(LoginFailure).count() == 0


def test_a_cancelled_exam_opens_no_door(exam, hall, client):
    exam.state = "cancelled"
    db.session.commit()
    assert entering.SENTENCE in enter(client).text


def test_a_disabled_account_opens_no_door(exam, hall, cast, client):
    db.session.get(Person, cast.jiang).disabled_at = clock.now()
    db.session.commit()
    assert entering.SENTENCE in enter(client).text


def test_a_second_computer_is_refused_until_the_invigilator_moves_the_person(
    exam, hall, cast, app, as_li, client
):
    paper = begin(client)
    second = app.test_client()
    refused = enter(second)
    assert rules.DOORS["elsewhere"] in refused.text
    desk = as_li.page(f"/halls/{hall.id}")
    jiang = candidate_of(exam, cast.jiang).id
    desk.press(f"/halls/{hall.id}/candidates/{jiang}/move")
    assert client.get(paper.path).status_code == 303  # the old computer is signed out
    page = enter(second)
    assert page.follow("继续答题").path == paper.path
    assert db.session.query(Attempt).count() == 1


def test_the_same_computer_may_sign_the_same_person_in_again(exam, hall, cast, client):
    enter(client)
    token = client.page("/hall/exam")
    assert token.status == 200
    before = place_of(exam, cast.jiang).login_session_id
    reply = client.post(
        "/hall", data={"csrf_token": client.token, "account": "10000017", "code": CODE}, follow_redirects=True
    )
    assert client.read(reply).path == "/hall/exam"
    (session,) = live(cast.jiang)
    assert session.id != before


def test_a_typed_seat_is_kept_when_it_is_free_and_refused_when_it_is_somebody_elses(
    exam, hall, cast, app, client
):
    taken = enter(client, seat="2")
    assert "2号座位已安排给其他考生" in taken.text
    assert "31号座位" in enter(client, seat="31").text
    assert enter(client, seat="12").path == "/hall/exam"
    assert place_of(exam, cast.jiang).seat == 12
    assert enter(app.test_client(), "10000025", seat="1").path == "/hall/exam"


def test_two_who_take_one_seat_at_once_do_not_share_it(exam, hall, cast, app):
    found = _at_once(app, [("10000017", "9"), ("10000025", "9")])
    assert sorted(found) == [False, True]
    seats = [place_of(exam, cast.jiang).seat, place_of(exam, cast.luo).seat]
    assert sorted(seats) in ([1, 9], [2, 9])


def test_one_person_at_six_computers_at_once_is_signed_in_at_one(exam, hall, cast, app):
    found = _at_once(app, [("10000017", None)] * 6)
    assert sorted(found) == [False] * 5 + [True]
    (session,) = live(cast.jiang)
    assert place_of(exam, cast.jiang).login_session_id == session.id


def _at_once(app, knocks):
    """Whether each of these sign-ins, all sent at the same moment, was let in."""
    pages = [app.test_client().page("/hall") for _ in knocks]
    barrier, found = threading.Barrier(len(knocks)), []
    db.session.commit()

    def knock(page, account, seat):
        barrier.wait()
        data = {"csrf_token": page.token, "account": account, "code": CODE, "seat": seat or ""}
        found.append(page.client.post("/hall", data=data).status_code == 303)

    threads = [
        threading.Thread(target=knock, args=(page, *each)) for page, each in zip(pages, knocks, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_hall_waits_for_its_beginning_though_the_exam_is_open(exam, hall, client, at):
    hall.opens_at = exam.opens_at + 20 * minute
    db.session.commit()
    page = enter(client)
    assert "请稍候" in page.text
    assert '<noscript><meta http-equiv="refresh"' in page.html
    assert not [form for form in page.forms if form.action == "/hall/start"]
    client.post("/hall/start", data={"csrf_token": client.token, "pledge": "y"})
    assert db.session.query(Attempt).count() == 0
    at(hall.opens_at)
    assert "开始答题" in client.page("/hall/exam").text


def test_nobody_begins_in_a_hall_that_is_over(exam, hall, client, at):
    enter(client)
    at(hall.closes_at)
    assert "不能再开始答题" in client.page("/hall/exam").text
    client.post("/hall/start", data={"csrf_token": client.token, "pledge": "y"})
    assert db.session.query(Attempt).count() == 0


def test_who_has_no_password_yet_reads_the_notice_and_sits(exam, hall, cast, client):
    jiang = db.session.get(Person, cast.jiang)
    jiang.must_change, jiang.notice_accepted_at = True, None
    db.session.commit()
    page = enter(client)
    assert page.h1 == "个人信息处理告知"
    client.post("/hall/start", data={"csrf_token": client.token, "pledge": "y"})
    assert db.session.query(Attempt).count() == 0
    paper = page.press("已阅读并同意").press("开始答题", pledge="y")
    assert paper.path.startswith("/attempts/")


def test_a_sitting_longer_than_the_idle_limit_is_not_cut(exam, hall, client, at):
    paper = begin(client)
    at.later(minutes=45)
    assert client.page(paper.path).path == paper.path


def test_the_computers_own_seat_stands_in_its_address_and_comes_back_after_leaving(exam, hall, cast, client):
    page = client.page("/hall?seat=7").press("登录", account="10000017", code=CODE)
    assert place_of(exam, cast.jiang).seat == 7
    reply = client.post("/hall/leave", data={"csrf_token": page.token})
    assert reply.headers["Location"].endswith("/hall?left=1&seat=7")


def test_an_exam_without_sessions_is_as_before_and_one_with_says_where_in_its_page(exam, as_jiang, request):
    assert "集中考试" not in as_jiang.page(f"/my-exams/{exam.id}").text
    request.getfixturevalue("hall")
    page = as_jiang.page(f"/my-exams/{exam.id}")
    assert "第一场" in page.text
    assert "县委党校机房" in page.text
    assert "座位1号" in page.text
    assert page.press("开始答题", pledge="y").path.startswith("/attempts/")  # the place only adds a way
