"""What a save may cost: one statement on PostgreSQL, two on SQLite, and no person is loaded."""

from quizapp.db import db
from tests.attempts.conftest import Page
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
    with statements() as seen:
        assert page.save(SHEET, revision=4).json["code"] == "overtaken"
    assert len(seen) == 2, seen


def test_status_is_one_read(page):
    with statements() as seen:
        assert page.client.get(f"/attempts/{page.token}/status").status_code == 200
    assert len(seen) == 1, seen


def test_a_hand_in_costs_the_same_however_many_have_handed_in(page, exam, cast, as_luo):
    from quizapp import clock
    from tests.attempts.conftest import csrf_of, started

    other = started(exam, cast.luo, clock.now())
    csrf_of(as_luo)
    theirs = Page(as_luo, other.token)
    theirs.open(takeover=True)
    with statements() as first:
        theirs.hand_in(SHEET)
    with statements() as second:
        page.hand_in(SHEET)
    assert len(second) <= len(first) <= 14, first
