"""An app is kept from test to test: making one takes longer than most tests, and it holds no state of its own.

What a test may change about it is put back afterwards; an app whose shape was changed (a further view, another hook, a
listener on its engine) is thrown away.
"""

import shutil
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine

from quizapp.db import db


class Kept:
    """One app, and what it looked like when it was new."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._config, self._extensions = dict(app.config), dict(app.extensions)
        self._shape = shape(app)

    def put_back(self) -> bool:
        """Make the app as good as new; False where that cannot be done."""
        for now, before in ((self.app.config, self._config), (self.app.extensions, self._extensions)):
            now.clear()
            now.update(before)
        if shape(self.app) != self._shape:
            return False
        self.app._got_first_request = False  # a test may still add views
        self._empty_instance()
        return True

    def _empty_instance(self) -> None:
        """Uploads, progress and notes go; the file of the job queue stays open, its queue is emptied."""
        huey = self.app.extensions["huey"]
        huey.flush()
        huey.flush_locks()
        for path in Path(self.app.config["INSTANCE_DIR"]).iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif not path.name.startswith("jobs.db"):
                path.unlink()


def shape(app: Flask) -> list[Any]:
    """Views, hooks, filters and listeners: what `create_app` made, and a test can only add to."""
    with app.app_context():
        engines = list(db.engines.values())
    hooks = (
        *(app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs),
        *(app.template_context_processors, app.url_value_preprocessors, app.url_default_functions),
    )
    jinja = app.jinja_env
    return [
        dict(app.view_functions),
        sorted(str(rule) for rule in app.url_map.iter_rules()),
        [{name: list(functions) for name, functions in each.items() if functions} for each in hooks],
        [list(app.teardown_appcontext_funcs), list(app.shell_context_processors)],
        {
            (key, code): dict(found)
            for key, codes in app.error_handler_spec.items()
            for code, found in codes.items()
            if found  # asking for a handler leaves an empty entry
        },
        [dict(jinja.filters), dict(jinja.tests), set(jinja.globals), app.wsgi_app, app.session_interface],
        [listeners(engine) for engine in engines],
    ]


def listeners(engine: Engine) -> dict[str, int]:
    """How many listen to each event of an engine and of its pool."""
    return {
        f"{type(target).__name__}.{name}": len(list(getattr(target.dispatch, name)))
        for target in (engine, engine.pool)
        for name in target.dispatch._event_names
    }
