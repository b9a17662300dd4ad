"""ways to practise: 背题, 模拟考试, marks, favourites, what others choose, how sure one was

Why: a set of questions is gone through in one of three ways, carries marks, and is put away or taken up again; a mock
exam keeps its sheet until it is handed in. What people chose when they met a question for the first time is counted
as it comes in, so that a page needs no look at everybody's log; the count begins with the log that is there. The
wrong-question book can be changed by hand, so a card remembers when it last went wrong.

Revision ID: 0017
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

FIRST_ANSWERS = """
INSERT INTO first_answer (revision_id, chosen, people)
SELECT revision_id, chosen, COUNT(*) FROM practice_answer
WHERE id IN (SELECT MIN(id) FROM practice_answer GROUP BY person_id, question_id)
GROUP BY revision_id, chosen
"""
LAST_WRONG = """
UPDATE card SET last_wrong_at = (
    SELECT MAX(CASE WHEN a.answered_at < a.received_at THEN a.answered_at ELSE a.received_at END)
    FROM practice_answer a
    WHERE a.person_id = card.person_id AND a.question_id = card.question_id AND NOT a.correct
)
WHERE answers > "right"
"""


def upgrade() -> None:
    with op.batch_alter_table("practice_answer") as batch:
        batch.add_column(sa.Column("certainty", sa.Integer(), nullable=True))
        batch.create_check_constraint(op.f("ck_practice_answer_certainty"), "certainty BETWEEN 1 AND 3")
    with op.batch_alter_table("card") as batch:
        batch.add_column(sa.Column("last_wrong_at", UtcDateTime(timezone=True), nullable=True))
    _sets()
    _put_by("favourite")
    _put_by("taken_out")
    op.create_table(
        "certainty_asked",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certainty_asked_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_certainty_asked")),
    )
    op.create_table(
        "first_answer",
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=8), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_first_answer_revision_id")),
        sa.PrimaryKeyConstraint("revision_id", "chosen", name=op.f("pk_first_answer")),
    )
    op.execute(FIRST_ANSWERS)
    op.execute(LAST_WRONG)


def _sets() -> None:
    """What a set of questions knows of itself; every older one is a self-test."""
    with op.batch_alter_table("self_test") as batch:
        batch.add_column(sa.Column("mode", sa.String(length=8), nullable=False, server_default="test"))
        batch.add_column(sa.Column("mock_of_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("sheet", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("flagged", sa.JSON(), nullable=False, server_default="[]"))
        batch.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("dropped_at", UtcDateTime(timezone=True), nullable=True))
        batch.create_foreign_key(op.f("fk_self_test_mock_of_id"), "exam", ["mock_of_id"], ["id"])
        batch.create_check_constraint(op.f("ck_self_test_mode"), "mode IN ('test', 'recite', 'mock')")
        batch.create_check_constraint(
            op.f("ck_self_test_mock_of_an_exam"), "(mode = 'mock') = (mock_of_id IS NOT NULL)"
        )
    with op.batch_alter_table("self_test") as batch:
        for name in ("mode", "sheet", "flagged", "place"):
            batch.alter_column(name, server_default=None)


def _put_by(table: str) -> None:
    """A table of questions that a person has put by."""
    op.create_table(
        table,
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f(f"fk_{table}_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f(f"fk_{table}_question_id")),
        sa.PrimaryKeyConstraint("person_id", "question_id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for table in ("first_answer", "certainty_asked", "taken_out", "favourite"):
        op.drop_table(table)
    with op.batch_alter_table("self_test") as batch:
        batch.drop_constraint(op.f("ck_self_test_mock_of_an_exam"), type_="check")
        batch.drop_constraint(op.f("ck_self_test_mode"), type_="check")
        batch.drop_constraint(op.f("fk_self_test_mock_of_id"), type_="foreignkey")
        for name in ("dropped_at", "ended_at", "place", "flagged", "sheet", "mock_of_id", "mode"):
            batch.drop_column(name)
    with op.batch_alter_table("card") as batch:
        batch.drop_column("last_wrong_at")
    with op.batch_alter_table("practice_answer") as batch:
        batch.drop_constraint(op.f("ck_practice_answer_certainty"), type_="check")
        batch.drop_column("certainty")
