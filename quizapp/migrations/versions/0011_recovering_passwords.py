"""recovering passwords

Why: whoever forgot a password may ask for a new one from the own phone, which the unit's administrator confirms from a
list, so that nobody has to come for a slip.

Revision ID: 0011
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0011"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password_recovery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("phone_matches", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('asked', 'confirmed', 'refused', 'used', 'replaced')",
            name=op.f("ck_password_recovery_state"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_password_recovery_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_password_recovery_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_recovery")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_recovery_token_hash")),
    )
    op.create_index(op.f("ix_password_recovery_person_id"), "password_recovery", ["person_id"])
    op.create_index(op.f("ix_password_recovery_expires_at"), "password_recovery", ["expires_at"])


def downgrade() -> None:
    op.drop_table("password_recovery")
