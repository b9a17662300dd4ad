"""What the pages of this area share: the blueprint, and where they send people."""

from typing import Any

from flask import Blueprint, g, redirect, request, url_for

from quizapp.people.returning import is_safe_next, under

bp = Blueprint("people", __name__, cli_group="people")


def go_on(default: str = "home.index", **values: Any) -> Any:
    """A redirect to where the person came from (`next`), if that is an address of this site, else to a page."""
    target = request.values.get("next")
    if target and is_safe_next(target):
        return redirect(under(request.script_root, target), 303)
    return redirect(url_for(default, **values), 303)


def next_given() -> str:
    """The address to come back to, as it is handed on in a form or a link; "" where none was given or it is unsafe."""
    target = request.values.get("next", "")
    return target if is_safe_next(target) else ""


def from_here_only_reading() -> None:
    """Call after the commit of a POST that answers with a page: rendering it takes no writer's turn."""
    g.read_only = True
