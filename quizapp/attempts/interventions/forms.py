"""The shape of what people type about one attempt."""

from wtforms import StringField
from wtforms.validators import DataRequired, Length

from quizapp.attempts.interventions import rules
from quizapp.exams.forms import WholeNumber, between
from quizapp.forms import Form, trimmed

SHORT = Length(max=rules.LONGEST, message=f"最多{rules.LONGEST}字。")


class AskForm(Form):
    """Why an attempt is voided or restored, and what proves it."""

    reason = StringField("理由", filters=[trimmed], validators=[DataRequired("请填写理由。"), SHORT])
    evidence = StringField("证明材料", filters=[trimmed], validators=[SHORT])


class ReopenForm(AskForm):
    minutes = WholeNumber("补时（分钟）", validators=between(1, rules.MOST_MINUTES))


class SendBackForm(Form):
    answer = StringField(
        "退回的理由", filters=[trimmed], validators=[DataRequired("请写明退回的理由。"), SHORT]
    )


FORMS: dict[str, type[AskForm]] = {"void": AskForm, "restore": AskForm, "reopen": ReopenForm}
