"""The shape of what people type about halls."""

from datetime import datetime
from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp

from quizapp import clock
from quizapp.exams.forms import Hour as HourField
from quizapp.exams.forms import ReasonForm, WholeNumber, between
from quizapp.exams.halls.models import HallSession
from quizapp.exams.halls.rules import CODE_DIGITS, MOST_SEATS
from quizapp.forms import Day as DayField
from quizapp.forms import Form, trimmed
from quizapp.people.sign_in import plain_login

MOST_MINUTES = 120  # that an invigilator adds at once


def plain(text: str | None) -> str | None:
    """A filter: full-width figures as half-width ones, no blanks."""
    return plain_login(text) if text else text


def _text(label: str, longest: int, *, needed: bool = True) -> StringField:
    rules: list[Any] = [DataRequired(f"请填写{label}。")] if needed else [Optional()]
    return StringField(
        label,
        filters=[trimmed],
        validators=[*rules, Length(max=longest, message=f"{label}最多{longest}个字。")],
    )


class SessionForm(Form):
    """A session stands on one day."""

    title = _text("场次名称", 20)
    hall = _text("考场", 40)
    address = _text("地址", 80, needed=False)
    seats = WholeNumber("座位数", validators=between(1, MOST_SEATS))
    day = DayField("日期", validators=[InputRequired("请填写日期。")])
    opens_time = HourField("开始时间", validators=[InputRequired("请填写开始时间。")])
    closes_time = HourField("结束时间", validators=[InputRequired("请填写结束时间。")])

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and self.opens_time.data >= self.closes_time.data:
            self.closes_time.errors = [*self.closes_time.errors, "结束时间应晚于开始时间。"]
            return False
        return fine

    def values(self) -> dict[str, Any]:
        """What `actions.create` and `actions.update` take."""
        same = ("title", "hall", "seats")
        at = {
            name: clock.from_local(datetime.combine(self.day.data, self[field].data))
            for name, field in (("opens_at", "opens_time"), ("closes_at", "closes_time"))
        }
        return {**{name: self[name].data for name in same}, "address": self.address.data or "", **at}


def filled_from(session: HallSession) -> dict[str, Any]:
    """The day and the times of a session as the fields take them."""
    opens, closes = (at.astimezone(clock.CHINA) for at in (session.opens_at, session.closes_at))
    return {"day": opens.date(), "opens_time": opens.time(), "closes_time": closes.time()}


class UnitForm(Form):
    unit = SelectField("单位（含所有下级单位）", coerce=int)


class AccountsForm(Form):
    accounts = TextAreaField(
        "学法账号或工号",
        filters=[trimmed],
        validators=[DataRequired("请填写学法账号或工号。"), Length(max=40_000, message="内容过长。")],
    )


class InvigilatorForm(Form):
    login = _text("学法账号或工号", 64)


class NoteForm(Form):
    text = TextAreaField(
        "情况记录",
        filters=[trimmed],
        validators=[DataRequired("请填写情况。"), Length(max=500, message="最多500字。")],
    )
    candidate = SelectField("有关考生", coerce=int, validators=[Optional()])


class MinutesForm(ReasonForm):
    minutes = WholeNumber("加时分钟数", validators=between(1, MOST_MINUTES))


class DoorForm(Form):
    """Sign-in in the hall."""

    account = StringField(
        "学法账号",
        filters=[plain],
        validators=[InputRequired("请填写学法账号。"), Length(max=64, message="过长。")],
    )
    code = StringField(
        "开考码",
        filters=[plain],
        validators=[
            InputRequired("请填写开考码。"),
            Regexp(rf"^\d{{{CODE_DIGITS}}}$", message=f"开考码是{CODE_DIGITS}位数字。"),
        ],
    )
    seat = WholeNumber("座位号", validators=[Optional()])
