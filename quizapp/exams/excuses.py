"""When 免考 or 缓考 can be asked for and decided: what stands in the way of one person, as a sentence, and the words.

A sentence names the person, so that all that is wrong with several is told at once.
"""

from datetime import datetime

KINDS = {"exempt": "免考", "deferred": "缓考"}
STATUSES = {"expected": "应考", **KINDS}
STATES = {"asked": "待批", "granted": "已批准", "refused": "未批准", "withdrawn": "已撤回"}
OTHER = "其他"
REASONS = ("产假", "长病假", "借调", "挂职", "抽调专班", "驻村", "离岗", OTHER)


def reason_of(choice: str, detail: str) -> str:
    """The reason as it is stored: 借调：县委组织部. Raises ValueError for an unknown choice, and for 其他 alone."""
    if choice not in REASONS:
        raise ValueError("请选择原因。")
    if not detail:
        if choice == OTHER:
            raise ValueError("原因为“其他”时，请填写情况说明。")
        return choice
    return detail if choice == OTHER else f"{choice}：{detail}"


def bars_asking(name: str, *, status: str, sat: bool, pending: bool) -> str | None:
    """Why nothing can be asked for this candidate now."""
    if sat:
        return f"{name}已经交卷"
    if pending:
        return f"{name}已有待批的申请"
    return f"{name}已经{KINDS[status]}" if status in KINDS else None


def bars_deciding(
    name: str, *, state: str, sat: bool, granting: bool, until: datetime | None, now: datetime
) -> str | None:
    """Why this request cannot be decided now. Who has sat the exam can be refused and no longer excused."""
    if state != "asked":
        return f"{name}的申请已经处理或撤回"
    if granting and sat:
        return f"{name}已经交卷"
    if granting and until is not None and until <= now:
        return f"{name}的申请已过到期日"
    return None
