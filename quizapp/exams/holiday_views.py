"""节假日: the tables of 放假调休 by year, and importing one: 选择文件 → 检查结果 → 确认导入."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from flask_wtf.file import FileField, FileRequired

from quizapp import spreadsheets, uploads
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import holiday_tables, holidays
from quizapp.exams.holidays import Plan
from quizapp.exams.pages import bp
from quizapp.forms import Form
from quizapp.people.access import acting_as
from quizapp.uploads import Upload

STEPS = ("选择文件", "检查结果", "确认导入")
PURPOSE = "holidays"


class SheetForm(Form):
    file = FileField("选择文件", [FileRequired("请选择文件。")])


@bp.get("/exams/holidays", endpoint="holidays")
@acting_as("administrator")
def stored() -> Any:
    return render_template("exams/holidays.html", years=holiday_tables.years())


@bp.get("/exams/holidays.xlsx", endpoint="holidays_file")
@acting_as("administrator")
def download() -> Any:
    """A stored year, or an empty table, as the workbook that can be imported."""
    year = request.args.get("year", type=int)
    rows = holiday_tables.years().get(year or 0, [])
    name = f"{year}年节假日.xlsx" if rows else "节假日导入模板.xlsx"
    return spreadsheets.download(holiday_tables.sheet(rows), name)


@bp.route("/exams/holidays/import", methods=["GET", "POST"], endpoint="holidays_import")
@acting_as("administrator")
def choose() -> Any:
    """Step 1: the file is read at once; what cannot be read is refused here."""
    form, sentence = SheetForm(), ""
    if form.validate_on_submit():
        person_id = current_user.id
        db.session.rollback()  # parsing takes a while: nobody should wait for it
        data, name = form.file.data.read(), form.file.data.filename or ""
        try:
            rows = spreadsheets.read(data, name)
            holidays.read(rows)
        except Refused as refused:
            sentence = f"{refused.sentence}{refused.advice}"
        else:
            token = uploads.keep(
                spreadsheets.freeze(rows),
                purpose=PURPOSE,
                file_name=name,
                person_id=person_id,
                file_hash=uploads.content_hash(data),
            )
            return redirect(url_for(".holidays_check", token=token), 303)
    page = render_template("exams/holidays_import.html", form=form, steps=STEPS, refused=sentence)
    return page, 422 if form.is_submitted() else 200


def _plan(upload: Upload) -> Plan:
    return holidays.read(spreadsheets.thaw(upload.data))


@bp.get("/exams/holidays/import/<token>", endpoint="holidays_check")
@acting_as("administrator")
def check(token: str) -> Any:
    """Step 2: everything that is wrong, or everything that would be replaced."""
    upload = uploads.find(token, purpose=PURPOSE, person_id=current_user.id)
    if upload is None:
        not_found()
    return render_template(
        "exams/holidays_check.html",
        upload=upload,
        plan=_plan(upload),
        steps=STEPS,
        stored={year: len(days) for year, days in holiday_tables.years().items()},
    )


@bp.post("/exams/holidays/import/<token>", endpoint="holidays_confirm")
@acting_as("administrator")
def confirm(token: str) -> Any:
    """Step 3: the years of the file are replaced, in one transaction."""
    upload = uploads.find(token, purpose=PURPOSE, person_id=current_user.id)
    if upload is None:
        flash("该文件已经导入，或放置时间过长。本次没有改动任何内容；需要导入的请重新上传。", "warn")
        return redirect(url_for(".holidays"), 303)
    plan = _plan(upload)
    if plan.problems:
        raise Refused("problems", "文件中有问题，没有改动任何内容。", "请修改文件后重新上传。", status=422)
    with uploads.taking(upload) as taken:
        if taken is None:
            raise Refused("taken", "该文件正在导入或已经导入。", "请在列表中核对。")
        holiday_tables.replace(plan.entries, file_hash=upload.file_hash, actor_id=current_user.id)
        db.session.commit()
    flash(f"已导入{'、'.join(f'{year}年' for year in plan.years)}节假日，共{len(plan.entries)}天。", "ok")
    return redirect(url_for(".holidays"), 303)
