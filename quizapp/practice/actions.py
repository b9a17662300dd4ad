"""What changes practice: answers enter the log once, cards follow the log; quizzes and self-tests are drawn."""

import re
import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy import Insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.bank.marking import earned, letters
from quizapp.bank.models import Bank, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people.models import Person
from quizapp.practice import quizzes
from quizapp.practice.drawing import Entry, draw_some
from quizapp.practice.memory import Logged, Memory, fold
from quizapp.practice.models import Card, DailyQuiz, PracticeAnswer, SelfTest
from quizapp.practice.plan_models import DailyWish

AT_ONCE = 4000  # rows of one statement, below every database's limit of parameters
_CLIENT_ID = re.compile(r"[A-Za-z0-9._-]{8,36}")
_CHOSEN = re.compile("A?B?C?D?E?F?G?H?")


@dataclass(frozen=True)
class Answer:
    """One answer as it comes from a page or a phone's queue."""

    client_id: str  # made by the page; the same answer sent again carries the same one
    person_id: int
    revision_id: int
    chosen: str  # the revision's own letters, ascending
    source: str  # daily, self, article
    day: date  # of the daily quiz, otherwise of the answer, in Asia/Shanghai
    answered_at: datetime


def record(answers: Iterable[Answer], now: datetime) -> int:
    """Add answers to the log and bring the cards of their questions up to date; gives how many were new.

    An answer that is already there (by its client id) changes nothing, so a list may be sent again, in any order, in
    any pieces. Answers may belong to many people. Refused as a whole: a client id, letters or a question that cannot
    be; a question that nobody may practise. The number of statements does not depend on the number of answers, up to
    AT_ONCE of them.
    """
    once = {answer.client_id: answer for answer in answers}
    given = sorted(once.values(), key=lambda answer: answer.person_id)
    return sum(_record_some(given[at : at + AT_ONCE], now) for at in range(0, len(given), AT_ONCE))


def _record_some(given: list[Answer], now: datetime) -> int:
    if not all(is_answer(a.client_id, a.chosen) for a in given):
        raise Refused("shape", "答案格式有误，没有保存。", "请刷新页面后重试。", status=422)
    people = sorted({answer.person_id for answer in given})
    _one_at_a_time(*people)  # so that two phones at once fold the same log
    fresh = _not_yet(given)
    if not fresh:
        return 0
    known = practisable({answer.revision_id for answer in fresh})
    if any(answer.revision_id not in known for answer in fresh):
        raise Refused("not_practised", "本题已停用，答案没有保存。", "请返回练习页面继续。", status=404)
    rows = [_log_row(answer, *known[answer.revision_id], now) for answer in fresh]
    db.session.execute(_insert_new(), rows)
    _fold({(row["person_id"], row["question_id"]) for row in rows})
    return len(fresh)


def is_answer(client_id: str, chosen: str) -> bool:
    """Whether these can be the client id and the letters of an answer."""
    return bool(_CLIENT_ID.fullmatch(client_id) and chosen and _CHOSEN.fullmatch(chosen))


def _not_yet(given: list[Answer]) -> list[Answer]:
    """Those whose client id is not in the log. Refused when the log has it from somebody else."""
    ids = [answer.client_id for answer in given]
    rows = db.session.execute(
        select(PracticeAnswer.client_id, PracticeAnswer.person_id).where(PracticeAnswer.client_id.in_(ids))
    )
    owners = dict(rows.all())
    if any(owners.get(answer.client_id, answer.person_id) != answer.person_id for answer in given):
        raise Refused("client_id", "答案编号重复，没有保存。", "请刷新页面后重试。")
    return [answer for answer in given if answer.client_id not in owners]


def practisable(revision_ids: Iterable[int]) -> dict[int, tuple[int, str]]:
    """(question, key) of the revisions that could ever be practised: once published, for daily use, never sealed.

    One retired since it was shown counts: the answer was given to what it said.
    """
    rows = db.session.execute(
        select(Revision.id, Revision.question_id, Revision.key)
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .where(Revision.id.in_(list(revision_ids)), Revision.published_at.is_not(None))
        .where(Bank.sealed.is_(False), has_use("daily"))
    )
    return {revision: (question, key) for revision, question, key in rows}


def _log_row(answer: Answer, question_id: int, key: str, now: datetime) -> dict[str, Any]:
    right = earned(letters(key), letters(answer.chosen), 1) == 1
    return {
        "client_id": answer.client_id,
        "person_id": answer.person_id,
        "question_id": question_id,
        "revision_id": answer.revision_id,
        "chosen": answer.chosen,
        "correct": right,
        "source": answer.source,
        "day": answer.day,
        "answered_at": answer.answered_at,
        "received_at": now,
    }


def _insert_new() -> Insert:
    """An insert that passes over client ids which arrived a moment ago through another request."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(PracticeAnswer).on_conflict_do_nothing(index_elements=["client_id"])


def _fold(touched: set[tuple[int, int]]) -> None:
    """Make the cards of these (person, question) pairs anew from the whole log."""
    answers = db.session.execute(
        select(
            PracticeAnswer.person_id,
            PracticeAnswer.question_id,
            PracticeAnswer.client_id,
            PracticeAnswer.correct,
            PracticeAnswer.day,
            PracticeAnswer.answered_at,
            PracticeAnswer.received_at,
        )
        .where(PracticeAnswer.person_id.in_({person for person, _ in touched}))  # for the index
        .where(tuple_(PracticeAnswer.person_id, PracticeAnswer.question_id).in_(touched))
    )
    log: dict[tuple[int, int], list[Logged]] = defaultdict(list)
    for row in answers:
        entry = Logged(row.client_id, row.correct, row.day, row.answered_at, row.received_at)
        log[row.person_id, row.question_id].append(entry)
    rows = [_card(*pair, fold(entries)) for pair, entries in log.items()]
    db.session.execute(
        _keep_cards(), rows, execution_options={"render_nulls": True}
    )  # all rows in one statement


def _keep_cards() -> Insert:
    """An insert that replaces the cards which are already there."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    cards = dialect.insert(Card)
    columns = [column.name for column in Card.__table__.columns if not column.primary_key]
    return cards.on_conflict_do_update(
        index_elements=["person_id", "question_id"], set_={name: cards.excluded[name] for name in columns}
    )


def _card(person_id: int, question_id: int, memory: Memory) -> dict[str, Any]:
    return {"person_id": person_id, "question_id": question_id, **vars(memory)}


def begin_daily(person_id: int, day: date) -> DailyQuiz:
    """This person's quiz of the day: drawn now, unless it has been drawn. Refused when nothing needs practice."""
    _one_at_a_time(person_id)
    drawn = quizzes.daily_quiz(person_id, day)
    if drawn is not None:
        return drawn
    revisions = quizzes.plan(person_id, day)
    if not revisions:
        raise Refused("nothing_due", "今天没有需要练习的题。", "可以阅读条例，或按章自测。")
    quiz = DailyQuiz(person_id=person_id, day=day, revisions=revisions)
    db.session.add(quiz)
    db.session.flush()
    return quiz


def wish(person_id: int, minutes: int) -> None:
    """Keep the minutes a day that this person chose (one of aims.CHOICES)."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    row = dialect.insert(DailyWish).values(person_id=person_id, minutes=minutes)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["person_id"], set_={"minutes": row.excluded.minutes})
    )


def begin_test(
    person_id: int,
    scope: str,
    pool: Sequence[Entry],
    wanted: int | None,
    *,
    now: datetime,
    source: str = "self",
    exam_id: int | None = None,
    rng: Random | None = None,
) -> SelfTest:
    """A self-test of `wanted` questions (none: all) by chance from this pool. Refused when the pool is empty.

    exam_id: of the exam that asks for it beforehand (see exams.gate).
    """
    revisions = draw_some(pool, wanted, rng or Random())
    if not revisions:
        raise Refused("no_questions", "这个范围还没有可以练习的试题。", "请换一个范围。")
    test = SelfTest(
        token=secrets.token_urlsafe(16),
        person_id=person_id,
        scope=scope,
        source=source,
        revisions=revisions,
        exam_id=exam_id,
        created_at=now,
    )
    db.session.add(test)
    db.session.flush()
    return test


def _one_at_a_time(*people: int) -> None:
    """Let the writes of each person follow one after the other. SQLite has one writer anyhow."""
    db.session.execute(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update())
