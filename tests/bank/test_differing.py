"""Two texts side by side: what is marked is what changed, in words and not in splinters."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.bank.differing import rows
from quizapp.differing import sides
from tests.bank.conftest import QUOTE, TEXT, drafts


def shown(pieces):
    return "".join(f"[{piece.text}]" if piece.change else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "left", "right"),
    [
        (
            "自收到之日起15日内告知",
            "自收到之日起30日内告知",
            "自收到之日起[15]日内告知",
            "自收到之日起[30]日内告知",
        ),
        ("十五日内", "二十五日内", "[十五]日内", "[二十五]日内"),
        ("由机关、单位受理", "由机关、单位协商受理", "由机关、单位受理", "由机关、单位[协商]受理"),
        ("应当书面告知信访人", "应当告知信访人", "应当[书面]告知信访人", "应当告知信访人"),
        ("相同", "相同", "相同", "相同"),
        ("", "新写的", "", "[新写的]"),
        ("C", "AC", "[C]", "[AC]"),
        ("共同受理", "由上一级决定", "[共同受理]", "[由上一级决定]"),
    ],
)
def test_whole_words_are_marked(old, new, left, right):
    found = sides(old, new)
    assert (shown(found.old), shown(found.new)) == (left, right)
    assert found.changed == (old != new)


def test_a_single_character_between_two_changes_is_no_island():
    found = sides("由本级党委和政府决定办理", "由上级人民政府决定办理")
    assert shown(found.old) == "由[本级党委和]政府决定办理"
    assert shown(found.new) == "由[上级人民]政府决定办理"


def test_two_texts_with_little_in_common_are_marked_whole():
    old = "涉及两个以上机关、单位的信访事项，由所涉及的机关、单位协商受理"
    new = "各级机关、单位对可能造成社会影响的重大、紧急信访事项，应当及时报告本级党委和政府"
    assert shown(sides(old, new).old) == f"[{old}]"
    assert shown(sides(old, new).new) == f"[{new}]"


def test_a_long_text_is_compared_to_its_end():
    text = "信访事项由机关、单位受理。" * 150
    found = sides(text + "十五日", text + "三十日")
    assert [piece.text for piece in found.old if piece.change] == ["十五"]


@given(TEXT, TEXT)
def test_each_side_is_its_text_and_what_is_not_marked_is_the_same(old, new):
    found = sides(old, new)
    assert "".join(piece.text for piece in found.old) == old
    assert "".join(piece.text for piece in found.new) == new
    kept = ["".join(piece.text for piece in side if not piece.change) for side in (found.old, found.new)]
    assert kept[0] == kept[1]
    assert found.changed == (old != new)


def test_a_question_is_compared_part_by_part(draft):
    old = draft(tags=["受理"])
    new = replace(
        old,
        options=["共同受理", "分别协商受理", "分别受理", "不受理"],
        key="BD",
        kind="multiple",
        citations=[QUOTE, QUOTE],
        uses=("exam",),
        difficulty=4,
        tags=[],
    )
    found = {row.label: row for row in rows(old, new)}
    changed = [label for label, row in found.items() if row.changed]
    assert changed == ["题型", "选项B", "选项D", "答案", "依据2", "难度", "用途", "标签"]
    assert list(found)[:2] == ["题型", "题干"]
    assert shown(found["选项B"].sides.new) == "[分别]协商受理"
    assert shown(found["标签"].sides.old) == "[受理]"


@given(drafts(), st.data())
def test_a_version_does_not_differ_from_itself(draft, data):
    assert not any(row.changed for row in rows(draft, replace(draft)))
