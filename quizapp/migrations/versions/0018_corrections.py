"""corrections: why a further marking run was made, what it would change, and who decided

Why: a wrong key is put right by a further marking run. People need to see what it would do before it counts, a second
person approves it or sends it back, and everybody affected can be told afterwards; the run itself holds only keys.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('rehearsing', 'rehearsed', 'waiting')")


def upgrade() -> None:
    op.create_table(
        "correction",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("restores_id", sa.Integer(), nullable=True),
        sa.Column("policy", sa.String(length=6), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("effect", sa.JSON(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('rehearsing', 'rehearsed', 'waiting', 'approved', 'rejected', 'withdrawn')",
            name=op.f("ck_correction_state"),
        ),
        sa.CheckConstraint("policy IN ('new', 'better')", name=op.f("ck_correction_policy")),
        sa.ForeignKeyConstraint(["run_id"], ["marking_run.id"], name=op.f("fk_correction_run_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_correction_exam_id")),
        sa.ForeignKeyConstraint(["base_id"], ["marking_run.id"], name=op.f("fk_correction_base_id")),
        sa.ForeignKeyConstraint(["restores_id"], ["marking_run.id"], name=op.f("fk_correction_restores_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_correction_decided_by_id")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction") as batch:
        batch.create_index(op.f("ix_correction_exam_id"), ["exam_id"], unique=False)
        batch.create_index(
            "uq_correction_open", ["exam_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )


def downgrade() -> None:
    op.drop_table("correction")
