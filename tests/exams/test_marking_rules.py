"""The rule for 少选 in words, and which fixed marks an exam may set. What it earns: tests/bank/test_marking.py."""

import pytest

from quizapp.bank.marking import earned, letters
from quizapp.exams import marking_rules


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("all", "少选、多选、错选均不得分"),
        ("half", "少选得一半分，多选、错选不得分"),
        ("per_letter", "少选按选对的个数占比得分，多选、错选不得分"),
        ("fixed:5", "少选得0.5分，多选、错选不得分"),
        ("fixed:10", "少选得1分，多选、错选不得分"),
    ],
)
def test_every_rule_has_its_words(rule, words):
    assert marking_rules.in_words(rule) == words


@pytest.mark.parametrize(
    "rule", ["", "some", "fixed", "fixed:", "fixed:-5", "fixed:0.5", "fixed:５", "half:5"]
)
def test_a_text_that_is_no_rule_is_refused(rule):
    with pytest.raises(ValueError, match="no such rule"):
        marking_rules.in_words(rule)


@pytest.mark.parametrize(
    ("rule", "worth", "fine"),
    [
        ("fixed:0", 20, False),
        ("fixed:1", 20, True),
        ("fixed:19", 20, True),
        ("fixed:20", 20, False),
        ("fixed:30", 20, False),
        ("half", 1, True),
        ("all", 0, True),
    ],
)
def test_a_fixed_mark_is_more_than_nothing_and_less_than_the_whole(rule, worth, fine):
    assert (marking_rules.problem(rule, worth) == "") == fine


def test_the_problem_says_both_figures():
    assert marking_rules.problem("fixed:20", 20) == "多选题少选得2分，应大于0分、小于每题2分"


@pytest.mark.parametrize("tenths", [1, 5, 15])
def test_what_the_words_promise_is_what_the_marking_gives(tenths):
    rule = marking_rules.fixed(tenths)
    assert marking_rules.fixed_tenths(rule) == tenths
    marks = [
        earned(letters("ACE"), letters(given), 20, rule=rule)
        for given in ("A", "AC", "ACE", "AB", "ABCE", "")
    ]
    assert marks == [tenths, tenths, 20, 0, 0, 0]
