"""What may become of a unit, and why not, case by case; and the words that tell it."""

from datetime import date

import pytest

from quizapp.errors import Refused
from quizapp.people import unit_changes, unit_wording
from quizapp.people.unit_changes import Standing
from quizapp.people.unit_wording import Effect

TODAY = date(2026, 7, 12)


def unit(number=2, name="县信访局", *, parent=1, lft=10, rgt=20, closed=None, last=None):
    return Standing(number, parent, name, "信访局", lft, rgt, closed, last)


ROOT = unit(1, "青石县", parent=None, lft=1, rgt=100)
OFFICE = unit()
BELOW = unit(3, "接待科", parent=2, lft=12, rgt=14)
TOWN = unit(4, "云岭镇", lft=30, rgt=40)
GONE = unit(5, "旧局", lft=50, rgt=60, closed=date(2026, 1, 1))


def why_not(check, *arguments):
    """The code of the refusal, or "" where there is none."""
    try:
        check(*arguments)
    except Refused as refused:
        return (
            refused.code
            if "没有改动任何内容。" in refused.advice
            else "the advice says not that nothing changed"
        )
    return ""


@pytest.mark.parametrize(
    ("kind", "subject", "code"),
    [
        ("renamed", ROOT, ""),
        ("moved", ROOT, "root"),
        ("merged", ROOT, "root"),
        ("split", ROOT, "root"),
        ("closed", ROOT, "root"),
        ("moved", OFFICE, ""),
        ("renamed", GONE, "closed"),
        ("merged", GONE, "closed"),
        ("reopened", GONE, ""),
        ("reopened", OFFICE, "not_closed"),
    ],
)
def test_the_root_stays_and_a_closed_unit_is_only_reopened(kind, subject, code):
    assert why_not(unit_changes.check_state, kind, subject) == code


@pytest.mark.parametrize(
    ("day", "last", "code"),
    [
        (TODAY, None, ""),
        (date(2026, 7, 13), None, "future"),
        (date(2025, 7, 11), None, ""),
        (date(2025, 7, 10), None, "long_ago"),
        (date(2026, 6, 1), date(2026, 6, 1), ""),
        (date(2026, 5, 31), date(2026, 6, 1), "before_last"),
    ],
)
def test_a_day_is_neither_to_come_nor_before_the_last_change(day, last, code):
    assert why_not(unit_changes.check_day, day, TODAY, OFFICE, unit(last=last)) == code


@pytest.mark.parametrize(
    ("name", "short", "siblings", "code"),
    [
        ("县信访工作局", "", [], ""),
        ("县信访局", "信访", [], ""),
        ("县信访局", "信访局", [], "same_name"),
        ("云岭镇", "", ["云岭镇"], "name_taken"),
    ],
)
def test_a_new_name_is_new_and_no_siblings(name, short, siblings, code):
    assert why_not(unit_changes.check_rename, OFFICE, name, short, siblings) == code


@pytest.mark.parametrize(
    ("target", "below", "code"),
    [
        (TOWN, [], ""),
        (ROOT, [], "same_parent"),
        (OFFICE, [], "itself"),
        (BELOW, [], "own_subtree"),
        (GONE, [], "target_closed"),
        (TOWN, ["县信访局"], "name_taken"),
    ],
)
def test_where_a_unit_may_move(target, below, code):
    assert why_not(unit_changes.check_move, OFFICE, target, below) == code


@pytest.mark.parametrize(
    ("into", "code"),
    [(TOWN, ""), (ROOT, ""), (OFFICE, "itself"), (BELOW, "own_subtree"), (GONE, "target_closed")],
)
def test_into_what_a_unit_may_merge(into, code):
    assert why_not(unit_changes.check_merge, OFFICE, into) == code


@pytest.mark.parametrize(
    ("people", "last_until", "below", "code", "advice"),
    [
        (0, None, 0, "", ""),
        (3, None, 0, "people_left", "并入"),
        (3, None, 2, "units_left", "调整它们的隶属"),
        (1, TODAY, 0, "people_then", "2026年7月13日或以后"),
    ],
)
def test_a_unit_closes_when_it_is_empty_and_otherwise_says_what_to_do(
    people, last_until, below, code, advice
):
    if not code:
        unit_changes.check_close(OFFICE, TODAY, people, last_until, below)
        return
    with pytest.raises(Refused, match=code) as refusal:
        unit_changes.check_close(OFFICE, TODAY, people, last_until, below)
    assert advice in refusal.value.advice


@pytest.mark.parametrize(
    ("parent", "siblings", "code"),
    [(ROOT, [], ""), (GONE, [], "parent_closed"), (ROOT, ["旧局"], "name_taken")],
)
def test_a_unit_reopens_below_an_open_one(parent, siblings, code):
    assert why_not(unit_changes.check_reopen, GONE, parent, siblings) == code


def test_a_merger_is_told_in_numbers_and_with_names():
    effect = Effect(
        people=5, units=2, moving=3, begun=3, joined=1, ended=("李文（单位负责人）",), alike=("办公室",)
    )
    told = "".join(unit_wording.merged(effect, TODAY, "县信访局", "云岭镇"))
    for words in (
        "3人在原单位的任职到2026年7月11日为止，2026年7月12日起转入“云岭镇”",
        "其中1人在两个单位都有任职",
        "2个下级单位随之归“云岭镇”管理",
        "1项授权终止：李文（单位负责人）",
        "同名单位，请随后改名或合并：办公室",
        "“县信访局”自2026年7月12日起撤销",
    ):
        assert words in told
    assert effect.counts == {"people": 5, "units": 2, "moving": 3, "joined": 1, "ended": 1}


def test_many_names_are_cut_and_counted():
    effect = Effect(ended=tuple(f"人{i}（单位负责人）" for i in range(12)))
    told = "".join(unit_wording.closed(effect, TODAY, "县信访局"))
    assert "人9（单位负责人）等12项" in told
    assert "人10" not in told


@pytest.mark.parametrize(
    ("kind", "other", "before", "after", "line"),
    [
        (
            "renamed",
            False,
            {"name": "甲", "short_name": ""},
            {"name": "乙", "short_name": ""},
            "“甲”改为“乙”",
        ),
        (
            "renamed",
            False,
            {"name": "甲", "short_name": ""},
            {"name": "甲", "short_name": "小甲"},
            "简称由“无”改为“小甲”",
        ),
        ("moved", False, {"name": "甲", "parent": "乙"}, {"parent": "丙"}, "由“乙”改隶“丙”"),
        ("merged", False, {"name": "甲"}, {"name": "乙"}, "并入“乙”"),
        ("merged", True, {"name": "甲"}, {"name": "乙"}, "“甲”并入"),
        ("split", False, {"name": "甲"}, {"name": "乙"}, "由“甲”分设"),
        ("split", True, {"name": "甲"}, {"name": "乙"}, "分设“乙”"),
        ("closed", False, {"name": "甲"}, {"name": "甲"}, "撤销"),
        ("reopened", False, {"name": "甲"}, {"name": "甲"}, "恢复"),
    ],
)
def test_the_history_tells_each_change_from_both_sides(kind, other, before, after, line):
    assert unit_wording.history_line(kind, {"before": before, "after": after}, is_other=other) == line


@pytest.mark.parametrize(
    ("kind", "other", "counts", "told"),
    [
        ("merged", True, {"moving": 3, "units": 2, "ended": 1}, "3人转入，2个下级单位随之调整，1项授权终止"),
        ("merged", False, {"moving": 3}, "3人转出"),
        ("split", True, {"moving": 3, "people": 9, "units": 2}, "3人转出"),
        ("split", False, {"moving": 3}, "3人转入"),
        ("moved", False, {"people": 9, "units": 2}, "涉及9人，2个下级单位随之调整"),
        ("closed", False, {}, ""),
    ],
)
def test_the_history_says_whom_a_change_touched(kind, other, counts, told):
    assert unit_wording.history_counts(kind, counts, is_other=other) == told
