"""The calibration of an installation: read from a sample of the log, kept, and read again by pages.

Statements do not depend on the number of answers: one finds the sample, one reads its log.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import delete, func, select

from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.practice import calibration
from quizapp.practice.calibration import Asked, Fitted, Report
from quizapp.practice.memory import Logged, before_each
from quizapp.practice.models import PracticeAnswer
from quizapp.practice.plan_models import Calibration

PEOPLE = 2000  # of the sample: enough for any curve, and the same work in a county and in a province
RECENT = timedelta(days=180)  # who answered nothing since is not in the sample
EVERY = timedelta(days=1)
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Judged:
    """The newest calibration."""

    made_at: datetime
    fitted: Fitted
    report: Report


def latest() -> Judged | None:
    """The newest that was kept. One statement."""
    row = db.session.execute(
        select(Calibration.made_at, Calibration.report).order_by(Calibration.made_at.desc()).limit(1)
    ).one_or_none()
    if row is None:
        return None
    cells = {name: (right, answers) for name, (right, answers) in row.report["cells"].items()}
    return Judged(row.made_at, Fitted(cells), Report.from_json(row.report["report"]))


def is_due(now: datetime) -> bool:
    """Whether the newest is older than a day, or there is none."""
    newest = db.session.scalar(select(func.max(Calibration.made_at)))
    return newest is None or newest <= now - EVERY


def refresh(now: datetime) -> Judged:
    """Examine a sample of the log and keep what came out; what is older than KEPT goes. Four statements."""
    fitted, report = calibration.examine(_sample(now))
    db.session.execute(delete(Calibration).where(Calibration.made_at < now - KEPT))
    kept = {"cells": dict(fitted.cells), "report": report.to_json()}
    db.session.add(Calibration(made_at=now, report=kept))
    db.session.flush()
    return Judged(now, fitted, report)


def _sample(now: datetime) -> Iterator[Asked]:
    """The whole logs of a sample of people, each answer with what was known before it."""
    people = sorted(
        db.session.scalars(
            select(PracticeAnswer.person_id).where(PracticeAnswer.received_at > now - RECENT).distinct()
        )
    )
    chosen = people if len(people) <= PEOPLE else Random(now.date().isoformat()).sample(people, PEOPLE)
    rows = db.session.execute(
        select(
            PracticeAnswer.person_id,
            PracticeAnswer.question_id,
            Revision.kind,
            PracticeAnswer.client_id,
            PracticeAnswer.correct,
            PracticeAnswer.day,
            PracticeAnswer.answered_at,
            PracticeAnswer.received_at,
        )
        .join(Revision, Revision.id == PracticeAnswer.revision_id)
        .where(PracticeAnswer.person_id.in_(chosen))
    )
    logs: dict[tuple[int, int], list[Logged]] = defaultdict(list)
    kinds: dict[tuple[int, int], str] = {}
    for row in rows:
        pair = row.person_id, row.question_id
        logs[pair].append(Logged(row.client_id, row.correct, row.day, row.answered_at, row.received_at))
        kinds[pair] = row.kind
    for (person, question), log in logs.items():
        for recall, last_right, correct in before_each(log):
            yield Asked(person, kinds[person, question], recall, last_right, correct)
