"""Who gets a reminder: the rule, and the same in SQL."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam
from quizapp.exams.windows import Window, window_of
from quizapp.people.models import Leave, Membership, Person
from quizapp.reports.reminders import due, who
from quizapp.reports.reminders.models import Reminded, Reminder
from quizapp.reports.reminders.who import Facts, why_not

NOW = datetime(2026, 12, 14, 1, tzinfo=UTC)
DAY = timedelta(days=1)
OPEN = Window(NOW - DAY, NOW + DAY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({}, ""),
        ({"started": True}, "started"),
        ({"present": False}, "absent"),
        ({"on_leave": True}, "leave"),
        ({"on_leave": True, "present": False}, "absent"),
        ({"window": Window(NOW + DAY, NOW + 2 * DAY)}, "closed"),
        ({"window": Window(NOW - DAY, NOW)}, "closed"),
        ({"window": Window(NOW - DAY, NOW, personal_closes_at=NOW + DAY)}, ""),
        ({"window": Window(NOW - DAY, NOW + DAY, slot_opens_at=NOW + DAY / 2)}, "closed"),
        ({"window": Window(NOW - DAY, NOW + DAY, slot_closes_at=NOW)}, "closed"),
        ({"window": Window(NOW - DAY, NOW + DAY, last_start_at=NOW)}, "closed"),
        ({"window": Window(NOW - DAY, NOW + DAY, last_start_at=NOW + DAY / 2)}, ""),
        ({"last_at": NOW - 7 * DAY}, ""),
        ({"last_at": NOW - 7 * DAY + timedelta(seconds=1)}, "recent"),
        ({"last_at": NOW}, "recent"),
    ],
)
def test_the_first_reason_counts(change, why):
    assert (
        why_not(
            Facts(
                **{"status": "expected", "sat": False, "started": False, "present": True, "window": OPEN}
                | change
            ),
            NOW,
            7,
        )
        == why
    )


@pytest.mark.parametrize(
    ("status", "sat", "missing"),
    [
        ("expected", False, True),
        ("expected", True, False),
        ("exempt", False, False),
        ("deferred", False, False),
    ],
)
def test_exempt_and_deferred_people_are_none_of_the_missing(status, sat, missing):
    assert who.is_missing(Facts(status, sat, False, True, OPEN)) is missing


TIMES = (None, -DAY, timedelta(0), DAY)


def variants(now):
    """Values of a candidate, of the account and of the last reminder that meet every branch of the rule."""

    def at(span):
        return None if span is None else now + span

    for status, sat, started in (
        ("expected", False, False),
        ("expected", True, True),
        ("exempt", False, False),
        ("expected", False, True),
    ):
        yield {"status": status, "sat": sat, "started": started}
    for personal, opens, closes in itertools.product(TIMES, (None, -DAY, DAY), (None, 2 * DAY, -DAY / 2)):
        yield {
            "personal_closes_at": at(personal),
            "slot_opens_at": at(opens),
            "slot_closes_at": at(closes),
        }


@pytest.mark.parametrize("last_start", [None, -DAY, DAY])
def test_sql_says_the_same_as_the_rule(exam, cast, unit_of, last_start):
    """江's row goes through every variant; each time the database and the rule are asked."""
    now = clock.now()
    row = db.session.get_one(Exam, exam.id)
    row.last_start_at = last_start and now + last_start
    candidate = db.session.scalars(select(Candidate).where(Candidate.person_id == cast.jiang)).one()
    member = db.session.scalars(select(Membership).where(Membership.person_id == cast.jiang)).one()
    reminder = Reminder(
        exam_id=exam.id, unit_id=cast.county, channels=[], asked_at=now, due_at=now, state="done"
    )
    db.session.add(reminder)
    db.session.flush()
    last = Reminded(person_id=cast.jiang, reminder_id=reminder.id, at=now - 30 * DAY)
    db.session.add(last)
    plain = {
        c: getattr(candidate, c)
        for c in ("status", "sat", "started", "personal_closes_at", "slot_opens_at", "slot_closes_at")
    }
    outside = (
        (None, None, 30 * DAY, False),
        (now, None, 30 * DAY, False),
        (None, clock.today(now) - DAY, 30 * DAY, False),
        (None, None, 30 * DAY, True),
        (None, None, 6 * DAY, False),
    )
    leave = Leave(person_id=cast.jiang, kind="maternity", since=clock.today(now) - 9 * DAY)
    db.session.add(leave)
    seen = set()
    for values, (disabled, until, ago, away) in itertools.product(variants(now), outside):
        for name, value in (plain | values).items():
            setattr(candidate, name, value)
        db.session.get_one(Person, cast.jiang).disabled_at, member.until, last.at = disabled, until, now - ago
        leave.until = None if away else clock.today(now) - DAY
        db.session.flush()
        facts = Facts(
            candidate.status,
            candidate.sat,
            candidate.started,
            disabled is None and until is None,
            window_of(row, candidate),
            last.at,
            away,
        )
        said = db.session.scalar(
            due.missing_people(row, unit_of(cast.county))
            .where(Candidate.person_id == cast.jiang)
            .with_only_columns(due.why_not(row, now, 7))
        )
        assert said == (why_not(facts, now, 7) if who.is_missing(facts) else None), values
        seen.add(said)
    assert seen >= {None, "", "started", "absent", "leave", "closed", "recent"}


def test_numbers_add_up_to_the_missing(exam, cast, unit_of, sits, addresses, send):
    sits(cast.jiang)
    db.session.get_one(Person, cast.luo).disabled_at = clock.now()
    db.session.commit()
    send("app", unit=cast.town)
    found = due.numbers(db.session.get_one(Exam, exam.id), unit_of(cast.county), clock.now(), 7)
    assert (found.due, found.with_mail) == (3, 3)
    assert found.left_out == {"absent": 1, "recent": 1}
