"""The shape of what people type about the list of an exam: accounts, left-out units, ticks, reasons."""

from typing import Any

from flask import request
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from quizapp.errors import Refused
from quizapp.exams.fields import AudienceField, MoreUnitsField
from quizapp.forms import Form, trimmed

MOST_TICKS = 20_000


class PasteForm(Form):
    """A pasted list of accounts."""

    logins = TextAreaField(
        "学法账号、工号或手机号",
        filters=[trimmed],
        validators=[DataRequired("请粘贴账号。"), Length(max=60_000, message="最多60000个字符。")],
    )


class LeftOutForm(Form):
    """Units whose people are left out."""

    left_out = AudienceField("排除的单位")
    more_units = MoreUnitsField("其他单位（含全部下级）")


def ticked(name: str = "person") -> list[int]:
    """The ids whose boxes are ticked. Raises Refused for what no page sends."""
    sent = request.form.getlist(name)
    if len(sent) > MOST_TICKS or not all(one.isascii() and one.isdecimal() and len(one) < 10 for one in sent):
        raise Refused("form", "提交的内容不完整，没有保存任何改动。", "请返回上一页重试。", status=422)
    return [int(one) for one in sent]


def choice(name: str, offered: Any) -> str:
    """The pressed button, one of those offered. Raises Refused for another."""
    value = request.form.get(name, "")
    if value not in offered:
        raise Refused("form", "提交的内容不完整，没有保存任何改动。", "请返回上一页重试。", status=422)
    return value
