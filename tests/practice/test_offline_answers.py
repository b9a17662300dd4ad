"""Answers that waited on phones: in any order, any pieces and any number of times they give one log and one memory."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.people.models import Person
from quizapp.practice import access, actions, offline_taking, queries
from quizapp.practice.models import PracticeAnswer
from quizapp.practice.offline_set import whose
from tests.cast import sign_in
from tests.practice.conftest import counted, log_of


def queued(number: int, revision: int, chosen: str, **other) -> offline_taking.Queued:
    values = {"day": None, "answered_at": clock.now()} | other
    return offline_taking.Queued(f"client-{number:04}", revision, chosen, **values)


@pytest.mark.parametrize("seed", range(4))
def test_a_queue_of_two_phones_in_any_order_and_multiplicity_gives_one_log_and_the_same_cards(
    cast, bank, at, seed
):
    """A fortnight of answers, some to the daily quiz, from two phones whose uploads are torn, repeated and mixed."""
    at("2026-11-02 08:00")
    chance = Random(seed)
    pool = [one.revision_id for one in queries.practice_pool(cast.jiang)][:12]
    people = (cast.jiang, cast.luo, cast.fang)
    drawn = [actions.begin_daily(person, clock.today()) for person in people]
    for quiz in drawn:
        quiz.revisions = pool[:5]
    db.session.commit()
    start, whole = clock.now(), []
    for number in range(40):
        of_quiz = chance.random() < 0.5  # some on the day after, and some too late to count for that quiz
        moment = start + timedelta(hours=chance.uniform(0, 60 if of_quiz else 14 * 24))
        revision = chance.choice(pool[:5] if of_quiz else pool)
        day = clock.today(start) if of_quiz else None
        whole.append(queued(number, revision, chance.choice("AB"), day=day, answered_at=moment))
    at("2026-11-20 08:00")

    def arrive(person: int, prefix: str, order: list[int]) -> None:
        while order:
            piece = order[: chance.randrange(1, 9)]
            answers = [replace(whole[n], client_id=prefix + whole[n].client_id) for n in piece]
            taken = offline_taking.take(person, answers, clock.now())
            assert (set(taken.stored), taken.refused) == ({a.client_id for a in answers}, {})
            order = order[chance.randrange(1, len(piece) + 1) :]  # the rest of the piece was thought lost

    arrive(cast.jiang, "a-", list(range(40)))
    for person, prefix in ((cast.luo, "b-"), (cast.fang, "c-")):
        order = list(range(40)) * chance.randrange(2, 4)
        chance.shuffle(order)
        arrive(person, prefix, order)
    straight = [row[1:] for row in log_of(cast.jiang)]
    assert len(straight) == 40
    assert {row[-1] for row in straight} == {"daily", "self"}
    for person in (cast.luo, cast.fang):
        assert [row[1:] for row in log_of(person)] == straight
        assert queries.memories(person) == queries.memories(cast.jiang)


def test_what_cannot_be_stored_is_told_and_keeps_nothing_else_from_being_stored(cast, bank, answer):
    pool = [one.revision_id for one in queries.practice_pool(cast.jiang)][:4]
    db.session.execute(update(Revision).where(Revision.id == pool[0]).values(uses="exam"))
    db.session.execute(update(Revision).where(Revision.id == pool[1]).values(status="retired"))
    actions.record([answer(cast.luo, pool[2], "A", "client-0003")], clock.now())
    given = [
        queued(n, revision, "A") for n, revision in enumerate((pool[0], 999_999, pool[1], pool[2], pool[3]))
    ]
    taken = offline_taking.take(cast.jiang, given, clock.now())
    told = {"client-0000": "not_practised", "client-0001": "not_practised", "client-0003": "client_id"}
    assert taken.refused == told
    assert taken.stored == ["client-0002", "client-0004"]  # what was shown before it was retired counts
    assert [row[0] for row in log_of(cast.jiang)] == taken.stored
    assert [row[0] for row in log_of(cast.luo)] == ["client-0003"]


def test_the_number_of_statements_does_not_grow_with_the_queue(cast, bank):
    pool = [one.revision_id for one in queries.practice_pool(cast.jiang)]

    def statements(first: int, count: int) -> int:
        given = [queued(n, pool[n % len(pool)], "A") for n in range(first, first + count)]
        with counted() as sent:
            offline_taking.take(cast.jiang, given, clock.now())
        return len(sent)

    assert statements(0, 2) == statements(100, offline_taking.MOST) <= 9


# Over HTTP ----------------------------------------------------------------------------------------------------------


def word(person: int) -> str:
    return whose(db.session.get_one(Person, person))


def row(number: int, revision: int, **other) -> dict:
    at = clock.now().isoformat()
    return {"id": f"client-{number:04}", "revision": revision, "chosen": "A", "day": None, "at": at} | other


def send(client, person: str, *rows: dict):
    ready = client.get("/practice/answers", headers={"Accept": "application/json"})
    headers = {"X-CSRFToken": (ready.json or {}).get("csrf_token", "")}
    return client.post("/practice/answers", json={"person": person, "answers": list(rows)}, headers=headers)


def rows_of_log() -> int:
    return len(db.session.scalars(select(PracticeAnswer.id)).all())


def test_who_asks_is_told_whose_answers_are_taken(as_jiang, cast, at):
    at("2026-11-23 23:59")
    sign_in(as_jiang, cast.jiang)
    said = as_jiang.get("/practice/answers", headers={"Accept": "application/json"}).json
    assert said["code"] == "ready"
    assert said["person"] == word(cast.jiang)
    assert (said["day"], said["drawn"]) == ("2026-11-23", False)
    assert said["time"].startswith("2026-11-23T15:59:00")


def test_answers_arrive_once_however_often_they_are_sent(bank, cast, as_jiang):
    [first, second, *_] = [one.revision_id for one in queries.practice_pool(cast.jiang)]
    for _ in range(3):
        reply = send(as_jiang, word(cast.jiang), row(1, first), row(2, second))
        assert (reply.status_code, reply.json["stored"]) == (200, ["client-0001", "client-0002"])
    assert rows_of_log() == 2


def test_refused_ones_come_with_a_sentence(bank, cast, as_jiang):
    revision = queries.practice_pool(cast.jiang)[0].revision_id
    reply = send(as_jiang, word(cast.jiang), row(1, 999_999), row(2, revision), row(3, revision, chosen="BA"))
    assert reply.json["stored"] == ["client-0002"]
    refused = {one["id"]: one["sentence"] for one in reply.json["refused"]}
    assert refused == {
        "client-0001": "试题已停用，答案没有计入。",
        "client-0003": "答案格式有误，没有计入。",
    }


def test_the_answers_of_another_person_are_not_taken(bank, cast, as_jiang, as_luo):
    revision = queries.practice_pool(cast.jiang)[0].revision_id
    reply = send(as_luo, word(cast.jiang), row(1, revision))
    assert (reply.status_code, reply.json["code"]) == (409, "other_person")
    assert rows_of_log() == 0
    assert send(as_jiang, word(cast.jiang), row(1, revision)).status_code == 200


def test_a_session_that_is_over_keeps_the_queue_and_a_stale_token_gets_a_fresh_one(
    bank, cast, as_jiang, client
):
    revision = queries.practice_pool(cast.jiang)[0].revision_id
    body = {"person": word(cast.jiang), "answers": [row(1, revision)]}
    reply = client.post("/practice/answers", json=body)
    assert (reply.status_code, reply.json["code"]) == (401, "signed_out")
    reply = as_jiang.post("/practice/answers", json=body, headers={"X-CSRFToken": "stale"})
    assert (reply.status_code, reply.json["code"]) == (403, "token")
    fresh = {"X-CSRFToken": reply.json["csrf_token"]}
    assert as_jiang.post("/practice/answers", json=body, headers=fresh).json["stored"] == ["client-0001"]


def test_during_an_exam_nothing_is_taken_and_nothing_is_lost(bank, cast, as_jiang):
    revision = queries.practice_pool(cast.jiang)[0].revision_id
    lock = lambda person_id, now: person_id == cast.jiang  # noqa: E731
    access.practice_locks.append(lock)
    try:
        for reply in (
            as_jiang.get("/practice/offline-set", headers={"Accept": "application/json"}),
            as_jiang.get("/practice/answers", headers={"Accept": "application/json"}),
        ):
            assert (reply.status_code, reply.json["code"]) == (403, "locked")
        as_jiang.page("/feedback")  # for a token
        reply = as_jiang.post(
            "/practice/answers",
            json={"person": word(cast.jiang), "answers": [row(1, revision)]},
            headers={"X-CSRFToken": as_jiang.token},
        )
        assert (reply.status_code, reply.json["code"]) == (403, "locked")
    finally:
        access.practice_locks.remove(lock)
    assert rows_of_log() == 0
    assert send(as_jiang, word(cast.jiang), row(1, revision)).json["stored"] == ["client-0001"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"person": "x"}', "application/json", 422),
        (b"{", "application/json", 422),
        (b"\xff", "application/json", 422),
        (b"[" * 60_000, "application/json", 422),
        (b" " * (offline_taking.LARGEST_BODY + 1), "application/json", 413),
        (b"{}", "text/plain", 415),
    ],
    ids=["shape", "cut", "bytes", "deep", "large", "text"],
)
def test_what_is_no_queue_is_refused_without_a_trace(as_jiang, body, kind, status):
    as_jiang.page("/feedback")
    headers = {"X-CSRFToken": as_jiang.token, "Accept": "application/json"}
    reply = as_jiang.post("/practice/answers", data=body, content_type=kind, headers=headers)
    assert reply.status_code == status
    assert "。" in reply.json["sentence"]
    assert rows_of_log() == 0
