"""The shape of what people type about hints."""

from wtforms import RadioField, SelectChoice, TextAreaField
from wtforms.validators import DataRequired, Length

from quizapp.analysis.clues.models import OUTCOMES
from quizapp.forms import Form, trimmed

CHOOSE = DataRequired("请选择核对结果。")


class ReviewForm(Form):
    """What a person made of it."""

    outcome = RadioField(
        "核对结果",
        choices=[SelectChoice(code, word) for code, word in OUTCOMES.items()],
        validators=[CHOOSE],
        validate_choice=True,
    )
    reason = TextAreaField(
        "理由",
        filters=[trimmed],
        validators=[DataRequired("请写明理由。"), Length(min=5, max=500, message="请用5至500字写明理由。")],
    )


class StatementForm(Form):
    """What the candidate says."""

    text = TextAreaField(
        "本人说明",
        filters=[trimmed],
        validators=[DataRequired("请填写说明。"), Length(max=500, message="最多500字。")],
    )
