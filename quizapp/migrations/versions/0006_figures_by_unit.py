"""figures by unit

Why: medians, distributions and 人员类别 of every unit of an exam come from figures that a job refreshes; reading a
million results for a page would take seconds.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_spread",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("lft", sa.Integer(), nullable=False),
        sa.Column("middle", sa.Integer(), nullable=True),
        sa.Column("own_middle", sa.Integer(), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_spread_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "lft", name=op.f("pk_exam_spread")),
    )


def downgrade() -> None:
    op.drop_table("exam_spread")
