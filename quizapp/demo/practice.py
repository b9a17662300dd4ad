"""A term of daily quizzes in the demonstration county: drawn and recorded as the app does."""

from collections import defaultdict
from datetime import date, timedelta
from random import Random

from sqlalchemy import insert, select

from quizapp import clock
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.demo.sitting import answer
from quizapp.practice import actions
from quizapp.practice.drawing import draw_daily
from quizapp.practice.memory import Logged, Memory, fold
from quizapp.practice.models import DailyQuiz
from quizapp.practice.queries import practice_pool

FACTS = ("id", "question_id", "kind", "key", "options", "difficulty")
MINUTES = 2  # a day that the invented people chose, so that the county is built quickly
LEARNED = 1.2  # how much surer somebody is of a question after each right answer


def answer_daily(
    ability: dict[int, float], today: date, days: int, *, except_today: set[int], chance: Random
) -> None:
    """Let people do the daily quiz on the days before today, and some of them, not `except_today`, on this one."""
    pool = practice_pool()
    facts = {
        row.id: row
        for row in db.session.execute(
            select(
                Revision.id,
                Revision.question_id,
                Revision.kind,
                Revision.key,
                Revision.options,
                Revision.difficulty,
            )
        )
    }
    diligence = {person: chance.betavariate(1.1, 2.6) for person in ability}
    logs: dict[int, dict[int, list[Logged]]] = {person: defaultdict(list) for person in ability}
    memories: dict[int, dict[int, Memory]] = {person: {} for person in ability}
    given, quizzes = [], []
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        if day.weekday() >= 5 and back:
            continue
        for person in ability:
            if chance.random() > diligence[person] or (back == 0 and person in except_today):
                continue
            drawn = draw_daily(memories[person], pool, MINUTES * 60, clock.end_of(day), chance)
            if drawn:
                quizzes.append({"person_id": person, "day": day, "revisions": drawn})
            moment = _moment(day, chance)
            for number, revision in enumerate(drawn):
                fact = facts[revision]
                known = memories[person].get(fact.question_id)
                sure = ability[person] + LEARNED * (known.right_days if known else 0)
                chosen = answer(len(fact.options), fact.key, fact.kind, sure, fact.difficulty, chance) or "A"
                at = moment + timedelta(seconds=24 * number)
                client_id = f"demo-{person}-{day:%Y%m%d}-{number}"
                given.append(actions.Answer(client_id, person, revision, chosen, "daily", day, at))
                log = logs[person][fact.question_id]
                log.append(Logged(client_id, chosen == fact.key, day, at, at))
                memories[person][fact.question_id] = fold(log)
    db.session.execute(insert(DailyQuiz), quizzes)
    given.sort(key=lambda one: (one.person_id, one.revision_id))  # so that each card is folded in one piece
    actions.record(given, clock.now())


def _moment(day: date, chance: Random):
    """Some time of the day between 7:30 and 21:30; of today, before now."""
    moment = clock.start_of(day) + timedelta(minutes=chance.randint(450, 1290))
    return min(moment, clock.now() - timedelta(minutes=3))
