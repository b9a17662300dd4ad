"""The shape of what is typed to make a token."""

from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.forms import Form, trimmed
from quizapp.people.tokens import rules
from quizapp.people.unit_choosing import UnitField


class TokenForm(Form):
    label = StringField(
        "用途", [DataRequired("请填写"), Length(max=50, message="不超过50个字符")], filters=[trimmed]
    )
    unit = UnitField("单位（含所有下级单位）")
    days = SelectField(
        "有效期",
        coerce=int,
        choices=[SelectChoice(days, words) for days, words in rules.LASTING.items()],
        default=180,
    )
    scopes = SelectMultipleField(
        "可读取的内容",
        choices=[SelectChoice(code, words) for code, words in rules.SCOPES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_scopes(self, field: SelectMultipleField) -> None:
        if not field.data:  # no validator of the field: browsers would ask for every box
            raise ValidationError("请至少选择一项")
        if lacking := rules.lacking(field.data):
            raise ValidationError(f"读取手机号须同时选择“{rules.SCOPES[lacking]}”")
