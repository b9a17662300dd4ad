"""appeals of candidates, and what was decided about held sheets

Why: a candidate asks to have a question or the result looked at again within the days that the exam sets, and gets an
answer; a sheet that the protocol held is accepted by two people or rejected. Exams that were published before take
appeals for seven days, as new ones do.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    with op.batch_alter_table("exam") as batch:
        batch.add_column(sa.Column("appeal_days", sa.Integer(), nullable=False, server_default="7"))
        batch.create_check_constraint(op.f("ck_exam_appeal_days"), "appeal_days BETWEEN 0 AND 60")
    with op.batch_alter_table("exam") as batch:
        batch.alter_column("appeal_days", server_default=None)
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'kept', 'corrected', 'remedied', 'withdrawn')", name=op.f("ck_appeal_state")
        ),
        sa.CheckConstraint("(number = 0) = (revision_id IS NULL)", name=op.f("ck_appeal_question_or_whole")),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)", name=op.f("ck_appeal_open_is_undecided")
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_appeal_exam_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_appeal_attempt_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_appeal_revision_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_appeal_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
    )
    op.create_index(op.f("ix_appeal_attempt_id"), "appeal", ["attempt_id"])
    op.create_index("ix_appeal_exam", "appeal", ["exam_id", "state"])
    op.create_index(
        "uq_appeal_open",
        "appeal",
        ["attempt_id", "number"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_table(
        "held_verdict",
        sa.Column("held_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("second_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closing_id", sa.Integer(), nullable=True),
        sa.Column("replaced_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('open', 'proposed', 'accepted', 'rejected')", name=op.f("ck_held_verdict_state")
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (closing_id IS NOT NULL)",
            name=op.f("ck_held_verdict_accepted_has_closing"),
        ),
        sa.CheckConstraint(
            "(closing_id IS NULL) = (replaced_id IS NULL)",
            name=op.f("ck_held_verdict_closing_instead_of_another"),
        ),
        sa.CheckConstraint(
            "(state = 'accepted') = (second_id IS NOT NULL)",
            name=op.f("ck_held_verdict_accepted_has_second"),
        ),
        sa.CheckConstraint(
            "second_id IS NULL OR second_id <> by_id", name=op.f("ck_held_verdict_second_is_another")
        ),
        sa.ForeignKeyConstraint(["held_id"], ["held_sheet.id"], name=op.f("fk_held_verdict_held_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_held_verdict_by_id")),
        sa.ForeignKeyConstraint(["second_id"], ["person.id"], name=op.f("fk_held_verdict_second_id")),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_held_verdict_closing_id")),
        sa.ForeignKeyConstraint(["replaced_id"], ["closing.id"], name=op.f("fk_held_verdict_replaced_id")),
        sa.PrimaryKeyConstraint("held_id", name=op.f("pk_held_verdict")),
        sa.UniqueConstraint("closing_id", name=op.f("uq_held_verdict_closing_id")),
    )


def downgrade() -> None:
    op.drop_table("held_verdict")
    op.drop_table("appeal")
    with op.batch_alter_table("exam") as batch:
        batch.drop_constraint(op.f("ck_exam_appeal_days"), type_="check")
        batch.drop_column("appeal_days")
