import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.attempts import layout as layouts
from quizapp.attempts.marks import (
    Key,
    Marker,
    Marks,
    keys_from_json,
    keys_to_json,
    marks_of,
    slots_of,
    slots_text,
)
from quizapp.attempts.receipts import UNAMBIGUOUS, digest, new_receipt, new_token
from quizapp.exams.drawing import Place

LAYOUT = (Place(1, "BACD", 20), Place(2, "ABCDE", 40), Place(3, "AB", 10))
KEYS = {
    1: Key("single", (frozenset("A"),)),
    2: Key("multiple", (frozenset("ACE"),)),
    3: Key("judge", (frozenset("B"),)),
}


@pytest.mark.parametrize(
    ("sheet", "rule", "slots"),
    [
        ("B.ACE.B", "all", (20, 40, 10)),  # displayed B is own A
        ("A.ACE.B", "all", (0, 40, 10)),
        ("B.AC.", "all", (20, 0, 0)),
        ("B.AC.", "half", (20, 20, 0)),
        ("B.AC.", "per_letter", (20, 26, 0)),
        ("BC.AB.A", "half", (0, 0, 0)),
        ("..", "half", (0, 0, 0)),
        ("H.ACEH.", "half", (0, 0, 0)),  # letters that the slot does not offer earn nothing
    ],
)
def test_every_slot_is_marked_by_its_own_letters(sheet, rule, slots):
    assert marks_of(LAYOUT, KEYS, sheet, rule) == Marks(sum(slots), slots)


@given(st.randoms(use_true_random=False), st.sampled_from(["all", "half", "per_letter", "fixed:15"]))
def test_a_marker_gives_what_the_definition_gives_sheet_after_sheet(chance, rule):
    treatments = ["normal", "normal", "full", "void"]
    keys = {
        revision: Key(
            "multiple" if revision % 2 else "single",
            tuple(
                frozenset(chance.sample("ABCDE", chance.randint(1, 3))) for _ in range(chance.randint(1, 2))
            ),
            chance.choice(treatments),
        )
        for revision in range(1, 6)
    }
    marker = Marker(keys, rule)
    for _ in range(20):
        orders = ["".join(chance.sample("ABCDE", chance.randint(2, 5))) for _ in range(7)]
        layout = tuple(Place(chance.randint(1, 5), order, chance.choice([5, 10, 20])) for order in orders)
        sheet = ".".join("".join(sorted(chance.sample("ABCDEFGH", chance.randint(0, 4)))) for _ in layout)
        assert marker.marks(layouts.to_text(layout), sheet) == marks_of(layout, keys, sheet, rule)


def test_a_marker_refuses_a_sheet_of_another_length_and_an_unknown_revision():
    marker = Marker(KEYS, "all")
    with pytest.raises(ValueError, match="shorter"):
        marker.marks(layouts.to_text(LAYOUT), "A.A")
    with pytest.raises(KeyError):
        marker.marks("9:AB:10", "A")


def test_the_partial_rule_is_for_multiple_choice_only():
    keys = KEYS | {1: Key("single", (frozenset("AB"),))}  # a corrected key may hold two letters
    assert marks_of(LAYOUT, keys, "B..", "half").total == 0


@given(st.sampled_from(["B.ACE.B", "A.B.A", "..", "CD.ABCDE.AB"]), st.sampled_from(["full", "void"]))
def test_a_question_given_to_all_lowers_nobody(sheet, treatment):
    given_away = KEYS | {2: Key("multiple", KEYS[2].accepted, treatment)}
    assert marks_of(LAYOUT, given_away, sheet, "half").total >= marks_of(LAYOUT, KEYS, sheet, "half").total


def test_any_of_several_accepted_answers_earns_the_points():
    keys = KEYS | {1: Key("single", (frozenset("A"), frozenset("C")))}
    assert [marks_of(LAYOUT, keys, f"{letter}..", "all").total for letter in "ABCD"] == [0, 20, 20, 0]


def test_a_sheet_of_another_length_is_not_marked():
    with pytest.raises(ValueError, match="zip"):
        marks_of(LAYOUT, KEYS, "A.B", "all")


def test_keys_and_marks_are_stored_as_they_were():
    keys = KEYS | {2: Key("multiple", (frozenset("AC"), frozenset("E")), "full")}
    assert keys_from_json(keys_to_json(keys)) == keys
    assert slots_of(slots_text(marks_of(LAYOUT, KEYS, "B.AC.B", "half"))) == (20, 20, 10)


def test_a_receipt_has_eight_letters_that_nobody_confuses():
    for _ in range(50):
        head, first, second = new_receipt().split("-")
        assert head == "R"
        assert len(first) == len(second) == 4
        assert set(first + second) <= set(UNAMBIGUOUS)
    assert not set("01ILOU") & set(UNAMBIGUOUS)


def test_a_token_is_letters_and_digits_so_that_no_command_takes_it_for_an_option():
    tokens = {new_token() for _ in range(200)}
    assert len(tokens) == 200
    assert all(len(token) == 22 and token.isascii() and token.isalnum() for token in tokens)


def test_the_digest_depends_on_token_layout_and_sheet():
    seen = {digest(t, h, s) for t in ("a", "b") for h in ("c", "d") for s in ("A.B", "A.C")}
    assert len(seen) == 8
