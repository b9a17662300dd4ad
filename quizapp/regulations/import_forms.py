"""The shape of what the pages of an import accept."""

from typing import Any

from flask import current_app
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from quizapp.forms import DAY, Day, Form, trimmed
from quizapp.regulations.importing import LONGEST_SLUG, Said


class FileForm(Form):
    """The first step: the file."""

    file = FileField("法规文件", [FileRequired("请选择文件。")])


class SaidForm(Form):
    """What stands beside the words of an edition."""

    title = StringField(
        "名称", [DataRequired("请填写名称。"), Length(max=100, message="最多100字。")], filters=[trimmed]
    )
    slug = StringField(
        "标识",
        [
            DataRequired("请填写标识。"),
            Length(max=LONGEST_SLUG, message=f"最多{LONGEST_SLUG}个字符。"),
            Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message="只用小写字母、数字和连字符，如xinfang-tiaoli。"),
        ],
        filters=[trimmed],
    )
    effective_on = Day("施行日期", [DataRequired(DAY)])
    published_on = Day("发布日期", [Optional()])
    issued_by = StringField("制定机关", [Length(max=100, message="最多100字。")], filters=[trimmed])
    approved = TextAreaField("审议批准", [Length(max=200, message="最多200字。")], filters=[trimmed])
    accepted = BooleanField("以上疑问已逐条核对，按页面显示的结构入库")

    def validate_slug(self, field: Any) -> None:
        if field.data in _taken_words():
            raise ValidationError(f"“{field.data}”是系统使用的地址，请另填一个。")

    def said(self) -> Said:
        return Said(
            self.title.data.strip("《》"),
            self.slug.data,
            self.issued_by.data or "",
            self.approved.data or "",
            self.published_on.data,
            self.effective_on.data,
        )


def _taken_words() -> set[str]:
    """The words behind /regulations/ that are pages of their own."""
    rules = (rule.rule.split("/") for rule in current_app.url_map.iter_rules())
    return {parts[2] for parts in rules if parts[1] == "regulations" and parts[2:]}
