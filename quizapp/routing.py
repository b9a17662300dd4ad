"""Addresses at the first use: Werkzeug compiles a function for each of them that puts it together.

For some two hundred addresses that took most of the time in which an application is made, in every process that starts;
few processes ever build more than a handful of them.
"""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

Built = tuple[str, str]  # domain, path


class LateRule(Rule):
    """A rule whose builders are compiled when an address is first built."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., Built]:
        compiled: Callable[..., Built] | None = None

        def build(rule: Rule, /, *arguments: Any, **named: Any) -> Built:
            nonlocal compiled
            if compiled is None:
                compiled = Rule._compile_builder(self, append_unknown)
            return compiled(rule, *arguments, **named)

        return build


class Application(Flask):
    """Flask with late addresses, that of its static files included."""

    url_rule_class = LateRule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """A view or a hook as it is called: none of ours is a coroutine, so none is looked at anew in each request."""
        return func
