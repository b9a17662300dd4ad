"""POST hand-in: the sheet comes along, one receipt, one mark, the counters of the unit (docs/exam-protocol.md, 6)."""

from datetime import timedelta

import pytest

from quizapp.attempts import layout as layouts
from quizapp.attempts.models import Attempt, AttemptMark, Closing, HeldSheet
from quizapp.attempts.receipts import digest
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Tally
from tests.attempts.conftest import Page

SHEET = "A.B.AC.A"


def right_sheet(attempt):
    """The sheet that earns everything, as displayed to this person."""
    from quizapp.bank.queries import keys

    places = layouts.from_text(attempt.layout)
    own = keys([place.revision_id for place in places])
    return ".".join(layouts.displayed_letters(place, own[place.revision_id]) for place in places)


def test_handing_in_closes_the_sheet_that_came_along(page, attempt):
    page.save("A...")
    assert page.hand_in("A.B").status_code == 422  # no sheet of four slots
    reply = page.hand_in("A.B..")
    body = reply.json
    assert (reply.status_code, body["code"], body["first"], body["held"]) == (200, "handed_in", True, False)
    assert (body["answered"], body["of"]) == (2, 4)
    assert body["closed_at"] == "2026-12-25T01:00:00.000Z"
    assert (attempt.state, attempt.sheet) == ("submitted", "A.B..")
    assert body["digest"] == digest(attempt.token, layouts.hash_of(attempt.layout), "A.B..")
    closing = db.session.query(Closing).one()
    assert (closing.receipt, closing.by, closing.sheet, closing.n) == (body["receipt"], "person", "A.B..", 1)


def test_the_score_stands_at_once_with_candidate_and_counters(page, attempt, exam):
    page.hand_in(right_sheet(attempt))
    mark = db.session.query(AttemptMark).one()
    assert (mark.total, sum(map(int, mark.marks.split(".")))) == (90, 90)
    candidate = db.session.get(Candidate, attempt.candidate_id)
    assert (candidate.sat, candidate.points, candidate.passed, candidate.excellent) == (True, 90, True, True)
    tally = db.session.get(Tally, (exam.id, 100))
    assert (tally.started, tally.submitted, tally.passed, tally.excellent, tally.points) == (1, 1, 1, 1, 90)
    assert tallies.faults(exam.id) == {}


def test_a_repeat_gives_the_same_receipt(page, attempt):
    """Hazards H2 and H3: a doubled click, a lost reply."""
    first = page.hand_in(SHEET).json
    again = page.hand_in(SHEET).json
    assert again == first | {"first": False}
    assert db.session.query(Closing).count() == db.session.query(AttemptMark).count() == 1


def test_a_repeat_with_other_letters_is_held_and_counts_nothing(page, attempt):
    first = page.hand_in(SHEET).json
    again = page.hand_in("B.B.AC.A").json
    assert (again["receipt"], again["first"], again["held"]) == (first["receipt"], False, True)
    assert attempt.sheet == SHEET
    assert [h.sheet for h in db.session.query(HeldSheet)] == ["B.B.AC.A"]


def test_the_very_sheet_that_is_stored_can_be_handed_in_with_its_revision(page, attempt):
    page.save(SHEET)
    assert page.hand_in(SHEET, revision=1).json["first"] is True


def test_the_stored_revision_with_other_letters_is_a_conflict(page, attempt):
    page.save(SHEET)
    reply = page.hand_in("...", revision=1)
    assert (reply.status_code, reply.json["code"]) == (409, "conflict")
    assert attempt.state == "in_progress"


def test_an_overtaken_hand_in_is_told_to_come_again(page, attempt):
    page.save(SHEET, revision=7)
    reply = page.hand_in(SHEET, revision=6)
    assert (reply.status_code, reply.json["code"], reply.json["revision"]) == (409, "overtaken", 7)
    assert page.hand_in(SHEET, revision=8).status_code == 200


def test_an_overtaken_page_cannot_hand_in(page, attempt):
    Page(page.client, page.token).open(takeover=True)
    reply = page.hand_in(SHEET)
    assert (reply.status_code, reply.json["code"], reply.json["held"]) == (409, "superseded", True)
    assert attempt.state == "in_progress"


def test_a_save_after_the_hand_in_is_refused_with_the_receipt(page, attempt):
    receipt = page.hand_in(SHEET).json["receipt"]
    reply = page.save("B.B.AC.A")
    assert (reply.status_code, reply.json["code"], reply.json["state"]) == (409, "closed", "submitted")
    assert (reply.json["receipt"], reply.json["held"]) == (receipt, True)
    assert page.save(SHEET).json["held"] is False


@pytest.mark.parametrize(("late", "status"), [(-1, 200), (120, 200), (121, 409)])
def test_hand_ins_around_the_end_of_the_grace(page, attempt, at, late, status):
    page.save("A...")
    at(attempt.closes_at + timedelta(seconds=late))
    reply = page.hand_in(SHEET)
    assert reply.status_code == status
    assert attempt.state == ("submitted" if status == 200 else "expired")
    assert attempt.closed_at == attempt.closes_at + timedelta(seconds=late if status == 200 else 0)
    assert attempt.sheet == (SHEET if status == 200 else "A...")
    if status == 409:
        assert reply.json["code"] == "closed"
        assert reply.json["receipt"]
        assert [h.sheet for h in db.session.query(HeldSheet)] == [SHEET]


def test_the_receipts_of_two_people_differ(page, exam, cast, as_luo):
    from quizapp import clock
    from tests.attempts.conftest import csrf_of, started

    other = started(exam, cast.luo, clock.now())
    csrf_of(as_luo)
    theirs = Page(as_luo, other.token)
    theirs.open(takeover=True)
    assert theirs.hand_in(SHEET).json["receipt"] != page.hand_in(SHEET).json["receipt"]


def test_a_letter_that_no_slot_offers_is_stored_and_earns_nothing(page, attempt):
    page.hand_in("H.H.H.H")
    assert attempt.sheet == "H.H.H.H"
    assert db.session.query(AttemptMark).one().total == 0


def test_the_best_of_several_attempts_counts(exam, cast, as_jiang):
    from quizapp import clock
    from tests.attempts.conftest import csrf_of, own_phone, started

    exam.attempts_allowed = 3
    db.session.commit()
    points = []
    for sheet in ("...", None, "..."):
        attempt = started(exam, cast.jiang, clock.now())
        csrf_of(own_phone(as_jiang))
        page = Page(as_jiang, attempt.token)
        page.open(takeover=True)
        page.hand_in(right_sheet(attempt) if sheet is None else sheet)
        points.append(db.session.get(Candidate, attempt.candidate_id).points)
    assert points == [0, 90, 90]
    assert [a.number for a in db.session.query(Attempt).order_by(Attempt.id)] == [1, 2, 3]
    assert tallies.faults(exam.id) == {}
