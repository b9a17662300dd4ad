"""导入记录: the last rosters applied, and taking one back as a whole."""

import math
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people import import_views, queries, undoing
from quizapp.people.access import acting_as, reach
from quizapp.people.models import Unit
from quizapp.people.pages import bp
from quizapp.people.queries import PAGE, ImportRow
from quizapp.people.undo_rules import KEPT_FOR


def _whose() -> int | None:
    """Whose imports the signed-in person sees: an administrator of the root everybody's, others their own."""
    root = db.session.scalar(db.select(Unit.id).where(Unit.parent_id.is_(None)))
    return None if any(held.unit_id == root for held in reach("administrator")) else current_user.id


def _import_or_404(import_id: int) -> ImportRow:
    rows = queries.roster_imports(_whose(), only=import_id)
    return rows[0] if rows else not_found()


@bp.get("/people/imports", endpoint="people_imports")
@acting_as("administrator")
def people_imports() -> Any:
    rows = queries.roster_imports(_whose())
    return render_template("people/imports.html", rows=rows, undo_days=KEPT_FOR.days)


def _page(row: ImportRow, foreseen: undoing.Foreseen, *, changed: bool = False) -> str:
    """What taking back would do, and who stays, a page of them at a time."""
    blocked = list(foreseen.undo.blocked.items())
    pages = max(math.ceil(len(blocked) / PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    shown = [(foreseen.name(person_id), why) for person_id, why in blocked[(page - 1) * PAGE : page * PAGE]]
    return render_template(
        "people/import_undo.html",
        row=row,
        undo=foreseen.undo,
        shown=shown,
        page=page,
        pages=pages,
        changed=changed,
    )


@bp.get("/people/imports/<int:import_id>", endpoint="people_imports_show")
@acting_as("administrator")
def people_imports_show(import_id: int) -> Any:
    """What taking an import back would do now."""
    row = _import_or_404(import_id)
    try:
        return _page(row, undoing.foresee(import_id, import_views.reachable()))
    except Refused as refused:
        return _not_any_more(refused)


def _not_any_more(refused: Refused) -> Any:
    """Taken back already, or too long ago: the list says so."""
    flash(f"{refused.sentence}{refused.advice}", "warn")
    return redirect(url_for("people.people_imports"), 303)


@bp.post("/people/imports/<int:import_id>", endpoint="people_imports_undo")
@acting_as("administrator")
def people_imports_undo(import_id: int) -> Any:
    """Take an import back, if that still does what the page showed."""
    row, may, done = _import_or_404(import_id), import_views.reachable(), url_for("people.people_imports")
    seen = request.form.get("seen", "")
    if row.summary["added"] + row.summary["changed"] > import_views.LONG:
        here = url_for("people.people_imports_show", import_id=import_id)
        order = {"import_id": import_id, "reachable": sorted(may), "seen": seen, "url": done, "back": here}
        return import_views.ordered("people.undo", order)
    try:
        undo = undoing.take_back(import_id, may, seen=seen, now=clock.now(), actor_id=current_user.id)
    except Refused as refused:
        if refused.code == "changed":
            return _page(row, undoing.foresee(import_id, may), changed=True), 409
        return _not_any_more(refused)
    db.session.commit()
    flash(undoing.sentence(undo), "ok")
    return redirect(done, 303)
