"""The shape of what people type about 成绩复核."""

from wtforms import RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired

from quizapp.attempts.appeals import rules
from quizapp.attempts.disputed_lists import LONG, DecidingForm
from quizapp.exams.forms import choices
from quizapp.forms import Form, trimmed

CHOOSE = "请选择处理结果。"


class AppealForm(Form):
    words = TextAreaField(
        "复核的理由", filters=[trimmed], validators=[DataRequired("请写明复核的理由。"), LONG]
    )


class AnswerForm(DecidingForm):
    """How an appeal is answered: the result, and what is said."""

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

    def made(self, ready: str, words: str) -> str:
        return rules.answer_of(self.verdict.data, ready, words)
