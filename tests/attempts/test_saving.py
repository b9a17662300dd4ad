"""PUT sheet: what is stored, and what each refusal says (docs/exam-protocol.md, 5)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from quizapp.attempts.models import HeldSheet, SheetEvent
from quizapp.db import db
from quizapp.people.models import LoginSession
from tests.attempts.conftest import Page, csrf_of

SHEET = "A.B.AC.A"
OTHER = "A.C.AC.A"


def journal(attempt):
    return [
        (e.kind, e.epoch, e.revision, e.sheet)
        for e in db.session.scalars(
            select(SheetEvent).where(SheetEvent.attempt_id == attempt.id).order_by(SheetEvent.id)
        )
    ]


def held(attempt):
    return sorted(
        (h.reason, h.sheet) for h in db.session.query(HeldSheet).filter_by(attempt_id=attempt.id).all()
    )


def test_a_save_is_stored_and_acknowledged(page, attempt):
    reply = page.save(SHEET)
    assert reply.status_code == 200
    assert reply.json == {
        "code": "saved",
        "epoch": 1,
        "revision": 1,
        "closes_at": "2026-12-25T02:00:00.000Z",
        "late": False,
        "server_time": "2026-12-25T01:00:00.000Z",
    }
    assert (attempt.sheet, attempt.epoch, attempt.revision) == (SHEET, 1, 1)
    assert (attempt.saved_epoch, attempt.saved_revision) == (1, 1)
    assert journal(attempt) == [("open", 1, 0, "..."), ("save", 1, 1, SHEET)]


def test_the_same_save_again_is_acknowledged_and_journalled_once(page, attempt):
    first, again = page.save(SHEET), page.save(SHEET, revision=1)
    assert again.status_code == 200
    assert again.json == first.json
    assert len(journal(attempt)) == 2


def test_an_old_request_that_comes_late_changes_nothing(page, attempt):
    """Hazard H5."""
    page.save(SHEET, revision=5)
    reply = page.save(OTHER, revision=4)
    assert (reply.status_code, reply.json["code"], reply.json["revision"]) == (200, "overtaken", 5)
    assert attempt.sheet == SHEET
    assert len(journal(attempt)) == 2


def test_the_same_revision_with_other_letters_is_a_conflict(page, attempt):
    page.save(SHEET, revision=5)
    reply = page.save(OTHER, revision=5)
    assert (reply.status_code, reply.json["code"], reply.json["revision"]) == (409, "conflict", 5)
    assert attempt.sheet == SHEET


def test_an_overtaken_page_stops_and_its_sheet_is_held(page, attempt):
    newer = Page(page.client, page.token)
    assert newer.open().json["code"] == "other_page"
    assert newer.open(takeover=True).json["epoch"] == 2
    reply = page.save(SHEET)
    assert (reply.status_code, reply.json["code"]) == (409, "superseded")
    assert (reply.json["epoch"], reply.json["held"]) == (2, True)
    assert attempt.sheet == "..."
    assert held(attempt) == [("superseded", SHEET)]
    page.save(SHEET, revision=page.revision)
    assert len(held(attempt)) == 1  # a retry does not multiply it


def test_a_late_repeat_of_an_acknowledged_save_is_not_held_again(page, attempt):
    page.save(SHEET)
    Page(page.client, page.token).open(takeover=True)
    reply = page.save(SHEET, revision=1)
    assert (reply.json["code"], reply.json["held"]) == ("superseded", False)
    assert held(attempt) == []


@pytest.mark.parametrize(
    ("after_closing", "code", "late"),
    [
        (-1, "saved", False),
        (0, "saved", False),
        (1, "saved", True),
        (119, "saved", True),
        (120, "saved", True),
    ]
    + [(121, "closed", None)],
)
def test_saves_around_both_edges_of_the_grace(page, attempt, at, after_closing, code, late):
    """Hazard H11: answered offline before the end, sent within the grace: counted; after it: held for people."""
    page.save(SHEET)
    at(attempt.closes_at + timedelta(seconds=after_closing))
    reply = page.save(OTHER)
    assert (reply.json["code"], reply.json.get("late")) == (code, late)
    assert attempt.sheet == (OTHER if code == "saved" else SHEET)
    assert held(attempt) == ([] if code == "saved" else [("closed", OTHER)])


def test_who_comes_after_the_grace_closes_the_sheet_with_its_receipt(page, attempt, at):
    page.save(SHEET)
    at(attempt.closes_at + timedelta(hours=3))
    reply = page.save(SHEET, revision=9)
    assert (reply.status_code, reply.json["code"], reply.json["state"]) == (409, "closed", "expired")
    assert reply.json["receipt"].startswith("R-")
    assert (
        reply.json["closed_at"] == "2026-12-25T02:00:00.000Z"
    )  # when the time was up, not when it was noticed
    assert (attempt.state, attempt.closed_at) == ("expired", attempt.closes_at)
    assert held(attempt) == []  # the same letters: nothing to decide


def test_another_number_of_slots_is_a_fault_of_the_page(page, attempt):
    assert page.save("A.B").status_code == 422
    assert attempt.sheet == "..."


def test_a_save_before_any_opening_says_so(exam, cast, as_jiang):
    from quizapp import clock
    from quizapp.attempts import starting
    from tests.attempts.conftest import candidate_of

    attempt = starting.start(exam, candidate_of(exam, cast.jiang), pledge="", now=clock.now())
    csrf_of(as_jiang)
    reply = Page(as_jiang, attempt.token, epoch=1).save(SHEET)
    assert (reply.status_code, reply.json["code"]) == (409, "not_started")


def test_another_persons_attempt_is_not_there(page, attempt, as_luo):
    csrf_of(as_luo)
    stranger = Page(as_luo, page.token, page.key, 1)
    assert stranger.save(SHEET).status_code == 404
    assert stranger.hand_in(SHEET).status_code == 404
    assert stranger.open(takeover=True).status_code == 404
    assert as_luo.get(f"/attempts/{page.token}/status").status_code == 404
    assert attempt.sheet == "..."


def test_an_ended_sign_in_saves_nothing_and_says_so(page, attempt, at):
    """Hazard H15: the page keeps its log, signs in over itself and sends again."""
    db.session.query(LoginSession).update({"ended_at": at.later(minutes=30)})
    db.session.commit()
    for reply in (page.save(SHEET), page.hand_in(SHEET), page.open()):
        assert (reply.status_code, reply.json["code"]) == (401, "signed_out")
        assert reply.json["csrf_token"]
    assert page.client.get(f"/attempts/{page.token}/status").status_code == 401
    assert attempt.sheet == "..."


def test_without_a_cookie_the_answer_is_401_not_400(page, app):
    visitor = app.test_client()
    reply = visitor.put(f"/attempts/{page.token}/sheet", json={"epoch": 1, "revision": 1, "sheet": SHEET})
    assert (reply.status_code, reply.json["code"]) == (401, "signed_out")


def test_a_stale_token_is_answered_with_a_fresh_one(page):
    page.client.token = "stale"
    reply = page.save(SHEET)
    assert (reply.status_code, reply.json["code"]) == (403, "token")
    page.client.token = reply.json["csrf_token"]
    assert page.save(SHEET).status_code == 200


def test_the_token_lives_as_long_as_the_sign_in(page, at):
    """Hazard H16: a save at minute 61 of an exam whose page was loaded at minute 0."""
    at.later(minutes=61)
    assert page.save(SHEET).json["late"] is True


def test_answering_keeps_a_short_sign_in_alive(page, at):
    """A sign-in that ends after 30 idle minutes lasts as long as the page asks for the time or saves."""
    with page.client.session_transaction() as cookie:
        cookie["kind"] = "short"
    for _ in range(2):
        at.later(minutes=25)
        assert page.client.get(f"/attempts/{page.token}/status").status_code == 200
    at.later(minutes=8)
    assert page.save(SHEET).status_code == 200
    at.later(minutes=31)
    assert page.save(OTHER).status_code == 401


@pytest.mark.parametrize(
    "sent",
    [
        {"state": "submitted"},
        {"closes_at": "2099-01-01T00:00:00Z"},
        {"role": "administrator"},
        {"person_id": 2},
    ],
)
def test_keys_that_the_protocol_does_not_name_are_refused(page, attempt, sent):
    """Hazard H39."""
    before = attempt.closes_at
    assert page.save(SHEET, **sent).status_code == 422
    assert page.hand_in(SHEET, **sent).status_code == 422
    assert (attempt.sheet, attempt.state, attempt.closes_at) == ("...", "in_progress", before)


def test_only_small_json_is_read(page):
    """Hazard H42: what a form of another origin can send is refused before anything is looked at."""
    url, headers = f"/attempts/{page.token}/sheet", {"X-CSRFToken": page.client.token}
    body = '{"epoch":1,"revision":1,"sheet":"A.B.AC.A"}'
    assert page.client.put(url, data=body, content_type="text/plain", headers=headers).status_code == 415
    assert (
        page.client.put(url, data=body, content_type="multipart/form-data", headers=headers).status_code
        == 415
    )
    large = page.save(SHEET, seconds=[0] * 9000)
    assert (large.status_code, large.json["code"]) == (413, "http_413")
    for path in ("open", "hand-in"):
        url = f"/attempts/{page.token}/{path}"
        assert page.client.post(url, data=body, content_type="text/plain", headers=headers).status_code == 415


def test_status_writes_nothing_and_tells_what_time_has_closed(page, attempt, at):
    url = f"/attempts/{page.token}/status"
    assert page.client.get(url).json == {
        "code": "status",
        "state": "in_progress",
        "epoch": 1,
        "closes_at": "2026-12-25T02:00:00.000Z",
        "receipt": None,
        "server_time": "2026-12-25T01:00:00.000Z",
    }
    at(attempt.refused_after + timedelta(seconds=1))
    assert page.client.get(url).json["state"] == "expired"
    assert attempt.state == "in_progress"
