"""What a change of a unit does to whom, in sentences with numbers, and how the 沿革 tells it later. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from quizapp.dates import day as told

SHOWN = 10  # names in one sentence
PAST = "已发布考试的考生名单、成绩和报表保持原样。尚未发布的考试，请核对考生范围。"


@dataclass(frozen=True)
class Effect:
    """Whom a change touches.

    people: counted today in the unit and below. units: open units below. moving: people who change their unit.
    begun: memberships that begin there. joined: people of both units who keep one membership. staying: people who stay
    in a unit that is split. grants: roles on the unit and below that stay. ended: roles that end. lose, gain: roles
    above the unit that no longer reach, or from now on reach, the unit. Roles are told as "李文（单位负责人）".
    alike: names that occur twice among the units below one.
    """

    people: int = 0
    units: int = 0
    moving: int = 0
    begun: int = 0
    joined: int = 0
    staying: int = 0
    grants: int = 0
    ended: tuple[str, ...] = ()
    lose: tuple[str, ...] = ()
    gain: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """What the 沿革 keeps, zeros left out."""
        told = {name: getattr(self, name) for name in ("people", "units", "moving", "joined")}
        told |= {"ended": len(self.ended)}
        return {name: number for name, number in told.items() if number}


def _listed(names: tuple[str, ...]) -> str:
    more = f"等{len(names)}项" if len(names) > SHOWN else ""
    return "、".join(names[:SHOWN]) + more


def _transferred(effect: Effect, day: date, to: str) -> list[str]:
    if not effect.moving:
        return []
    before = told(day - timedelta(days=1))
    lines = [
        f"{effect.moving}人在原单位的任职到{before}为止，{told(day)}起转入“{to}”；"
        "人员关系、人员类别、职务和职务排序号不变。"
    ]
    if effect.joined:
        lines.append(f"其中{effect.joined}人在两个单位都有任职，只保留一条，有编制关系的保留编制关系。")
    return lines


def _grants_end(effect: Effect) -> list[str]:
    if not effect.ended:
        return ["该单位没有授权需要终止。"]
    return [
        f"该单位的{len(effect.ended)}项授权终止：{_listed(effect.ended)}。需要继续的，请在“授权”中另行授予。"
    ]


def renamed(effect: Effect, *, correction: bool) -> list[str]:
    """What renaming does."""
    kept = "只更正文字，原名称不记为曾用名。" if correction else "原名称记为曾用名，按原名称仍能查到本单位。"
    return [
        kept,
        f"本单位及下级的{effect.people}人、{effect.units}个下级单位和{effect.grants}项授权都不变。",
        PAST,
    ]


def moved(effect: Effect) -> list[str]:
    """What moving below another unit does."""
    lines = [
        f"本单位和{effect.units}个下级单位、共{effect.people}人一并调整；人员的单位和职务不变。",
        f"本单位及下级的{effect.grants}项授权不变。",
    ]
    if effect.lose:
        lines.append(f"原上级单位的{len(effect.lose)}项授权不再管到本单位：{_listed(effect.lose)}。")
    if effect.gain:
        lines.append(f"新上级单位的{len(effect.gain)}项授权开始管到本单位：{_listed(effect.gain)}。")
    return [*lines, PAST]


def merged(effect: Effect, day: date, name: str, into: str) -> list[str]:
    """What merging a unit into another does."""
    lines = _transferred(effect, day, into) or ["该单位没有人员需要转入。"]
    if effect.units:
        lines.append(f"{effect.units}个下级单位随之归“{into}”管理。")
    if effect.alike:
        lines.append(f"合并后“{into}”下有同名单位，请随后改名或合并：{_listed(effect.alike)}。")
    closing = f"“{name}”自{told(day)}起撤销，列在“{into}”之下，选择单位时不再出现。"
    lines += [*_grants_end(effect), closing, f"“{name}”举办的考试和自建的题库，由“{into}”的相应人员管理。"]
    return [*lines, PAST]


def split(effect: Effect, day: date, name: str, made: str, above: str) -> list[str]:
    """What making a new unit out of another does."""
    lines = [f"在“{above}”下设立“{made}”，由“{above}”及以上的管理人员管理。"]
    lines += _transferred(effect, day, made) or ["没有选择人员，新单位暂时没有人员。"]
    return [
        *lines,
        f"“{name}”保留{effect.staying}人、{effect.units}个下级单位和全部{effect.grants}项授权。",
        PAST,
    ]


def closed(effect: Effect, day: date, name: str) -> list[str]:
    """What closing an empty unit does."""
    return [
        f"“{name}”自{told(day)}起撤销，没有人员和下级单位受影响；选择单位时不再出现。",
        *_grants_end(effect),
        PAST,
        "撤销后可以恢复，已终止的授权不会自动恢复。",
    ]


def reopened(name: str, above: str) -> list[str]:
    """What reopening a closed unit does."""
    return [
        f"“{name}”恢复为“{above}”的下级单位，可以安排人员。",
        "撤销时终止的授权不会自动恢复，请在“授权”中另行授予。",
    ]


# 沿革 -------------------------------------------------------------------------------------------------------


def history_line(kind: str, details: dict[str, Any], *, is_other: bool) -> str:
    """One change in a few words. is_other: told on the page of the unit that took over, or from which another split."""
    before, after = details["before"], details["after"]
    if kind == "renamed":
        if before["name"] == after["name"]:
            return f"简称由“{before['short_name'] or '无'}”改为“{after['short_name'] or '无'}”"
        what = "更正名称：" if details.get("correction") else ""
        return f"{what}“{before['name']}”改为“{after['name']}”"
    if kind == "moved":
        return f"由“{before['parent']}”改隶“{after['parent']}”"
    if kind == "merged":
        return f"“{before['name']}”并入" if is_other else f"并入“{after['name']}”"
    if kind == "split":
        return f"分设“{after['name']}”" if is_other else f"由“{before['name']}”分设"
    return {"closed": "撤销", "reopened": "恢复"}[kind]


def history_counts(kind: str, counts: dict[str, int], *, is_other: bool) -> str:
    """Whom it touched, from the side of the page: "3人转入，1项授权终止"; "" where nobody."""
    pieces = []
    if counts.get("moving"):
        came = is_other == (kind == "merged")
        pieces.append(f"{counts['moving']}人{'转入' if came else '转出'}")
    if kind == "moved" and counts.get("people"):
        pieces.append(f"涉及{counts['people']}人")
    if kind in ("moved", "merged") and counts.get("units"):
        pieces.append(f"{counts['units']}个下级单位随之调整")
    if counts.get("ended"):
        pieces.append(f"{counts['ended']}项授权终止")
    return "，".join(pieces)
