"""Answers enter the log once; cards follow it; quizzes are drawn once."""

import threading
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select, update

from quizapp import clock
from quizapp.bank.models import Bank, Revision
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.practice import actions, queries, quizzes
from quizapp.practice.models import Card, DailyQuiz, PracticeAnswer
from tests.practice.conftest import counted, log_of

NEWSPAPER = "XF-024-01"  # 由所涉及的机关、单位（　　）: C 协商受理


def test_an_answer_is_marked_by_the_key_of_its_revision(cast, revision_of, answer):
    revision = revision_of(NEWSPAPER)
    wrong = next(letter for letter in "ABC" if letter != revision.key)
    now = clock.now()
    given = [
        answer(cast.jiang, revision.id, revision.key, "right-one"),
        answer(cast.luo, revision.id, wrong, "wrong-one"),
    ]
    assert actions.record(given, now) == 2
    assert [row[3] for row in log_of(cast.jiang)] == [True]
    assert [row[3] for row in log_of(cast.luo)] == [False]
    assert queries.memories(cast.luo)[revision.question_id].wrong_open


def test_a_part_of_the_right_letters_is_wrong(cast, bank, answer):
    revision = db.session.scalars(
        select(Revision).where(Revision.kind == "multiple", Revision.uses.contains("daily"))
    ).first()
    actions.record([answer(cast.jiang, revision.id, revision.key[0], "half-right")], clock.now())
    assert [row[3] for row in log_of(cast.jiang)] == [False]


def test_an_answer_sent_again_changes_nothing(cast, revision_of, answer):
    given = answer(cast.jiang, revision_of(NEWSPAPER).id, "C", "only-once")
    assert actions.record([given, given], clock.now()) == 1
    before = log_of(cast.jiang), queries.memories(cast.jiang)
    assert actions.record([given], clock.now() + timedelta(hours=1)) == 0
    assert (log_of(cast.jiang), queries.memories(cast.jiang)) == before


def test_a_queue_in_any_order_and_any_pieces_gives_the_same_log_and_cards(cast, bank, answer, at):
    """Two phones, thirty answers over three weeks, arriving late, torn and several times."""
    at("2026-11-02 08:00")
    pool = queries.practice_pool()[:6]
    chance = Random(7)
    queue = []
    for number in range(30):
        moment = clock.now() + timedelta(days=chance.uniform(0, 20))
        entry, letter = chance.choice(pool), chance.choice("AB")
        queue.append((entry.revision_id, letter, f"queued-{number:02}", moment))
    at("2026-11-30 08:00")

    def play(person: int, prefix: str, order: list[int]) -> None:
        given = [
            answer(
                person,
                queue[n][0],
                queue[n][1],
                prefix + queue[n][2],
                answered_at=queue[n][3],
                day=clock.today(queue[n][3]),
            )
            for n in order
        ]
        while given:
            piece = given[: chance.randrange(1, 8)]
            actions.record(piece, clock.now())
            given = given[chance.randrange(1, len(piece) + 1) :]  # the rest of the piece is sent again

    play(cast.jiang, "a-", list(range(30)))
    orders = list(range(30)) * 2
    chance.shuffle(orders)
    play(cast.luo, "b-", orders)
    assert len(log_of(cast.jiang)) == 30
    assert [row[1:] for row in log_of(cast.luo)] == [row[1:] for row in log_of(cast.jiang)]
    assert queries.memories(cast.luo) == queries.memories(cast.jiang)


def test_cards_are_a_cache_that_the_log_alone_decides(cast, bank, answer):
    entry = queries.practice_pool()[0]
    actions.record([answer(cast.jiang, entry.revision_id, "A", "first-answer")], clock.now())
    kept = queries.memories(cast.jiang)
    db.session.execute(update(Card).values(stability=99, right_days=7, wrong_open=True))
    actions.record([answer(cast.jiang, entry.revision_id, "A", "second-one")], clock.now())
    memory = queries.memories(cast.jiang)[entry.question_id]
    assert memory.answers == 2
    assert memory.stability != 99
    assert memory.right_days <= 1
    assert set(kept) == set(queries.memories(cast.jiang))


def test_letters_and_client_ids_that_cannot_be_are_refused(cast, revision_of, answer):
    revision = revision_of(NEWSPAPER).id
    letters = ["", "CA", "I", "AA", "a", "A.", "ABCDEFGHA"]
    client_ids = ["", "short", "x" * 37, "has blank", "带汉字的编号啊"]
    for chosen, client_id in [(letter, "some-client") for letter in letters] + [("A", c) for c in client_ids]:
        with pytest.raises(Refused) as refused:
            actions.record([answer(cast.jiang, revision, chosen, client_id)], clock.now())
        assert (refused.value.code, refused.value.status) == ("shape", 422)
    assert log_of(cast.jiang) == []


def test_the_client_id_of_another_person_is_refused(cast, revision_of, answer):
    revision = revision_of(NEWSPAPER).id
    actions.record([answer(cast.jiang, revision, "A", "of-jiang-1")], clock.now())
    with pytest.raises(Refused) as refused:
        actions.record([answer(cast.luo, revision, "B", "of-jiang-1")], clock.now())
    assert refused.value.code == "client_id"


def test_a_refused_list_leaves_nothing(cast, revision_of, answer):
    good = answer(cast.jiang, revision_of(NEWSPAPER).id, "A", "good-answer")
    with pytest.raises(Refused):
        actions.record([good, answer(cast.jiang, 999_999, "A", "bad-answer")], clock.now())
    db.session.rollback()
    assert log_of(cast.jiang) == []


def test_questions_that_are_not_for_practice_are_neither_drawn_nor_marked(cast, revision_of, answer):
    """Hazard H37: nobody can probe the key of a sealed or exam-only question through practice."""
    revision = revision_of(NEWSPAPER)
    identity, published_at = revision.id, revision.published_at
    usual = {"uses": "daily,exam", "status": "published", "published_at": published_at}
    changes = [
        {"uses": "exam"},
        {"uses": "mock"},
        {"status": "draft", "published_at": None},
        {"sealed": True},
    ]
    for change in changes:
        values = usual | {name: value for name, value in change.items() if name != "sealed"}
        db.session.execute(update(Revision).where(Revision.id == identity).values(**values))
        db.session.execute(update(Bank).values(sealed=change.get("sealed", False)))
        assert identity not in [entry.revision_id for entry in queries.practice_pool()]
        with pytest.raises(Refused) as refused:
            actions.record([answer(cast.jiang, identity, "C", "probing-it")], clock.now())
        assert refused.value.code == "not_practised"
    db.session.execute(update(Bank).values(sealed=False))
    db.session.execute(update(Revision).where(Revision.id == identity).values(**usual))
    assert actions.record([answer(cast.jiang, identity, "C", "probing-it")], clock.now()) == 1


def test_an_answer_to_a_question_retired_meanwhile_still_counts(cast, revision_of, answer):
    revision = revision_of(NEWSPAPER)
    revision.status = "retired"
    db.session.commit()
    assert revision.id not in [entry.revision_id for entry in queries.practice_pool()]
    assert actions.record([answer(cast.jiang, revision.id, "C", "from-a-queue")], clock.now()) == 1


def test_the_number_of_statements_does_not_depend_on_the_number_of_answers(cast, bank, answer):
    pool = queries.practice_pool()

    def statements(count: int, prefix: str) -> int:
        given = [answer(cast.jiang, pool[n].revision_id, "A", f"{prefix}-{n:04}") for n in range(count)]
        with counted() as sent:
            actions.record(given, clock.now())
        return len(sent)

    assert statements(2, "few") == statements(100, "many") <= 6


def test_two_phones_at_once_lose_no_answer(app, cast, bank, answer):
    entry = queries.practice_pool()[0]
    db.session.commit()
    gate = threading.Barrier(4)
    failed = []

    def send(number: int) -> None:
        with app.app_context():
            try:
                gate.wait(20)
                for turn in range(5):
                    given = answer(cast.jiang, entry.revision_id, "A", f"phone-{number}-{turn}")
                    actions.record(
                        [given, answer(cast.jiang, entry.revision_id, "A", f"both-{turn:04}")], clock.now()
                    )
                    db.session.commit()
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(log_of(cast.jiang)) == 4 * 5 + 5
    assert queries.memories(cast.jiang)[entry.question_id].answers == 25


def test_a_daily_quiz_is_drawn_once(app, cast, bank, at):
    at("2026-11-23 08:00")
    day = clock.today()
    planned = quizzes.plan(cast.jiang, day)
    first = actions.begin_daily(cast.jiang, day)
    db.session.commit()
    assert first.revisions == planned
    assert len(first.revisions) == 11
    assert actions.begin_daily(cast.jiang, day).id == first.id
    assert db.session.scalar(select(func.count()).select_from(DailyQuiz)) == 1


def test_a_finished_daily_quiz_leaves_nothing_to_do_and_the_next_day_asks_something_new(
    app, cast, bank, answer, at
):
    at("2026-11-23 08:00")
    day = clock.today()
    quiz = actions.begin_daily(cast.jiang, day)
    assert (quizzes.today(cast.jiang, day).total, quizzes.today(cast.jiang, day).minutes) == (11, 5)
    keys = dict(db.session.execute(select(Revision.id, Revision.key)).all())
    for number, revision in enumerate(quiz.revisions):
        given = answer(cast.jiang, revision, keys[revision], f"daily-{number:03}", source="daily", day=day)
        actions.record([given], clock.now())
    today = quizzes.today(cast.jiang, day)
    assert (today.answered, today.finished, today.minutes) == (11, True, 0)
    at("2026-11-24 08:00")
    assert not set(quizzes.plan(cast.jiang, clock.today())) & set(quiz.revisions)


def test_a_wrong_question_comes_again_the_next_day(app, cast, bank, answer, at):
    at("2026-11-23 08:00")
    keys = dict(db.session.execute(select(Revision.id, Revision.key)).all())
    entry = queries.practice_pool()[0]
    wrong = next(letter for letter in "AB" if letter != keys[entry.revision_id])
    actions.record([answer(cast.jiang, entry.revision_id, wrong, "went-wrong")], clock.now())
    at("2026-11-24 08:00")
    assert quizzes.plan(cast.jiang, clock.today())[0] == entry.revision_id


def test_where_nothing_is_needed_no_quiz_is_drawn(app, cast):
    with pytest.raises(Refused) as refused:
        actions.begin_daily(cast.jiang, clock.today())
    assert refused.value.code == "nothing_due"


def test_participation_counts_people_answers_and_units_of_the_period(app, cast, bank, answer, at):
    at("2026-11-23 08:00")
    pool, keys = queries.practice_pool(), dict(db.session.execute(select(Revision.id, Revision.key)).all())
    day = clock.today()
    given = [
        answer(
            cast.jiang,
            pool[n].revision_id,
            keys[pool[n].revision_id],
            f"jiang-{n:03}",
            source="daily",
            day=day,
        )
        for n in range(3)
    ]
    given.append(answer(cast.jiang, pool[4].revision_id, "A", "self-test-1"))  # not of the daily quiz
    given.append(answer(cast.fang, pool[5].revision_id, "H", "fang-0001", source="daily", day=day))
    given.append(
        answer(cast.luo, pool[5].revision_id, "H", "luo-00001", source="daily", day=day - timedelta(days=9))
    )
    actions.record(given, clock.now())
    db.session.commit()

    def rows(intervals):
        return [
            (row.unit_id, row.people, row.took_part, row.answers, row.right)
            for row in queries.participation(intervals, day - timedelta(days=6), day)
        ]

    assert rows([(10_000, 11_000)]) == [
        (cast.county, 3, 0, 0, 0),
        (cast.office, 2, 1, 3, 3),
        (cast.town, 1, 1, 1, 0),
    ]
    assert rows([(10_100, 10_200)]) == [(cast.office, 2, 1, 3, 3)]
    assert rows([]) == []
    people = queries.participation([(10_000, 11_000)], day, day)
    reached = queries.mastery_by_unit([(10_000, 11_000)], people, day, clock.now())
    assert reached[cast.office].questions == 2 * len(pool)
    assert reached[cast.office].thousandths in (3000, 4000)
    assert reached[cast.town].thousandths == 0
    with counted() as sent:
        queries.participation([(10_000, 11_000)], day, day)
    assert len(sent) == 1


def test_the_log_keeps_when_an_answer_was_given_and_when_it_arrived(app, cast, revision_of, answer, at):
    at("2026-11-23 08:00")
    given = answer(cast.jiang, revision_of(NEWSPAPER).id, "C", "on-the-way")
    at("2026-11-23 20:00")
    actions.record([given], clock.now())
    row = db.session.scalars(select(PracticeAnswer)).one()
    assert row.received_at - row.answered_at == timedelta(hours=12)
