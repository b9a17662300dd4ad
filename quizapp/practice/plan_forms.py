"""What people fill in for a plan of their unit, and for the minutes of their day."""

from datetime import date

from wtforms import DateField, IntegerField, SelectChoice, SelectMultipleField, ValidationError
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.forms import Form
from quizapp.people.unit_choosing import UnitField
from quizapp.practice.aims import FEWEST, MOST
from quizapp.practice.plan_models import StudyPlan

USUAL = 80  # percent of the articles that a new plan proposes


class PlanForm(Form):
    """A plan. `unit` is asked for a new one only; `earliest` is today."""

    unit = UnitField("单位")
    regulations = SelectMultipleField(
        "法规",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("请至少选择一部法规。")],
    )
    share = IntegerField(
        "掌握的条文比例（%）",
        default=USUAL,
        validators=[
            InputRequired(f"请填写{FEWEST}至{MOST}的整数。"),
            NumberRange(FEWEST, MOST, f"请填写{FEWEST}至{MOST}的整数。"),
        ],
    )
    by_day = DateField("完成日期", validators=[InputRequired("请填写日期。")])
    earliest: date = date.min

    def offer(self, regulations: list[tuple[str, str]], earliest: date, plan: StudyPlan | None) -> "PlanForm":
        """With the regulations (slug, title) to choose from. A plan that is changed keeps its unit."""
        self.regulations.choices = [SelectChoice(slug, f"《{title}》") for slug, title in regulations]
        self.earliest = earliest
        if plan is not None:
            del self.unit
        return self

    def validate_by_day(self, field: DateField) -> None:
        if field.data is not None and field.data < self.earliest:
            raise ValidationError("完成日期不能早于今天。")
