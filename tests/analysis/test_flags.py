"""What is flagged, and in which words."""

from dataclasses import replace

import pytest

from quizapp.analysis import flags
from quizapp.analysis.distractors import OptionStatistics
from quizapp.analysis.items import ItemStatistics

USUAL = ItemStatistics(7, 100, 20.0, False, 14.0, 0.7, 9.2, 0.1, 0.1, False, 0.35, 0.5, 70)


def option(letter, share=0.1, correlation=-0.2, right=False, quintiles=(0.2, 0.1, 0.1, 0.1, 0.05)):
    return OptionStatistics(letter, right, round(share * 100), share, quintiles, correlation)


RIGHT = option("A", 0.7, 0.35, right=True)


def told(item=USUAL, options=(), rated=3):
    return [(flag.word, flag.letters) for flag in flags.of(item, options, rated)]


def test_a_usual_item_has_no_flags():
    assert told(USUAL, [RIGHT, option("B"), option("C"), option("D"), option("", 0.0, None)]) == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"discrimination": -0.01}, ["区分度为负"]),
        ({"discrimination": 0.0}, []),
        ({"discrimination": None}, []),
        ({"negative_covariance": True}, ["实际权重无法计算"]),
        ({"negative_covariance": True, "drawn": True}, []),
        ({"facility": 0.95}, ["与原难度不符", "过易"]),
        ({"facility": 0.3}, ["与原难度不符", "过难"]),
        ({"facility": 0.51}, []),
        ({"facility": 0.5}, ["与原难度不符"]),
        ({"facility": None, "attempts": 0}, []),
        ({"discrimination": -0.5, "facility": 0.1, "attempts": 29}, []),
    ],
)
def test_figures_that_ask_for_a_look(changed, words):
    assert [word for word, _ in told(replace(USUAL, **changed))] == words


@pytest.mark.parametrize(("rated", "flagged"), [(1, True), (2, False), (4, False), (5, True), (None, False)])
def test_the_authors_difficulty_may_be_one_step_off_and_not_two(rated, flagged):
    found = flags.of(replace(USUAL, facility=0.7), (), rated)
    assert [flag.code for flag in found] == (["unlike_rated"] if flagged else [])


def test_distractors_that_nobody_chose_are_named():
    found = flags.of(USUAL, [RIGHT, option("B", 0.3), option("C", 0.0, None), option("D", 0.004, None)], 3)
    assert [(flag.word, flag.letters) for flag in found] == [("无人选的干扰项", "CD")]
    assert "没有人选择" in flags.of(USUAL, [RIGHT, option("B", 0.0, None)], 3)[0].evidence


def test_a_distractor_that_the_best_choose_more_often_is_named_with_shares():
    best = option("C", 0.2, 0.2, quintiles=(0.05, 0.1, 0.2, 0.3, 0.35))
    [found] = flags.of(USUAL, [RIGHT, option("B"), best], 3)
    assert (found.word, found.letters) == ("高分者多选的干扰项", "C")
    assert found.evidence == "最高分的五分之一中35.0%选C，最低分的五分之一中5.0%。"


def test_what_chance_explains_is_not_flagged():
    assert told(USUAL, [RIGHT, option("B", correlation=0.19)]) == []  # 1.96/√100 is 0.196
    assert told(replace(USUAL, attempts=10_000), [RIGHT, option("B", correlation=0.03)]) != []


def test_the_right_option_and_blanks_are_no_distractors():
    assert told(USUAL, [option("A", 0.0, 0.9, right=True), option("", 0.0, 0.9)]) == []


def test_the_gravest_comes_first():
    item = replace(USUAL, discrimination=-0.2, negative_covariance=True, facility=0.2)
    options = [RIGHT, option("B", 0.5, 0.4), option("C", 0.0, None)]
    assert [flag.code for flag in flags.of(item, options, 1)] == [
        "negative",
        "best_choose",
        "negative_weight",
        "unlike_rated",
        "hard",
        "unchosen",
    ]
