"""rasch values on one scale

Why: each exam's Rasch difficulties have their 0 at the mean of its own questions, so those of different exams could not
be compared. What links an exam to its bank's scale is kept, and of each question whether its value is on it. Values
that are there count as not linked until an exam of the bank is computed anew.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question_facts", sa.Column("rasch_linked", sa.Boolean(), nullable=True))
    op.create_table(
        "scale_link",
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("on_scale", sa.Boolean(), nullable=False),
        sa.Column("begins", sa.Boolean(), nullable=False),
        sa.Column("shift", sa.Double(), nullable=False),
        sa.Column("error", sa.Double(), nullable=False),
        sa.Column("common", sa.Integer(), nullable=False),
        sa.Column("drifted", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_scale_link_bank_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_scale_link_exam_id")),
        sa.PrimaryKeyConstraint("bank_id", "exam_id", name=op.f("pk_scale_link")),
    )
    op.create_index(op.f("ix_scale_link_exam_id"), "scale_link", ["exam_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_scale_link_exam_id"), table_name="scale_link")
    op.drop_table("scale_link")
    op.drop_column("question_facts", "rasch_linked")
