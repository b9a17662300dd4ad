"""Importing units and people: 选择文件 → 检查结果 → 确认导入. Nothing is written before the last step."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, jobs, spreadsheets, uploads
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people import acceptance, importing, queries, roster, templates, unit_sheet
from quizapp.people.access import acting_as
from quizapp.people.forms import SheetForm
from quizapp.people.pages import bp
from quizapp.people.plans import Plan
from quizapp.people.unit_sheet import UnitPlan
from quizapp.people.unit_views import intervals
from quizapp.uploads import Upload

STEPS = ("选择文件", "检查结果", "确认导入")
LONG = 1000  # rows from which an import runs as a job that shows its progress


def _reachable() -> set[int]:
    return {unit.id for unit in queries.units_below(intervals("administrator"))}


def _plan(upload: Upload) -> Plan | UnitPlan:
    rows, reachable = spreadsheets.thaw(upload.data), _reachable()
    if upload.purpose == "people":
        return importing.plan_people(rows, reachable, clock.now())
    return importing.plan(upload.purpose, rows, reachable, clock.now())


def _chosen() -> dict[str, str]:
    """What was ticked and said on the check page, by the key of the line; what was shown and not ticked is left out."""
    ticked = set(request.form.getlist("take"))
    chosen = {
        key: acceptance.YES if key in ticked else acceptance.NO for key in request.form.getlist("shown")
    }
    for name, value in request.form.items():
        if name.startswith("way-"):
            key = name.removeprefix("way-")
            day = request.form.get(f"day-{key}", "")
            chosen[key] = f"{value}:{day}" if value in acceptance.WAYS else value
    return chosen


def _choose(kind: str) -> Any:
    """Step 1: the file is read at once, before any statement; what cannot be read is refused here."""
    form, sentence = SheetForm(), ""
    if form.validate_on_submit():
        person_id = current_user.id
        db.session.rollback()  # parsing takes a while: nobody should wait for it
        data, name = form.file.data.read(), form.file.data.filename or ""
        try:
            rows = _kept(kind, spreadsheets.read(data, name))
        except Refused as refused:
            sentence = f"{refused.sentence}{refused.advice}"
        else:
            token = uploads.keep(
                spreadsheets.freeze(rows),
                purpose=kind,
                file_name=name,
                person_id=person_id,
                file_hash=uploads.content_hash(data),
            )
            return redirect(url_for(f"people.{kind}_import_check", token=token), 303)
    page = render_template(f"people/{kind}_import.html", form=form, steps=STEPS, refused=sentence)
    return page, 422 if form.is_submitted() else 200


def _kept(kind: str, rows: list[spreadsheets.Row]) -> list[spreadsheets.Row]:
    """What of a sheet is kept until it is confirmed. Raises Refused when it has no header."""
    if kind == "people":
        return roster.without_identity_numbers(rows)
    spreadsheets.header_of(rows, unit_sheet.HEADINGS, ("code", "name", "parent"))
    return rows


def _check(kind: str, token: str, *, changed: bool = False, refused: str = "") -> Any:
    """Step 2: everything that is wrong, and everything that would change, by kind."""
    upload = uploads.find(token, purpose=kind, person_id=current_user.id)
    if upload is None:
        not_found()
    planned, found = _plan(upload), []
    if isinstance(planned, Plan):
        unit_name = {unit.id: unit.short_name or unit.name for unit in queries.known_units()}
        found = acceptance.lines(planned, unit_name, clock.today())
    return render_template(
        f"people/{kind}_check.html",
        upload=upload,
        plan=planned,
        lines=found,
        counts=acceptance.counts(found, lambda line: acceptance.is_taken(line, {})),
        kinds=acceptance.KINDS,
        fingerprint=importing.fingerprint(planned),
        steps=STEPS,
        before=queries.last_import(kind, upload.file_hash),
        changed=changed,
        refused=refused,
    )


def _confirm(kind: str, token: str) -> Any:
    """Step 3: the same plan again inside the writing transaction; applied only if it is what was shown."""
    upload = uploads.find(token, purpose=kind, person_id=current_user.id)
    if upload is None:
        flash("该文件已经导入，或放置时间过长。本次没有改动任何内容；需要导入的请重新上传。", "warn")
        return redirect(url_for(f"people.{kind}"), 303)
    order = {
        "token": token,
        "kind": kind,
        "fingerprint": request.form.get("fingerprint", ""),
        "chosen": _chosen(),
        "skip": "skip" in request.form,
        "reachable": sorted(_reachable()),
        "url": url_for(f"people.{kind}"),
    }
    rows = spreadsheets.thaw(upload.data)
    if len(rows) > LONG:
        job = jobs.request_job("people.import", order, person_id=current_user.id)
        db.session.commit()
        return redirect(url_for("home.job", token=job.token), 303)
    try:
        planned = importing.accepted(order, rows, clock.now())
    except Refused as refused:
        stale = refused.code == "changed"
        return _check(kind, token, changed=stale, refused="" if stale else refused.sentence), 409
    if planned.changes_nothing:
        flash("没有勾选任何变化，没有改动任何内容。", "warn")
        return redirect(url_for(f"people.{kind}_import_check", token=token), 303)
    with uploads.taking(upload) as taken:
        if taken is None:
            raise Refused("taken", "该文件正在导入或已经导入。", "请在列表中核对。")
        importing.apply(
            kind, planned, upload.file_name, upload.file_hash, clock.now(), actor_id=current_user.id
        )
        db.session.commit()
    flash(importing.sentence(kind, planned), "ok")
    return redirect(url_for(f"people.{kind}"), 303)


@bp.route("/units/import", methods=["GET", "POST"], endpoint="units_import")
@acting_as("administrator")
def units_import() -> Any:
    return _choose("units")


@bp.get("/units/import/<token>", endpoint="units_import_check")
@acting_as("administrator")
def units_import_check(token: str) -> Any:
    return _check("units", token)


@bp.post("/units/import/<token>", endpoint="units_import_confirm")
@acting_as("administrator")
def units_import_confirm(token: str) -> Any:
    return _confirm("units", token)


@bp.get("/units/template.xlsx", endpoint="units_template")
@acting_as("administrator")
def units_template() -> Any:
    return spreadsheets.download(templates.units(), "单位导入模板.xlsx")


@bp.route("/people/import", methods=["GET", "POST"], endpoint="people_import")
@acting_as("administrator")
def people_import() -> Any:
    return _choose("people")


@bp.get("/people/import/<token>", endpoint="people_import_check")
@acting_as("administrator")
def people_import_check(token: str) -> Any:
    return _check("people", token)


@bp.post("/people/import/<token>", endpoint="people_import_confirm")
@acting_as("administrator")
def people_import_confirm(token: str) -> Any:
    return _confirm("people", token)


@bp.get("/people/template.xlsx", endpoint="people_template")
@acting_as("administrator")
def people_template() -> Any:
    return spreadsheets.download(templates.people(), "人员导入模板.xlsx")
