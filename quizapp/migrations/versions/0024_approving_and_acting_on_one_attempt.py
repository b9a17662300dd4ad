"""approvals of corrections carried out by a job

Why: approving a correction of a large exam took as long as its sheets are many, inside the request. It is accepted at
once now and carried out by a job; where that fails, the correction waits again and says why.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

BEFORE = "'rehearsing', 'rehearsed', 'waiting'"
DECIDED = "'approved', 'rejected', 'withdrawn'"


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


def downgrade() -> None:
    """What is being carried out waits for its approval again."""
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
