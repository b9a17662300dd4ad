"""通报: its preview, its files, and the words that a unit gives it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, config, dates
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import windows
from quizapp.exams.access import SCORES
from quizapp.exams.models import Exam, ExamUnit
from quizapp.people.access import acting_as
from quizapp.reports import access, apart
from quizapp.reports.completion import UnitRow
from quizapp.reports.documents import circular, files, placeholders, wordings
from quizapp.reports.documents.circular import Circular
from quizapp.reports.documents.wording import Wording, check, shipped
from quizapp.reports.forms import WordingForm
from quizapp.reports.pages import bp


@dataclass(frozen=True)
class Told:
    """What a 通报 tells: an exam and a unit with their figures at a time. serial: of the 发文字号; day: 成文日期."""

    exam: Exam
    unit: ExamUnit
    whole: UnitRow
    parts: list[UnitRow]
    now: datetime
    serial: int | None
    day: date

    def values(self) -> dict[str, str]:
        """What stands in the place of each placeholder."""
        if self.exam.opens_at is None or self.exam.closes_at is None:
            raise ValueError("a published exam has a window")
        window = (clock.today(self.exam.opens_at), clock.today(self.exam.closes_at - timedelta(seconds=1)))
        as_of = dates.minute(self.now)
        return placeholders.values(self.exam.title, self.unit.name, window, as_of, self.whole, self.parts)

    def worded(self, wording: Wording) -> Circular:
        """The document in these words."""
        smallest = config.value("SMALLEST_GROUP")
        return circular.compose(
            wording,
            self.values(),
            self.whole,
            self.parts,
            serial=self.serial,
            day=self.day,
            smallest=smallest,
        )

    def cautions(self, wording: Wording) -> list[str]:
        """What the office should look at before it sends the document."""
        found = []
        if wording.mark == shipped().mark:
            found.append(f"发文机关代字仍是“{wording.mark}”，请由本单位管理员改为本单位的代字。")
        if windows.state_of(self.exam, self.now) in ("published", "running"):
            found.append("考试还没有结束，缺考人数是目前还没有参加考试的人数。")
        if 0 < self.whole.told.submitted < config.value("SMALLEST_GROUP"):
            found.append("参加考试的人数很少，通报可能反映出个人成绩，不宜印发。")
        if names := wordings.named(self.unit, wording):
            found.append(f"文中有“{'、'.join(names)}”，与考生姓名相同。通报不得点名，请核对。")
        return found


def _told(exam_id: int) -> Told:
    """What was asked for, for who may see scores: a 通报 tells what was scored. Anything else answers 404."""
    exam = access.exam_or_404(exam_id)
    unit = access.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    if not access.may_see_scores(unit.unit_id):
        not_found()
    report = apart.unit_report(exam_id, unit)
    now = clock.now()
    serial = request.args.get("serial", type=int)
    day = request.args.get("day", clock.today(now), type=date.fromisoformat)
    return Told(
        exam, unit, report.whole, report.parts, now, serial if serial and 0 < serial < 10_000 else None, day
    )


@bp.get("/reports/exams/<int:exam_id>/circular", endpoint="index_circular")
@acting_as(*SCORES)
def preview(exam_id: int) -> Any:
    """The 通报 as it will read, with its number and its date to fill in."""
    told = _told(exam_id)
    used = wordings.used_by(told.unit.unit_id)
    return render_template(
        "reports/circular.html",
        told=told,
        used=used,
        circular=told.worded(used.wording),
        cautions=told.cautions(used.wording),
        may_word=access.may_word(told.unit.unit_id),
    )


@bp.get("/reports/exams/<int:exam_id>/circular.<any(docx, pdf):kind>", endpoint="index_circular_file")
@acting_as(*SCORES)
def circular_file(exam_id: int, kind: str) -> Any:
    told = _told(exam_id)
    made = told.worded(wordings.used_by(told.unit.unit_id).wording)
    return files.sent(files.circular_file(made, kind), made.title, kind)


@bp.route("/reports/exams/<int:exam_id>/circular/wording", methods=["GET", "POST"], endpoint="index_wording")
@acting_as(*access.WORDING)
def wording(exam_id: int) -> Any:
    """The words of the unit's 通报: look at them with this exam's figures, keep them, or go back to the others."""
    told = _told(exam_id)
    unit_id = told.unit.unit_id
    if not access.may_word(unit_id):
        not_found()
    if request.form.get("then") == "restore":
        wordings.restore(unit_id, actor_id=current_user.id)
        db.session.commit()
        flash("已恢复为上级单位或系统提供的文字。", "ok")
        return redirect(url_for(".index_wording", exam_id=exam_id, unit=unit_id), 303)
    used = wordings.used_by(unit_id)
    form = WordingForm(data=used.wording.words)
    problem, shown = None, None
    if form.validate_on_submit():
        try:
            check(form.wording())
            if request.form.get("then") != "preview":
                wordings.save(unit_id, form.wording(), now=told.now, actor_id=current_user.id)
                db.session.commit()
                flash("已保存通报文字。", "ok")
                return redirect(url_for(".index_circular", exam_id=exam_id, unit=unit_id), 303)
            shown = form.wording()
        except Refused as refused:
            problem = refused
    page = render_template(
        "reports/circular_wording.html",
        told=told,
        used=used,
        own=used.unit_id == unit_id,
        form=form,
        problem=problem,
        circular=told.worded(shown) if shown else None,
        cautions=told.cautions(shown) if shown else [],
        names=placeholders.NAMES,
        values=told.values(),
    )
    return page, 422 if form.is_submitted() and shown is None else 200
