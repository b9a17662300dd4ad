"""检查结果 of a roster: what would change, by kind; what is ticked and said there is kept until the import is done."""

import math
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, spreadsheets, uploads
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people import acceptance, checked, import_views, importing, queries
from quizapp.people.acceptance import NO, SKIP, YES, Line
from quizapp.people.access import acting_as
from quizapp.people.checked import Checked
from quizapp.people.pages import bp, from_here_only_reading
from quizapp.people.undo_rules import KEPT_FOR
from quizapp.uploads import Upload

FEW = 10  # lines of a kind on the page of all kinds; the rest has pages of its own


@dataclass(frozen=True)
class Group:
    """The lines of one kind, or a page of them. found: how many the search found; lines: (line, said, last day)."""

    kind: str
    total: int
    taken: int
    found: int
    lines: list[tuple[Line, str, str]]
    page: int = 1

    @property
    def words(self) -> str:
        return acceptance.KINDS[self.kind]

    @property
    def pages(self) -> int:
        return max(math.ceil(self.found / queries.PAGE), 1)

    @property
    def has_ticks(self) -> bool:
        return any(line.has_tick for line, _, _ in self.lines)

    @property
    def has_choice(self) -> bool:
        return any(line.key for line, _, _ in self.lines)


def _mine(token: str) -> Upload | None:
    return uploads.find(token, purpose="people", person_id=current_user.id)


def _checked(upload: Upload) -> Checked:
    return checked.found(upload) or checked.check(upload, import_views.reachable(), clock.now())


def _groups(told: Checked, chosen: dict[str, str], kind: str, words: str, page: int) -> list[Group]:
    """Every kind with its first lines; with a kind only that one, the page of it that was asked for."""
    groups = []
    for each, (total, taken) in acceptance.counts(told.lines, chosen).items():
        if kind in ("", each):
            found = acceptance.matching(told.lines, each, words)
            start = (page - 1) * queries.PAGE if kind else 0
            shown = found[start : start + (queries.PAGE if kind else FEW)]
            lines = [(line, *acceptance.said(line, chosen)) for line in shown]
            groups.append(Group(each, total, taken, len(found), lines, page))
    return groups


def _page(upload: Upload, *, refused: str = "", changed: bool = False) -> str:
    told, chosen = _checked(upload), checked.chosen(upload)
    kind = request.args.get("kind", "")
    kind = kind if kind in acceptance.KINDS else ""
    words = request.args.get("q", "").strip()[:50] if kind else ""
    page = max(request.args.get("page", 1, type=int), 1)
    return render_template(
        "people/people_check.html",
        upload=upload,
        told=told,
        groups=_groups(told, chosen, kind, words, page),
        totals=acceptance.counts(told.lines, chosen),
        kinds=acceptance.KINDS,
        silent=acceptance.SILENT,
        kind=kind,
        words=words,
        undo_days=KEPT_FOR.days,
        skip=chosen.get(SKIP) == YES,
        steps=import_views.STEPS,
        before=queries.last_import("people", upload.file_hash),
        refused=refused,
        changed=changed,
    )


@bp.get("/people/import/<token>", endpoint="people_import_check")
@acting_as("administrator")
def people_import_check(token: str) -> Any:
    """Step 2: everything that is wrong, and everything that would change, by kind."""
    upload = _mine(token)
    return _page(upload) if upload is not None else not_found()


def _said() -> dict[str, str]:
    """What was ticked and said on the page, by the key of the line; what was shown and not ticked is left out."""
    ticked = set(request.form.getlist("take"))
    chosen = {key: YES if key in ticked else NO for key in request.form.getlist("shown")}
    for name, value in request.form.items():
        if name.startswith("way-"):
            key = name.removeprefix("way-")
            day = request.form.get(f"day-{key}", "")
            chosen[key] = f"{value}:{day}" if value in acceptance.WAYS else value
    return chosen


def _all_of(upload: Upload, wanted: str) -> dict[str, str]:
    """ "new:no": the choice for every line of a kind that has a tick."""
    kind, _, value = wanted.partition(":")
    lines = [line for line in _checked(upload).lines if line.kind == kind and line.has_tick]
    return {line.key: YES if value == YES else NO for line in lines}


def _elsewhere(token: str) -> str | None:
    """The page that a button other than 确认导入 leads to; None for that one."""
    form = request.form
    if not {"save", "open", "go", "all"} & form.keys():
        return None
    kind = form.get("open") if "open" in form else form.get("kind")
    page = form.get("go", 1, type=int)
    return url_for(
        "people.people_import_check",
        token=token,
        kind=kind or None,
        q=form.get("q") or None,
        page=page if page > 1 else None,
    )


@bp.post("/people/import/<token>", endpoint="people_import_confirm")
@acting_as("administrator")
def people_import_confirm(token: str) -> Any:
    """Keep what was said; then another page of the result, or step 3: the same plan again inside the writing
    transaction, applied only if it is what was shown."""
    upload, done = _mine(token), url_for("people.people")
    if upload is None:
        return import_views.came_too_late(done)
    chosen = checked.choose(upload, _said())
    if "all" in request.form:
        chosen = checked.choose(upload, _all_of(upload, request.form["all"]))
    if (there := _elsewhere(token)) is not None:
        return redirect(there, 303)
    here = url_for("people.people_import_check", token=token)
    order = {
        "token": token,
        "kind": "people",
        "fingerprint": request.form.get("fingerprint", ""),
        "reachable": sorted(import_views.reachable()),
        "url": done,
        "back": here,
    }
    rows = spreadsheets.thaw(upload.data)
    if len(rows) > import_views.LONG:
        return import_views.ordered("people.import", order)
    try:
        planned = importing.accepted(order | {"chosen": chosen}, rows, clock.now())
        if not planned.changes_nothing:
            return import_views.applied(upload, planned, done)
    except Refused as refused:
        db.session.rollback()
        from_here_only_reading()
        stale = refused.code == "changed"
        if stale:
            checked.forget(upload)
        return _page(
            upload, refused="" if stale else f"{refused.sentence}{refused.advice}", changed=stale
        ), 409
    flash("没有勾选任何变化，没有改动任何内容。", "warn")
    return redirect(here, 303)
