"""notes and bookmarks of one's own, and finding words by the first letters of their pinyin

Why: people keep words of their own at a provision, on whatever device they read. Typing xfr finds 信访人: the letters of
an article's text are kept beside it, a letter for each character. Articles already there get theirs.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("regulation_id", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=24), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("bookmarked", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("bookmarked OR text <> ''", name=op.f("ck_own_note_says_something")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_own_note_person_id")),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulation.id"], name=op.f("fk_own_note_regulation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_note")),
        sa.UniqueConstraint(
            "person_id", "regulation_id", "anchor", name=op.f("uq_own_note_person_id_regulation_id_anchor")
        ),
    )
    op.create_index(op.f("ix_own_note_regulation_id"), "own_note", ["regulation_id"])
    with op.batch_alter_table("provision") as batch:
        batch.add_column(sa.Column("initials", sa.String(), nullable=False, server_default=""))
    _fill(op.get_bind())
    with op.batch_alter_table("provision") as batch:
        batch.alter_column("initials", server_default=None)


def _fill(bind: sa.Connection) -> None:
    """As `regulations.initials` writes it; kept here so that this step stays what it was."""
    articles = bind.execute(sa.text("SELECT id, text FROM provision WHERE kind = 'article'")).all()
    if not articles:
        return
    from pypinyin import Style, lazy_pinyin

    rows = []
    for identity, text in articles:
        letters = lazy_pinyin(text, style=Style.FIRST_LETTER, errors=list)
        kept = "".join(letter.lower()[:1] or own for letter, own in zip(letters, text, strict=True))
        rows.append({"id": identity, "letters": kept})
    bind.execute(sa.text("UPDATE provision SET initials = :letters WHERE id = :id"), rows)


def downgrade() -> None:
    with op.batch_alter_table("provision") as batch:
        batch.drop_column("initials")
    op.drop_table("own_note")
