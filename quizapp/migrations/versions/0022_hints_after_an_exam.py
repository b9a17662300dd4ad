"""hints after an exam: 异常线索, what candidates say to them, and what people make of them

Why: a hint that a person looked at must stay as it was seen, with the outcome and the candidate's own words beside it.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clue_run",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_clue_run_exam_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_clue_run_by_id")),
        sa.PrimaryKeyConstraint("exam_id", name=op.f("pk_clue_run")),
    )
    op.create_table(
        "clue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("found_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('takeover', 'pace', 'similarity')", name=op.f("ck_clue_kind")),
        sa.CheckConstraint("(kind = 'similarity') = (other_id IS NOT NULL)", name=op.f("ck_clue_other")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_clue_exam_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_clue_attempt_id")),
        sa.ForeignKeyConstraint(["other_id"], ["attempt.id"], name=op.f("fk_clue_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clue")),
    )
    op.create_index("ix_clue_exam", "clue", ["exam_id", "attempt_id"])
    op.create_index(op.f("ix_clue_attempt_id"), "clue", ["attempt_id"])
    op.create_table(
        "clue_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("outcome IN ('clear', 'handled')", name=op.f("ck_clue_review_outcome")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_clue_review_attempt_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_clue_review_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clue_review")),
    )
    op.create_index(op.f("ix_clue_review_attempt_id"), "clue_review", ["attempt_id"])
    op.create_table(
        "clue_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_clue_statement_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clue_statement")),
    )
    op.create_index(op.f("ix_clue_statement_attempt_id"), "clue_statement", ["attempt_id"])


def downgrade() -> None:
    for table in ("clue_statement", "clue_review", "clue", "clue_run"):
        op.drop_table(table)
