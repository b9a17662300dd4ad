"""plans of units, minutes a day, and how well answers are foretold

Why: the daily quiz keeps within the minutes that a person chose instead of a number of questions, so the setting
DAILY_QUESTIONS means nothing any more. A unit plans what share of the articles is mastered by a day. A forecast of an
exam is shown only while the newest calibration is good, so these are kept.

Revision ID: 0015
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "study_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("regulations", sa.JSON(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("by_day", sa.Date(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("share BETWEEN 10 AND 100", name=op.f("ck_study_plan_share")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_study_plan_created_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_study_plan_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_plan")),
    )
    with op.batch_alter_table("study_plan") as batch:
        batch.create_index(batch.f("ix_study_plan_unit_id"), ["unit_id"], unique=False)
        batch.create_index(
            "uq_study_plan_one_open",
            ["unit_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
    op.create_table(
        "daily_wish",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes IN (2, 5, 10)", name=op.f("ck_daily_wish_minutes")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_daily_wish_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_daily_wish")),
    )
    op.create_table(
        "calibration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calibration")),
    )
    with op.batch_alter_table("calibration") as batch:
        batch.create_index(batch.f("ix_calibration_made_at"), ["made_at"], unique=False)
    op.execute("DELETE FROM setting WHERE name = 'DAILY_QUESTIONS'")


def downgrade() -> None:
    op.drop_table("calibration")
    op.drop_table("daily_wish")
    op.drop_table("study_plan")
