"""The shape of what people type about 成绩复核."""

from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from quizapp.attempts.appeals import rules
from quizapp.exams.forms import choices
from quizapp.forms import Form, trimmed

LONG = Length(max=rules.LONGEST, message=f"最多{rules.LONGEST}字。")
CHOOSE = "请选择处理结果。"


class AppealForm(Form):
    words = TextAreaField(
        "复核的理由", filters=[trimmed], validators=[DataRequired("请写明复核的理由。"), LONG]
    )


class AnswerForm(Form):
    """How an appeal is answered: the result, a ready sentence, own words, or both."""

    verdict = RadioField("处理结果", choices=choices(rules.VERDICTS), validators=[DataRequired(CHOOSE)])
    ready = SelectField(
        "常用答复",
        choices=[
            SelectChoice("", "不选用"),
            *(
                SelectChoice(sentence, sentence, optgroup=rules.VERDICTS[verdict])
                for verdict, sentences in rules.READY.items()
                for sentence in sentences
            ),
        ],
    )
    words = TextAreaField("答复", filters=[trimmed], validators=[LONG])
    answer = ""  # as it is stored

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then the answer that they make."""
        fine = super().validate(extra_validators)
        if self.verdict.errors or self.ready.errors:
            return False
        try:
            self.answer = rules.answer_of(self.verdict.data, self.ready.data or "", self.words.data or "")
        except ValueError as problem:
            self.words.errors = [*self.words.errors, str(problem)]
            fine = False
        return fine
