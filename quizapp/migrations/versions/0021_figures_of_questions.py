"""figures of exams and their questions, checked keys, measured difficulty

Why: the pages of 试题分析 read what a job has worked out from all sheets. Who has compared a doubtful key with the law
says so once. A question's bank keeps how hard it has proved to be, with the number of answers behind it.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COEFFICIENTS = ("facility", "deviation", "guess", "discrimination", "efficiency", "intended", "effective")


def upgrade() -> None:
    for name, kind in (("facility_answers", sa.Integer), ("rasch", sa.Double), ("rasch_error", sa.Double)):
        op.add_column("question_facts", sa.Column(name, kind(), nullable=True))
    op.create_table(
        "exam_statistic",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("tried", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("whole", sa.JSON(), nullable=False),
        sa.Column("forms", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_statistic_exam_id")),
        sa.ForeignKeyConstraint(["run_id"], ["marking_run.id"], name=op.f("fk_exam_statistic_run_id")),
        sa.PrimaryKeyConstraint("exam_id", name=op.f("pk_exam_statistic")),
    )
    op.create_table(
        "item_statistic",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in (*COEFFICIENTS, "rasch", "rasch_error")),
        sa.Column("flags", sa.String(length=200), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("doubt", sa.Double(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("patterns", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_item_statistic_exam_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_item_statistic_revision_id")),
        sa.PrimaryKeyConstraint("exam_id", "revision_id", name=op.f("pk_item_statistic")),
    )
    op.create_index(op.f("ix_item_statistic_revision_id"), "item_statistic", ["revision_id"])
    op.create_table(
        "key_check",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_key_check_exam_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_key_check_revision_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_key_check_by_id")),
        sa.PrimaryKeyConstraint("exam_id", "revision_id", name=op.f("pk_key_check")),
    )


def downgrade() -> None:
    op.drop_table("key_check")
    op.drop_table("item_statistic")
    op.drop_table("exam_statistic")
    for name in ("rasch_error", "rasch", "facility_answers"):
        op.drop_column("question_facts", name)
