"""What 合规自查 reads of the running app: its tables, addresses and settings."""

from typing import Any

from flask import current_app
from sqlalchemy import func, select

from quizapp import config
from quizapp.db import Base, db
from quizapp.home.compliance import Installation
from quizapp.home.models import Feedback
from quizapp.reports.reminders.models import Reminder

LEARNING = ("quizapp.practice", "quizapp.reports.study")  # where tables of practice are made
SETTINGS = (
    "SITE_SPONSOR",
    "SITE_RECORD",
    "PRIVACY_NOTICE",
    "SECURE_COOKIES",
    "DAILY_NAMES",
    "SMALLEST_GROUP",
)


def read() -> Installation:
    """This installation as it is now. One statement, and those of the settings."""
    made: dict[Any, str] = {mapper.local_table: mapper.class_.__module__ for mapper in Base.registry.mappers}
    waiting = select(func.count()).select_from(Feedback).where(Feedback.state != "answered")
    offers = [one for one in config.SETTINGS if "INSTALL" in one.name and one.name != "INSTALLATION"]
    return Installation(
        learning=frozenset(
            name for table, module in made.items() if module.startswith(LEARNING) for name in _names(table)
        ),
        tables=frozenset(name for table in made for name in _names(table)),
        addresses=frozenset(rule.rule for rule in current_app.url_map.iter_rules()),
        settings={name: config.value(name) for name in SETTINGS},
        offers=tuple((one.sentence.rstrip("。"), bool(config.value(one.name))) for one in offers),
        open=frozenset(current_app.view_functions) & {"home.feedback"},
        waiting=db.session.scalar(waiting) or 0,
        exam_reminders_only=not Reminder.__table__.c.exam_id.nullable,
    )


def _names(table: Any) -> list[str]:
    return [f"{table.name}.{column.name}" for column in table.columns]
