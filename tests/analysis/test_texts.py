"""Reading thousands of stored sheets at once says what reading them one by one says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import gathering, texts
from quizapp.analysis.gathering import Gathering, Item
from quizapp.attempts import layout, marks, sheet
from quizapp.exams.drawing import Place

LETTERS = "ABCDEFGH"
REVISIONS = [1, 9, 10, 507, 12_345, 2_147_483]


@st.composite
def papers(draw):
    """(layout, sheet, marks) as stored, of one paper."""
    places = [
        Place(revision, "".join(draw(st.permutations(LETTERS[: draw(st.integers(2, 8))]))), 20)
        for revision in draw(st.lists(st.sampled_from(REVISIONS), min_size=1, max_size=6, unique=True))
    ]
    chosen = [
        draw(st.sets(st.sampled_from(LETTERS))) for _ in places
    ]  # also letters that the place does not offer
    earned = [draw(st.sampled_from([0, 5, 20, 135, 1000])) for _ in places]
    text = marks.slots_text(marks.Marks(sum(earned), tuple(earned)))
    return layout.to_text(places), sheet.format_slots(chosen), text


def one_by_one(stored):
    """(paper, revision, own letters, marks) of every place."""
    return [
        (
            number,
            place.revision_id,
            {one for one in layout.own_letters(place, chosen) if one.isupper()},
            earned,
        )
        for number, (layout_text, sheet_text, marks_text) in enumerate(stored)
        for place, chosen, earned in zip(
            layout.from_text(layout_text), sheet.parse(sheet_text), marks.slots_of(marks_text), strict=True
        )
    ]


def read(stored):
    slots = [sheet.slot_count(one) for _, one, _ in stored]
    return texts.read(*zip(*stored, strict=True), slots)


@given(st.lists(papers(), min_size=1, max_size=8))
def test_all_at_once_is_one_by_one(stored):
    found = read(stored)
    choices = [{LETTERS[at] for at in range(8) if bits >> at & 1} for bits in found.choices.tolist()]
    told = zip(found.papers.tolist(), found.revisions.tolist(), choices, found.marks.tolist(), strict=True)
    assert list(told) == one_by_one(stored)


@pytest.mark.parametrize(
    ("layouts", "sheets", "earned", "slots"),
    [
        (["1:AB:20 2:AB:20"], ["A"], ["20.0"], [2]),  # a sheet too short
        (["1:AB:20"], ["A."], ["20"], [1]),
        (["1:AB:20 2:AB:20"], ["A."], ["20"], [2]),
        (["1:AB:20"], ["A."], ["20.0"], [2]),  # a layout too short
        (["1:AB:20", "1:AB:20 2:AB:20"], ["A", "B."], ["20", "0.0"], [2, 1]),  # the sum is right, no line is
        (["1:AB:20", "1:AB:20 2:AB:20"], ["A.", "B"], ["20", "0.0"], [1, 2]),
        (["1:AB:20 2:AB:20"], ["A."], ["20."], [2]),  # no number
        ([":AB:20"], ["A"], ["20"], [1]),
    ],
)
def test_texts_that_do_not_fit_are_refused(layouts, sheets, earned, slots):
    with pytest.raises(ValueError, match="number"):
        texts.read(layouts, sheets, earned, slots)


ITEMS = [Item(revision, 1000, False) for revision in sorted(REVISIONS)]


@given(st.lists(papers(), min_size=1, max_size=12), st.integers(1, 4))
def test_chunks_are_put_together_item_by_item(stored, size):
    gathered = Gathering(ITEMS)
    for start in range(0, len(stored), size):
        chunk = stored[start : start + size]
        gathered.add(read(chunk), range(70 + start, 70 + start + len(chunk)))
    made = gathered.sheets()
    expected = one_by_one(stored)
    for item, column in zip(made.ids, made.columns, strict=True):
        own = [(paper, earned) for paper, revision, _, earned in expected if revision == item]
        assert list(zip(column.rows.tolist(), column.marks.tolist(), strict=True)) == own
        letters = [sum(1 << LETTERS.index(one) for one in own) for _, rev, own, _ in expected if rev == item]
        assert column.choices.tolist() == letters
    totals = [sum(earned for paper, _, _, earned in expected if paper == at) for at in range(len(stored))]
    assert made.totals.tolist() == totals
    assert made.attempts.tolist() == [70 + at for at in range(len(stored))]


def test_a_question_that_is_none_of_the_exams_is_refused():
    for revision in (8, 999_999_999):
        with pytest.raises(ValueError, match="does not have"):
            Gathering(ITEMS).add(read([(f"1:AB:20 {revision}:AB:20", "A.B", "0.20")]), [1])


def test_the_paper_that_somebody_sat_is_known_by_its_questions():
    """Question 10 stands on both papers; 1 on the first, 9 on the second."""
    items = [Item(1, 20, False, 0b01), Item(9, 20, False, 0b10), Item(10, 20, False, 0b11)]
    gathered = Gathering(items)
    stored = [("10:AB:20 9:AB:20", "A.B", "20.0"), ("1:AB:20 10:BA:20", "A.B", "0.20")]
    gathered.add(read(stored), [71, 72])
    made = gathered.sheets(forms=[1, 2])
    assert made.forms.tolist() == [2, 1]
    second = made.of_form(2)
    assert (second.ids, second.totals.tolist(), second.attempts.tolist()) == ((9, 10), [20], [71])
    assert [(c.rows.tolist(), c.marks.tolist(), c.choices.tolist()) for c in second.columns] == [
        ([0], [0], [2]),
        ([0], [20], [1]),
    ]


def test_nothing_gathered_is_a_table_without_attempts():
    made = gathering.Gathering(ITEMS).sheets(forms=[1, 2])
    assert (made.size, len(made.columns), made.forms.tolist()) == (0, len(ITEMS), [])
