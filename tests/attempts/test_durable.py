"""A commit that PostgreSQL reports with a warning is no acknowledgement (docs/exam-protocol.md, 8)."""

import pytest
from sqlalchemy import text

from quizapp.db import db

SHEET = "A.B.AC.A"


@pytest.fixture
def warned(page):
    """A database that warns at each commit of a save, as it does when no standby confirms."""
    for statement in (
        "CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$",
        "CREATE CONSTRAINT TRIGGER warn AFTER INSERT ON sheet_event"
        " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION warn()",
    ):
        db.session.execute(text(statement))
    db.session.commit()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_warned_commit_is_answered_503_and_the_repeat_decides(page, attempt, warned):
    for reply in (page.save(SHEET), page.hand_in(SHEET)):
        assert (reply.status_code, reply.json["code"]) == (503, "not_durable")
        assert reply.headers["Retry-After"]
    db.session.execute(text("DROP TRIGGER warn ON sheet_event"))
    db.session.commit()
    assert page.hand_in(SHEET).json["first"] is False


def test_a_quiet_commit_is_acknowledged(page):
    assert page.save(SHEET).status_code == 200
