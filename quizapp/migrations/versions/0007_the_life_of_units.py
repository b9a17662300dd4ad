"""the life of units

Why: units are renamed, moved, merged, split, closed and reopened; each change is kept with its day, its reason and what
it did to whom, old names find their unit, and a unit says whom to ask.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unit_contact",
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_contact_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_unit_contact")),
    )
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('renamed', 'moved', 'merged', 'split', 'closed', 'reopened')",
            name=op.f("ck_unit_event_kind"),
        ),
        sa.CheckConstraint(
            "(kind IN ('merged', 'split')) = (other_id IS NOT NULL)", name=op.f("ck_unit_event_other")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_unit_event_by_id")),
        sa.ForeignKeyConstraint(["other_id"], ["unit.id"], name=op.f("fk_unit_event_other_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
    )
    op.create_index(op.f("ix_unit_event_unit_id"), "unit_event", ["unit_id"])
    op.create_index(op.f("ix_unit_event_other_id"), "unit_event", ["other_id"])


def downgrade() -> None:
    op.drop_table("unit_event")
    op.drop_table("unit_contact")
