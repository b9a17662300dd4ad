import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.regulations.numerals import key, label, number, words


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (50, "五十"), (105, "一百零五"), (110, "一百一十"),
     (120, "一百二十"), (1001, "一千零一"), (1260, "一千二百六十")],
)  # fmt: skip
def test_numerals_are_written_as_laws_write_them(value, text):
    assert words(value) == text


@given(st.integers(1, 9999))
def test_every_numeral_is_read_back(value):
    assert number(words(value)) == value


@pytest.mark.parametrize(("text", "value"), [("24", 24), ("２４", 24), ("二〇二二", 2022), ("两", 2)])
def test_other_ways_of_writing_are_read(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "甲", "第三", "三条", "-1", "1.5"])
def test_what_is_no_numeral_is_refused(text):
    with pytest.raises(ValueError, match="numeral"):
        number(text)


@pytest.mark.parametrize("value", [0, -1, 10000])
def test_a_number_that_no_provision_has_is_refused(value):
    with pytest.raises(ValueError, match="provision"):
        words(value)


def test_inserted_articles_keep_both_numbers():
    assert key("一百二十", "一") == "120-1"
    assert label("120-1", "条") == "第一百二十条之一"
