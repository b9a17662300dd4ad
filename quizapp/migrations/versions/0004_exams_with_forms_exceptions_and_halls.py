"""exams with forms, exceptions and halls

Why: papers are assembled as comparable forms or drawn by a frozen plan; what a candidate sees is set piece by piece;
units have times of their own, people are invited or excused by name, and an exam can be sat in a hall.

A blueprint was a grid of (kind, chapter) cells; it is a list of rows now, each with bounds, and one row for the total
of every kind. What a published exam draws stays exactly what it was: its grid becomes the plan of its form.

Revision ID: 0004
Revises: 0003
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from quizapp.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KINDS = ("single", "multiple", "judge")
WHENS = "('at_once', 'closed', 'released', 'never')"
CHECKS = {
    "mode": "mode IN ('draw', 'forms', 'fixed')",
    "state": "state IN ('draft', 'published', 'cancelled', 'voided')",
    "forms_wanted": "forms_wanted BETWEEN 1 AND 20",
    "daily_slot_is_whole": "(daily_from IS NULL) = (daily_until IS NULL)",
    "daily_slot": "daily_from IS NULL OR 0 <= daily_from AND daily_from < daily_until",
    "daily_until": "daily_until IS NULL OR daily_until <= 1440",
    "show_right": f"show_right IN {WHENS}",
    "show_key": f"show_key IN {WHENS}",
    "show_explanation": f"show_explanation IN {WHENS}",
}
GRID = sa.table(
    "exam",
    sa.column("id", sa.Integer),
    sa.column("state", sa.String),
    sa.column("blueprint", sa.JSON),
    sa.column("show_answers", sa.String),
    *(sa.column(name, sa.String) for name in ("show_right", "show_key", "show_explanation")),
)
FORM = sa.table(
    "form", sa.column("id", sa.Integer), sa.column("exam_id", sa.Integer), sa.column("plan", sa.JSON)
)


def rows_of(grid: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The grid as rows: a total for each kind; a chapter exactly, or at least where the kind draws from all chapters."""
    found = []
    for kind in KINDS:
        cells = [cell for cell in grid if cell["kind"] == kind]
        if not cells:
            continue
        free = any(not cell["chapter"] for cell in cells)
        count = sum(cell["count"] for cell in cells)
        found.append(_row(kind, "", count, count))
        found += [
            _row(kind, cell["chapter"], cell["count"], None if free else cell["count"])
            for cell in cells
            if cell["chapter"]
        ]
    return found


def _row(kind: str, chapter: str, least: int, most: int | None) -> dict[str, Any]:
    facets = {"kind": kind, "regulation": "", "chapter": chapter, "article": "", "tag": ""}
    return {**facets, "difficulty": [], "least": least, "most": most}


def plan_of(grid: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the draw did: the cells of chapters one by one, then from whatever their kind has left."""
    order = sorted(range(len(grid)), key=lambda i: (not grid[i]["chapter"], i))
    return [
        {
            "cells": [i]
            if grid[i]["chapter"]
            else [j for j, cell in enumerate(grid) if cell["kind"] == grid[i]["kind"]],
            "count": grid[i]["count"],
        }
        for i in order
    ]


def upgrade() -> None:
    _new_tables()
    _hall_tables()
    op.add_column("candidate", sa.Column("slot_opens_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("candidate", sa.Column("slot_closes_at", UtcDateTime(timezone=True), nullable=True))
    op.add_column("candidate", sa.Column("extra_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("candidate", sa.Column("excused_until", UtcDateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_candidate_excused_until",
        "candidate",
        ["excused_until"],
        sqlite_where=sa.text("excused_until IS NOT NULL"),
        postgresql_where=sa.text("excused_until IS NOT NULL"),
    )
    op.add_column(
        "exam_audience", sa.Column("excluded", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    with op.batch_alter_table(
        "exam_audience"
    ) as batch_op:  # a unit may be invited with all below and left out itself
        batch_op.drop_constraint(op.f("pk_exam_audience"), type_="primary")
        batch_op.create_primary_key(op.f("pk_exam_audience"), ["exam_id", "unit_id", "excluded"])
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.add_column(sa.Column("rehearsal", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(op.f("ck_attempt_rehearsal_is_trial"), "trial OR NOT rehearsal")
    op.add_column("form", sa.Column("plan", sa.JSON(), nullable=True))
    with op.batch_alter_table("self_test") as batch_op:
        batch_op.add_column(sa.Column("exam_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_self_test_exam_id"), "exam", ["exam_id"], ["id"])
        batch_op.create_index(op.f("ix_self_test_exam_id"), ["exam_id"])
    with op.batch_alter_table("login_session") as batch_op:
        batch_op.drop_constraint(op.f("ck_login_session_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_login_session_kind"), "kind IN ('short', 'study', 'hall')")
    with op.batch_alter_table("exam") as batch_op:
        for column in (
            sa.Column("mode", sa.String(length=8), nullable=False, server_default="draw"),
            sa.Column("forms_wanted", sa.Integer(), nullable=False, server_default="1"),
            sa.Column("overlap", sa.Integer(), nullable=False, server_default="0"),
            sa.Column("avoid_days", sa.Integer(), nullable=False, server_default="365"),
            sa.Column("picked", sa.JSON(), nullable=False, server_default="[]"),
            sa.Column("assembled", sa.JSON(), nullable=True),
            sa.Column("daily_from", sa.Integer(), nullable=True),
            sa.Column("daily_until", sa.Integer(), nullable=True),
            sa.Column("gate", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("show_right", sa.String(length=8), nullable=False, server_default="released"),
            sa.Column("show_key", sa.String(length=8), nullable=False, server_default="released"),
            sa.Column("show_explanation", sa.String(length=8), nullable=False, server_default="released"),
        ):
            batch_op.add_column(column)
        batch_op.drop_constraint(op.f("ck_exam_state"), type_="check")
        for name, text in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_exam_{name}"), text)
    _convert()
    with op.batch_alter_table("exam") as batch_op:
        batch_op.drop_constraint(op.f("ck_exam_show_answers"), type_="check")
        batch_op.drop_column("show_answers")


def _convert() -> None:
    bind = op.get_bind()
    for exam in bind.execute(sa.select(GRID)).all():
        grid = exam.blueprint or []
        shown = dict.fromkeys(("show_right", "show_key", "show_explanation"), exam.show_answers)
        bind.execute(sa.update(GRID).where(GRID.c.id == exam.id).values(blueprint=rows_of(grid), **shown))
        bind.execute(sa.update(FORM).where(FORM.c.exam_id == exam.id).values(plan=plan_of(grid)))


def _new_tables() -> None:
    op.create_table(
        "exam_preset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_preset")),
        sa.UniqueConstraint("code", name=op.f("uq_exam_preset_code")),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "exam_duty",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_duty_exam_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exam_duty_person_id")),
        sa.PrimaryKeyConstraint("exam_id", "person_id", name=op.f("pk_exam_duty")),
    )
    op.create_table(
        "exam_person",
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_exam_person_exam_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_exam_person_person_id")),
        sa.PrimaryKeyConstraint("exam_id", "person_id", name=op.f("pk_exam_person")),
    )
    op.create_table(
        "unit_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("opens_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('slot', 'extension')", name=op.f("ck_unit_window_kind")),
        sa.CheckConstraint("opens_at IS NULL OR opens_at < closes_at", name=op.f("ck_unit_window_window")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_unit_window_by_id")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_unit_window_exam_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_unit_window_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_window")),
    )
    op.create_index(op.f("ix_unit_window_exam_id"), "unit_window", ["exam_id"])
    op.create_table(
        "excuse_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('exempt', 'deferred')", name=op.f("ck_excuse_request_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f("ck_excuse_request_state")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_excuse_request_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_excuse_request_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_excuse_request_decided_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_excuse_request")),
    )
    op.create_index(op.f("ix_excuse_request_candidate_id"), "excuse_request", ["candidate_id"])


def _hall_tables() -> None:
    op.create_table(
        "hall_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("hall", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("opens_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("start_code", sa.String(length=12), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_hall_session_window")),
        sa.CheckConstraint("seats BETWEEN 1 AND 2000", name=op.f("ck_hall_session_seats")),
        sa.ForeignKeyConstraint(["exam_id"], ["exam.id"], name=op.f("fk_hall_session_exam_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_session")),
    )
    op.create_index(op.f("ix_hall_session_exam_id"), "hall_session", ["exam_id"])
    op.create_table(
        "hall_invigilator",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_hall_invigilator_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["hall_session.id"], name=op.f("fk_hall_invigilator_session_id")
        ),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_hall_invigilator")),
    )
    op.create_index(op.f("ix_hall_invigilator_person_id"), "hall_invigilator", ["person_id"])
    op.create_table(
        "hall_place",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("arrived_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("admitted_late_by_id", sa.Integer(), nullable=True),
        sa.Column("login_session_id", sa.String(length=43), nullable=True),
        sa.ForeignKeyConstraint(
            ["admitted_late_by_id"], ["person.id"], name=op.f("fk_hall_place_admitted_late_by_id")
        ),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_hall_place_candidate_id")),
        sa.ForeignKeyConstraint(
            ["login_session_id"],
            ["login_session.id"],
            name=op.f("fk_hall_place_login_session_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["session_id"], ["hall_session.id"], name=op.f("fk_hall_place_session_id")),
        sa.PrimaryKeyConstraint("session_id", "candidate_id", name=op.f("pk_hall_place")),
        sa.UniqueConstraint("candidate_id", name=op.f("uq_hall_place_candidate_id")),
        sa.UniqueConstraint("session_id", "seat", name=op.f("uq_hall_place_session_id_seat")),
    )
    op.create_table(
        "hall_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_hall_note_by_id")),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate.id"], name=op.f("fk_hall_note_candidate_id")),
        sa.ForeignKeyConstraint(["session_id"], ["hall_session.id"], name=op.f("fk_hall_note_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_note")),
    )
    op.create_index(op.f("ix_hall_note_session_id"), "hall_note", ["session_id"])


def grid_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As much of the rows as a grid can say: cells of chapters, and what a kind's total leaves."""
    found = []
    for kind in KINDS:
        own = [row for row in rows if row["kind"] == kind and not (row["regulation"] or row["article"])]
        own = [row for row in own if not (row["tag"] or row["difficulty"])]
        cells = {row["chapter"]: row["least"] for row in own if row["chapter"] and row["least"]}
        left = sum(row["least"] for row in own if not row["chapter"]) - sum(cells.values())
        cells |= {"": left} if left > 0 else {}
        found += [{"kind": kind, "chapter": chapter, "count": count} for chapter, count in cells.items()]
    return found


def downgrade() -> None:
    bind = op.get_bind()
    with op.batch_alter_table("exam") as batch_op:
        batch_op.add_column(
            sa.Column("show_answers", sa.String(length=8), nullable=False, server_default="released")
        )
        batch_op.create_check_constraint(op.f("ck_exam_show_answers"), f"show_answers IN {WHENS}")
    for exam in bind.execute(sa.select(GRID)).all():
        bind.execute(
            sa.update(GRID)
            .where(GRID.c.id == exam.id)
            .values(blueprint=grid_of(exam.blueprint), show_answers=exam.show_key)
        )
    with op.batch_alter_table("exam") as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_exam_{name}"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_exam_state"), "state IN ('draft', 'published', 'cancelled')"
        )
        for name in (
            *("mode", "forms_wanted", "overlap", "avoid_days", "picked", "assembled", "daily_from"),
            *("daily_until", "gate", "show_right", "show_key", "show_explanation"),
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("self_test") as batch_op:
        batch_op.drop_index(op.f("ix_self_test_exam_id"))
        batch_op.drop_constraint(op.f("fk_self_test_exam_id"), type_="foreignkey")
        batch_op.drop_column("exam_id")
    with op.batch_alter_table("login_session") as batch_op:
        batch_op.drop_constraint(op.f("ck_login_session_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_login_session_kind"), "kind IN ('short', 'study')")
    op.execute("DELETE FROM exam_audience WHERE excluded")
    with op.batch_alter_table("exam_audience") as batch_op:
        batch_op.drop_constraint(op.f("pk_exam_audience"), type_="primary")
        batch_op.create_primary_key(op.f("pk_exam_audience"), ["exam_id", "unit_id"])
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.drop_constraint(op.f("ck_attempt_rehearsal_is_trial"), type_="check")
        batch_op.drop_column("rehearsal")
    op.drop_index("ix_candidate_excused_until", "candidate")
    for table, names in {
        "form": ("plan",),
        "exam_audience": ("excluded",),
        "candidate": ("slot_opens_at", "slot_closes_at", "extra_attempts", "excused_until"),
    }.items():
        for name in names:
            op.drop_column(table, name)
    for table in (
        *("hall_note", "hall_place", "hall_invigilator", "hall_session"),
        *("excuse_request", "unit_window", "exam_person", "exam_duty", "holiday", "exam_preset"),
    ):
        op.drop_table(table)
