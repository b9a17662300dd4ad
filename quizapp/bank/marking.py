"""What one answer earns. Points are whole tenths of a 分 (20 is 2 分), so half marks add up exactly.

Practice, daily quiz, exam and re-marking all call `earned` or `best_earned`.
"""

from collections.abc import Iterable, Sequence

Letters = frozenset[str]
TREATMENTS = ("normal", "full", "void")  # full: 送分; void: 作废, its points go to everyone all the same
LEFT_OUT = (
    "drop",
    "rescale",
)  # 作废: earns nothing; drop: its points fall away, rescale: the rest is scaled up


def earned(
    key: Letters, chosen: Letters, points: int, *, rule: str = "all", treatment: str = "normal"
) -> int:
    """Tenths of a 分 for choosing these letters.

    A wrong letter (错选、多选) always earns nothing; nothing chosen earns nothing; the whole key earns all points.
    For some right letters and no wrong one (少选) the rule says what is earned: `all` nothing; `half` half;
    `per_letter` the share of right letters; `fixed:N` N tenths, at most the points. Shares are rounded down to a
    tenth of a 分. A question treated as `full` or `void` after the exam earns its points for everyone, so that
    nobody loses a mark already gained; one that is left out (`drop`, `rescale`) earns nothing, see `total`.
    points: tenths of a 分. Raises ValueError for an empty key, an unknown rule or treatment, negative points.
    Source: 考试通知, 评分办法.
    """
    if not key:
        raise ValueError("a question without a right answer cannot be marked")
    if points < 0 or treatment not in TREATMENTS + LEFT_OUT:
        raise ValueError(f"points {points}, treatment {treatment}")
    part = _part(key, chosen, points, rule)
    if treatment in LEFT_OUT:
        return 0
    if treatment != "normal" or chosen == key:
        return points
    return part if chosen and chosen < key else 0


def _part(key: Letters, chosen: Letters, points: int, rule: str) -> int:
    """What some right letters and no wrong one earn."""
    if rule == "all":
        return 0
    if rule == "half":
        return points // 2
    if rule == "per_letter":
        return points * len(chosen & key) // len(key)
    name, _, tenths = rule.partition(":")
    if name == "fixed" and tenths.isdecimal():
        return min(int(tenths), points)
    raise ValueError(f"no such rule: {rule}")


def best_earned(
    keys: Iterable[Letters], chosen: Letters, points: int, *, rule: str = "all", treatment: str = "normal"
) -> int:
    """The most that these letters earn under any of several accepted keys. Raises ValueError for no key."""
    marks = [earned(key, chosen, points, rule=rule, treatment=treatment) for key in keys]
    if not marks:
        raise ValueError("a question without a right answer cannot be marked")
    return max(marks)


def total(earned: Sequence[int], points: Sequence[int], treatments: Sequence[str]) -> int:
    """What a paper comes to, in tenths of a 分: the sum, scaled up where questions are treated as `rescale`.

    Then a full paper is worth as much as before: sum × (rest + scaled away) ÷ rest, rounded down to a tenth once, so
    that equal sums stay equal. With no question left the scaled ones give their points to everyone.
    earned, points, treatments: by slot.
    """
    of = dict.fromkeys(("drop", "rescale", "kept"), 0)
    for each, treatment in zip(points, treatments, strict=True):
        of[treatment if treatment in LEFT_OUT else "kept"] += each
    if not of["rescale"]:
        return sum(earned)
    if not of["kept"]:
        return of["rescale"]
    return sum(earned) * (of["kept"] + of["rescale"]) // of["kept"]


def full_marks(points: Sequence[int], treatments: Sequence[str]) -> int:
    """What a paper can come to at most: the points of its questions without those that fell away (`drop`)."""
    pairs = zip(points, treatments, strict=True)
    return sum(each for each, treatment in pairs if treatment != "drop")


def letters(text: str) -> Letters:
    """A stored key or answer as a set: "AC"."""
    return frozenset(text)
