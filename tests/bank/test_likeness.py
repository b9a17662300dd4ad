"""Near-duplicates: what is nearly the same is found, what only shares a subject is not, and nothing is missed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.bank.likeness import NEAR, grams, nearest, pairs_within, share

STEM = "涉及两个或者两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。"


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (STEM, True),
        ("涉及两个或两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）受理。", True),
        ("涉及两个或者两个以上机关单位的信访事项由所涉及的机关单位____。", True),
        ("涉及两个或者两个以上机关、单位的信访事项，受理有争议的，由（　　）决定受理机关。", False),
        ("信访人对复查意见不服的，可以自收到书面答复之日起（　　）内请求复核。", False),
        ("（　　）。", False),
    ],
)
def test_a_question_that_asks_nearly_the_same_is_found(other, found):
    [near] = nearest([other], ["应当推选代表，代表人数不得超过（　　）。", STEM])
    assert (near is not None) == found
    assert near is None or (near.place == 1 and NEAR <= near.share <= 1)


def test_of_a_list_the_later_one_names_the_earlier():
    assert pairs_within([STEM, "另一道完全不同的试题，问的是期限。", STEM]) == [
        None,
        None,
        type(pairs_within([STEM, STEM])[1])(0, 1.0),  # type: ignore[arg-type]
    ]


def test_a_text_with_one_rare_beginning_more_is_not_missed():
    """The rarest run of each stands in the other's second place: one run fewer in the prefix would miss the pair."""
    [near] = nearest(["甲乙丙丁戊己庚辛"], ["一甲乙丙丁戊己庚辛"])
    assert near is not None
    assert near.share == pytest.approx(6 / 7)


texts = st.lists(st.text("信访事项机关单位", min_size=0, max_size=24), max_size=12)


@given(texts, texts)
def test_the_filter_misses_nothing_that_comparing_all_would_find(these, others):
    for text, near in zip(these, nearest(these, others), strict=True):
        best = max((share(grams(text), grams(other)) for other in others), default=0)
        assert (near.share if near else 0) == (best if best >= NEAR else 0)
