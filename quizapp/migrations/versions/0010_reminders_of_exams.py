"""reminders of exams

Why: who has not sat an exam is reminded in the app and by e-mail, groups of units get counts by robots; what went where
is kept, so that nobody gets a second one, whoever dies in the middle.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPEN = sa.text("state IN ('waiting', 'sending')")


def upgrade() -> None:
    op.create_table(
        "mail_address",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_address_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_mail_address")),
    )
    op.create_table(
        "group_robot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("maker", sa.String(length=8), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("maker IN ('wecom', 'dingtalk')", name=op.f("ck_group_robot_maker")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_group_robot_added_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_group_robot_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_robot")),
    )
    op.create_index(op.f("ix_group_robot_unit_id"), "group_robot", ["unit_id"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", sa.Integer(), nullable=True),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'done', 'withdrawn')", name=op.f("ck_reminder_state")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_reminder_asked_by_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_reminder_exam_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_reminder_job_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reminder_unit_id")),
        sa.ForeignKeyConstraint(["withdrawn_by_id"], ["person.id"], name=op.f("fk_reminder_withdrawn_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_exam_id"), "reminder", ["exam_id"])
    op.create_index("ix_reminder_due_at", "reminder", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_table(
        "reminded",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminded_person_id")),
        sa.ForeignKeyConstraint(["reminder_id"], ["reminder.id"], name=op.f("fk_reminded_reminder_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_reminded")),
    )
    op.create_index(op.f("ix_reminded_reminder_id"), "reminded", ["reminder_id"])
    op.create_table(
        "reminder_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reminder_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=5), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("robot_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("dismissed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel IN ('app', 'mail', 'group')", name=op.f("ck_reminder_delivery_channel")),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'unclear', 'skipped', 'withdrawn')",
            name=op.f("ck_reminder_delivery_state"),
        ),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (robot_id IS NULL)",
            name=op.f("ck_reminder_delivery_to_a_person_or_a_robot"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_reminder_delivery_person_id")),
        sa.ForeignKeyConstraint(
            ["reminder_id"], ["reminder.id"], name=op.f("fk_reminder_delivery_reminder_id")
        ),
        sa.ForeignKeyConstraint(["robot_id"], ["group_robot.id"], name=op.f("fk_reminder_delivery_robot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_delivery")),
        sa.UniqueConstraint("reminder_id", "channel", "person_id", name="uq_reminder_delivery_person"),
        sa.UniqueConstraint("reminder_id", "robot_id", name="uq_reminder_delivery_robot"),
    )
    op.create_index(op.f("ix_reminder_delivery_person_id"), "reminder_delivery", ["person_id"])
    op.create_index(op.f("ix_reminder_delivery_robot_id"), "reminder_delivery", ["robot_id"])


def downgrade() -> None:
    for table in ("reminder_delivery", "reminded", "reminder", "group_robot", "mail_address"):
        op.drop_table(table)
