"""certificates

Why: who has passed an exam gets a 合格证 with a number, which anybody can check on a public page or by its signature.
An exam says whether it issues them and what they are called; exams that were published before issue none.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("exam") as batch:
        batch.add_column(sa.Column("certificates", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("certificate_title", sa.String(), nullable=False, server_default=""))
        batch.add_column(sa.Column("certificate_issuer", sa.String(), nullable=False, server_default=""))
    with op.batch_alter_table("exam") as batch:
        for name in ("certificates", "certificate_title", "certificate_issuer"):
            batch.alter_column(name, server_default=None)
    op.create_table(
        "certificate_key",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("public", sa.String(length=43), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_key")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("claim_key", sa.String(length=64), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("title", "name", "unit", "exam", "level", "issuer")
        ),
        sa.Column("examined_on", sa.Date(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.Column("signature", sa.String(length=86), nullable=False),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_certificate_candidate_id")),
        sa.ForeignKeyConstraint(["key_id"], ["certificate_key.id"], name=op.f("fk_certificate_key_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
        sa.UniqueConstraint("candidate_id", "claim_key", name=op.f("uq_certificate_candidate_id_claim_key")),
    )


def downgrade() -> None:
    op.drop_table("certificate")
    op.drop_table("certificate_key")
    with op.batch_alter_table("exam") as batch:
        for name in ("certificate_issuer", "certificate_title", "certificates"):
            batch.drop_column(name)
