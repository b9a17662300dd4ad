"""What people type about the slots of units."""

from datetime import datetime, time
from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired, Optional

from quizapp import clock
from quizapp.exams import slots
from quizapp.exams.forms import TIME, Hour, WholeNumber, between
from quizapp.exams.models import Exam
from quizapp.exams.windows import INSTANT, WHOLE_DAY
from quizapp.forms import DAY, Day, Form
from quizapp.people.unit_choosing import UnitField

OFFICE_HOURS = (9 * 60, 18 * 60)


class SlotForm(Form):
    """One unit's time. Without a closing time it lasts until 24:00."""

    unit = UnitField("单位")
    opens_on = Day("开始日期", validators=[InputRequired(DAY)])
    opens_time = Hour("开始时间", validators=[InputRequired(TIME)])
    closes_on = Day("结束日期", validators=[InputRequired(DAY)])
    closes_time = Hour("结束时间", validators=[Optional()])

    def span(self) -> tuple[datetime, datetime]:
        """When the slot opens and closes; without a closing time at 24:00 of its day."""
        opens = datetime.combine(self.opens_on.data, self.opens_time.data)
        if self.closes_time.data is None:
            return clock.from_local(opens), clock.end_of(self.closes_on.data)
        return clock.from_local(opens), clock.from_local(
            datetime.combine(self.closes_on.data, self.closes_time.data)
        )


class SpreadForm(Form):
    count = WholeNumber("场数", validators=between(1, slots.MOST))
    minutes = WholeNumber("每场时长（分钟）", validators=between(slots.SHORTEST, slots.LONGEST))
    daily_from = Hour("每天最早", validators=[InputRequired(TIME)])
    daily_until = Hour("每天最晚", validators=[Optional()])
    working_days = BooleanField("只安排在工作日")

    def hours(self) -> tuple[int, int]:
        """Minutes of the day between which slots lie; without a latest time until 24:00."""
        first, last = self.daily_from.data, self.daily_until.data
        return first.hour * 60 + first.minute, last.hour * 60 + last.minute if last else WHOLE_DAY


def proposed(exam: Exam) -> dict[str, Any]:
    """What spreading starts from: half an hour more than a sitting, in the exam's hours or those of an office."""
    first, last = exam.daily_from, exam.daily_until
    if first is None or last is None:
        first, last = OFFICE_HOURS
    return {
        "count": 1,
        "minutes": exam.minutes + 30,
        "daily_from": time(*divmod(first, 60)),
        "daily_until": time(*divmod(last, 60)) if last < WHOLE_DAY else None,
    }


def filled(slot: Any) -> dict[str, Any]:
    """A slot as the fields take it."""
    opens, closes = slot.opens_at.astimezone(clock.CHINA), slot.closes_at.astimezone(clock.CHINA)
    whole = (closes.hour, closes.minute) == (0, 0)
    return {
        "unit": slot.unit_id,
        "opens_on": opens.date(),
        "opens_time": opens.time(),
        "closes_on": clock.today(slot.closes_at - INSTANT) if whole else closes.date(),
        "closes_time": None if whole else closes.time(),
    }
