"""figures of a province

Why: with a million people the progress by day must come from the refreshed figures too, and a page of names must be
read in its order instead of being sorted; words that are looked for among them are found by an index of their letters.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

FOUND_BY = {  # see people.queries.found_by
    "letters": "USING gin (string_to_array(lower(name), NULL))",
    "number": "(lower(staff_number))",
    "pinyin": "(replace(name_key, ' ', ''))",
}
TREE = ["exam_id", "lft", "post_sort", "name_key", "id"]


def upgrade() -> None:
    op.drop_index("ix_candidate_tree", "candidate")
    op.create_index("ix_candidate_tree", "candidate", TREE)
    given = sa.text("personal_closes_at IS NOT NULL")
    op.create_index(
        "ix_candidate_personal_closes_at",
        "candidate",
        ["exam_id", "personal_closes_at"],
        sqlite_where=given,
        postgresql_where=given,
    )
    op.create_index("ix_exam_unit_parent", "exam_unit", ["exam_id", "parent_id", "lft"])
    op.create_index("ix_exam_unit_unit_id", "exam_unit", ["unit_id"])
    if op.get_bind().dialect.name == "postgresql":
        for name, over in FOUND_BY.items():
            op.execute(f"CREATE INDEX ix_person_found_{name} ON person {over}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in FOUND_BY:
            op.execute(f"DROP INDEX ix_person_found_{name}")
    op.drop_index("ix_exam_unit_unit_id", "exam_unit")
    op.drop_index("ix_exam_unit_parent", "exam_unit")
    op.drop_index("ix_candidate_personal_closes_at", "candidate")
    op.drop_index("ix_candidate_tree", "candidate")
    op.create_index("ix_candidate_tree", "candidate", TREE[:2])
