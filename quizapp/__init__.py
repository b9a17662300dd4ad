"""条例学考: read the regulation, practise daily, sit the annual exam, see who is done."""

from pathlib import Path
from typing import Any

from flask import Flask

from quizapp import (
    asked,
    clock,
    config,
    db,
    durable,
    errors,
    forms,
    grouping,
    headers,
    jobs,
    logs,
    proxy,
    short_way,
)
from quizapp.routing import Application


def _folder(name: str) -> Path:
    """templates/ and question_banks/ stand beside the package in a checkout, inside it in a wheel."""
    beside = Path(__file__).parent.parent / name
    return beside if beside.is_dir() else Path(__file__).parent / "_bundled" / name


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """The application. overrides: setting names of `config` (and Flask's own) with their values."""
    app = Application(__name__, template_folder=str(_folder("templates")))
    app.config["QUESTION_BANKS"] = _folder("question_banks")
    config.init_app(app, overrides or {})
    logs.init_app(app)
    short_way.init_app(app)
    grouping.init_app(app)
    proxy.init_app(app)
    asked.init_app(app)
    db.init_app(app)
    clock.init_app(app)
    forms.csrf.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    durable.init_app(app)
    jobs.init_app(app)

    from quizapp import areas

    areas.init_app(app)
    return app
