"""What changes a set of questions under way: marks, putting it away, turning over, the sheet of a mock exam."""

import re
from datetime import date, datetime

from quizapp.db import db
from quizapp.errors import Refused
from quizapp.practice import actions
from quizapp.practice.models import SelfTest
from quizapp.practice.self_tests import client_id_in, sheet_of

_LETTERS = re.compile("A?B?C?D?E?F?G?H?")


def flag(test: SelfTest, number: int, on: bool) -> None:
    """Mark a question 待检查, or take the mark away. Marks of two devices at once both stay."""
    _hold(test)
    marked = set(test.flagged) | {number} if on else set(test.flagged) - {number}
    test.flagged = sorted(marked)


def drop(test: SelfTest, now: datetime) -> None:
    """放弃: it is no longer listed. Its answers stay in the log, and it can be taken up again."""
    _hold(test)
    test.dropped_at = now


def take_up(test: SelfTest) -> None:
    """Undo `drop`."""
    _hold(test)
    test.dropped_at = None


def turn(test: SelfTest, number: int) -> None:
    """背题: this question was turned over; going back does not undo it."""
    _hold(test)
    test.place = max(test.place, number)


def fill(test: SelfTest, number: int, chosen: str) -> None:
    """Put the letters for a question on the sheet of a mock exam; none clear it. Refused once it was handed in."""
    if not _LETTERS.fullmatch(chosen):
        raise Refused("shape", "答案格式有误，没有保存。", "请刷新页面后重试。", status=422)
    _hold(test)
    if test.ended_at is not None:
        raise Refused("handed_in", "本次模拟考试已经交卷，答案没有改动。", "可以返回查看结果。")
    rest = {key: letters for key, letters in test.sheet.items() if key != str(number)}
    test.sheet = rest | {str(number): chosen} if chosen else rest


def hand_in(test: SelfTest, *, now: datetime, today: date) -> None:
    """Mark a mock exam, once: its answers enter the log of practice. A question withdrawn meanwhile enters no log."""
    _hold(test)
    if test.ended_at is not None:
        return
    test.ended_at = now
    usable = actions.practisable(test.revisions)
    actions.record(
        [
            actions.Answer(
                client_id_in(test.token, number), test.person_id, revision, letters, "self", today, now
            )
            for number, letters in sheet_of(test).items()
            if (revision := test.revisions[number - 1]) in usable
        ],
        now,
    )


def _hold(test: SelfTest) -> None:
    """One change of this person after the other, on the newest state of the set."""
    actions.one_at_a_time(test.person_id)
    db.session.refresh(test)
