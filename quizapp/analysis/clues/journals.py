"""What the journals of an exam tell, some hundred attempts in memory at a time."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from quizapp.analysis.clues.pace import Pace, paces
from quizapp.attempts import layout, marks
from quizapp.attempts.models import Attempt, MarkingRun, SheetEvent
from quizapp.db import db

CHUNK = 500  # attempts whose journals are in memory


@dataclass(frozen=True)
class Told:
    """Of one attempt: when another page or device took over, and the pace of its sections (see `pace`)."""

    attempt_id: int
    takeovers: tuple[datetime, ...]
    paces: dict[str, Pace]


def read(exam_id: int, told: Callable[[int, int], None] = lambda done, of: None) -> Iterator[Told]:
    """Every attempt of an exam that was opened, trials left out; two statements for every CHUNK attempts."""
    kinds = _kinds(exam_id)
    ids = list(
        db.session.scalars(
            select(Attempt.id)
            .where(Attempt.exam_id == exam_id, Attempt.trial.is_(False), Attempt.started_at.is_not(None))
            .order_by(Attempt.id)
        )
    )
    for start in range(0, len(ids), CHUNK):
        told(start, len(ids))
        yield from _some(ids[start : start + CHUNK], kinds)


def _kinds(exam_id: int) -> dict[int, str]:
    stored = db.session.scalar(
        select(MarkingRun.keys).where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
    )
    return {revision: key.kind for revision, key in marks.keys_from_json(stored or {}).items()}


def _some(ids: list[int], kinds: dict[int, str]) -> Iterator[Told]:
    layouts = dict(db.session.execute(select(Attempt.id, Attempt.layout).where(Attempt.id.in_(ids))).all())
    events = db.session.execute(
        select(SheetEvent.attempt_id, SheetEvent.kind, SheetEvent.at, SheetEvent.sheet, SheetEvent.extra)
        .where(SheetEvent.attempt_id.in_(ids))
        .order_by(SheetEvent.attempt_id, SheetEvent.id)
    )
    for attempt_id, rows in groupby(events, key=lambda row: row.attempt_id):
        lines = list(rows)
        opened = [row for row in lines if row.kind == "open"]
        sections = [kinds.get(place.revision_id, "") for place in layout.from_text(layouts[attempt_id])]
        yield Told(
            attempt_id,
            tuple(row.at for row in opened if json.loads(row.extra or "{}").get("takeover")),
            paces([(row.at, row.sheet) for row in lines], sections) if lines[0].kind == "open" else {},
        )
