"""units word their own circulars

Why: the 通报 of an exam is written from words with placeholders; an office changes the shipped ones to its own, also
for the units below it.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circular_wording",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("letterhead", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("recipients", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_circular_wording_changed_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_circular_wording_unit_id")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_circular_wording")),
    )


def downgrade() -> None:
    op.drop_table("circular_wording")
