"""找回口令 without a slip: what a request is good for, and when an administrator may confirm it. Pure.

Whoever forgot a password asks on the sign-in page, gets a 核对码 on the own screen and tells it to the unit's
administrator, who has called the number on record or stands before the person. Then the browser that asked, and no
other, may set a new password. The 核对码 tells apart who asked: somebody else's request for the same person has
another one.
"""

from datetime import datetime, timedelta

LASTS = timedelta(hours=24)  # from asking to the new password
KEPT = timedelta(days=30)  # afterwards nothing is left but the audit
TOLD = timedelta(days=7)  # for so long the person is told of it
CODE_DIGITS = 6
HOW = {"phone": "拨打名册上的手机号核实", "in_person": "当面核实"}
STATES = {
    "asked": "待确认",
    "confirmed": "已确认",
    "refused": "未予确认",
    "used": "已完成",
    "replaced": "已由新的申请代替",
}


def digits(typed: str) -> str:
    """The digits of what was typed, full-width ones as half-width: blanks and dashes go."""
    half_width = "".join(chr(ord(c) - 0xFEE0) if "\uff10" <= c <= "\uff19" else c for c in typed)
    return "".join(c for c in half_width if c in "0123456789")


def plain_phone(typed: str) -> str:
    """The digits of a phone number, without +86."""
    found = digits(typed)
    return found[2:] if len(found) == 13 and found.startswith("86") else found


def standing(
    state: str,
    *,
    asked_at: datetime,
    expires_at: datetime,
    password_set_at: datetime | None,
    now: datetime,
) -> str:
    """waiting, confirmed, refused or over: what the browser that asked is shown.

    A password set since, by the person or by a slip, ends the request: it was answered another way.
    """
    overtaken = password_set_at is not None and password_set_at > asked_at
    if state in ("used", "replaced") or overtaken or now >= expires_at:
        return "over"
    return "waiting" if state == "asked" else state


def bars_confirming(name: str, *, matches: bool | None, how: str) -> str | None:
    """Why this request cannot be confirmed in this way, as a sentence.

    matches: whether the typed number is the one on record; none: there was none. A call proves something only where
    both are the same: the number on record may be an old one, the typed one anybody's.
    """
    if how not in HOW:
        return "请选择核实方式"
    if how == "phone" and matches is None:
        return f"名册中没有{name}的手机号，须当面核实"
    if how == "phone" and not matches:
        return f"{name}所填手机号与名册不一致，须当面核实"
    return None
