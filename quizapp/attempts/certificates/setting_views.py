"""合格证 of a published exam, for those in charge of it: switched on, renamed, switched off, with what follows."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from wtforms import BooleanField, HiddenField
from wtforms.validators import Regexp

from quizapp.attempts.certificates import changing, setting
from quizapp.attempts.certificates.claims import TITLE
from quizapp.attempts.certificates.setting import Setting
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.exams import access, certificate_fields
from quizapp.exams.forms import ReasonForm
from quizapp.exams.models import Exam
from quizapp.exams.pages import checked, makers


class Seen(ReasonForm):
    """Why, and how many held a certificate when the consequences were shown."""

    seen = HiddenField(validators=[Regexp(r"[0-9]{1,9}\Z", message="请刷新页面后重新提交。")])

    def seen_number(self) -> int:
        return int(self.seen.data or 0)


class SettingForm(Seen):
    """What stands on the sheets. Where sheets are out already, a box says that it is known what becomes of them."""

    title = certificate_fields.title_field()
    issuer = certificate_fields.issuer_field()
    sure = BooleanField("知悉已领取的证书将显示“已更正”")

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one; then the box, where anybody holds a certificate."""
        fine = super().validate(extra_validators)
        if fine and self.asks_to_be_sure and not self.sure.data:
            self.sure.errors = [*self.sure.errors, "请核对后勾选。"]
            return False
        return fine

    asks_to_be_sure = False


@bp.route("/exams/<int:exam_id>/certificates", methods=["GET", "POST"])
@makers
def certificate_setting(exam_id: int) -> Any:
    """How it stands with certificates; sent, it switches them on or changes what they say."""
    exam = access.published_or_404(exam_id)
    numbers, now = changing.numbers_of(exam.id), changing.setting_of(exam)
    form = SettingForm(data={"title": now.title, "issuer": now.issuer, "seen": numbers.holders})
    form.asks_to_be_sure = now.issues and numbers.holders > 0
    if form.validate_on_submit():
        wanted = Setting(True, form.title.data or "", form.issuer.data or "")
        _change(exam, wanted, form)
        flash("已保存，以后领取的合格证按新的设置。" if now.issues else "已开始颁发合格证。", "ok")
        return _back(exam)
    form.seen.data = str(numbers.holders)
    page = render_template(
        "attempts/certificates/setting.html",
        exam=exam,
        form=form,
        numbers=numbers,
        holder=changing.holder_of(exam),
        usual=TITLE,
        cannot=changing.cannot(exam),
        starting=setting.of_starting(numbers),
        renaming=setting.of_renaming(numbers),
        stopping=setting.of_stopping(numbers),
        stop=Seen(formdata=None, prefix="stop", data={"seen": numbers.holders}),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/exams/<int:exam_id>/certificates/stop")
@makers
def certificate_setting_stop(exam_id: int) -> Any:
    exam, form = access.published_or_404(exam_id), checked(Seen(prefix="stop"))
    now = changing.setting_of(exam)
    _change(exam, Setting(False, now.title, now.issuer), form)
    flash("已停止颁发合格证。", "ok")
    return _back(exam)


def _change(exam: Exam, wanted: Setting, form: Seen) -> None:
    changing.change(exam, wanted, form.reason.data or "", seen=form.seen_number(), actor_id=current_user.id)
    db.session.commit()


def _back(exam: Exam) -> Any:
    return redirect(url_for(".certificate_setting", exam_id=exam.id), 303)
