"""The picture of the options: a line each, and labels that stand apart within the picture."""

from hypothesis import given
from hypothesis import strategies as st

from quizapp.analysis import charts

shares = st.lists(st.none() | st.floats(0, 1), min_size=5, max_size=5)


@given(st.lists(shares, min_size=1, max_size=8))
def test_labels_stand_apart_and_inside(quintiles):
    options = [
        {"letter": letter, "right": letter == "A", "quintiles": own}
        for letter, own in zip("ABCDEFGH", quintiles, strict=False)
    ]
    lines = charts.traces(options, {letter: letter for letter in "ABCDEFGH"})
    known = [one for one in options if any(share is not None for share in one["quintiles"])]
    assert sorted(line["name"] for line in lines) == [one["letter"] for one in known]
    labels = [line["label_y"] for line in lines]
    assert all(below - above >= charts.APART - 0.11 for above, below in zip(labels, labels[1:], strict=False))
    assert all(0 <= at <= charts.BOTTOM + 4.1 for at in labels)


def test_a_label_stands_at_the_end_of_its_line_where_there_is_room():
    flat = [[1.0] * 5, [0.0] * 5, [0.0] * 5]
    options = [
        {"letter": letter, "right": letter == "A", "quintiles": own}
        for letter, own in zip("ABC", flat, strict=True)
    ]
    first, *others = charts.traces(options, {"A": "A", "B": "B", "C": "C"})
    assert first["name"] == "A"
    assert first["label_y"] == first["y"] == charts.TOP
    assert first["points"].startswith("40.0,14.0 ")
    assert [line["label_y"] for line in others] == [charts.BOTTOM + 4 - charts.APART, charts.BOTTOM + 4]
