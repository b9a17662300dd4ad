"""What becomes of what somebody kept, when a new edition comes."""

from quizapp.regulations.citing import Law
from quizapp.regulations.standing import standing
from quizapp.regulations.structure import read

LAW_NOW = "试验规定\n施行日期：2024-01-01\n第一条 甲。\n第二条 乙在20日内办结。\n第三条 丙。\n丙也如此。"


def stands(anchor: str, words: str):
    parsed = read(LAW_NOW)
    found = standing(Law(parsed.title, parsed.provisions), anchor, words)
    return found.in_words, found.change, found.moved_to


def test_the_same_words_still_stand():
    assert stands("3.2", "丙也如此。") == ("第三条第二款", "", "")
    assert stands("3", "丙。\n丙也如此。") == ("第三条", "", "")


def test_changed_words_are_told_with_what_differs():
    assert stands("2", "乙在15日内办结。") == ("第二条", "changed", "")
    parsed = read(LAW_NOW)
    sides = standing(Law(parsed.title, parsed.provisions), "2", "乙在15日内办结。").sides
    assert [piece.text for piece in sides.old if piece.change] == ["15"]


def test_words_that_moved_are_found_at_their_new_place():
    assert stands("1", "丙也如此。") == ("第一条", "changed", "3.2")
    assert stands("9.1", "丙也如此。") == ("第九条第一款", "gone", "3.2")


def test_a_provision_that_is_gone_is_named_as_it_was():
    assert stands("120-1.2.3", "没有的话。") == ("第一百二十条之一第二款第三项", "gone", "")
