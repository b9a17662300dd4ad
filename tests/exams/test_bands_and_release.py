"""A mark includes its own number; nothing is shown before one's own sheet is closed."""

import itertools

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
