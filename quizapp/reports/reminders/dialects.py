"""Where the two databases differ for this room."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from quizapp.db import db
from quizapp.reports.reminders.models import Reminded


def claim_people(people: Any, *, before: datetime) -> Any:
    """An INSERT that marks people as reminded, but none who was reminded after `before`: each by one reminder only.

    people: a SELECT of person_id, reminder_id, at.
    """
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    wanted = dialect.insert(Reminded).from_select(["person_id", "reminder_id", "at"], people)
    return wanted.on_conflict_do_update(
        index_elements=["person_id"],
        set_={"reminder_id": wanted.excluded.reminder_id, "at": wanted.excluded.at},
        where=Reminded.at <= before,
    )
