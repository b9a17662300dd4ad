"""The rules of an exam as its candidate reads them on one page before starting, and how many days are left."""

from datetime import datetime

from quizapp import clock
from quizapp.attempts import wording
from quizapp.attempts.appeals import rules as appeals
from quizapp.dates import closing, minute
from quizapp.exams import blueprint
from quizapp.exams.models import Exam
from quizapp.exams.release import WHEN
from quizapp.figures import points


def paper(exam: Exam) -> str:
    """单选题20题，每题2分；判断题10题，每题1分；共30题，满分50分. A kind without points: only its number."""
    numbers = blueprint.sections(blueprint.read(exam.blueprint))
    parts = []
    for kind, count in numbers.items():
        each = exam.points.get(kind, 0)
        parts.append(f"{blueprint.WORDS[kind]}{count}题" + (f"，每题{points(each)}分" if each else ""))
    full = sum(count * exam.points.get(kind, 0) for kind, count in numbers.items())
    return "；".join([*parts, f"共{sum(numbers.values())}题，满分{points(full)}分"])


def tries(allowed: int, left: int, counting: str) -> str:
    """共3次，已用1次，取最高分. allowed and left: of this person. counting: which of several counts, in words."""
    words = f"共{allowed}次，已用{allowed - left}次"
    return f"{words}，{counting}" if allowed > 1 else words


def marks(exam: Exam) -> str:
    """60分（含本数）；优秀90分、合格60分"""
    bands = "、".join(f"{name}{points(mark)}分" for name, mark in exam.bands)
    return f"{points(exam.pass_mark)}分（含本数）" + (f"；等级：{bands}" if bands else "")


def shown(exam: Exam) -> list[tuple[str, str]]:
    """What is shown when: (成绩, 交卷后可见); things with the same time stand together."""
    settings = (
        ("成绩", exam.show_score),
        ("各题对错", exam.show_right),
        ("标准答案", exam.show_key),
        ("依据和解析", exam.show_explanation),
    )
    found: dict[str, list[str]] = {}
    for name, when in settings:
        found.setdefault(when, []).append(name)
    return [
        ("、".join(names), WHEN[when] + ("" if when == "never" else "可见")) for when, names in found.items()
    ]


def lines(
    exam: Exam,
    *,
    begins_at: datetime,
    ends_at: datetime,
    hours: str,
    minutes: int,
    allowed: int,
    left: int,
    counting: str,
    multiple: str,
) -> list[tuple[str, str]]:
    """(name, value) of every rule. begins_at, ends_at, minutes, allowed, left: of this person.

    hours: of the day within which one may sit, 9:00至18:00; "" for the whole day.

    counting: which of several attempts counts; multiple: how 多选题 are marked; both in words.
    """
    kinds = blueprint.sections(blueprint.read(exam.blueprint))
    return [
        ("开始时间", minute(begins_at)),
        ("截止时间", closing(ends_at)),
        *([("每天可答题时间", hours)] if hours else []),
        ("答题时间", f"{minutes}分钟，开始答题后连续计时"),
        ("试题", paper(exam)),
        *([("多选题计分", multiple)] if "multiple" in kinds else []),
        ("合格线", marks(exam)),
        ("考试次数", tries(allowed, left, counting)),
        ("形式", "开卷，可以查阅条例" if exam.open_book else "闭卷，不能查阅条例"),
        *shown(exam),
        *([("成绩复核", appeals.told_before(exam))] if appeals.told_before(exam) else []),
    ]


def countdown(
    *,
    begins_at: datetime,
    last_start_at: datetime,
    ends_at: datetime,
    now: datetime,
    working: int | None = None,
) -> str:
    """还剩6天（4个工作日）, 今天24:00截止, 3天后开始, 明天9:00开始; "" once nobody can begin any more.

    Days are those of the calendar; working: how many of those left are working days, none: not told. ends_at and
    last_start_at: of this person.
    """
    if now >= last_start_at:
        return ""
    if now < begins_at:
        days = (clock.today(begins_at) - clock.today(now)).days
        hour = wording.moment(begins_at).partition("日")[2]
        return f"{days}天后开始" if days > 1 else f"{'明天' if days else '今天'}{hour}开始"
    days = wording.days_until(ends_at, now)
    return (
        wording.days_left(days, working) if days else f"今天{wording.ending(ends_at).partition('日')[2]}截止"
    )
