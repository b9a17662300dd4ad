"""figures of learning by unit

Why: the pages of daily quizzes and mastery counted all answers and cards of a leader's units when they were read, which
took a second in a province. A job keeps the figures of each unit, of its own people and with all below it.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_unit",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("members", sa.BigInteger(), nullable=False),
        sa.Column("rule", sa.BigInteger(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=False),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("whole", sa.JSON(), nullable=True),
        sa.Column("behind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_study_unit_unit_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_study_unit_parent_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_study_unit")),
    )
    op.create_index(op.f("ix_study_unit_parent_id"), "study_unit", ["parent_id"])
    op.create_table(
        "study_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("figures_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("seen_before", sa.BigInteger(), nullable=False),
        sa.Column("tree", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_study_state_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_state")),
    )


def downgrade() -> None:
    op.drop_table("study_state")
    op.drop_table("study_unit")
