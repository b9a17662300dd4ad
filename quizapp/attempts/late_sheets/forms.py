"""The shape of what people type about held sheets."""

from typing import Any

from wtforms import SelectChoice

from quizapp.attempts.disputed_lists import DecidingForm
from quizapp.attempts.late_sheets import rules


class WhyForm(DecidingForm):
    """Why a sheet is accepted or not. act: accept or reject."""

    act = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=f"{self.act}-", **kwargs)
        self.ready.choices = [
            SelectChoice("", "不选用"),
            *(SelectChoice(one, one) for one in rules.READY[self.act]),
        ]

    def made(self, ready: str, words: str) -> str:
        return rules.reason_of(self.act, ready, words)


class AcceptForm(WhyForm):
    act = "accept"


class RejectForm(WhyForm):
    act = "reject"
