"""Sheets that came too late or from an overtaken page: they count nothing and are kept for people to decide."""

import hashlib
from datetime import datetime

from sqlalchemy import exists, select

from quizapp.attempts.dialects import insert_once
from quizapp.attempts.models import HeldSheet, SheetEvent
from quizapp.attempts.protocol import SheetBody
from quizapp.db import db


def hold(attempt_id: int, body: SheetBody, reason: str, now: datetime) -> bool:
    """Keep a refused sheet, once; a sheet that the journal has anyway need not be kept. reason: closed, superseded."""
    if is_known(attempt_id, body.epoch, body.revision, body.sheet):
        return False
    db.session.execute(
        insert_once(HeldSheet).values(
            attempt_id=attempt_id,
            epoch=body.epoch,
            revision=body.revision,
            sheet=body.sheet,
            sheet_hash=hashlib.sha256(body.sheet.encode()).hexdigest(),
            reason=reason,
            at=now,
        )
    )
    return True


def is_known(attempt_id: int, epoch: int, revision: int, sheet: str) -> bool:
    """Whether this very sheet was once saved under this (epoch, revision)."""
    saved = exists().where(
        SheetEvent.attempt_id == attempt_id,
        SheetEvent.kind.in_(("save", "hand_in")),
        SheetEvent.epoch == epoch,
        SheetEvent.revision == revision,
        SheetEvent.sheet == sheet,
    )
    return bool(db.session.scalar(select(saved)))
