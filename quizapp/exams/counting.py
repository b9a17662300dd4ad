"""What a candidate adds to the counters of the unit, and which of several attempts counts.

Source: docs/architecture.md, Words: 应考人数 = 名册人数 − 免考 − 缓考; 实考 = handed in, or closed by time with at
least one answer; who opened and never answered is absent.
"""

from dataclasses import dataclass

COUNTERS = (
    "listed",
    "exempt",
    "deferred",
    "expected",
    "started",
    "submitted",
    "passed",
    "excellent",
    "points",
)


@dataclass(frozen=True)
class Standing:
    """What is known of a candidate. points: tenths of a 分 of the attempt that counts; none before 实考."""

    status: str = "expected"
    started: bool = False
    sat: bool = False
    points: int | None = None
    passed: bool = False
    excellent: bool = False


def contribution(standing: Standing) -> dict[str, int]:
    """What one candidate adds to each counter. An exempt or deferred one counts on the list and nowhere else."""
    found = dict.fromkeys(COUNTERS, 0)
    found["listed"] = 1
    if standing.status != "expected":
        found[standing.status] = 1
        return found
    found.update(expected=1, started=int(standing.started), submitted=int(standing.sat))
    if standing.sat:
        found.update(
            passed=int(standing.passed), excellent=int(standing.excellent), points=standing.points or 0
        )
    return found


def difference(old: Standing, new: Standing) -> dict[str, int]:
    """By how much the counters move when a candidate goes from old to new; counters that stay are left out."""
    before, after = contribution(old), contribution(new)
    return {name: after[name] - before[name] for name in COUNTERS if after[name] != before[name]}


def counts(old: int | None, new: int, rule: str) -> bool:
    """Whether a further result replaces the one that counts so far (none: nothing counts yet).

    rule "last": the latest attempt counts; "best": the higher one, and of equals the earlier. Tenths of a 分.
    Raises ValueError for another rule.
    """
    if rule not in ("best", "last"):
        raise ValueError(f"{rule} is no rule for several attempts")
    return old is None or rule == "last" or new > old
