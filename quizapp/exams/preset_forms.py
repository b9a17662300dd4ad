"""A 规则模板 as people type it: whatever is left empty, the preset leaves open."""

from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from quizapp.exams import certificate_fields
from quizapp.exams.blueprint import KINDS, WORDS
from quizapp.exams.fields import BandsField, PointsField
from quizapp.exams.forms import COUNTS, WholeNumber, choices
from quizapp.exams.marking_rules import RULES
from quizapp.exams.models import PURPOSES
from quizapp.exams.presets import WORDS as TOLD
from quizapp.exams.release import MOST_APPEAL_DAYS
from quizapp.forms import Form, trimmed

NUMBERS = ("minutes", "attempts_allowed", "appeal_days")
MARKS = ("pass_mark", "excellent_mark")
MAY_BE_NOTHING = (*MARKS, "appeal_days")  # where 0 is a value
CHOICES = ("purpose", "multiple_rule", "counts")
CERTIFICATE = ("certificates", "certificate_title", "certificate_issuer")


def _optional(label: str, least: int, most: int) -> IntegerField:
    sentence = f"请填写{least}至{most}的整数，或留空。"
    return WholeNumber(label, validators=[Optional(), NumberRange(least, most, sentence)])


def _open_choice(label: str, words: dict[str, str]) -> SelectField:
    return SelectField(label, choices=[SelectChoice("", "不规定"), *choices(words)])


class PresetForm(Form):
    title = StringField(
        "模板名称",
        filters=[trimmed],
        validators=[DataRequired("请填写模板名称。"), Length(max=60, message="模板名称最多60个字。")],
    )
    place = StringField("公布地方", filters=[trimmed], validators=[Length(max=60, message="最多60个字。")])
    year = _optional("公布年份", 2000, 2100)
    note = TextAreaField("说明", filters=[trimmed], validators=[Length(max=500, message="最多500字。")])
    purpose = _open_choice("用途", PURPOSES)
    count_single = _optional("单选题题数", 0, 200)
    count_multiple = _optional("多选题题数", 0, 200)
    count_judge = _optional("判断题题数", 0, 200)
    points_single = PointsField("单选题每题分值")
    points_multiple = PointsField("多选题每题分值")
    points_judge = PointsField("判断题每题分值")
    multiple_rule = _open_choice("多选题计分", RULES)
    minutes = _optional("作答时间（分钟）", 5, 240)
    attempts_allowed = _optional("可考次数", 1, 5)
    counts = _open_choice("多次考试的成绩", COUNTS)
    pass_mark = PointsField("合格线")
    excellent_mark = PointsField("优秀线")
    bands = BandsField("成绩等级")
    appeal_days = _optional("成绩复核申请期限（天）", 0, MOST_APPEAL_DAYS)
    open_book = BooleanField("开卷考试")
    certificates = BooleanField("颁发合格证")
    certificate_title = certificate_fields.title_field()
    certificate_issuer = certificate_fields.issuer_field()

    def told(self) -> dict[str, Any]:
        """What the preset says of itself."""
        return {name: self[name].data for name in TOLD}

    def values(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """Its values: what the form does not ask for stays as before; nothing filled in makes an empty preset."""
        asked = {kind: self[f"count_{kind}"].data for kind in KINDS if self[f"count_{kind}"].data}
        paid = {kind: self[f"points_{kind}"].data for kind in KINDS if self[f"points_{kind}"].data}
        found = {
            "questions": asked,
            "points": paid,
            "bands": self.bands.data,
            "open_book": self.open_book.data,
        }
        found |= {name: self[name].data for name in (*NUMBERS, *MARKS, *CHOICES, *CERTIFICATE)}
        found = {
            name: value for name, value in found.items() if value or value == 0 and name in MAY_BE_NOTHING
        }
        found = {name: value for name, value in found.items() if value is not False}
        kept = {name: value for name, value in before.items() if name not in _ASKED}
        return {**kept, **found} if found else {}


_ASKED = {"questions", "points", "bands", "open_book", *NUMBERS, *MARKS, *CHOICES, *CERTIFICATE}


def filled(preset: Any) -> dict[str, Any]:
    """A preset as the fields take it."""
    values = preset.values
    told = {name: getattr(preset, name) for name in TOLD}
    counts = {f"count_{kind}": values.get("questions", {}).get(kind) for kind in WORDS}
    paid = {f"points_{kind}": values.get("points", {}).get(kind) for kind in WORDS}
    rest = {name: values.get(name) for name in ("bands", "open_book", *NUMBERS, *MARKS, *CERTIFICATE)}
    return told | counts | paid | rest | {name: values.get(name, "") for name in CHOICES}
