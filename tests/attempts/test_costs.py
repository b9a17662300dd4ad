"""What the ways of an exam may cost in statements: everybody goes them in the same minutes."""

from quizapp import clock
from quizapp.attempts import starting
from quizapp.db import db
from tests.attempts.conftest import Page, candidate_of, csrf_of, own_phone, started
from tests.statements import statements

SHEET = "A.B.AC.A"


def test_a_save_is_one_trip_on_postgresql_and_two_statements_on_sqlite(page):
    page.save(SHEET)
    with statements() as seen:
        assert page.save("B.B.AC.A").status_code == 200
    assert len(seen) == (1 if db.engine.dialect.name == "postgresql" else 2), seen
    assert not any("person.name" in sql or "FROM person" in sql for sql in seen)
    assert all("login_session" in sql for sql in seen[:1])


def test_a_short_sign_in_costs_one_look_at_the_settings_more(page):
    with page.client.session_transaction() as cookie:
        cookie["kind"] = "short"
    with statements() as seen:
        assert page.save(SHEET).status_code == 200
    assert len(seen) == (2 if db.engine.dialect.name == "postgresql" else 3), seen


def test_a_refusal_tells_why_with_few_reads(page):
    page.save(SHEET, revision=5)
    for cost in (3, 3):  # one of them by the short way
        with statements() as seen:
            assert page.save(SHEET, revision=4).json["code"] == "overtaken"
        assert len(seen) == cost, seen


def test_status_is_one_read(page):
    with statements() as seen:
        assert page.client.get(f"/attempts/{page.token}/status").status_code == 200
    assert len(seen) == 1, seen


def test_a_start_is_three_trips_on_postgresql(exam, cast, as_jiang, as_luo):
    """Person; exam with what was tried; attempt, journal and counters. The first of a process reads the pool too."""
    address = f"/my-exams/{exam.id}"
    for client in (as_luo, as_jiang):
        form = own_phone(client).page(address).form("开始答题")
        with statements() as seen:
            reply = client.post(address, data=form.values.to_dict() | {"pledge": "y"})
        assert reply.status_code == 303
        assert reply.location.startswith("/attempts/")
    assert len(seen) == (3 if db.engine.dialect.name == "postgresql" else 6), seen


def test_an_opening_is_two_trips_on_postgresql_and_a_reload_one(exam, cast, as_jiang):
    attempt = starting.start(exam, candidate_of(exam, cast.jiang), pledge="", now=clock.now())
    db.session.commit()
    csrf_of(own_phone(as_jiang))
    page = Page(as_jiang, attempt.token)
    for expected in ({"postgresql": 2, "sqlite": 5}, {"postgresql": 1, "sqlite": 2}):
        with statements() as seen:
            assert page.open().status_code == 200
        assert len(seen) == expected[db.engine.dialect.name], seen


def test_a_hand_in_costs_the_same_however_many_have_handed_in(page, exam, cast, as_luo):
    other = started(exam, cast.luo, clock.now())
    csrf_of(as_luo)
    theirs = Page(as_luo, other.token)
    theirs.open(takeover=True)
    theirs.hand_in(SHEET)  # the first of a process reads the keys of the marking run
    with statements() as seen:
        page.hand_in(SHEET)
    assert len(seen) == (7 if db.engine.dialect.name == "postgresql" else 8), seen
