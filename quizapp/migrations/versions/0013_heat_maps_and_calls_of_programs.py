"""heat maps, figures without the own 领导班子, and how often programs call

Why: heat maps show units by day and by chapter, which no counter can give; whoever may not see the scores of the own
领导班子 sees medians and distributions without them, so the job keeps these too. A token counts its requests of the
running minute, true over all processes.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "exam_heat",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("lft", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("own_expected", sa.Integer(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("own_days", sa.JSON(), nullable=False),
        sa.Column("chapters", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_heat_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "lft", name=op.f("pk_exam_heat")),
    )
    with op.batch_alter_table("exam_spread") as batch:
        batch.add_column(sa.Column("apart", sa.JSON(), nullable=True))
    with op.batch_alter_table("api_token") as batch:
        batch.add_column(sa.Column("minute", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("api_token") as batch:
        batch.alter_column("calls", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("api_token") as batch:
        batch.drop_column("calls")
        batch.drop_column("minute")
    with op.batch_alter_table("exam_spread") as batch:
        batch.drop_column("apart")
    op.drop_table("exam_heat")
