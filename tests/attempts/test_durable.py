"""A commit that PostgreSQL reports with a warning is no acknowledgement (docs/exam-protocol.md, 8)."""

import pytest
from sqlalchemy import text

from quizapp.attempts.models import Attempt
from quizapp.db import db
from tests.attempts.test_pages import begin, to_check
from tests.cast import PASSWORD

SHEET = "A.B.AC.A"


def no_standby_confirms(table: str = "sheet_event") -> None:
    """From now on the database warns at each commit that wrote here, as it does when no standby confirms."""
    for statement in (
        "CREATE OR REPLACE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$",
        f"CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON {table}"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()",
    ):
        db.session.execute(text(statement))
    db.session.commit()


def a_standby_confirms() -> None:
    db.session.execute(text("DROP TRIGGER warn ON sheet_event"))
    db.session.commit()


def refused(page):
    """A page of a browser without script that says that this does not count yet."""
    assert (page.status, page.h1) == (503, "还没有保存妥当")
    assert page.reply.headers["Retry-After"]
    return True


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_warned_commit_is_answered_503_and_the_repeat_decides(page, attempt):
    no_standby_confirms()
    for reply in (page.save(SHEET), page.hand_in(SHEET)):
        assert (reply.status_code, reply.json["code"]) == (503, "not_durable")
        assert reply.headers["Retry-After"]
    a_standby_confirms()
    assert page.hand_in(SHEET).json["first"] is False


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_warned_save_on_the_short_way_is_none_either(page):
    assert page.save(SHEET).status_code == 200
    no_standby_confirms()
    reply = page.save("B.B.AC.A")
    assert (reply.status_code, reply.json["code"]) == (503, "not_durable")


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_opening_that_no_standby_has_is_none(page):
    no_standby_confirms()
    reply = page.open()
    assert (reply.status_code, reply.json["code"]) == (503, "not_durable")
    a_standby_confirms()
    assert page.open().status_code == 200


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_start_of_an_exam_counts_only_with_the_standby_and_is_repeated_once_it_does(jiang, exam):
    no_standby_confirms()
    assert refused(begin(jiang, exam))
    a_standby_confirms()
    assert jiang.page(f"/my-exams/{exam.id}").follow("继续答题").html.count('id="paper"') == 1
    assert db.session.query(Attempt).count() == 1


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_without_script_a_save_and_a_hand_in_count_only_with_the_standby(jiang, exam):
    paper = begin(jiang, exam)
    no_standby_confirms()
    assert refused(paper.press("保存", q1="A"))
    a_standby_confirms()
    again = jiang.page(paper.path)
    assert "已保存。" not in again.text
    assert 'value="A" checked' in again.html
    check = to_check(again, q1="B")
    no_standby_confirms()
    assert refused(check.press("交卷"))
    a_standby_confirms()
    assert "交卷回执" in check.press("交卷").text


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_else_is_reported_done_either(as_jiang):
    no_standby_confirms("feedback")
    assert refused(as_jiang.page("/feedback").press("提交", text="建议增加夜间模式。"))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_warning_of_another_statement_changes_nothing(app, cast, as_jiang):
    def warned() -> str:
        db.session.execute(text("DO $$ BEGIN RAISE WARNING 'no matter'; END $$"))
        db.session.commit()
        return "done"

    app.add_url_rule("/warned", "warned", warned)
    assert as_jiang.get("/warned").text == "done"


def test_a_quiet_commit_is_acknowledged(page):
    assert page.save(SHEET).status_code == 200


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_sign_in_that_no_standby_has_is_none(client, cast):
    client.page("/sign-in")
    no_standby_confirms("login_session")
    reply = client.send("POST", "/sign-in.json", {"login": "10000017", "password": PASSWORD})
    assert (reply.status_code, reply.json["code"]) == (503, "not_durable")
