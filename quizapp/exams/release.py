"""What a candidate is shown, and when: the score, right or wrong for each question, the key, the explanation.

Each part has its own setting, and a later part gives the earlier ones away: the explanation marks the deciding words,
which tell the key; the key tells right or wrong. So they come in this order or together (`consistent`), and whatever
stands in the settings, no part shows earlier than one that it gives away (`in_order`). The score tells nothing of a
single question and stands beside them.
"""

from dataclasses import dataclass
from typing import Protocol

WHEN = {
    "at_once": "交卷后",
    "closed": "考试结束后",
    "released": "公布答案后",
    "never": "不显示",
}
APPEAL_DAYS = 7  # for how long a new exam takes 成绩复核申请, unless its maker says otherwise
MOST_APPEAL_DAYS = 60
_ORDER = list(WHEN)
PARTS = {"right": "各题对错", "key": "标准答案", "explanation": "依据和解析"}  # in the order of `consistent`


class Settings(Protocol):
    """The columns of an exam that say what shows when: each a key of WHEN."""

    show_score: str
    show_right: str
    show_key: str
    show_explanation: str


@dataclass(frozen=True)
class Shown:
    """What one person sees of one closed sheet now."""

    score: bool = False
    right: bool = False
    key: bool = False
    explanation: bool = False

    @property
    def anything(self) -> bool:
        return self.score or self.right


NOTHING = Shown()
EVERYTHING = Shown(True, True, True, True)


def shows(setting: str, *, handed_in: bool, closed: bool, released: bool) -> bool:
    """Whether a setting of WHEN lets this person see now.

    handed_in: this person's own sheet is closed; before that nothing is ever shown. closed: nobody can be answering
    any more (`windows.is_over`), not only this person. released: a person in charge has released the answers; that
    opens what waits for the end as well, since it is only possible after the end.
    Raises KeyError for an unknown setting.
    """
    answer = {"at_once": True, "closed": closed or released, "released": released, "never": False}[setting]
    return handed_in and answer


def shown(exam: Settings, *, handed_in: bool, closed: bool, released: bool) -> Shown:
    """The four parts at this moment."""
    score, *parts = (
        shows(setting, handed_in=handed_in, closed=closed, released=released)
        for setting in (exam.show_score, *in_order(exam).values())
    )
    return Shown(score, *parts)


def in_order(exam: Settings) -> dict[str, str]:
    """Part of PARTS → its setting, none earlier than that of a part which it would give away."""
    found, latest = {}, 0
    for part, setting in zip(PARTS, (exam.show_right, exam.show_key, exam.show_explanation), strict=True):
        latest = max(latest, _ORDER.index(setting))
        found[part] = _ORDER[latest]
    return found


def consistent(right: str, key: str, explanation: str) -> bool:
    """Whether right or wrong, key and explanation (keys of WHEN) come in this order, or together."""
    return _ORDER.index(right) <= _ORDER.index(key) <= _ORDER.index(explanation)


def score_is_told(exam: Settings) -> bool:
    """Whether right or wrong shows before the score: then everybody can add the score up."""
    return _ORDER.index(exam.show_right) < _ORDER.index(exam.show_score)


def waiting(exam: Settings, seen: Shown) -> list[tuple[str, str]]:
    """(setting, what) of the parts that do not show yet, the earliest first: ("closed", "各题对错、标准答案")."""
    found: dict[str, list[str]] = {}
    for part, setting in in_order(exam).items():
        if not getattr(seen, part):
            found.setdefault(setting, []).append(PARTS[part])
    return [(setting, "、".join(names)) for setting, names in found.items()]
