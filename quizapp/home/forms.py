"""The shapes of what people write on the pages of this area."""

from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
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
    code = StringField("查询码", filters=[trimmed], validators=[InputRequired("请填写查询码。"), Length(max=12)])


class AnswerForm(Form):
    state = RadioField(
        "处理情况", choices=[("working", "正在处理"), ("answered", "已答复")], validators=[InputRequired("请选择。")]
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


def settings_form() -> type[Form]:
    """A form with one field for each setting that administrators may edit."""
    fields: dict[str, Any] = {}
    for setting in config.SETTINGS:
        if setting.editable:
            fields[setting.name] = _field(setting)
    return type("SettingsForm", (Form,), fields)


def _field(setting: config.Setting) -> Any:
    if setting.name == "PASSWORD_POLICY":
        return SelectField(setting.sentence, choices=[("gb", "四类字符中至少三类"), ("modern", "只要求长度")])
    if isinstance(setting.default, bool):
        return BooleanField(setting.sentence)
    if isinstance(setting.default, int):
        low, high = config.LIMITS[setting.name]
        return IntegerField(
            f"{setting.sentence}（{setting.unit}）",
            validators=[
                InputRequired("请填写整数。"),
                NumberRange(low, high, message=f"请填写{low}至{high}之间的整数。"),
            ],
        )
    kind = TextAreaField if setting.long else StringField
    return kind(setting.sentence, filters=[trimmed], validators=[Length(max=4000, message="最多4000字。")])
