"""成绩导入: the sheets of a sitting on paper from a spreadsheet. 选择文件 → 检查结果 → 确认导入."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import DateField, SelectChoice, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, Length

from quizapp import clock, spreadsheets, uploads
from quizapp.attempts import paper_sittings
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import access as exam_access
from quizapp.exams.models import Exam
from quizapp.exams.pages import makers
from quizapp.exams.printing import results_sheet
from quizapp.forms import Form, problems, trimmed
from quizapp.people.forms import SheetForm
from quizapp.spreadsheets import Row

STEPS = ("选择文件", "检查结果", "确认导入")


class SatForm(Form):
    """When the sitting on paper ended."""

    day = DateField("考试日期", validators=[DataRequired("请填写日期，如2026-12-25。")])
    time = TimeField("结束时间", validators=[DataRequired("请填写时间，如11:30。")])


def _exam(exam_id: int) -> Exam:
    exam = exam_access.exam_or_404(exam_id)
    if exam.published_at is None:
        raise Refused("draft", "考试还没有发布，不能导入成绩。")
    return exam


class OneForm(Form):
    """The sheet of one candidate, typed in."""

    login = StringField(
        "学法账号或工号",
        filters=[trimmed],
        validators=[DataRequired("请填写学法账号或工号。"), Length(max=64, message="最多64个字符。")],
    )
    form_name = SelectField("卷别")
    answers = TextAreaField(
        "作答",
        filters=[trimmed],
        validators=[DataRequired("请填写作答。"), Length(max=2000, message="最多2000个字符。")],
    )

    def rows(self) -> list[Row]:
        """As a spreadsheet with one row."""
        number = "学法账号" if is_account(self.login.data) else "工号"
        return [
            Row(1, [number, "卷别", "作答"]),
            Row(2, [self.login.data, self.form_name.data, " ".join(self.answers.data.split())]),
        ]


def is_account(text: str) -> bool:
    """Whether a number is a 学法账号 (eight digits), not a 工号."""
    return len(text) == 8 and text.isascii() and text.isdecimal()


@bp.post("/exams/<int:exam_id>/paper-results/one")
@makers
def paper_results_one(exam_id: int) -> Any:
    """One sheet typed in goes the same way as a file: checked, shown, and stored when confirmed."""
    exam, form = _exam(exam_id), OneForm()
    _name_forms(form, exam)
    if not form.validate():
        raise Refused("form", f"{'；'.join(problems(form))}没有保存任何内容。", "请返回修改。", status=422)
    token = uploads.keep(
        spreadsheets.freeze(form.rows()),
        purpose=f"paper {exam_id}",
        file_name="录入的作答",
        person_id=current_user.id,
    )
    return redirect(url_for("attempts.paper_results_check", exam_id=exam_id, token=token), 303)


def _name_forms(form: OneForm, exam: Exam) -> None:
    names = list(paper_sittings.forms_of(exam).layouts)
    form.form_name.choices = [SelectChoice(name, name or "只有一套") for name in names]


@bp.route("/exams/<int:exam_id>/paper-results", methods=["GET", "POST"])
@makers
def paper_results(exam_id: int) -> Any:
    exam, form, sentence = _exam(exam_id), SheetForm(), ""
    one = OneForm(formdata=None)
    _name_forms(one, exam)
    if form.validate_on_submit():
        person_id = current_user.id
        db.session.rollback()  # parsing takes a while: nobody should wait for it
        data, name = form.file.data.read(), form.file.data.filename or ""
        try:
            rows = spreadsheets.read(data, name)
            paper_sittings.read(exam, rows)
        except Refused as refused:
            sentence = f"{refused.sentence}{refused.advice}"
        else:
            token = uploads.keep(
                spreadsheets.freeze(rows), purpose=f"paper {exam_id}", file_name=name, person_id=person_id
            )
            return redirect(url_for("attempts.paper_results_check", exam_id=exam_id, token=token), 303)
    page = render_template(
        "attempts/paper_results.html", exam=exam, form=form, one=one, steps=STEPS, refused=sentence
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/exams/<int:exam_id>/paper-results/template.xlsx")
@makers
def paper_results_template(exam_id: int) -> Any:
    """The candidates, ready to be filled in."""
    exam = _exam(exam_id)
    names = [name for name in paper_sittings.forms_of(exam).layouts if name]
    expected = [one for one in paper_sittings.sitters(exam.id) if one.expected]
    return spreadsheets.download(results_sheet.template(expected, names), f"{exam.title}成绩录入表.xlsx")


def _rows(exam_id: int, token: str) -> tuple[uploads.Upload, list[Row]]:
    upload = uploads.find(token, purpose=f"paper {exam_id}", person_id=current_user.id)
    if upload is None:
        not_found()
    return upload, spreadsheets.thaw(upload.data)


@bp.get("/exams/<int:exam_id>/paper-results/<token>")
@makers
def paper_results_check(exam_id: int, token: str) -> Any:
    """Everything that is wrong, or everything that would be stored."""
    exam = _exam(exam_id)
    upload, rows = _rows(exam_id, token)
    local = clock.now().astimezone(clock.CHINA)
    return render_template(
        "attempts/paper_results_check.html",
        exam=exam,
        upload=upload,
        reading=paper_sittings.read(exam, rows),
        form=SatForm(formdata=None, data={"day": local.date(), "time": local.time().replace(second=0)}),
        steps=STEPS,
    )


@bp.post("/exams/<int:exam_id>/paper-results/<token>")
@makers
def paper_results_store(exam_id: int, token: str) -> Any:
    exam, form = _exam(exam_id), SatForm()
    upload, rows = _rows(exam_id, token)
    if not form.validate():
        raise Refused(
            "when", "请填写纸质考试的日期和结束时间，没有导入任何成绩。", "请返回填写。", status=422
        )
    sat_at = clock.from_local(datetime.combine(form.day.data, form.time.data))
    with uploads.taking(upload) as taken:
        if taken is None:
            raise Refused("gone", "该文件已经导入，本次没有改动任何内容。")
        count = paper_sittings.store(exam, rows, sat_at=sat_at, now=clock.now(), actor_id=current_user.id)
        db.session.commit()
    flash(f"已导入{count}人的答卷，成绩已按标准答案计算。", "ok")
    return redirect(url_for("exams.show", exam_id=exam_id), 303)
