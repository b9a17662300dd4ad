"""Importing units and people: 选择文件 → 检查结果 → 确认导入. Nothing is written before the last step.

The later steps of people are in `people_check_views`.
"""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, jobs, spreadsheets, uploads
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.people import importing, queries, roster, templates, unit_sheet
from quizapp.people.access import acting_as
from quizapp.people.checked import Extent
from quizapp.people.forms import SheetForm
from quizapp.people.pages import bp
from quizapp.people.unit_choosing import intervals
from quizapp.people.unit_importing import plan_units

STEPS = ("选择文件", "检查结果", "确认导入")
LONG = 1000  # rows from which an import runs as a job that shows its progress
COMPARED_LATER = 5000  # rows of people from which the comparison does, too


def reachable() -> set[int]:
    """The ids of the units that the signed-in person may import into."""
    return {unit.id for unit in queries.units_below(intervals("administrator"))}


def ordered(name: str, order: dict[str, Any]) -> Any:
    """Leave the work to a job; the page that shows its progress."""
    job = jobs.request_job(name, order, person_id=current_user.id)
    db.session.commit()
    return redirect(url_for("home.job", token=job.token), 303)


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
            url = url_for(f"people.{kind}_import_check", token=token)
            if kind == "people" and len(rows) > COMPARED_LATER:
                order = {"token": token, "kind": kind, "reachable": sorted(reachable()), "url": url}
                return ordered("people.compare", order)
            return redirect(url, 303)
    page = render_template(f"people/{kind}_import.html", form=form, steps=STEPS, refused=sentence)
    return page, 422 if form.is_submitted() else 200


def _kept(kind: str, rows: list[spreadsheets.Row]) -> list[spreadsheets.Row]:
    """What of a sheet is kept until it is confirmed. Raises Refused when it has no header."""
    if kind == "people":
        return roster.without_identity_numbers(rows)
    spreadsheets.header_of(rows, unit_sheet.HEADINGS, ("code", "name", "parent"))
    return rows


@bp.route("/units/import", methods=["GET", "POST"], endpoint="units_import")
@acting_as("administrator")
def units_import() -> Any:
    return _choose("units")


@bp.get("/units/import/<token>", endpoint="units_import_check")
@acting_as("administrator")
def units_import_check(token: str, *, changed: bool = False) -> Any:
    """Step 2: everything that is wrong, and everything that would change."""
    upload = uploads.find(token, purpose="units", person_id=current_user.id)
    if upload is None:
        not_found()
    rows = spreadsheets.thaw(upload.data)
    planned = plan_units(rows, reachable())
    return render_template(
        "people/units_check.html",
        upload=upload,
        extent_of=Extent.of(rows),
        plan=planned,
        fingerprint=importing.fingerprint(planned),
        steps=STEPS,
        before=queries.last_import("units", upload.file_hash),
        changed=changed,
    )


@bp.post("/units/import/<token>", endpoint="units_import_confirm")
@acting_as("administrator")
def units_import_confirm(token: str) -> Any:
    """Step 3: the same plan again inside the writing transaction; applied only if it is what was shown."""
    upload, done = uploads.find(token, purpose="units", person_id=current_user.id), url_for("people.units")
    if upload is None:
        return came_too_late(done)
    order = {
        "token": token,
        "kind": "units",
        "fingerprint": request.form.get("fingerprint", ""),
        "reachable": sorted(reachable()),
        "url": done,
        "back": url_for("people.units_import_check", token=token),
    }
    rows = spreadsheets.thaw(upload.data)
    if len(rows) > LONG:
        return ordered("people.import", order)
    try:
        planned = importing.accepted(order, rows, clock.now())
    except Refused:
        return units_import_check(token, changed=True), 409
    return applied(upload, planned, done)


def came_too_late(url: str) -> Any:
    """The file was imported meanwhile, or lay about for too long."""
    flash("该文件已经导入，或放置时间过长。本次没有改动任何内容；需要导入的请重新上传。", "warn")
    return redirect(url, 303)


def applied(upload: uploads.Upload, planned: importing.Plan | importing.UnitPlan, url: str) -> Any:
    """Apply an accepted plan of the signed-in person, once, and go to what it is about."""
    with uploads.taking(upload) as taken:
        if taken is None:
            raise Refused("taken", "该文件正在导入或已经导入。", "请在列表中核对。")
        importing.apply(
            upload.purpose,
            planned,
            upload.file_name,
            upload.file_hash,
            clock.now(),
            actor_id=current_user.id,
        )
        db.session.commit()
    flash(importing.sentence(upload.purpose, planned), "ok")
    return redirect(url, 303)


@bp.get("/units/template.xlsx", endpoint="units_template")
@acting_as("administrator")
def units_template() -> Any:
    return spreadsheets.download(templates.units(), "单位导入模板.xlsx")


@bp.route("/people/import", methods=["GET", "POST"], endpoint="people_import")
@acting_as("administrator")
def people_import() -> Any:
    return _choose("people")


@bp.get("/people/template.xlsx", endpoint="people_template")
@acting_as("administrator")
def people_template() -> Any:
    return spreadsheets.download(templates.people(), "人员导入模板.xlsx")
