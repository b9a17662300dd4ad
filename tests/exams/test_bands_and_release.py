"""A mark includes its own number; nothing is shown before one's own sheet is closed, nor what it would give away."""

import itertools
from types import SimpleNamespace

import pytest

from quizapp.exams import bands, release

BANDS = [["合格", 600], ["优秀", 900], ["良好", 800]]


@pytest.mark.parametrize(
    ("tenths", "name", "passed", "excellent"),
    [
        (1000, "优秀", True, True),
        (900, "优秀", True, True),
        (899, "良好", True, False),
        (800, "良好", True, False),
        (799, "合格", True, False),
        (600, "合格", True, False),
        (599, "", False, False),
        (0, "", False, False),
    ],
)
def test_the_mark_itself_is_reached(tenths, name, passed, excellent):
    assert bands.band(tenths, BANDS) == name
    assert bands.passed(tenths, 600) is passed
    assert bands.excellent(tenths, 900) is excellent


def test_an_exam_without_bands_names_none():
    assert bands.band(1000, []) == ""


@pytest.mark.parametrize(
    ("setting", "at_once", "closed", "released"),
    [
        ("at_once", True, True, True),
        ("closed", False, True, True),
        ("released", False, False, True),
        ("never", False, False, False),
    ],
)
def test_what_is_shown_when(setting, at_once, closed, released):
    assert release.shows(setting, handed_in=True, closed=False, released=False) is at_once
    assert release.shows(setting, handed_in=True, closed=True, released=False) is closed
    assert release.shows(setting, handed_in=True, closed=True, released=True) is released


def test_nothing_is_shown_before_the_hand_in():
    for setting, closed, released in itertools.product(release.WHEN, (False, True), (False, True)):
        assert not release.shows(setting, handed_in=False, closed=closed, released=released)


def test_an_unknown_setting_shows_nothing_by_accident():
    with pytest.raises(KeyError):
        release.shows("always", handed_in=True, closed=True, released=True)


# Four parts, each at its own time ---------------------------------------------------------------------------

ALWAYS = list(itertools.product(release.WHEN, repeat=4))
MOMENTS = {
    "answering": {"handed_in": False, "closed": False, "released": False},
    "handed in": {"handed_in": True, "closed": False, "released": False},
    "closed": {"handed_in": True, "closed": True, "released": False},
    "released": {"handed_in": True, "closed": True, "released": True},
}


def settings(score, right, key, explanation):
    return SimpleNamespace(show_score=score, show_right=right, show_key=key, show_explanation=explanation)


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_no_part_shows_before_its_own_time_nor_before_one_it_gives_away(moment):
    for score, right, key, explanation in ALWAYS:
        seen = release.shown(settings(score, right, key, explanation), **moment)
        may = {setting: release.shows(setting, **moment) for setting in release.WHEN}
        assert seen.score == may[score]
        assert seen.right == may[right]
        assert seen.key == (may[right] and may[key])
        assert seen.explanation == (may[right] and may[key] and may[explanation])


def test_where_the_settings_are_consistent_each_part_follows_its_own():
    several = 0
    for score, right, key, explanation in ALWAYS:
        if release.consistent(right, key, explanation):
            several += 1
            exam = settings(score, right, key, explanation)
            assert list(release.in_order(exam).values()) == [right, key, explanation]
    assert several == 4 * 20


@pytest.mark.parametrize(
    ("right", "key", "explanation", "fine"),
    [
        ("at_once", "closed", "released", True),
        ("at_once", "at_once", "never", True),
        ("released", "released", "released", True),
        ("released", "closed", "released", False),  # the key tells right or wrong
        ("at_once", "never", "released", False),  # the deciding words tell the key
        ("never", "at_once", "at_once", False),
    ],
)
def test_what_gives_something_away_may_not_come_first(right, key, explanation, fine):
    assert release.consistent(right, key, explanation) is fine


@pytest.mark.parametrize(
    ("score", "right", "told"),
    [("at_once", "at_once", False), ("released", "closed", True), ("never", "released", True)],
)
def test_right_and_wrong_tell_the_score(score, right, told):
    assert release.score_is_told(settings(score, right, "never", "never")) is told


def test_what_still_waits_is_named_with_its_time():
    exam = settings("at_once", "at_once", "closed", "never")
    seen = release.shown(exam, **MOMENTS["handed in"])
    assert release.waiting(exam, seen) == [("closed", "标准答案"), ("never", "依据和解析")]
    assert release.waiting(exam, release.EVERYTHING) == []
