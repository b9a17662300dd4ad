"""The text of a reminder that somebody copies: for a group only counts, for the unit's own people their names. Pure."""

from collections.abc import Sequence
from datetime import datetime

from quizapp import dates
from quizapp.reports.completion import Counts, UnitRow

MOST_UNITS = 30  # units named in a text


def for_groups(
    exam: str, unit: str, counts: Counts, parts: Sequence[UnitRow], *, closes_at: datetime, now: datetime
) -> str:
    """How many have not sat it, by unit; it names nobody."""
    missing = [f"{part.name}{part.counts.missing}人" for part in parts if part.counts.missing]
    named = "、".join(missing[:MOST_UNITS])
    if len(missing) > MOST_UNITS:
        named += f"，其余{len(missing) - MOST_UNITS}个单位未列出"
    return "\n".join(
        [
            f"{exam}将于{dates.closing(closes_at)}截止。截至{dates.minute(now)}，{unit}应考{counts.expected}人，"
            f"已考{counts.submitted}人，还有{counts.missing}人未考。",
            *([f"未考人数：{named}。"] if len(missing) > 1 else []),
            "请尚未参加考试的同志在截止前登录系统完成考试。",
        ]
    )


def with_names(exam: str, people: Sequence[tuple[str, str]], *, closes_at: datetime, now: datetime) -> str:
    """Who has not sat it, as (unit, name) in order; only for a reader who may see these names."""
    units: dict[str, list[str]] = {}
    for unit, name in people:
        units.setdefault(unit, []).append(name)
    lines = [f"{unit}：{'、'.join(names)}" for unit, names in units.items()]
    return "\n".join(
        [
            f"{exam}将于{dates.closing(closes_at)}截止。截至{dates.minute(now)}，以下同志尚未参加，请提醒按时完成：",
            *lines,
        ]
    )
