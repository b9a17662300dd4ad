"""The shape of what people type about exceptions: times, further attempts, 免考缓考, a unit's later end, 值班人员."""

from datetime import datetime
from typing import Any

from wtforms import BooleanField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from quizapp import clock
from quizapp.exams import excuses
from quizapp.exams.exceptions import MOST_EXTRA_ATTEMPTS
from quizapp.exams.extra_time import MOST_PERCENT, MoreTime
from quizapp.exams.forms import (
    Hour,
    ReasonForm,
    StatusForm,
    TimeForm,
    WholeNumber,
    between,
    choices,
)
from quizapp.forms import DAY, Day, Form, trimmed

SHORT = Length(max=200, message="最多200字。")


def end_of(day: Any) -> datetime | None:
    """A day counts to its end, 24:00."""
    return clock.end_of(day) if day else None


class ExcusedStatusForm(StatusForm):
    """免考 or 缓考 of one candidate, with the day until which it holds."""

    until = Day("到期日", validators=[Optional()])


class MoreTimeForm(TimeForm):
    """More time, for one candidate or for several."""

    extra_percent = WholeNumber("按比例延长（%）", validators=between(0, MOST_PERCENT))

    def more(self) -> MoreTime:
        return MoreTime(self.extra_minutes.data, self.extra_percent.data, self.personal_closes_at())


class AttemptsForm(ReasonForm):
    extra_attempts = WholeNumber("增加次数", validators=between(0, MOST_EXTRA_ATTEMPTS))


class AskForm(Form):
    """What is asked for the candidates that are ticked beside it."""

    kind = SelectField("申请事项", choices=choices(excuses.KINDS))
    cause = SelectField(
        "原因", choices=[SelectChoice("", "请选择"), *(SelectChoice(one, one) for one in excuses.REASONS)]
    )
    detail = StringField("情况说明", filters=[trimmed], validators=[SHORT])
    proof = StringField("证明材料", filters=[trimmed], validators=[SHORT])
    until = Day("到期日", validators=[Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then the reason that two of them make."""
        fine = super().validate(extra_validators)
        try:
            self.reason = excuses.reason_of(self.cause.data or "", self.detail.data or "")
        except ValueError as problem:
            field = self.detail if self.cause.data == excuses.OTHER else self.cause
            field.errors = [*field.errors, str(problem)]
            fine = False
        return fine


class AnswerForm(Form):
    answer = StringField("答复", filters=[trimmed], validators=[SHORT])


class ExtensionForm(ReasonForm):
    """A later end for a unit. It cannot be taken back, so a box says that it was checked."""

    unit = SelectField("单位（含全部下级单位）", coerce=int)
    closes_on = Day("新的截止日期", validators=[InputRequired(DAY)])
    closes_time = Hour("新的截止时间", validators=[Optional()])
    sure = BooleanField(
        "已核对单位和时间，知悉保存后不能提前、不能撤销", validators=[DataRequired("请核对后勾选。")]
    )

    def closes_at(self) -> datetime:
        """The day counts to its end, 24:00, unless a time is given."""
        if self.closes_time.data is None:
            return clock.end_of(self.closes_on.data)
        return clock.from_local(datetime.combine(self.closes_on.data, self.closes_time.data))


class DutyForm(Form):
    login = StringField(
        "学法账号或工号",
        filters=[trimmed],
        validators=[DataRequired("请填写学法账号或工号。"), Length(max=64, message="最多64个字符。")],
    )
    phone = StringField(
        "值班电话",
        filters=[trimmed],
        validators=[
            DataRequired("请填写值班电话。"),
            Regexp(r"[0-9+\-转 ]{5,24}\Z", message="请填写电话号码，可以用“-”和“转”。"),
        ],
    )
