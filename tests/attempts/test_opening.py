"""Starting an exam and opening its page (docs/exam-protocol.md, 3 and 4)."""

from datetime import timedelta

import pytest

from quizapp import clock
from quizapp.attempts import layout as layouts
from quizapp.attempts import opening, starting, timing
from quizapp.attempts.models import Attempt, SheetEvent
from quizapp.attempts.outcomes import NotOpen
from quizapp.attempts.protocol import OpenBody
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Candidate, Tally
from tests.attempts.conftest import Page, candidate_of, live_session, started

MINUTE = timedelta(minutes=1)


def start(exam, person_id, now):
    return starting.start(exam, candidate_of(exam, person_id), pledge=exam.pledge, now=now)


def test_the_first_opening_starts_the_clock(page, attempt, exam):
    assert (attempt.state, attempt.epoch, attempt.number) == ("in_progress", 1, 1)
    assert attempt.closes_at - attempt.started_at == timedelta(minutes=60)
    assert attempt.refused_after - attempt.closes_at == timedelta(seconds=120)
    assert db.session.get(Candidate, attempt.candidate_id).started
    assert db.session.get(Tally, (exam.id, 100)).started == 1


def test_what_an_opening_tells(page):
    page.save("A.B.AC.A", doubts=[2])
    assert page.open().json == {
        "code": "opened",
        "state": "in_progress",
        "epoch": 2,
        "revision": 0,
        "page_key": page.key,
        "sheet": "A.B.AC.A",
        "saved_as": [1, 1],
        "doubts": [2],
        "closes_at": "2026-12-25T02:00:00.000Z",
        "grace_s": 120,
        "server_time": "2026-12-25T01:00:00.000Z",
    }


def test_a_reload_by_the_same_page_asks_nothing_and_gets_the_next_epoch(page, attempt):
    assert [page.open().json["epoch"] for _ in range(3)] == [2, 3, 4]
    assert attempt.epoch == 4


def test_an_opening_whose_reply_was_lost_can_be_repeated(page):
    """Hazard H3: the page still holds the key that it presented."""
    lost = page.send("POST", "open", {"page_key": page.key, "log": [1, 0], "takeover": False})
    assert lost.status_code == 200
    assert page.open().status_code == 200


def test_another_page_is_asked_before_it_takes_over(page, attempt):
    """Hazard H4."""
    second = Page(page.client, page.token)
    reply = second.open()
    assert (reply.status_code, reply.json["code"], reply.json["epoch"]) == (409, "other_page", 1)
    assert attempt.epoch == 1
    assert second.open(takeover=True).json["epoch"] == 2
    assert second.key != page.key
    assert page.open().json["code"] == "other_page"
    taken = db.session.query(AuditEvent).filter_by(action="attempt.taken_over").one()
    assert (taken.object_id, taken.detail) == (str(attempt.id), {"epoch": 2})


def test_the_epoch_is_above_that_of_the_log(page):
    """After a restored backup the server may be behind the page."""
    assert page.open(log=(41, 7)).json["epoch"] == 42


def test_openings_are_in_the_journal(page, attempt):
    page.save("A...")
    page.open()
    lines = db.session.query(SheetEvent).filter_by(attempt_id=attempt.id).order_by(SheetEvent.id)
    assert [(e.kind, e.epoch, e.revision, e.sheet) for e in lines] == [
        ("open", 1, 0, "..."),
        ("save", 1, 1, "A..."),
        ("open", 2, 0, "A..."),
    ]


def test_opening_after_the_grace_gives_the_receipt(page, attempt, at):
    at(attempt.closes_at + timedelta(seconds=121))
    reply = page.open()
    assert (reply.status_code, reply.json["code"], reply.json["state"]) == (409, "closed", "expired")
    assert reply.json["receipt"]


def test_a_layout_is_drawn_once_and_differs_between_people(exam, cast):
    now = clock.now()
    first, again, other = (start(exam, who, now) for who in (cast.jiang, cast.jiang, cast.luo))
    assert first.id == again.id
    assert first.layout_hash == layouts.hash_of(first.layout)
    assert {p.revision_id for p in layouts.from_text(first.layout)} == {
        p.revision_id for p in layouts.from_text(other.layout)
    }
    assert first.layout != other.layout
    assert len(first.token) == 22
    assert (first.slots, first.sheet, first.state) == (4, "...", "created")


@pytest.mark.parametrize(
    ("minutes", "code"),
    [(-1, "not_open"), (0, None), (12 * 60 - 1, None), (12 * 60, "too_late")],
)
def test_the_window_decides_at_both_edges(exam, cast, minutes, code):
    now = exam.opens_at + minutes * MINUTE
    if code is None:
        assert start(exam, cast.jiang, now).state == "created"
    else:
        with pytest.raises(Refused) as refused:
            start(exam, cast.jiang, now)
        assert refused.value.code == code


def test_who_starts_late_has_less_time(exam, cast):
    now = exam.closes_at - 25 * MINUTE
    attempt = started(exam, cast.jiang, now)
    assert attempt.closes_at == exam.closes_at
    assert timing.minutes_left(exam, candidate_of(exam, cast.jiang), now) == 25


def test_extra_time_and_a_personal_end_move_both_ends(exam, cast):
    candidate = candidate_of(exam, cast.jiang)
    candidate.extra_minutes, candidate.extra_percent = 10, 50
    candidate.personal_closes_at = exam.closes_at + 60 * MINUTE
    db.session.commit()
    now = exam.closes_at + 30 * MINUTE
    assert started(exam, cast.jiang, now).closes_at == exam.closes_at + 60 * MINUTE
    assert timing.closing_time(exam, candidate, exam.opens_at) == exam.opens_at + 100 * MINUTE


@pytest.mark.parametrize(("change", "code"), [("exempt", "exempt"), ("deferred", "deferred")])
def test_who_need_not_sit_it_cannot_start(exam, cast, change, code):
    candidate_of(exam, cast.jiang).status = change
    db.session.commit()
    with pytest.raises(Refused) as refused:
        start(exam, cast.jiang, clock.now())
    assert refused.value.code == code


def test_a_cancelled_exam_cannot_be_started(exam, cast):
    exam.state = "cancelled"
    db.session.commit()
    with pytest.raises(Refused, match="not_published"):
        start(exam, cast.jiang, clock.now())


def test_attempts_are_counted(page, exam, cast, attempt):
    page.hand_in("A...")
    with pytest.raises(Refused, match="used_up"):
        start(exam, cast.jiang, clock.now())


def test_a_second_attempt_waits_for_the_first(exam, cast):
    exam.attempts_allowed = 2
    db.session.commit()
    now = clock.now()
    first = started(exam, cast.jiang, now)
    assert start(exam, cast.jiang, now).id == first.id
    later = first.refused_after + timedelta(seconds=1)  # closed by time, though nobody wrote it down
    second = start(exam, cast.jiang, later)
    assert (second.id != first.id, second.number) == (True, 2)


def test_an_attempt_made_before_the_window_cannot_be_opened_early(exam, cast):
    attempt = start(exam, cast.jiang, clock.now())
    early = exam.opens_at - timedelta(seconds=1)
    outcome = opening.open_page(attempt.token, OpenBody(), live_session(cast.jiang, early), early)
    assert outcome == NotOpen("not_open", "考试还没有开始，今天9:00起可以开始。")
    assert db.session.get(Attempt, attempt.id).started_at is None


def test_a_trial_is_counted_nowhere(exam, cast):
    attempt = starting.start_trial(exam, cast.he, now=clock.now())
    db.session.commit()
    assert (attempt.trial, attempt.candidate_id, attempt.number) == (True, None, 1)
    assert db.session.get(Tally, (exam.id, 100)).started == 0
