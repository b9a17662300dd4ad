"""Figures are read from the replica where one is named; who asks, and everything else, from the primary."""

import pytest
from sqlalchemy import update

from quizapp.db import db
from quizapp.exams.models import Tally
from tests.cast import sign_in
from tests.databases import free_port


@pytest.fixture
def copied(results, database, databases):
    """A replica that lags: it knows the results, not what happens on the primary from now on."""
    db.session.remove()
    db.engine.dispose()
    copy = databases.copy(database)
    yield copy
    databases.drop(copy)


def test_reports_read_the_replica_and_other_pages_the_primary(copied, results, cast, make_app):
    replicated = make_app(REPORTS_URL=copied.url)
    db.session.execute(update(Tally).values(submitted=0, passed=0, excellent=0))
    db.session.commit()
    li = sign_in(replicated.test_client(), cast.li)  # a sign-in that the replica has not seen
    assert "实考3人，还有1人未考" in li.page(f"/reports/exams/{results}").text
    assert li.page(f"/reports/exams/{results}/file.csv", status=None).status == 200
    assert "2026年度考试" in li.page("/reports/").text
    alone = sign_in(make_app().test_client(), cast.li)
    assert "实考0人，还有4人未考" in alone.page(f"/reports/exams/{results}").text


def test_without_its_replica_only_the_reports_are_away(results, cast, make_app):
    gone = f"postgresql://nobody:nothing@127.0.0.1:{free_port()}/gone"
    li = sign_in(make_app(REPORTS_URL=gone).test_client(), cast.li)
    assert li.page("/my-exams/").h1 == "我的考试"
    assert li.page("/reports/daily", status=503).h1 == "系统繁忙"


def test_a_view_that_writes_never_meets_the_replica(copied, make_app):
    from quizapp.forms import csrf
    from quizapp.replica import from_replica

    app = make_app(REPORTS_URL=copied.url)

    def which() -> str:
        return str(db.session.connection().engine.url)

    app.add_url_rule("/which", "which", csrf.exempt(from_replica(which)), methods=["GET", "POST"])
    client = app.test_client()
    with app.app_context():
        primary, replica = str(db.engine.url), str(db.engines["replica"].url)
    assert (client.get("/which").text, client.post("/which").text) == (replica, primary)
