"""the first tables

Why: the whole first house: people, regulations, bank, exams, practice, attempts, audit, jobs, settings.

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_failure")),
    )
    with op.batch_alter_table("login_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_failure_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_failure_login"), ["login"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=200).with_variant(sa.VARCHAR(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "initials",
            sa.String(length=60).with_variant(sa.VARCHAR(length=60, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("staff_number", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("phone_index", sa.String(), nullable=True),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("slip_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notice_version", sa.String(), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("text_size", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("text_size IN ('standard', 'large', 'xlarge')", name=op.f("ck_person_text_size")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("account", name=op.f("uq_person_account")),
        sa.UniqueConstraint("phone", name=op.f("uq_person_phone")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_person_staff_number")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index("ix_person_initials", ["initials"], unique=False)
        batch_op.create_index("ix_person_name_key", ["name_key"], unique=False)

    op.create_table(
        "regulation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regulation")),
        sa.UniqueConstraint("slug", name=op.f("uq_regulation_slug")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("lft", sa.Integer(), nullable=False),
        sa.Column("rgt", sa.Integer(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("lft < rgt", name=op.f("ck_unit_interval")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_lft"), ["lft"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object_kind", sa.String(), nullable=False),
        sa.Column("object_id", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_audit_event_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index("ix_audit_event_at", ["at"], unique=False)
        batch_op.create_index("ix_audit_event_object", ["object_kind", "object_id"], unique=False)

    op.create_table(
        "backup_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_backup_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_code")),
    )
    with op.batch_alter_table("backup_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_backup_code_person_id"), ["person_id"], unique=False)

    op.create_table(
        "bank",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("regulation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulation.id"], name=op.f("fk_bank_regulation_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_bank_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank")),
        sa.UniqueConstraint("slug", name=op.f("uq_bank_slug")),
    )
    op.create_table(
        "daily_quiz",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_daily_quiz_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_daily_quiz")),
        sa.UniqueConstraint("person_id", "day", name=op.f("uq_daily_quiz_person_id_day")),
    )
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("regulation_id", sa.Integer(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("approved", sa.String(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("in_force", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulation.id"], name=op.f("fk_edition_regulation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint(
            "regulation_id", "effective_on", name=op.f("uq_edition_regulation_id_effective_on")
        ),
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_regulation_id"), ["regulation_id"], unique=False)
        batch_op.create_index(
            "uq_edition_in_force",
            ["regulation_id"],
            unique=True,
            sqlite_where=sa.text("in_force"),
            postgresql_where=sa.text("in_force"),
        )

    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(length=8), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("makeup_of_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("bank_ids", sa.JSON(), nullable=False),
        sa.Column("blueprint", sa.JSON(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("multiple_rule", sa.String(length=16), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts_allowed", sa.Integer(), nullable=False),
        sa.Column("counts", sa.String(length=4), nullable=False),
        sa.Column("pass_mark", sa.Integer(), nullable=False),
        sa.Column("bands", sa.JSON(), nullable=False),
        sa.Column("excellent_mark", sa.Integer(), nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_options", sa.Boolean(), nullable=False),
        sa.Column("open_book", sa.Boolean(), nullable=False),
        sa.Column("show_score", sa.String(length=8), nullable=False),
        sa.Column("show_answers", sa.String(length=8), nullable=False),
        sa.Column("notice", sa.String(), nullable=False),
        sa.Column("pledge", sa.String(), nullable=False),
        sa.Column("grace_s", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("categories", sa.JSON(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=True),
        sa.Column("figures_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("counts IN ('best', 'last')", name=op.f("ck_exam_counts")),
        sa.CheckConstraint("purpose IN ('annual', 'unit', 'mock')", name=op.f("ck_exam_purpose")),
        sa.CheckConstraint(
            "show_answers IN ('at_once', 'closed', 'released', 'never')", name=op.f("ck_exam_show_answers")
        ),
        sa.CheckConstraint(
            "show_score IN ('at_once', 'closed', 'released', 'never')", name=op.f("ck_exam_show_score")
        ),
        sa.CheckConstraint("state IN ('draft', 'published', 'cancelled')", name=op.f("ck_exam_state")),
        sa.CheckConstraint("attempts_allowed BETWEEN 1 AND 5", name=op.f("ck_exam_attempts")),
        sa.CheckConstraint("grace_s BETWEEN 0 AND 300", name=op.f("ck_exam_grace")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 240", name=op.f("ck_exam_minutes")),
        sa.CheckConstraint("opens_at IS NULL OR opens_at < closes_at", name=op.f("ck_exam_window")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_exam_created_by_id")),
        sa.ForeignKeyConstraint(["makeup_of_id"], ["exam.id"], name=op.f("fk_exam_makeup_of_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exam_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('received', 'working', 'answered')", name=op.f("ck_feedback_state")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_feedback_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feedback_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("code", name=op.f("uq_feedback_code")),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feedback_person_id"), ["person_id"], unique=False)

    op.create_table(
        "grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'unit_administrator', 'leader', 'writer', 'reviewer', 'exam_administrator', 'invigilator')",
            name=op.f("ck_grant_role"),
        ),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_grant_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_grant_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_grant_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant")),
        sa.UniqueConstraint("person_id", "role", "unit_id", name=op.f("uq_grant_person_id_role_unit_id")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_grant_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_grant_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("sentence", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_job_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_job_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("token", name=op.f("uq_job_token")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_person_id"), ["person_id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.String(length=43), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('short', 'study')", name=op.f("ck_login_session_kind")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_login_session_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_person_id"), ["person_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("main", sa.Boolean(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('staff', 'attached', 'seconded', 'village', 'taskforce')",
            name=op.f("ck_membership_kind"),
        ),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("ck_membership_days")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_membership_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "uq_membership_one_main",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("main AND until IS NULL"),
            postgresql_where=sa.text("main AND until IS NULL"),
        )

    op.create_table(
        "roster_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('units', 'people')", name=op.f("ck_roster_import_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_import_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
    )
    op.create_table(
        "self_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source IN ('self', 'article')", name=op.f("ck_self_test_source")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_self_test_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_test")),
        sa.UniqueConstraint("token", name=op.f("uq_self_test_token")),
    )
    with op.batch_alter_table("self_test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_self_test_person_id"), ["person_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("lft", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=200).with_variant(sa.VARCHAR(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("post_sort", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("basis", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_percent", sa.Integer(), nullable=False),
        sa.Column("personal_closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started", sa.Boolean(), nullable=False),
        sa.Column("sat", sa.Boolean(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("excellent", sa.Boolean(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('expected', 'exempt', 'deferred')", name=op.f("ck_candidate_status")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_candidate_exam_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_candidate_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_candidate_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("exam_id", "person_id", name=op.f("uq_candidate_exam_id_person_id")),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_candidate_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_candidate_tree", ["exam_id", "lft"], unique=False)

    op.create_table(
        "exam_audience",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("with_below", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_audience_exam_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exam_audience_unit_id")),
        sa.PrimaryKeyConstraint("exam_id", "unit_id", name=op.f("pk_exam_audience")),
    )
    op.create_table(
        "exam_unit",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("lft", sa.Integer(), nullable=False),
        sa.Column("rgt", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_unit_exam_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_exam_unit_parent_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exam_unit_unit_id")),
        sa.PrimaryKeyConstraint("exam_id", "lft", name=op.f("pk_exam_unit")),
        sa.UniqueConstraint("exam_id", "unit_id", name=op.f("uq_exam_unit_exam_id_unit_id")),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_form_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form")),
        sa.UniqueConstraint("exam_id", "number", name=op.f("uq_form_exam_id_number")),
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_import_batch_bank_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_import_batch_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "marking_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("keys", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('prepared', 'current', 'past')", name=op.f("ck_marking_run_state")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_marking_run_created_by_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_marking_run_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_marking_run")),
        sa.UniqueConstraint("exam_id", "number", name=op.f("uq_marking_run_exam_id_number")),
    )
    with op.batch_alter_table("marking_run", schema=None) as batch_op:
        batch_op.create_index(
            "uq_marking_run_current",
            ["exam_id"],
            unique=True,
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        )

    op.create_table(
        "provision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=24), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('part', 'chapter', 'section', 'article', 'paragraph', 'item', 'subitem')",
            name=op.f("ck_provision_kind"),
        ),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_provision_edition_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["provision.id"], name=op.f("fk_provision_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provision")),
        sa.UniqueConstraint("edition_id", "anchor", name=op.f("uq_provision_edition_id_anchor")),
    )
    with op.batch_alter_table("provision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_provision_edition_id"), ["edition_id"], unique=False)
        batch_op.create_index("ix_provision_order", ["edition_id", "position"], unique=False)

    op.create_table(
        "tally",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("lft", sa.Integer(), nullable=False),
        sa.Column("listed", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("deferred", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("submitted", sa.Integer(), nullable=False),
        sa.Column("passed", sa.Integer(), nullable=False),
        sa.Column("excellent", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_tally_exam_id")),
        sa.PrimaryKeyConstraint("exam_id", "lft", name=op.f("pk_tally")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_before", sa.String(length=12), nullable=True),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("layout_hash", sa.String(length=64), nullable=False),
        sa.Column("slots", sa.Integer(), nullable=False),
        sa.Column("pledge", sa.Text(), nullable=False),
        sa.Column("pledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("page_key", sa.String(length=22), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("saved_epoch", sa.Integer(), nullable=False),
        sa.Column("saved_revision", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "closed_at IS NULL OR state <> 'in_progress'", name=op.f("ck_attempt_closed_is_not_in_progress")
        ),
        sa.CheckConstraint(
            "state <> 'in_progress' OR closes_at IS NOT NULL", name=op.f("ck_attempt_in_progress_has_end")
        ),
        sa.CheckConstraint(
            "state IN ('created', 'in_progress', 'submitted', 'expired', 'voided')",
            name=op.f("ck_attempt_state"),
        ),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_attempt_candidate_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_attempt_exam_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "exam_id", "person_id", "trial", "number", name=op.f("uq_attempt_exam_id_person_id_trial_number")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_attempt_token")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_candidate_id"), ["candidate_id"], unique=False)
        batch_op.create_index(
            "ix_attempt_open",
            ["refused_after"],
            unique=False,
            sqlite_where=sa.text("state = 'in_progress'"),
            postgresql_where=sa.text("state = 'in_progress'"),
        )
        batch_op.create_index(batch_op.f("ix_attempt_person_id"), ["person_id"], unique=False)

    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bank_id"], ["bank.id"], name=op.f("fk_question_bank_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_question_batch_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_question_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("bank_id", "code", name=op.f("uq_question_bank_id_code")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_bank_id"), ["bank_id"], unique=False)

    op.create_table(
        "card",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("stability", sa.Double(), nullable=False),
        sa.Column("difficulty", sa.Double(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("right", sa.Integer(), nullable=False),
        sa.Column("wrong_open", sa.Boolean(), nullable=False),
        sa.Column("right_days", sa.Integer(), nullable=False),
        sa.Column("last_right_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_card_person_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_card_question_id")),
        sa.PrimaryKeyConstraint("person_id", "question_id", name=op.f("pk_card")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("ix_card_due", ["person_id", "due_at"], unique=False)

    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=8), nullable=False),
        sa.Column("receipt", sa.String(length=11), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("\"by\" IN ('person', 'deadline')", name=op.f("ck_closing_by")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_closing_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("attempt_id", "n", name=op.f("uq_closing_attempt_id_n")),
        sa.UniqueConstraint("receipt", name=op.f("uq_closing_receipt")),
    )
    op.create_table(
        "held_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("sheet_hash", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_held_sheet_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_sheet")),
        sa.UniqueConstraint(
            "attempt_id",
            "epoch",
            "revision",
            "sheet_hash",
            name=op.f("uq_held_sheet_attempt_id_epoch_revision_sheet_hash"),
        ),
    )
    op.create_table(
        "question_facts",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("facility", sa.Integer(), nullable=True),
        sa.Column("practice_seen", sa.Integer(), nullable=False),
        sa.Column("exam_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_question_facts_question_id")),
        sa.PrimaryKeyConstraint("question_id", name=op.f("pk_question_facts")),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("any_number", sa.Boolean(), nullable=False),
        sa.Column("stem", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("difficulty", sa.Integer(), nullable=False),
        sa.Column("uses", sa.String(length=24), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("key <> ''", name=op.f("ck_revision_has_key")),
        sa.CheckConstraint("kind IN ('single', 'multiple', 'judge')", name=op.f("ck_revision_kind")),
        sa.CheckConstraint(
            "status IN ('draft', 'in_review', 'published', 'suspended', 'retired')",
            name=op.f("ck_revision_status"),
        ),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 5", name=op.f("ck_revision_difficulty")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_revision_author_id")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_revision_batch_id")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_revision_question_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["person.id"], name=op.f("fk_revision_reviewed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_revision_question_id_number")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_question_id"), ["question_id"], unique=False)
        batch_op.create_index(
            "uq_revision_one_published",
            ["question_id"],
            unique=True,
            sqlite_where=sa.text("status = 'published'"),
            postgresql_where=sa.text("status = 'published'"),
        )

    op.create_table(
        "sheet_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("extra", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_sheet_event_attempt_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_event")),
    )
    with op.batch_alter_table("sheet_event", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_event_attempt", ["attempt_id", "id"], unique=False)

    op.create_table(
        "attempt_mark",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("closing_id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["closing_id"], ["closing.id"], name=op.f("fk_attempt_mark_closing_id")),
        sa.ForeignKeyConstraint(["run_id"], ["marking_run.id"], name=op.f("fk_attempt_mark_run_id")),
        sa.PrimaryKeyConstraint("run_id", "closing_id", name=op.f("pk_attempt_mark")),
    )
    op.create_table(
        "citation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("regulation_id", sa.Integer(), nullable=True),
        sa.Column("edition_id", sa.Integer(), nullable=True),
        sa.Column("article", sa.String(length=12), nullable=False),
        sa.Column("anchor", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('law', 'document', 'none')", name=op.f("ck_citation_kind")),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_citation_edition_id")),
        sa.ForeignKeyConstraint(["regulation_id"], ["regulation.id"], name=op.f("fk_citation_regulation_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_citation_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint("revision_id", "position", name=op.f("uq_citation_revision_id_position")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index("ix_citation_article", ["regulation_id", "article"], unique=False)
        batch_op.create_index(batch_op.f("ix_citation_revision_id"), ["revision_id"], unique=False)

    op.create_table(
        "practice_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("chosen", sa.String(length=8), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=8), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("source IN ('daily', 'self', 'article')", name=op.f("ck_practice_answer_source")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_practice_answer_person_id")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_practice_answer_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"], ["revision.id"], name=op.f("fk_practice_answer_revision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_answer")),
        sa.UniqueConstraint("client_id", name=op.f("uq_practice_answer_client_id")),
    )
    with op.batch_alter_table("practice_answer", schema=None) as batch_op:
        batch_op.create_index("ix_practice_answer_day", ["day", "person_id"], unique=False)
        batch_op.create_index(
            "ix_practice_answer_log", ["person_id", "question_id", "answered_at", "client_id"], unique=False
        )

    op.create_table(
        "slot",
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("section", sa.String(length=8), nullable=False),
        sa.Column("cell", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name=op.f("fk_slot_form_id")),
        sa.ForeignKeyConstraint(["revision_id"], ["revision.id"], name=op.f("fk_slot_revision_id")),
        sa.PrimaryKeyConstraint("form_id", "position", name=op.f("pk_slot")),
    )


def downgrade() -> None:
    op.drop_table("slot")
    with op.batch_alter_table("practice_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_practice_answer_log")
        batch_op.drop_index("ix_practice_answer_day")

    op.drop_table("practice_answer")
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_citation_revision_id"))
        batch_op.drop_index("ix_citation_article")

    op.drop_table("citation")
    op.drop_table("attempt_mark")
    with op.batch_alter_table("sheet_event", schema=None) as batch_op:
        batch_op.drop_index("ix_sheet_event_attempt")

    op.drop_table("sheet_event")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_revision_one_published",
            sqlite_where=sa.text("status = 'published'"),
            postgresql_where=sa.text("status = 'published'"),
        )
        batch_op.drop_index(batch_op.f("ix_revision_question_id"))
        batch_op.drop_index(batch_op.f("ix_revision_batch_id"))

    op.drop_table("revision")
    op.drop_table("question_facts")
    op.drop_table("held_sheet")
    op.drop_table("closing")
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.drop_index("ix_card_due")

    op.drop_table("card")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_bank_id"))

    op.drop_table("question")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_person_id"))
        batch_op.drop_index(
            "ix_attempt_open",
            sqlite_where=sa.text("state = 'in_progress'"),
            postgresql_where=sa.text("state = 'in_progress'"),
        )
        batch_op.drop_index(batch_op.f("ix_attempt_candidate_id"))

    op.drop_table("attempt")
    op.drop_table("tally")
    with op.batch_alter_table("provision", schema=None) as batch_op:
        batch_op.drop_index("ix_provision_order")
        batch_op.drop_index(batch_op.f("ix_provision_edition_id"))

    op.drop_table("provision")
    with op.batch_alter_table("marking_run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_marking_run_current",
            sqlite_where=sa.text("state = 'current'"),
            postgresql_where=sa.text("state = 'current'"),
        )

    op.drop_table("marking_run")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_bank_id"))

    op.drop_table("import_batch")
    op.drop_table("form")
    op.drop_table("exam_unit")
    op.drop_table("exam_audience")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index("ix_candidate_tree")
        batch_op.drop_index(batch_op.f("ix_candidate_person_id"))

    op.drop_table("candidate")
    with op.batch_alter_table("self_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_self_test_person_id"))

    op.drop_table("self_test")
    op.drop_table("roster_import")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_one_main",
            sqlite_where=sa.text("main AND until IS NULL"),
            postgresql_where=sa.text("main AND until IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_unit_id"))
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))

    op.drop_table("membership")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_person_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_person_id"))

    op.drop_table("job")
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_grant_unit_id"))
        batch_op.drop_index(batch_op.f("ix_grant_person_id"))

    op.drop_table("grant")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_person_id"))

    op.drop_table("feedback")
    op.drop_table("exam")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_edition_in_force", sqlite_where=sa.text("in_force"), postgresql_where=sa.text("in_force")
        )
        batch_op.drop_index(batch_op.f("ix_edition_regulation_id"))

    op.drop_table("edition")
    op.drop_table("daily_quiz")
    op.drop_table("bank")
    with op.batch_alter_table("backup_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_backup_code_person_id"))

    op.drop_table("backup_code")
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_event_object")
        batch_op.drop_index("ix_audit_event_at")

    op.drop_table("audit_event")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))
        batch_op.drop_index(batch_op.f("ix_unit_lft"))

    op.drop_table("unit")
    op.drop_table("setting")
    op.drop_table("regulation")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("ix_person_name_key")
        batch_op.drop_index("ix_person_initials")

    op.drop_table("person")
    with op.batch_alter_table("login_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_failure_login"))
        batch_op.drop_index(batch_op.f("ix_login_failure_address"))

    op.drop_table("login_failure")
