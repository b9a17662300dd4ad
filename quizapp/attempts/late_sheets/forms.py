"""The shape of what people type about held sheets."""

from typing import Any

from wtforms import SelectChoice, SelectField, TextAreaField
from wtforms.validators import Length

from quizapp.attempts.late_sheets import rules
from quizapp.forms import Form, trimmed

LONG = Length(max=rules.LONGEST, message=f"最多{rules.LONGEST}字。")


class WhyForm(Form):
    """Why a sheet is accepted or not: a ready sentence, own words, or both. act: accept or reject."""

    act = ""
    ready = SelectField("常用理由")
    words = TextAreaField("理由", filters=[trimmed], validators=[LONG])
    reason = ""  # as it is stored

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{self.act}-", **kwargs)
        self.ready.choices = [
            SelectChoice("", "不选用"),
            *(SelectChoice(one, one) for one in rules.READY[self.act]),
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then the reason that they make."""
        if not super().validate(extra_validators):
            return False
        try:
            self.reason = rules.reason_of(self.act, self.ready.data or "", self.words.data or "")
        except ValueError as problem:
            self.words.errors = [*self.words.errors, str(problem)]
            return False
        return True


class AcceptForm(WhyForm):
    act = "accept"


class RejectForm(WhyForm):
    act = "reject"
