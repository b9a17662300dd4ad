"""应考人数 = 名册人数 − 免考 − 缓考, whatever happens to a candidate; the best or the last attempt counts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.exams.counting import COUNTERS, Standing, contribution, counts, difference

standings = st.builds(
    Standing,
    status=st.sampled_from(["expected", "exempt", "deferred"]),
    started=st.booleans(),
    sat=st.booleans(),
    points=st.none() | st.integers(0, 1000),
    passed=st.booleans(),
    excellent=st.booleans(),
)


@given(standings)
def test_the_list_is_made_of_expected_exempt_and_deferred(standing):
    added = contribution(standing)
    assert set(added) == set(COUNTERS)
    assert added["expected"] == added["listed"] - added["exempt"] - added["deferred"]
    assert 0 <= added["submitted"] <= added["expected"] <= 1
    assert max(added["passed"], added["excellent"]) <= added["submitted"]
    assert added["points"] == 0 or added["submitted"]


@given(st.lists(standings, min_size=2, max_size=6))
def test_differences_add_up_to_where_one_arrives(way):
    sums = contribution(way[0])
    for old, new in zip(way, way[1:], strict=False):
        for name, by in difference(old, new).items():
            assert by != 0
            sums[name] += by
    assert sums == contribution(way[-1])


@pytest.mark.parametrize(
    ("old", "new", "rule", "answer"),
    [
        (None, 0, "best", True),
        (None, 0, "last", True),
        (700, 800, "best", True),
        (700, 700, "best", False),
        (800, 700, "best", False),
        (800, 700, "last", True),
    ],
)
def test_which_attempt_counts(old, new, rule, answer):
    assert counts(old, new, rule) is answer


def test_an_unknown_rule_is_no_rule():
    with pytest.raises(ValueError, match="mean"):
        counts(1, 2, "mean")
