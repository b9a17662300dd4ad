"""approvals of corrections carried out by a job; what is asked for one attempt

Why: approving a correction of a large exam took as long as its sheets are many, inside the request. It is accepted at
once now and carried out by a job; where that fails, the correction waits again and says why. To void, restore or reopen one attempt is asked for by one
person and approved by another, so what was asked must be kept.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE = "'rehearsing', 'rehearsed', 'waiting'"
DECIDED = "'approved', 'rejected', 'withdrawn'"
ASKED = sa.text("state = 'asked'")


def upgrade() -> None:
    op.drop_index("uq_correction_open", "correction")
    with op.batch_alter_table("correction") as batch:
        batch.add_column(sa.Column("job_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("trouble", sa.Text(), nullable=False, server_default=""))
        batch.create_foreign_key(op.f("fk_correction_job_id"), "job", ["job_id"], ["id"])
        batch.drop_constraint(op.f("ck_correction_state"), type_="check")
        batch.create_check_constraint(
            op.f("ck_correction_state"), f"state IN ({BEFORE}, 'approving', {DECIDED})"
        )
    with op.batch_alter_table("correction") as batch:
        batch.alter_column("trouble", server_default=None)
    _one_open(f"{BEFORE}, 'approving'")
    op.create_table(
        "intervention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("effect", sa.JSON(), nullable=True),
        sa.CheckConstraint("kind IN ('void', 'restore', 'reopen')", name=op.f("ck_intervention_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'approved', 'rejected', 'withdrawn')", name=op.f("ck_intervention_state")
        ),
        sa.CheckConstraint(
            "(kind = 'reopen') = (minutes IS NOT NULL)", name=op.f("ck_intervention_reopening_has_minutes")
        ),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_intervention_asked_is_undecided")
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_by_id <> asked_by_id",
            name=op.f("ck_intervention_second_is_another"),
        ),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_intervention_exam_id")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_intervention_attempt_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_intervention_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_intervention_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intervention")),
    )
    op.create_index(op.f("ix_intervention_exam_id"), "intervention", ["exam_id"])
    op.create_index(op.f("ix_intervention_attempt_id"), "intervention", ["attempt_id"])
    op.create_index(
        "uq_intervention_asked",
        "intervention",
        ["attempt_id"],
        unique=True,
        sqlite_where=ASKED,
        postgresql_where=ASKED,
    )


def downgrade() -> None:
    """What is being carried out waits for its approval again."""
    op.drop_table("intervention")
    op.drop_index("uq_correction_open", "correction")
    op.execute("UPDATE correction SET state = 'waiting' WHERE state = 'approving'")
    with op.batch_alter_table("correction") as batch:
        batch.drop_constraint(op.f("fk_correction_job_id"), type_="foreignkey")
        batch.drop_column("trouble")
        batch.drop_column("job_id")
        batch.drop_constraint(op.f("ck_correction_state"), type_="check")
        batch.create_check_constraint(op.f("ck_correction_state"), f"state IN ({BEFORE}, {DECIDED})")
    _one_open(BEFORE)


def _one_open(states: str) -> None:
    where = sa.text(f"state IN ({states})")
    op.create_index(
        "uq_correction_open",
        "correction",
        ["exam_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
