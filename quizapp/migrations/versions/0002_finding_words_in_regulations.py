"""finding words in regulations

Why: two-character words such as 信访 must be found exactly. An article is stored as its overlapping pairs of
characters: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL. Articles already there are indexed.

Revision ID: 0002
Revises: 0001
"""

import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    bind = op.get_bind()
    if bind.dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE provision_search USING fts5(pairs, tokenize = 'ascii')")
        keep = sa.text("INSERT INTO provision_search (rowid, pairs) VALUES (:id, :pairs)")
    else:
        op.execute(
            "CREATE TABLE provision_search (provision_id integer CONSTRAINT pk_provision_search PRIMARY KEY"
            " CONSTRAINT fk_provision_search_provision_id REFERENCES provision (id), pairs tsvector NOT NULL)"
        )
        op.execute("CREATE INDEX ix_provision_search_pairs ON provision_search USING gin (pairs)")
        keep = sa.text("INSERT INTO provision_search VALUES (:id, CAST(:pairs AS tsvector))")
    articles = bind.execute(sa.text("SELECT id, text FROM provision WHERE kind = 'article'")).all()
    rows = [{"id": row.id, "pairs": _stored(bind.dialect.name, row.text)} for row in articles]
    if rows:
        bind.execute(keep, rows)


def _stored(dialect: str, text: str) -> str:
    """As `regulations.finding` writes it; kept here so that this step stays what it was."""
    pairs = []
    for run in re.findall(r"[^\W_]+", text.lower()):
        pairs += [run[at : at + 2] for at in range(max(1, len(run) - 1))]
    if dialect == "sqlite":
        return " ".join(pairs)
    return " ".join(f"'{pair}':{min(place, 16383)}" for place, pair in enumerate(pairs, 1))


def downgrade() -> None:
    op.execute("DROP TABLE provision_search")
