"""多选题计分规则: what an answer with a letter missing earns, in words, and which fixed marks make sense.

The marking itself is `bank.marking.earned`; the rule is stored as it takes it: all, half, per_letter, fixed:5.
"""

from quizapp.figures import points

RULES = {
    "all": "少选、多选、错选均不得分",
    "half": "少选得一半分，多选、错选不得分",
    "per_letter": "少选按选对的个数占比得分，多选、错选不得分",
}
FIXED = "fixed"


def fixed(tenths: int) -> str:
    """The rule by which a missing letter leaves this many tenths of a 分: fixed:5."""
    return f"{FIXED}:{tenths}"


def fixed_tenths(rule: str) -> int | None:
    """The tenths of a 分 of a fixed rule; none for the rules of RULES. Raises ValueError for any other text."""
    if rule in RULES:
        return None
    name, _, tenths = rule.partition(":")
    if name != FIXED or not (tenths.isascii() and tenths.isdecimal()):
        raise ValueError(f"no such rule: {rule}")
    return int(tenths)


def in_words(rule: str) -> str:
    """How a multiple choice with a missing letter is marked, in one line: 少选得0.5分，多选、错选不得分.

    Raises ValueError for an unknown rule.
    """
    tenths = fixed_tenths(rule)
    return RULES[rule] if tenths is None else f"少选得{points(tenths)}分，多选、错选不得分"


def problem(rule: str, worth: int) -> str:
    """What is wrong with a rule for multiple choices worth so many tenths, as a sentence without 。; "" for nothing.

    A fixed mark is more than nothing and less than the whole; where it is not, another rule says the same plainly.
    """
    tenths = fixed_tenths(rule)
    if tenths is None or 0 < tenths < worth:
        return ""
    return f"多选题少选得{points(tenths)}分，应大于0分、小于每题{points(worth)}分"
