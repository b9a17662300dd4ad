"""What may become of a unit, and when: renamed, moved, merged, split, closed, reopened. Pure.

Each `check_…` raises Refused with what stands in the way and what to do. The tree has one root that stays where it is;
below a closed unit nothing is open.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.dates import day as told
from quizapp.errors import Refused

EARLIEST = timedelta(days=366)  # how far back a change may be dated: further back is a slip of the pen
NOTHING = "没有改动任何内容。"


@dataclass(frozen=True)
class Standing:
    """A unit before a change. (lft, rgt): its interval. last: the day of the last change that it took part in."""

    id: int
    parent_id: int | None
    name: str
    short_name: str
    lft: int
    rgt: int
    closed_on: date | None
    last: date | None


def _refused(code: str, sentence: str, advice: str = "") -> Refused:
    return Refused(code, sentence, f"{NOTHING}{advice}")


def check_state(kind: str, unit: Standing) -> None:
    """Whether this kind of change is open to the unit at all: not to the root, and by whether it is closed."""
    if unit.parent_id is None and kind != "renamed":
        raise _refused("root", f"“{unit.name}”是最上级单位，只能改名。", "新设单位请用“添加单位”。")
    if kind == "reopened" and unit.closed_on is None:
        raise _refused("not_closed", f"“{unit.name}”没有撤销，不需要恢复。")
    if kind != "reopened" and unit.closed_on is not None:
        raise _refused(
            "closed", f"“{unit.name}”已于{told(unit.closed_on)}撤销。", "确需办理的，请先恢复该单位。"
        )


def check_day(day: date, today: date, *units: Standing) -> None:
    """Not in the future, not over a year back, not before the last change of a unit that takes part."""
    if day > today:
        raise _refused("future", "生效日期不能晚于今天。", "请在生效当天或以后办理。")
    if day < today - EARLIEST:
        raise _refused("long_ago", "生效日期不能早于一年以前。", "请核对年份。")
    for unit in units:
        if unit.last is not None and day < unit.last:
            sentence = f"“{unit.name}”在{told(unit.last)}有过变动，生效日期不能早于这一天。"
            raise _refused("before_last", sentence, "请核对日期。")


def check_name(name: str, siblings: Collection[str]) -> None:
    """No two open units below the same one are called alike: a roster could not tell them apart."""
    if name in siblings:
        raise _refused(
            "name_taken", f"同一上级下已有名为“{name}”的单位。", "请换一个名称，或先把两个单位合并。"
        )


def check_rename(unit: Standing, name: str, short_name: str, siblings: Collection[str]) -> None:
    """siblings: names of the other open units below the same one."""
    if (name, short_name) == (unit.name, unit.short_name):
        raise _refused("same_name", "名称和简称都没有变化。", "请填写新的名称。")
    check_name(name, siblings)


def check_move(unit: Standing, parent: Standing, below: Collection[str]) -> None:
    """below: names of the open units below the new parent."""
    if parent.id == unit.parent_id:
        raise _refused(
            "same_parent", f"“{unit.name}”已经隶属“{parent.name}”。", "只调整顺序的，请修改单位排序号。"
        )
    _check_target(unit, parent, "隶属")
    check_name(unit.name, below)


def check_merge(unit: Standing, into: Standing) -> None:
    """Into any open unit that is neither itself nor below it."""
    _check_target(unit, into, "并入")


def _check_target(unit: Standing, other: Standing, verb: str) -> None:
    if other.id == unit.id:
        raise _refused("itself", f"“{unit.name}”不能{verb}自己。", "请另选一个单位。")
    if unit.lft < other.lft <= unit.rgt:
        sentence = f"“{other.name}”是“{unit.name}”的下级单位，不能{verb}它。"
        raise _refused("own_subtree", sentence, "请另选一个单位，或先调整下级单位的隶属。")
    if other.closed_on is not None:
        sentence = f"“{other.name}”已于{told(other.closed_on)}撤销，不能{verb}它。"
        raise _refused("target_closed", sentence, "请另选一个单位。")


def check_close(unit: Standing, day: date, people: int, last_until: date | None, open_below: int) -> None:
    """A unit closes when it is empty.

    people: who belongs to it on the day or later. last_until: when the last of them leaves, none: some are there to
    stay. open_below: open units below it.
    """
    if open_below:
        sentence = f"“{unit.name}”下还有{open_below}个没有撤销的单位。"
        raise _refused("units_left", sentence, "请先撤销、合并下级单位，或调整它们的隶属。")
    if people and last_until is None:
        sentence = f"“{unit.name}”还有{people}人。"
        raise _refused("people_left", sentence, "请先办理调动，或改用“并入”把人员转到另一单位。")
    if last_until is not None:
        sentence = f"{told(day)}“{unit.name}”还有{people}人，最后一人到{told(last_until)}为止。"
        raise _refused("people_then", sentence, f"生效日期请填{told(last_until + timedelta(days=1))}或以后。")


def check_reopen(unit: Standing, parent: Standing, siblings: Collection[str]) -> None:
    """siblings: names of the other open units below the same one."""
    if parent.closed_on is not None:
        raise _refused("parent_closed", f"上级单位“{parent.name}”也已撤销。", "请先恢复上级单位。")
    check_name(unit.name, siblings)
