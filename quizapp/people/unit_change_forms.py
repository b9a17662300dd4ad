"""The shape of what people type to change a unit as a whole. Each form is told by the kind of change."""

from wtforms import BooleanField, DateField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from quizapp.forms import Form, trimmed
from quizapp.people.forms import short, unit_code, unit_name, unit_sort

_OTHER = [InputRequired("请填写单位编码或单位名称"), Length(max=100, message="过长")]


class ChangeForm(Form):
    """What every change needs; closing and reopening need nothing else."""

    day = DateField("生效日期", [InputRequired("请填写日期，如2026-12-25")])
    reason = StringField(
        "依据或原因", [InputRequired("请填写"), Length(max=200, message="不超过200个字符")], filters=[trimmed]
    )


class RenameForm(ChangeForm):
    name = unit_name("新名称")
    short_name = short("新简称")
    correction = BooleanField("只更正文字，不记曾用名")


class MoveForm(ChangeForm):
    other = StringField("新的上级单位", _OTHER, filters=[trimmed])
    sort = unit_sort()


class MergeForm(ChangeForm):
    other = StringField("并入哪个单位", _OTHER, filters=[trimmed])


class SplitForm(ChangeForm):
    code = unit_code()
    name = unit_name("新单位名称")
    short_name = short("简称")
    kind = short("单位类别")
    sort = unit_sort()
    people = SelectMultipleField("转入新单位的人员", coerce=int)


FORMS: dict[str, type[ChangeForm]] = {
    "rename": RenameForm,
    "move": MoveForm,
    "merge": MergeForm,
    "split": SplitForm,
    "close": ChangeForm,
    "reopen": ChangeForm,
}
