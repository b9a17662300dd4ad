"""How sure, and how often that was so."""

import pytest

from quizapp.practice.certainty import ENOUGH, finding, levels, read


def test_every_level_stands_in_the_picture_and_few_answers_tell_nothing():
    found = levels([(3, 20, 17), (1, ENOUGH - 1, 2)])
    assert [(one.words, one.answers, one.height) for one in found] == [
        ("没把握", 9, 0),
        ("较有把握", 0, 0),
        ("确定", 20, 85),
    ]
    assert finding(found) == "确定时答对85.0%。"
    assert finding(levels([])) == "每种把握程度满10题后显示答对的比例。"


@pytest.mark.parametrize(
    ("text", "level"),
    [("1", 1), ("3", 3), ("0", None), ("4", None), ("", None), (None, None), ("一", None)],
)
def test_only_the_three_levels_are_read(text, level):
    assert read(text) == level
