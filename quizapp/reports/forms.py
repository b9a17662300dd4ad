"""What a unit types for the words of its 通报."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from quizapp.forms import Form, trimmed
from quizapp.reports.documents.wording import LABELS, NAMES, Wording


def _line(name: str, most: int, *, needed: bool = True) -> StringField:
    return StringField(
        LABELS[name],
        filters=[trimmed],
        validators=[
            *([DataRequired(f"请填写{LABELS[name]}。")] if needed else []),
            Length(max=most, message=f"{LABELS[name]}最多{most}个字。"),
        ],
    )


class WordingForm(Form):
    title = _line("title", 100)
    recipients = _line("recipients", 200, needed=False)
    body = TextAreaField(
        LABELS["body"],
        filters=[trimmed],
        validators=[DataRequired("请填写正文。"), Length(max=10_000, message="正文最多10000个字。")],
    )
    signature = _line("signature", 60)
    mark = _line("mark", 12)
    letterhead = _line("letterhead", 40, needed=False)

    def wording(self) -> Wording:
        """The words as typed."""
        return Wording(**{name: self[name].data or "" for name in NAMES})
