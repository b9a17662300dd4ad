"""Words found by the first letters of their pinyin, exactly."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.regulations import queries
from quizapp.regulations.initials import initials, is_initials, meant
from tests.regulations.test_citing import LAW
from tests.regulations.test_finding import found


def expected(letters: str) -> list[str]:
    return [a.number for a in LAW.articles if letters in initials(LAW.words(a.number))]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("信访人", "xfr"),
        ("重大、重复", "zd、cf"),
        ("（一）调查ABC，2022年", "（y）dcabc，2022n"),
        ("长期\n成长", "cq\ncz"),
    ],
)
def test_a_character_has_the_letter_that_its_neighbours_give_it(text, letters):
    assert initials(text) == letters


@given(st.text(max_size=30))
def test_there_is_a_letter_for_every_character_of_any_text(text):
    assert len(initials(text)) == len(text)


def test_every_stretch_is_found_by_its_letters_and_only_where_they_stand(stored):
    chance = random.Random(20261127)
    for _ in range(40):
        text = LAW.words(chance.choice(LAW.articles).number)
        start = chance.randrange(len(text) - 1)
        letters = initials(text)[start : start + chance.randrange(2, 6)]
        if is_initials(letters):
            assert found(letters) == expected(letters) != [], letters
    assert found("zzzz") == expected("zzzz") == []


def test_letters_and_words_are_asked_for_together(stored):
    assert found("FC tz") == [n for n in expected("fc") if n in expected("tz")]
    assert found("xfr 听证") == ["31", "36"]


def test_the_words_that_the_letters_stand_for_are_marked_and_told(stored):
    came = queries.search("fc")
    assert "复查" in came.read_as
    marked = {run.text for hit in came.hits for line in hit.lines for run in line.runs if run.marked}
    assert marked
    assert {initials(word) for word in marked} == {"fc"}


@pytest.mark.parametrize("word", ["x", "xf1", "信f", "x-f", ""])
def test_one_letter_and_mixtures_are_no_first_letters(word):
    assert not is_initials(word)


def test_the_meant_words_come_each_once_in_order():
    text = "信访人和新发人，信访人"
    assert meant(text, initials(text), "XFR") == ["信访人", "新发人"]
