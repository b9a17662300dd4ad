"""What of a plan a person accepts: its lines by kind, and the plan narrowed to what was chosen. Pure.

New people, edits and what the sheet says of who left are taken unless somebody unticks them. Who is missing stays,
and who may be somebody known waits, until somebody has decided: nobody is dropped, and nothing merged, by silence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from quizapp.people import names
from quizapp.people.plans import OTHER, Doubt, Edit, Ending, Missing, Newcomer, Plan
from quizapp.people.roster import KIND_WORDS, Entry, Known
from quizapp.people.unit_sheet import Problem

KINDS = {
    "unknown_unit": "单位不存在",
    "double": "重复",
    "problem": "其他问题",
    "doubt": "疑似同一人",
    "missing": "表中没有",
    "left": "调离",
    "retired": "退休",
    "new": "新进",
    "moved": "调动",
    "renamed": "改名",
    "seconded": "借调",
    "attached": "挂职",
    "taskforce": "抽调专班",
    "village": "驻村",
    "maternity": "产假",
    "sick": "长病假",
    "post": "职务或类别变化",
    "number": "工号或手机号变化",
    "note": "提示",
}
SILENT = ("unknown_unit", "double", "problem", "note")  # nothing is decided about these
YES, NO, KEEP = "yes", "no", "keep"
SKIP = "skip"
WAYS = {"left": "调离", "retired": "退休"}
T = TypeVar("T", Newcomer, Edit)


@dataclass(frozen=True)
class Line:
    """One line of the check page. ways: (value, words) to choose from; none: a tick, or nothing to decide.

    default: what holds until somebody chooses. day: proposed as the last day of what ends; first: the earliest.
    """

    key: str
    kind: str
    row: int
    name: str
    mark: str
    words: str
    default: str = ""
    ways: tuple[tuple[str, str], ...] = ()
    day: str = ""
    first: str = ""

    @property
    def has_tick(self) -> bool:
        return self.default in (YES, NO)


def lines(plan: Plan, unit_name: Mapping[int, str], day: date) -> list[Line]:
    """Everything that the check page shows, by kind and row. unit_name: by id. day: today."""
    found = [_problem(problem) for problem in plan.problems]
    found += [_doubt(doubt, unit_name) for doubt in plan.doubts]
    found += [_missing(one, unit_name, day) for one in plan.missing]
    found += [_newcomer(one) for one in plan.new]
    found += [_edit(one) for one in plan.edits]
    found += [_problem(warning) for warning in plan.warnings]
    order = {kind: place for place, kind in enumerate(KINDS)}
    return sorted(found, key=lambda line: (order[line.kind], line.row))


def _problem(problem: Problem) -> Line:
    kind, name = getattr(problem, "kind", "problem"), getattr(problem, "name", "")
    return Line("", kind, problem.row, name, problem.column, problem.message)


def _told(person: Known, unit_name: Mapping[int, str]) -> str:
    where = unit_name.get(person.main.unit_id, "其他单位") if person.main else "不在任何单位"
    numbers = [f"工号{person.staff_number}" if person.staff_number else "", _tail(person.phone)]
    return "，".join([where, *filter(None, numbers), f"学法账号{person.account}"])


def _tail(phone: str | None) -> str:
    return f"手机尾号{phone[-4:]}" if phone else ""


def _row_told(entry: Entry) -> str:
    numbers = (
        f"工号{entry.staff_number}" if entry.staff_number else "",
        f"手机号{entry.phone}" if entry.phone else "",
    )
    return "，".join([entry.unit_name, *filter(None, numbers)])


def _doubt(doubt: Doubt, unit_name: Mapping[int, str]) -> Line:
    entry = doubt.entry
    ways = tuple((str(p.id), f"是同一人：{p.name}（{_told(p, unit_name)}）") for p in doubt.candidates)
    ways += ((OTHER, "不是，按新进人员处理"),)
    return Line(doubt.key, "doubt", entry.row, entry.name, _row_told(entry), doubt.reason, "", ways)


def _missing(one: Missing, unit_name: Mapping[int, str], day: date) -> Line:
    person, yesterday = one.person, day - timedelta(days=1)
    first = one.belongings[0]
    earliest = min(first.since - timedelta(days=1), yesterday)
    last = str(max(min(one.said_day or yesterday, day), earliest))
    kind, default = "missing", KEEP
    ways: tuple[tuple[str, str], ...] = ((KEEP, "保留"), *WAYS.items())
    if one.part:
        where = f"{unit_name.get(first.unit_id, '其他单位')}的{KIND_WORDS[first.kind]}关系"
        words, ways = f"表中没有{where}", ((KEEP, "保留"), ("left", "已结束"))
    elif one.said:
        words, kind, default = f"表中注明{WAYS[one.said]}", one.said, f"{one.said}:{last}"
    else:
        words = "系统中有，表中没有"
    mark = _told(person, unit_name)
    return Line(one.key, kind, one.row, person.name, mark, words, default, ways, last, str(earliest))


def _newcomer(one: Newcomer) -> Line:
    entry = one.main
    further = [f"在“{e.unit_name}”{KIND_WORDS.get(e.kind, '兼')}" for e in one.entries[1:]]
    words = "；".join(filter(None, [entry.post, entry.category, KIND_WORDS.get(entry.kind, ""), *further]))
    return Line(one.key, "new", entry.row, entry.name, _row_told(entry), words, YES)


def _edit(one: Edit) -> Line:
    mark = f"工号{one.person.staff_number}" if one.person.staff_number else f"学法账号{one.person.account}"
    return Line(one.key, one.kinds[0], one.row, one.person.name, mark, "；".join(one.words), YES)


def narrowed(plan: Plan, chosen: Mapping[str, str]) -> Plan:
    """The plan with only what is accepted. chosen: by key; what is not in it has its default.

    Under SKIP a person says that rows with problems are left out, knowingly; otherwise they stay in the way.
    """
    problems = [] if chosen.get(SKIP) == YES else list(plan.problems)
    by_key: dict[str, Newcomer | Edit] = {one.key: one for one in plan.new}
    by_key.update({one.key: one for one in plan.edits})
    taken = {key for key in by_key if chosen.get(key, YES) != NO}
    for key, other in plan.needs.items():
        if key in taken and other not in taken:
            row, name = _row(by_key[key])
            told = f"{name}的工号或手机号现在属于另一人；让出号码的那一项没有勾选，请一并勾选或一并取消"
            problems.append(Problem(row, "", told))
    endings = [ending for one in plan.missing if (ending := _ending(one, chosen)) is not None]
    return replace(
        plan, new=_kept(plan.new, taken), edits=_kept(plan.edits, taken), endings=endings, problems=problems
    )


def _row(one: Newcomer | Edit) -> tuple[int, str]:
    return (one.main.row, one.main.name) if isinstance(one, Newcomer) else (one.row, one.person.name)


def _kept(items: Iterable[T], taken: set[str]) -> list[T]:
    return [item for item in items if item.key in taken]


def _ending(one: Missing, chosen: Mapping[str, str]) -> Ending | None:
    said = chosen.get(one.key, "")
    if not said and one.said and one.said_day is not None:
        return Ending(one, one.said, one.said_day)
    how, _, last_day = said.partition(":")
    return Ending(one, how, date.fromisoformat(last_day)) if how in _open_ways(one) else None


def _open_ways(one: Missing) -> tuple[str, ...]:
    """A 借调, 挂职 … ends; nobody retires from it."""
    return ("left",) if one.part else tuple(WAYS)


def bad_day(plan: Plan, chosen: Mapping[str, str], day: date) -> str:
    """What is wrong with the days chosen, as a sentence, or "". It lies in the membership, not after today."""
    for one in plan.missing:
        how, _, last_day = chosen.get(one.key, "").partition(":")
        if how not in _open_ways(one):
            continue
        try:
            last = date.fromisoformat(last_day)
        except ValueError:
            return f"{one.name}：请填写最后一日。"
        first = min(one.belongings[0].since - timedelta(days=1), day - timedelta(days=1))
        if not first <= last <= day:
            return f"{one.name}：最后一日应在{first:%Y-%m-%d}至{day:%Y-%m-%d}之间。"
    return ""


def answers(chosen: Mapping[str, str]) -> dict[int, str]:
    """What was said about doubts, by row, as matching asks for it."""
    return {int(key[1:]): said for key, said in chosen.items() if re.fullmatch(r"d\d{1,9}", key)}


def said(line: Line, chosen: Mapping[str, str]) -> tuple[str, str]:
    """(what holds for a line as things are chosen now, the last day that stands beside it)."""
    value, _, day = chosen.get(line.key, line.default).partition(":")
    return value, day or line.day


def is_taken(line: Line, chosen: Mapping[str, str]) -> bool:
    """Whether something will be done about a line, as things are chosen now."""
    return bool(line.key) and said(line, chosen)[0] not in ("", NO, KEEP)


def counts(found: Iterable[Line], chosen: Mapping[str, str]) -> dict[str, tuple[int, int]]:
    """kind: (how many lines, how many of them taken), in the order of KINDS; kinds without lines are left out."""
    told: dict[str, tuple[int, int]] = {}
    for line in found:
        total, taken = told.get(line.kind, (0, 0))
        told[line.kind] = total + 1, taken + is_taken(line, chosen)
    return {kind: told[kind] for kind in KINDS if kind in told}


def matching(found: Iterable[Line], kind: str, words: str) -> list[Line]:
    """The lines of a kind in which these words stand, in the name (without the dot too) or beside it."""
    plain = names.normalise(words).replace(names.DOT, "")
    return [
        line
        for line in found
        if line.kind == kind and (plain in line.name.replace(names.DOT, "") or plain in line.mark)
    ]
