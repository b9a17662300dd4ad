"""Reading from a replica: for pages of figures that nobody's answers depend on. A view says so; it is never guessed.

Saves, openings and everything else use the primary, also where a replica is set up.
"""

import functools
from collections.abc import Callable
from typing import Any

from flask import current_app, g, has_app_context
from flask_sqlalchemy.session import Session

BIND = "replica"  # under this name the engine stands beside the primary's


class PrimaryOrReplica(Session):
    """The session of a request: on the primary, but for the stretch of a view that reads a replica."""

    def get_bind(self, *arguments: Any, **options: Any) -> Any:
        if has_app_context() and g.get("on_replica"):
            return self._db.engines[BIND]
        return super().get_bind(*arguments, **options)


def from_replica(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that reads figures from the replica, where QUIZAPP_REPORTS_URL names one. Who asks, and whether they may,
    was read from the primary before: write it below the decorator that asks this. Only for requests that read."""

    @functools.wraps(view)
    def reading(*arguments: Any, **options: Any) -> Any:
        g.on_replica = bool(current_app.config["REPORTS_URL"]) and g.read_only
        try:
            return view(*arguments, **options)
        finally:
            g.on_replica = False

    return reading
