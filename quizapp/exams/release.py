"""What a candidate is shown, and when: the score, and the answers (right or wrong, key, article, explanation)."""

WHEN = {
    "at_once": "交卷后",
    "closed": "考试结束后",
    "released": "公布答案后",
    "never": "不显示",
}


def shows(setting: str, *, handed_in: bool, closed: bool, released: bool) -> bool:
    """Whether a setting of WHEN lets this person see now.

    handed_in: this person's own sheet is closed; before that nothing is ever shown. closed: nobody can be answering
    any more (`windows.is_over`), not only this person. released: a person in charge has released the answers; that
    opens what waits for the end as well, since it is only possible after the end.
    Raises KeyError for an unknown setting.
    """
    answer = {"at_once": True, "closed": closed or released, "released": released, "never": False}[setting]
    return handed_in and answer
