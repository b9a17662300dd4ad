"""The shape of what people type about an exam. The rules of an exam stand in `checks` and `actions`."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from quizapp import clock
from quizapp.exams import certificate_fields
from quizapp.exams.blueprint import KINDS
from quizapp.exams.fields import (
    AudienceField,
    BandsField,
    BlueprintField,
    ChecksField,
    MoreUnitsField,
    PointsField,
)
from quizapp.exams.marking_rules import FIXED, RULES, fixed, fixed_tenths
from quizapp.exams.models import MODES, PURPOSES, Exam
from quizapp.exams.release import MOST_APPEAL_DAYS, WHEN
from quizapp.forms import Day, Form, trimmed

COUNTS = {"best": "取最高分", "last": "取最后一次"}
TIME = "请填写时间，如09:00。"


def choices(words: dict[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in words.items()]


def between(least: int, most: int) -> list[Any]:
    sentence = f"请填写{least}至{most}的整数。"
    return [InputRequired(sentence), NumberRange(least, most, sentence)]


class WholeNumber(IntegerField):
    """An integer whose complaint is in Chinese."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("请填写整数。") from None


class Hour(TimeField):
    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(TIME) from None


class ExamForm(Form):
    """Everything about a draft; it may be saved incomplete, but not contradictory."""

    title = StringField(
        "考试名称",
        filters=[trimmed],
        validators=[DataRequired("请填写考试名称。"), Length(max=60, message="考试名称最多60个字。")],
    )
    purpose = SelectField("用途", choices=choices(PURPOSES))
    bank_ids = ChecksField("题库", coerce=int)
    hours_from = Hour("每日开始时间", validators=[Optional()])
    hours_until = Hour("每日结束时间", validators=[Optional()])
    last_start_on = Day("最迟开始日期", validators=[Optional()])
    last_start_time = Hour("最迟开始时间", validators=[Optional()])
    minutes = WholeNumber("作答时间（分钟）", validators=between(5, 240))
    opens_on = Day("开始日期", validators=[Optional()])
    opens_time = Hour("开始时间", validators=[Optional()])
    closes_on = Day("结束日期", validators=[Optional()])
    closes_time = Hour("结束时间", validators=[Optional()])
    attempts_allowed = WholeNumber("可考次数", validators=between(1, 5))
    counts = SelectField("多次考试的成绩", choices=choices(COUNTS))
    open_book = BooleanField("开卷考试")
    gate = BooleanField("须先通过一次自测")
    pass_mark = PointsField("合格线")
    excellent_mark = PointsField("优秀线")
    bands = BandsField("成绩等级")
    show_score = SelectField("成绩", choices=choices(WHEN))
    show_right = SelectField("各题对错", choices=choices(WHEN))
    show_key = SelectField("标准答案", choices=choices(WHEN))
    show_explanation = SelectField("依据和解析", choices=choices(WHEN))
    appeal_days = WholeNumber("成绩复核申请期限（天）", validators=between(0, MOST_APPEAL_DAYS))
    certificates = BooleanField("颁发合格证")
    certificate_title = certificate_fields.title_field()
    certificate_issuer = certificate_fields.issuer_field()
    audience = AudienceField("考生范围")
    more_units = MoreUnitsField("其他单位（含全部下级）")
    categories = ChecksField("人员类别")
    notice = TextAreaField(
        "考试须知", filters=[trimmed], validators=[Length(max=4000, message="最多4000字。")]
    )
    pledge = TextAreaField("诚信承诺", filters=[trimmed], validators=[Length(max=500, message="最多500字。")])

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then what several of them say together."""
        fine = super().validate(extra_validators)
        for field in (self.pass_mark, self.excellent_mark):
            if field.data is None and not field.errors:
                fine = _refuse(field, f"请填写{field.label.text}。")
        if self.certificates.data and self.purpose.data != "mock" and self.show_score.data == "never":
            fine = _refuse(self.certificates, "成绩不显示的考试不能颁发合格证，请改为显示成绩。")
        times = (self.opens_on, self.closes_on, self.opens_time, self.closes_time, self.last_start_on)
        if any(field.errors for field in (*times, self.last_start_time, self.hours_from, self.hours_until)):
            return False
        opens, closes = self.window()
        if (opens is None) != (closes is None):
            fine = _refuse(self.closes_on, "开始日期和结束日期应当都填写，或都不填写。")
        elif opens and closes and opens >= closes:
            fine = _refuse(self.closes_on, "结束时间应晚于开始时间。")
        last = self.last_start()
        if last and (opens is None or closes is None or not opens < last <= closes):
            fine = _refuse(self.last_start_on, "最迟开始时间应在考试起止时间之内。")
        from_, until = self.daily()
        if (self.hours_from.data is None) != (self.hours_until.data is None):
            fine = _refuse(self.hours_until, "每日开始时间和结束时间应当都填写，或都不填写。")
        elif from_ is not None and until is not None and from_ >= until:
            fine = _refuse(self.hours_until, "每日结束时间应晚于开始时间。")
        return fine

    def last_start(self) -> datetime | None:
        """The last moment to start; a day without a time counts to its end."""
        return _moment(self.last_start_on.data, self.last_start_time.data, whole_day=clock.end_of)

    def daily(self) -> tuple[int | None, int | None]:
        """Minutes of the day from and until which one may sit; 00:00 as the end is 24:00."""
        from_, until = self.hours_from.data, self.hours_until.data
        if from_ is None or until is None:
            return None, None
        return from_.hour * 60 + from_.minute, until.hour * 60 + until.minute or 1440

    def window(self) -> tuple[datetime | None, datetime | None]:
        """When the exam opens and closes: without a time the first day begins at 0:00, the last ends at 24:00."""
        return (
            _moment(self.opens_on.data, self.opens_time.data),
            _moment(self.closes_on.data, self.closes_time.data, whole_day=clock.end_of),
        )

    def values(self) -> dict[str, Any]:
        """What `actions.create` and `actions.update` take."""
        opens_at, closes_at = self.window()
        daily_from, daily_until = self.daily()
        same = (
            *("title", "purpose", "minutes", "attempts_allowed", "counts", "open_book", "gate", "pass_mark"),
            *("excellent_mark", "show_score", "show_right", "show_key", "show_explanation", "categories"),
            *("appeal_days", "notice", "pledge", "certificate_title", "certificate_issuer"),
        )
        return {
            **{name: self[name].data for name in same},
            "bank_ids": sorted(self.bank_ids.data or []),
            "opens_at": opens_at,
            "closes_at": closes_at,
            "last_start_at": self.last_start(),
            "daily_from": daily_from,
            "daily_until": daily_until,
            "bands": self.bands.data,
            "certificates": self.certificates.data and self.purpose.data != "mock",
        }


class BlueprintForm(Form):
    """What a paper holds and how papers come about."""

    rows = BlueprintField("题数")
    single = PointsField("单选题每题分值")
    multiple = PointsField("多选题每题分值")
    judge = PointsField("判断题每题分值")
    multiple_rule = SelectField(
        "多选题计分", choices=choices({**RULES, FIXED: "少选得固定分，多选、错选不得分"})
    )
    multiple_part = PointsField("少选得分")
    mode = SelectField("组卷方式", choices=choices(MODES))
    forms_wanted = WholeNumber("试卷套数", validators=between(1, 20))
    overlap = WholeNumber("各套共用的题数", validators=between(0, 200))
    avoid_days = WholeNumber("避开多少天内考过的试题", validators=between(0, 3650))
    shuffle_questions = BooleanField("打乱试题顺序")
    shuffle_options = BooleanField("打乱选项顺序")

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields one by one, then the marks for a missing letter."""
        fine = super().validate(extra_validators)
        if self.multiple_rule.data == FIXED and not self.multiple_part.errors:
            part, whole = self.multiple_part.data, self.multiple.data
            if not part or (whole and part >= whole):
                fine = _refuse(self.multiple_part, "请填写少选得分，应大于0、小于多选题每题分值。")
        return fine

    def values(self) -> dict[str, Any]:
        """What `actions.update` takes."""
        same = ("mode", "forms_wanted", "overlap", "avoid_days", "shuffle_questions")
        part = self.multiple_part.data
        return {
            "multiple_rule": fixed(part)
            if self.multiple_rule.data == FIXED and part
            else self.multiple_rule.data,
            **{name: self[name].data for name in (*same, "shuffle_options")},
            "blueprint": self.rows.data,
            "points": {kind: self[kind].data for kind in KINDS if self[kind].data is not None},
        }


def _refuse(field: Any, sentence: str) -> bool:
    field.errors = [*field.errors, sentence]
    return False


def _moment(
    day: date | None, at: time | None, whole_day: Callable[[date], datetime] = clock.start_of
) -> datetime | None:
    if day is None:
        return None
    return clock.from_local(datetime.combine(day, at)) if at is not None else whole_day(day)


def filled_from(exam: Exam) -> dict[str, Any]:
    """The exam's columns as the fields take them."""
    opens, closes = days_of(exam.opens_at), days_of(exam.closes_at, ending=True)
    last = days_of(exam.last_start_at, ending=True)
    return {
        "hours_from": _hour(exam.daily_from),
        "hours_until": _hour(exam.daily_until),
        "last_start_on": last[0],
        "last_start_time": last[1],
        "opens_on": opens[0],
        "opens_time": opens[1],
        "closes_on": closes[0],
        "closes_time": closes[1],
    }


def _hour(minutes: int | None) -> time | None:
    return None if minutes is None else time(minutes // 60 % 24, minutes % 60)


def days_of(moment: datetime | None, *, ending: bool = False) -> tuple[Any, Any]:
    """A stored time as a day and a time; no time when it is the edge of a whole day."""
    if moment is None:
        return None, None
    local = moment.astimezone(clock.CHINA)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return local.date(), local.time()
    return (clock.today(moment - timedelta(seconds=1)) if ending else local.date()), None


def papers_of(exam: Exam) -> dict[str, Any]:
    """The exam's columns as the fields of BlueprintForm take them, where they differ."""
    part = fixed_tenths(exam.multiple_rule)
    same = ("multiple_rule", "mode", "forms_wanted", "overlap", "avoid_days", "shuffle_questions")
    told = {name: getattr(exam, name) for name in (*same, "shuffle_options")}
    told |= {**exam.points, "rows": exam.blueprint, "multiple_part": part}
    return told | ({"multiple_rule": FIXED} if part is not None else {})


class ReasonForm(Form):
    """Why: stored with what was done."""

    reason = StringField(
        "原因",
        filters=[trimmed],
        validators=[DataRequired("请填写原因。"), Length(max=200, message="原因最多200字。")],
    )


class StatusForm(ReasonForm):
    status = SelectField(
        "考生状态", choices=choices({"exempt": "免考", "deferred": "缓考", "expected": "应考"})
    )


class TimeForm(ReasonForm):
    """More time for one candidate."""

    extra_minutes = WholeNumber("延长分钟数", validators=between(0, 240))
    closes_on = Day("个人截止日期", validators=[Optional()])
    closes_time = Hour("个人截止时间", validators=[Optional()])

    def personal_closes_at(self) -> datetime | None:
        """The day counts to its end, 24:00, unless a time is given."""
        return _moment(self.closes_on.data, self.closes_time.data, whole_day=clock.end_of)


class AddForm(ReasonForm):
    login = StringField(
        "学法账号或工号",
        filters=[trimmed],
        validators=[DataRequired("请填写学法账号或工号。"), Length(max=64, message="最多64个字符。")],
    )
