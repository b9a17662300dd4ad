import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts.layout import displayed_letters, from_text, hash_of, not_offered, own_letters, to_text
from quizapp.exams.drawing import Place

orders = st.integers(2, 8).flatmap(lambda n: st.permutations("ABCDEFGH"[:n])).map("".join)
places = st.builds(Place, st.integers(1, 10**9), orders, st.integers(0, 1000))


@given(st.lists(places, min_size=1, max_size=120))
def test_a_stored_layout_is_read_as_it_was(layout):
    assert from_text(to_text(layout)) == tuple(layout)


@given(places, st.data())
def test_displayed_and_own_letters_lead_to_each_other(place, data):
    displayed = "".join(sorted(data.draw(st.frozensets(st.sampled_from("ABCDEFGH"[: len(place.order)])))))
    assert displayed_letters(place, own_letters(place, displayed)) == displayed


def test_displayed_a_is_the_letter_that_stands_first():
    assert own_letters(Place(7, "CAB", 20), "A") == {"C"}


def test_a_letter_that_the_slot_does_not_offer_is_no_letter_of_the_question():
    place = Place(7, "CAB", 20)
    assert not own_letters(place, "AF") <= set("ABCDEFGH")
    assert not_offered(place, "AF")
    assert not not_offered(place, "AC")


@pytest.mark.parametrize("text", ["", "7:CAB", "0:A:1", "7:CAB:2  8:A:1", "7:cab:2", "7:CAB:-2"])
def test_a_text_that_no_layout_wrote_is_refused(text):
    with pytest.raises(ValueError, match="place"):
        from_text(text)


@given(st.lists(places, min_size=1, max_size=5), st.lists(places, min_size=1, max_size=5))
def test_different_layouts_have_different_hashes(one, other):
    assert (hash_of(to_text(one)) == hash_of(to_text(other))) == (one == other)
