"""疑似错误答案: how much speaks against the key of a question. A hint for a person, never a verdict. Pure.

Three things speak: 区分度为负 (who knows more earns less), an option that the best choose rather than the key, and
纠错. Each counts from 1 upwards, so that what several things say stands before what one says.
"""

from collections.abc import Mapping, Sequence
from typing import Any

REPORTS = 2  # 纠错 of one question from which they count as evidence
MOST_REPORTS = 10  # more do not say more


def of_figures(
    flags: Sequence[str], discrimination: float | None, options: Sequence[Mapping[str, Any]], letters: str
) -> float:
    """What an exam's figures say, 0 (nothing) to 4. flags: codes of `flags.WORDS`; options: as stored; letters: the
    options that the best choose."""
    doubt = 0.0
    if "negative" in flags and discrimination is not None:
        doubt += 1 - min(discrimination, 0.0)
    if "best_choose" in flags:
        doubt += 1 + max(0.0, _share_of_the_best(options, letters))
    return doubt


def _share_of_the_best(options: Sequence[Mapping[str, Any]], letters: str) -> float:
    """The largest share among the best fifth of the options meant, 0…1."""
    shares = [one["quintiles"][-1] for one in options if one["letter"] and one["letter"] in letters]
    return max((share for share in shares if share is not None), default=0.0)


def strength(doubt: float, reports: int) -> float:
    """The figures and the 纠错 together; 0 where nothing speaks. reports: 纠错 that were not found groundless."""
    if reports < REPORTS:
        return doubt
    return doubt + 1 + min(reports, MOST_REPORTS) / MOST_REPORTS


def reports_in_words(reports: int) -> str:
    """ "收到3件纠错。" where that many count as evidence; "" below."""
    return f"学员提交了{reports}件纠错（不含已认定不属实的）。" if reports >= REPORTS else ""
