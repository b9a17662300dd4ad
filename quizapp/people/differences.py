"""What becomes of a known person by the rows of a roster, in words and by kind. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

from quizapp.people.plans import Edit, LeaveChange
from quizapp.people.roster import KIND_WORDS, UNSORTED, Belonging, Entry, Known
from quizapp.people.standing import LEAVE_WORDS, Standing

BY_WEIGHT = (
    *("moved", "renamed", "seconded", "attached", "taskforce", "village", "maternity", "sick"),
    *("post", "number"),
)


def edit(person: Known, rows: Sequence[Entry], unit_name: dict[int, str], day: date) -> Edit | None:
    """What the rows of one person change, the main row first; None when they change nothing. day: today."""
    words: list[str] = []
    kinds: set[str] = set()

    def differs(column: str, heading: str) -> str | None:
        new = next((getattr(entry, column) for entry in rows if getattr(entry, column)), "")
        old = getattr(person, column)
        if not new or new == old:
            return None
        words.append(f"{heading}由“{old}”改为“{new}”" if old else f"{heading}填为“{new}”")
        kinds.add("renamed" if column == "name" else "number")
        return str(new)

    name, number = differs("name", "姓名"), differs("staff_number", "工号")
    phone = differs("phone", "手机号")
    closed: list[Belonging] = []
    opened: list[tuple[Entry, bool]] = []
    adjusted: list[tuple[Belonging, dict[str, str | int]]] = []
    main = person.main
    for entry in rows:
        here = next((b for b in person.belongings if b.unit_id == entry.unit_id), None)
        stays = (
            here is not None and not here.main and entry.kind == "staff"
        )  # lent so far, there for good now
        if here is not None and not stays:
            values = _adjustment(entry, here, words)
            kinds |= (
                {str(values["kind"]) if values.get("kind", "staff") != "staff" else "post"}
                if values
                else set()
            )
            if values:
                adjusted.append((here, values))
        elif entry.kind not in ("", "staff") and main is not None:
            opened.append((entry, False))
            kinds.add(entry.kind)
            words.append(f"在“{entry.unit_name}”增加{KIND_WORDS[entry.kind]}关系")
        else:
            closed += [here] if here is not None else []
            if main is not None:
                closed.append(main)
                words.append(f"由“{unit_name.get(main.unit_id, '其他单位')}”调入“{entry.unit_name}”")
            else:
                words.append(f"列入“{entry.unit_name}”")
            opened.append((entry, True))
            kinds.add("moved")
    said = next((entry.standing for entry in rows if entry.standing), None)
    leaves = _leaves(person, said, day, words) if said is not None else ()
    kinds |= {change.kind for change in leaves}
    if not words:
        return None
    return Edit(
        row=rows[0].row,
        person=person,
        name=name,
        staff_number=number,
        phone=phone,
        closed=tuple(closed),
        opened=tuple(opened),
        adjusted=tuple(adjusted),
        leaves=leaves,
        kinds=tuple(kind for kind in BY_WEIGHT if kind in kinds),
        words=tuple(words),
    )


def _leaves(person: Known, said: Standing, day: date, words: list[str]) -> tuple[LeaveChange, ...]:
    """A leave begins, gets other days, gives way to one of another kind, or is over since yesterday."""
    now = person.leave
    over = (LeaveChange(now.id, now.kind, now.since, day - timedelta(days=1)),) if now is not None else ()
    if said.kind == "back":
        if now is not None:
            words.append(f"{LEAVE_WORDS[now.kind]}结束")
        return over
    if said.kind not in LEAVE_WORDS or (said.until is not None and said.until < day):
        return ()
    told = LEAVE_WORDS[said.kind] + (f"至{said.until:%Y-%m-%d}" if said.until else "")
    if now is None or now.kind != said.kind:
        words.append(f"登记{told}")
        return *over, begun(said, day)
    since, until = said.since or now.since, said.until or now.until
    if (since, until) == (now.since, now.until):
        return ()
    words.append(
        f"{LEAVE_WORDS[now.kind]}起止日期改为{since:%Y-%m-%d}至{f'{until:%Y-%m-%d}' if until else '未定'}"
    )
    return (LeaveChange(now.id, now.kind, since, until),)


def begun(said: Standing, day: date) -> LeaveChange:
    """The leave that a row says, from its first date or else from today."""
    return LeaveChange(None, said.kind, said.since or day, said.until)


def _adjustment(entry: Entry, here: Belonging, words: list[str]) -> dict[str, str | int]:
    values: dict[str, str | int] = {}
    for column, heading in (
        ("category", "人员类别"),
        ("post", "职务"),
        ("sort", "职务排序号"),
        ("kind", "人员关系"),
    ):
        new, old = getattr(entry, column), getattr(here, column)
        if new in ("", None) or new == old:
            continue
        values[column] = new
        shown_old, shown_new = (KIND_WORDS.get(v, v) if column == "kind" else v for v in (old, new))
        blank = old in ("", UNSORTED)
        words.append(f"{heading}填为“{shown_new}”" if blank else f"{heading}由“{shown_old}”改为“{shown_new}”")
    return values
