"""Whose score a reader may see. Pure: one rule for pages, files and whatever else prints a score.

完成情况 (who has sat it) and 成绩 are two rights. Scores of 领导班子成员 are seen only from a unit above their own,
and by themselves. Source: docs/architecture.md.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

Interval = tuple[int, int]  # lft, rgt of a unit on which the reader holds a role that sees scores


@lru_cache(maxsize=4096)
def words(text: str) -> frozenset[str]:
    """What stands between 、，；/ and spaces: 党组书记、局长 are two 职务."""
    return frozenset(part for part in re.split(r"[、，,；;/\s]+", text) if part)


def is_leading(category: str, post: str, named: str) -> bool:
    """Whether somebody of this 人员类别 and 职务 belongs to the 领导班子. named: the setting, several divided by 、."""
    return bool(words(named) & ({category} | words(post)))


def may_see_score(lft: int, reach: Iterable[Interval], *, leading: bool, own: bool) -> bool:
    """Whether a reader may see the score of somebody who counts in the unit at `lft`.

    leading: the other belongs to the 领导班子 there; own: the reader is that person.
    """
    if own:
        return True
    return any(left <= lft <= right and not (leading and left == lft) for left, right in reach)


def sees_only_from(lft: int, reach: Iterable[Interval]) -> bool:
    """Whether a reader sees the scores of the unit at `lft` from there and from no unit above it: those of its
    领导班子 are hidden then."""
    over = [(left, right) for left, right in reach if left <= lft <= right]
    return bool(over) and all(left == lft for left, _ in over)
