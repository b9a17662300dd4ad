"""Whatever a sheet says and a person accepts: applied and taken back is as before, twice is once, and nothing else."""

import itertools
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from quizapp import clock
from quizapp.db import db
from quizapp.people import acceptance, alike, importing, matching, undoing
from quizapp.people.actions import NewPerson, add_people
from quizapp.people.models import Grant, RosterImport
from tests.people.test_roster import TODAY, UNITS, known
from tests.people.test_undoing import EVERYWHERE, HEADER, people, sheet

serial = itertools.count(1)
CODES = ("QS", "QS-XF", "QS-YL")
numbers = st.sampled_from(["", "1", "2", "3", "4", "02", "3.0"])
rows = st.tuples(
    st.sampled_from(["甲一", "乙二", "丙三", "丁四", "戊五"]),
    st.sampled_from(CODES),
    numbers,
    st.sampled_from(["", "13800000001", "13800000002", "13800000003", "13800000002.0", "1.38E+10"]),
    st.just(""),
    st.sampled_from(["", "", "在编", "挂职", "驻村"]),
    st.sampled_from(["", "科员", "主任"]),
    st.sampled_from(["", "", "退休", "调离", "产假", "在岗", "长病假2026.1.1"]),
)
homes = st.lists(st.tuples(st.integers(1, 3), st.booleans(), st.booleans()), min_size=1, max_size=5)
sheets = st.lists(rows, min_size=1, max_size=7)
said = st.randoms(use_true_random=False)
HISTORY = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def settle(homes):
    """People of the names that sheets speak of."""
    db.session.rollback()
    db.session.execute(delete(Grant))  # nobody is the last administrator
    new = [
        NewPerson(
            name="甲乙丙丁戊"[i] + "一二三四五"[i],
            unit_id=unit,
            staff_number=str(i + 1) if numbered else None,
            phone=f"1380000000{i + 1}" if reached else None,
            since=clock.today() - timedelta(days=400 * (i % 2)),
        )
        for i, (unit, numbered, reached) in enumerate(homes)
    ]
    add_people(new, clock.now())


def choices(planned, chance):
    """An answer to everything that is asked, by chance."""
    chosen = {acceptance.SKIP: "yes"}
    for line in acceptance.lines(planned, {}, clock.today()):
        if line.has_tick:
            chosen[line.key] = chance.choice(["yes", "yes", "no"])
        elif line.ways:
            way = chance.choice(["", *(value for value, _ in line.ways)])
            chosen[line.key] = f"{way}:{line.day}" if way in acceptance.WAYS else way
    return chosen


def accept(lines, chance):
    """(the plan as it was accepted, everything that was chosen), or None where the choices contradict each other."""
    planned = importing.plan_people(sheet(lines), EVERYWHERE, clock.now())
    chosen = choices(planned, chance)
    planned = importing.plan_people(sheet(lines), EVERYWHERE, clock.now(), chosen)
    narrow = acceptance.narrowed(planned, chosen)
    return None if narrow.problems else (narrow, chosen)


def apply(narrow):
    importing.apply("people", narrow, "a.xlsx", "h" * 64, clock.now(), actor_id=None)
    return db.session.scalars(select(RosterImport.id).order_by(RosterImport.id.desc()).limit(1)).one_or_none()


@HISTORY
@given(homes=homes, lines=sheets, chance=said)
def test_applied_and_taken_back_is_as_before(app, cast, homes, lines, chance):
    settle(homes)
    before = people()
    accepted = accept(lines, chance)
    if accepted and (number := apply(accepted[0])):
        seen = undoing.foresee(number, EVERYWHERE).undo
        assert seen.blocked == {}
        undoing.take_back(number, EVERYWHERE, seen=seen.digest, now=clock.now(), actor_id=None)
    assert people() == before
    db.session.rollback()


@HISTORY
@given(homes=homes, lines=sheets, chance=said)
def test_only_what_was_accepted_changes(app, cast, homes, lines, chance):
    settle(homes)
    before = {row.id: row for row in people()[0]}
    accepted = accept(lines, chance)
    if accepted:
        narrow, chosen = accepted
        apply(narrow)
        told = {e.person.id for e in narrow.edits} | {e.missing.person.id for e in narrow.endings}
        after = {row.id: row for row in people()[0]}
        assert before.keys() <= after.keys()
        assert len(after) - len(before) == len(narrow.new)
        assert {i for i in before if before[i] != after[i]} <= told
        assert not {f"e{e.person.id}" for e in narrow.edits} & {k for k, v in chosen.items() if v == "no"}
        assert not {n.key for n in narrow.new} & {k for k, v in chosen.items() if v == "no"}
    db.session.rollback()


def sound(lines):
    """(what is left of the sheet when rows with problems are taken out, what it would change)."""
    while True:
        planned = importing.plan_people(sheet(lines), EVERYWHERE, clock.now())
        bad = {problem.row for problem in planned.problems}
        if not bad or bad == {0}:
            return lines, planned
        lines = [line for row, line in enumerate(lines, 2) if row not in bad]


@HISTORY
@given(homes=homes, lines=sheets)
def test_the_same_sheet_again_changes_nothing(app, cast, homes, lines):
    settle(homes)
    lines, planned = sound(lines)
    if lines:
        apply(acceptance.narrowed(planned, {}))
        again = acceptance.narrowed(importing.plan_people(sheet(lines), EVERYWHERE, clock.now()), {})
        assert again.changes_nothing
        assert [doubt.key for doubt in again.doubts] == [doubt.key for doubt in planned.doubts]
    db.session.rollback()


digits = st.integers(1, 10**6).map(str)


@given(
    number=digits, zeros=st.integers(1, 3), same_name=st.booleans(), damage=st.sampled_from(["zeros", ".0"])
)
def test_a_number_that_only_looks_alike_never_matches_by_itself(number, zeros, same_name, damage):
    kept = "0" * zeros + number if damage == "zeros" else number
    given_number = number if damage == "zeros" else f"{number}.0"
    person = known(1, "甲一", 2, number=kept)
    entries, problems, _ = importing.roster.read(
        sheet([("甲一" if same_name else "乙二", "QS-XF", given_number)]), UNITS
    )
    planned = matching.plan(entries, [person], UNITS, EVERYWHERE, TODAY)
    assert problems == []
    assert [doubt.candidates for doubt in planned.doubts] == [(person,)]
    assert planned.edits == []
    assert planned.new == []
    assert planned.unchanged == 0
    assert alike.alike(kept, given_number)


phones = st.integers(0, 10**9 - 1).map(lambda tail: f"13{tail:09}")


@given(phone=phones, digits_left=st.integers(1, 4), same_name=st.booleans())
def test_a_phone_written_as_a_power_of_ten_never_matches_by_itself(phone, digits_left, same_name):
    shown = f"{float(phone):.{digits_left}E}"
    person = known(1, "甲一", 2, phone=phone)
    name = "甲一" if same_name else "乙二"
    entries, problems, _ = importing.roster.read(sheet([(name, "QS-XF", "", shown)]), UNITS)
    planned = matching.plan(entries, [person], UNITS, EVERYWHERE, TODAY)
    assert planned.edits == []
    assert planned.new == []
    assert planned.unchanged == 0
    assert planned.doubts or planned.problems or problems


def test_the_header_of_these_sheets_is_understood():
    assert importing.roster.header(sheet([]))[1].keys() >= {
        "name",
        "unit_code",
        "staff_number",
        "phone",
        "remark",
    }
    assert len(HEADER) == len(importing.roster.header(sheet([]))[1])
