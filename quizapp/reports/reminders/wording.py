"""The words of reminders. Pure. A personal one goes to that person alone and names nobody; a group's carries counts."""

from collections.abc import Sequence
from datetime import datetime

from quizapp import dates
from quizapp.reports import reminding
from quizapp.reports.completion import Counts, UnitRow
from quizapp.reports.reminders import posts

CHANNELS = {"app": "系统内提醒", "mail": "电子邮件", "group": "工作群"}
STATES = {"waiting": "等待发送", "sending": "正在发送", "done": "已发送", "withdrawn": "已撤回"}
OVER = "考试已经结束，没有再发送。"
UNCLEAR = "发送时中断，对方可能已经收到；为避免重复，不再发送"


def note(exam: str, ends_at: datetime) -> str:
    """What stands on the person's own pages."""
    return f"单位提醒：您还没有参加“{exam}”，请在{dates.closing(ends_at)}前完成。"


def letter(exam: str, ends_at: datetime, site: str) -> tuple[str, str]:
    """Subject and text of an e-mail. It holds no name, account or unit: an address may have been mistyped."""
    until = dates.closing(ends_at)
    return f"请在{until}前参加“{exam}”", "\n\n".join(
        [
            f"您还没有参加“{exam}”，考试{until}截止。请登录“{site}”完成考试。已经参加的，不必理会。",
            f"本邮件由系统自动发出，请勿回复。不想再收到的，请登录“{site}”，在“我的”中删除电子邮箱。",
        ]
    )


def post(
    exam: str, unit: str, counts: Counts, parts: Sequence[UnitRow], *, closes_at: datetime, now: datetime
) -> str:
    """What goes to a group: the text that people copy; without the units below where it would be too long."""
    when = {"closes_at": closes_at, "now": now}
    text = reminding.for_groups(exam, unit, counts, parts, **when)
    return text if posts.fits(text) else reminding.for_groups(exam, unit, counts, (), **when)


def channels(chosen: Sequence[str]) -> str:
    """系统内提醒、工作群: in the order of CHANNELS."""
    return "、".join(words for name, words in CHANNELS.items() if name in chosen)
