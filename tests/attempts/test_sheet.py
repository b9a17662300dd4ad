import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts.sheet import BadSheet, answered, blank, format_slots, open_slots, parse, slot_count

slots = st.lists(st.frozensets(st.sampled_from("ABCDEFGH")), min_size=1, max_size=120)


@pytest.mark.parametrize(
    ("text", "parsed"), [("C.ABD..A", ("C", "ABD", "", "A")), ("", ("",)), (".", ("", "")), ("H", ("H",))]
)
def test_slots_are_joined_by_dots(text, parsed):
    assert parse(text) == parsed


@pytest.mark.parametrize(
    "text", ["a", "I", "BA", "AA", "A,B", "A.B\n", " A", "A B", "Ａ", "A..b", "1", "A" * 9, "." * 300, "é"]
)
def test_anything_else_is_no_sheet(text):
    with pytest.raises(BadSheet):
        parse(text)


@given(slots)
def test_what_is_written_is_read_again(chosen):
    text = format_slots(chosen)
    assert [frozenset(letters) for letters in parse(text)] == chosen
    assert text.count(".") == len(chosen) - 1 == slot_count(text) - 1


@given(slots)
def test_answered_and_open_slots_are_all_slots(chosen):
    text = format_slots(chosen)
    assert answered(text) == sum(1 for letters in chosen if letters)
    assert answered(text) + len(open_slots(text)) == len(chosen)


@pytest.mark.parametrize("count", [1, 2, 100])
def test_a_blank_sheet_has_every_slot_open(count):
    assert open_slots(blank(count)) == list(range(1, count + 1))


def test_a_letter_that_no_slot_can_have_is_refused():
    with pytest.raises(BadSheet):
        format_slots([{"A"}, {"Z"}])
