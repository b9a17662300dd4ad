"""leaves, and imports that can be taken back

Why: the monthly sheet says who is on 产假 or 长病假; an import keeps what the people it touched were like before, so
that it can be taken back as a whole. Deleting somebody whom an import added looks for traces by `actor_id`.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "leave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.CheckConstraint("kind IN ('maternity', 'sick')", name=op.f("ck_leave_kind")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_leave_days")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_leave_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave")),
    )
    op.create_index(op.f("ix_leave_person_id"), "leave", ["person_id"])
    with op.batch_alter_table("roster_import") as batch_op:
        batch_op.add_column(sa.Column("undo", sa.JSON()))
        batch_op.add_column(sa.Column("undone_at", UtcDateTime()))
        batch_op.add_column(sa.Column("undone_by_id", sa.Integer()))
        batch_op.create_foreign_key(op.f("fk_roster_import_undone_by_id"), "person", ["undone_by_id"], ["id"])
    op.create_index(op.f("ix_audit_event_actor_id"), "audit_event", ["actor_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_audit_event_actor_id"), "audit_event")
    with op.batch_alter_table("roster_import") as batch_op:
        batch_op.drop_constraint(op.f("fk_roster_import_undone_by_id"), type_="foreignkey")
        for name in ("undone_by_id", "undone_at", "undo"):
            batch_op.drop_column(name)
    op.drop_table("leave")
