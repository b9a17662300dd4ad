"""What the personnel sheet of a large city takes: read, compared with the tables, and applied, on PostgreSQL."""

import time
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

from sqlalchemy import func, select

from quizapp import clock, spreadsheets, uploads
from quizapp.db import db
from quizapp.demo import names
from quizapp.people import acceptance, actions, importing, queries, undoing
from quizapp.people.models import Person, RosterImport
from tests.bench.rows import Row, at_most, fact
from tests.databases import in_app

PEOPLE, UNITS, COUNTIES = 100_000, 6_000, 60
COMPARED, APPLIED = 30.0, 60.0  # seconds
HEADER = ("姓名", "单位编码", "工号", "手机号", "职务")
Line = tuple[str, str, str, str, str]
Seconds = tuple[float, float, float]  # to compare, of these to read, to apply


def rows(told: Mapping[str, Any]) -> Iterator[Row]:
    """told: settings of an installation without people. A first sheet adds everybody, the next is that of a month."""
    chance = Random("roster")
    settings = dict(told)
    in_app(settings, _units)
    first = _first(chance)
    yield from _measured(settings, first, "first", lambda plan: len(plan.new) == PEOPLE)
    month = _month(first, chance)
    yield from _measured(
        settings, month, "month", lambda plan: len(plan.edits) + len(plan.new) > PEOPLE // 20
    )
    seconds, back = in_app(settings, _take_back)
    yield fact("roster-undo", seconds, f"seconds to take the month back: {back} people as before")


def _units() -> None:
    new = [actions.NewUnit("U", "某市", None)]
    new += [actions.NewUnit(f"C{n}", f"第{n}县", "U", sort=n) for n in range(COUNTIES)]
    new += [
        actions.NewUnit(f"U{n}", f"第{n % COUNTIES}县第{n}单位", f"C{n % COUNTIES}", sort=n)
        for n in range(UNITS)
    ]
    actions.add_units(new, clock.now())


def _first(chance: Random) -> list[Line]:
    """Everybody: all have a 工号, two of three a phone."""
    return [
        (
            name,
            f"U{n % UNITS}",
            f"{n:07}",
            f"139{n:08}" if n % 3 else "",
            chance.choice(("科员", "副科长", "科长", "")),
        )
        for n, name in enumerate(names.people(PEOPLE, chance))
    ]


def _month(first: list[Line], chance: Random) -> list[Line]:
    """A month later: of a hundred people one left, one came, two moved, three have another post, one another phone."""
    lines: list[Line] = []
    for n, (name, unit, number, phone, post) in enumerate(first):
        lot = chance.randrange(100)
        if lot == 0:
            other = first[(n + PEOPLE // 2) % PEOPLE][0]
            lines.append((other, unit, f"N{n:07}", f"137{n:08}", post))
        elif lot in (1, 2):
            lines.append((name, f"U{chance.randrange(UNITS)}", number, phone, post))
        elif lot in (3, 4, 5):
            lines.append((name, unit, number, phone, "四级调研员"))
        elif lot == 6:
            lines.append((name, unit, number, f"138{n:08}", post))
        else:
            lines.append((name, unit, number, phone, post))
    return lines


def _measured(
    settings: dict[str, Any], lines: list[Line], name: str, is_sound: Callable[[Any], bool]
) -> Iterator[Row]:
    data = spreadsheets.workbook([spreadsheets.Sheet("人员", HEADER, lines)])
    (compared, read, applied), (work, own), told, sound = in_app(settings, lambda: _through(data, is_sound))
    read_in = f"{read:.1f} of them to read it"
    detail = f"seconds from .xlsx to what would change, {read_in}; {work:.0f} s of own work: {told}"
    yield at_most(f"roster-{name}-compare", compared, COMPARED, detail, sound=sound)
    detail = f"seconds to compare once more and apply, in one transaction; {own:.0f} s of own work"
    yield at_most(f"roster-{name}-apply", applied, APPLIED, detail, sound=sound)


def _through(data: bytes, is_sound: Callable[[Any], bool]) -> tuple[Seconds, tuple[float, float], str, bool]:
    now, reachable = clock.now(), set(db.session.scalars(select(queries.Unit.id)))
    began, busy = time.perf_counter(), time.process_time()
    rows = spreadsheets.read(data, "名册.xlsx")
    read = time.perf_counter() - began
    planned = importing.plan_people(rows, reachable, now)
    lines = acceptance.lines(planned, {}, clock.today(now))
    seen = importing.fingerprint(planned)
    compared, work = time.perf_counter() - began, time.process_time() - busy
    order = {
        "kind": "people",
        "reachable": reachable,
        "fingerprint": seen,
        "chosen": {acceptance.SKIP: "yes"},
    }
    before, began, busy = _people(), time.perf_counter(), time.process_time()
    narrow = importing.accepted(order, rows, now)
    importing.apply("people", narrow, "名册.xlsx", uploads.content_hash(data), now, actor_id=None)
    db.session.commit()
    applied, own = time.perf_counter() - began, time.process_time() - busy
    told = f"{len(planned.new)} new, {planned.changed} changed, {len(planned.missing)} missing, {len(lines)} lines"
    sound = is_sound(planned) and _people() - before == len(planned.new)
    return (compared, read, applied), (work, own), told, sound


def _people() -> int:
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def _take_back() -> tuple[float, int]:
    began = time.perf_counter()
    reachable = set(db.session.scalars(select(queries.Unit.id)))
    number = db.session.scalars(select(func.max(RosterImport.id))).one()
    undo = undoing.foresee(number, reachable).undo
    undoing.take_back(number, reachable, seen=undo.digest, now=clock.now(), actor_id=None)
    db.session.commit()
    return time.perf_counter() - began, len(undo.restored) + len(undo.removed)
