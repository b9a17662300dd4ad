"""Who changed what: one row for every change of a paper, key, role, roster, result or setting, in its transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import has_request_context, request
from sqlalchemy import ForeignKey, Index, insert
from sqlalchemy.orm import Mapped, mapped_column

from quizapp import clock
from quizapp.db import UtcDateTime, db


class AuditEvent(db.Model):
    """One change: who did what to which object, when, from where. Rows are only ever added."""

    __tablename__ = "audit_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id"), index=True
    )  # none: command line, system
    action: Mapped[str]  # "exam.published": area, dot, what happened
    object_kind: Mapped[str]
    object_id: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(db.JSON)  # no password, token, answer or key
    address: Mapped[str]
    __table_args__ = (
        Index("ix_audit_event_object", "object_kind", "object_id"),
        Index("ix_audit_event_at", "at"),
    )


def record(action: str, target: Any, *, actor_id: int | None, **detail: Any) -> None:
    """Leave a row in the running transaction. target: a model row (its table and id), or a (kind, id) pair."""
    kind, identity = target if isinstance(target, tuple) else (target.__tablename__, target.id)
    record_many(action, kind, [(identity, detail)], actor_id=actor_id)


def record_many(
    action: str, kind: str, targets: Iterable[tuple[Any, dict[str, Any]]], *, actor_id: int | None
) -> None:
    """The same action on many objects of a kind, in one statement. targets: (id, detail)."""
    common = {
        "at": clock.now(),
        "actor_id": actor_id,
        "action": action,
        "object_kind": kind,
        "address": (request.remote_addr or "") if has_request_context() else "",
    }
    rows = [common | {"object_id": str(identity), "detail": detail} for identity, detail in targets]
    if rows:
        db.session.execute(insert(AuditEvent), rows)
