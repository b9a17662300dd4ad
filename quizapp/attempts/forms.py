"""Shapes of what the pages of this area send."""

from typing import Any

from wtforms import BooleanField
from wtforms.validators import InputRequired

from quizapp.attempts import protocol
from quizapp.attempts import sheet as sheets
from quizapp.attempts.protocol import SheetBody, WrongShape
from quizapp.forms import Form


class StartForm(Form):
    """开始答题 on the rules page."""

    pledge = BooleanField("诚信承诺", [InputRequired("请先阅读并勾选诚信承诺。")])
    less_time = BooleanField("我已知道答题时间不足")


def paper_sheet(form: Any) -> SheetBody:
    """The whole paper sent as a form without script: q1 … qn, q1-doubt, and hidden epoch, revision, slots.

    Raises WrongShape.
    """
    slots = _number(form, "slots")
    if not 1 <= slots <= sheets.MOST_SLOTS:
        raise WrongShape("slots")
    chosen = [set(form.getlist(f"q{number}")) for number in range(1, slots + 1)]
    doubts = [number for number in range(1, slots + 1) if form.get(f"q{number}-doubt")]
    try:
        text = sheets.format_slots(chosen)
    except sheets.BadSheet as bad:
        raise WrongShape(str(bad)) from bad
    return protocol.sheet_from(_number(form, "epoch"), _number(form, "revision"), text, doubts=doubts)


def checked_sheet(form: Any) -> SheetBody:
    """The same from the page that asks once more before handing in: the sheet stands there as one text."""
    return protocol.sheet_from(_number(form, "epoch"), _number(form, "revision"), form.get("sheet", ""))


def _number(form: Any, name: str) -> int:
    text = form.get(name, "")
    if not text.isascii() or not text.isdecimal() or len(text) > 10:
        raise WrongShape(name)
    return int(text)
