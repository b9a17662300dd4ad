"""questions are lent, discussed and reported

Why: one office keeps a bank and lends it to others at three levels; writers and reviewers talk about a revision where
it stands; whoever meets a wrong question says so from inside it, and the keeper of the bank answers.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_loan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("lent_by_id", sa.Integer(), nullable=True),
        sa.Column("lent_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('practise', 'compose', 'maintain')", name=op.f("ck_bank_loan_level")),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_bank_loan_bank_id")),
        sa.ForeignKeyConstraint(["lent_by_id"], ["person.id"], name=op.f("fk_bank_loan_lent_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_loan_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_loan")),
        sa.UniqueConstraint("bank_id", "unit_id", name=op.f("uq_bank_loan_bank_id_unit_id")),
    )
    with op.batch_alter_table("bank_loan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_loan_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "error_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('received', 'upheld', 'rejected')", name=op.f("ck_error_report_state")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["person.id"], name=op.f("fk_error_report_answered_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_error_report_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_error_report_question_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_error_report_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_error_report")),
    )
    with op.batch_alter_table("error_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_error_report_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_error_report_question_id"), ["question_id"], unique=False)

    op.create_table(
        "revision_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_revision_comment_person_id")),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_revision_comment_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision_comment")),
    )
    with op.batch_alter_table("revision_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_comment_revision_id"), ["revision_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("revision_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_comment_revision_id"))

    op.drop_table("revision_comment")
    with op.batch_alter_table("error_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_error_report_question_id"))
        batch_op.drop_index(batch_op.f("ix_error_report_person_id"))

    op.drop_table("error_report")
    with op.batch_alter_table("bank_loan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_loan_unit_id"))

    op.drop_table("bank_loan")
