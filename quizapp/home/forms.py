"""The shapes of what people write on the pages of this area."""

from typing import Any

from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from quizapp import config
from quizapp.forms import Form, trimmed


class FeedbackForm(Form):
    text = TextAreaField(
        "内容",
        filters=[trimmed],
        validators=[InputRequired("请写下您要反映的问题或建议。"), Length(max=2000, message="最多2000字。")],
    )
    contact = StringField(
        "联系方式",
        filters=[trimmed],
        validators=[Optional(), Length(max=100, message="最多100字。")],
    )


class LookupForm(Form):
    code = StringField(
        "查询码", filters=[trimmed], validators=[InputRequired("请填写查询码。"), Length(max=12)]
    )


class AnswerForm(Form):
    state = RadioField(
        "处理情况",
        choices=[SelectChoice("working", "正在处理"), SelectChoice("answered", "已答复")],
        validators=[InputRequired("请选择。")],
    )
    answer = TextAreaField(
        "答复", filters=[trimmed], validators=[Optional(), Length(max=2000, message="最多2000字。")]
    )


class NamesForm(Form):
    """The switch that shows names in the daily report; only with a reason, which is logged and shown."""

    reason = StringField(
        "理由",
        filters=[trimmed],
        validators=[InputRequired("请写明理由。"), Length(min=5, max=200, message="请用5至200字写明理由。")],
    )


GROUPS = (  # how the page of settings is divided
    ("网站信息", ("SITE_NAME", "SITE_SPONSOR", "SITE_RECORD", "SITE_PHONE", "SITE_NOTICE", "PRIVACY_NOTICE")),
    (
        "学习和考试",
        (
            *(
                "DAILY_MINUTES",
                "WRONG_BOOK_DAYS",
                "SMALLEST_GROUP",
                "CONFIRM_HOURS",
                "GRACE_SECONDS",
                "HALL_LATE_MINUTES",
            ),
            *("LEADING_STAFF", "REMIND_DAYS", "EXAM_NOTICE", "PLEDGE"),
        ),
    ),
    (
        "登录和口令",
        (
            "STUDY_SESSION_DAYS",
            "ADMIN_IDLE_MINUTES",
            "PASSWORD_MINIMUM",
            "PASSWORD_POLICY",
            "PASSWORD_DAYS",
            "LOCK_FAILURES",
            "LOCK_MINUTES",
            "SLIP_DAYS",
        ),
    ),
    ("数据接口", ("API_CALLS",)),
)


def settings_form() -> type[Form]:
    """A form with one field for each setting that administrators may edit."""
    return type("SettingsForm", (Form,), {s.name: _field(s) for s in config.SETTINGS if s.editable})


def _field(setting: config.Setting) -> Any:
    label = setting.sentence.rstrip("。")
    if setting.name == "PASSWORD_POLICY":
        choices = [SelectChoice("gb", "四类字符中至少三类"), SelectChoice("modern", "只要求长度")]
        return SelectField("口令要求", choices=choices)
    if isinstance(setting.default, int):
        low, high = config.LIMITS[setting.name]
        return IntegerField(
            f"{label}（{setting.unit}）",
            validators=[
                InputRequired("请填写整数。"),
                NumberRange(low, high, message=f"请填写{low}至{high}之间的整数。"),
            ],
        )
    kind = TextAreaField if setting.long else StringField
    return kind(label, filters=[trimmed], validators=[Length(max=4000, message="最多4000字。")])
