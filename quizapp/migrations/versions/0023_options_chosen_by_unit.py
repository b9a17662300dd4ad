"""options chosen by unit

Why: the briefing of a unit (学情简报) read the wrong options of five articles from the log of its people, a seventh of a
second in a province. The job that keeps the figures of learning counts them too; until its first turn after this
migration, units have none.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("study_unit") as batch:
        batch.add_column(sa.Column("own_chosen", sa.JSON(), nullable=False, server_default="{}"))
        batch.add_column(sa.Column("chosen", sa.JSON(), nullable=True))
    with op.batch_alter_table("study_unit") as batch:
        batch.alter_column("own_chosen", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("study_unit") as batch:
        batch.drop_column("chosen")
        batch.drop_column("own_chosen")
