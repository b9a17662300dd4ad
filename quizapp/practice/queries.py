"""What pages and other areas read of practice. Each function runs a constant number of statements."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, case, func, null, select

from quizapp import clock
from quizapp.bank.lending import home_of, practised_at
from quizapp.bank.models import Bank, Citation, Question, Revision
from quizapp.bank.queries import has_use
from quizapp.db import db
from quizapp.people.models import Membership, Person, Unit
from quizapp.people.queries import current, inside
from quizapp.practice.drawing import Entry
from quizapp.practice.mastery import Mastery, mastery, thousandths
from quizapp.practice.memory import Memory
from quizapp.practice.models import Card, PracticeAnswer
from quizapp.regulations.citing import Chapter, Law
from quizapp.regulations.models import Edition, Regulation
from quizapp.regulations.queries import laws

# What may be practised ----------------------------------------------------------------------------------------------


def practice_pool(person_id: int | None = None) -> list[Entry]:
    """The published questions for daily use that this person may practise, by revision. Three statements at most.

    Of the banks that ship with the app, of those of the person's own unit and the units above it, and of those lent
    there; never of a sealed one. Without a person: of the banks that ship with the app.
    """
    home = null() if person_id is None else home_of(person_id, clock.today())
    rows = db.session.execute(
        select(
            Revision.id,
            Revision.question_id,
            Revision.kind,
            Revision.difficulty,
            Citation.article,
            Citation.edition_id,
            Regulation.slug,
        )
        .join(Question, Question.id == Revision.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(Citation, and_(Citation.revision_id == Revision.id, Citation.kind == "law"))
        .outerjoin(Regulation, Regulation.id == Citation.regulation_id)
        .where(practised_at(home), Revision.status == "published", has_use("daily"))
        .order_by(Revision.id, Citation.position)
    ).all()
    known = laws({row.edition_id for row in rows if row.edition_id})
    grouped: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.id].append(row)
    return [_entry(cited, known) for cited in grouped.values()]


def _entry(rows: list[Row], known: dict[int, Law]) -> Entry:
    first = rows[0]
    places = dict.fromkeys((row.slug, row.article) for row in rows if row.slug)
    chapter = known[first.edition_id].chapter_of(first.article) if first.edition_id else ""
    return Entry(first.id, first.question_id, first.kind, first.difficulty, tuple(places), chapter)


def practised_regulations() -> list[tuple[str, str]]:
    """(slug, title) of the regulations in force that published questions for daily use cite, in the order of the list.

    Of banks that ship with the app or belong to any unit: a plan may name what its people will be given to practise.
    """
    cites = (
        select(Citation.id)
        .join(Revision, Revision.id == Citation.revision_id)
        .where(Citation.regulation_id == Regulation.id, Citation.kind == "law")
        .where(Revision.status == "published", has_use("daily"))
    )
    rows = db.session.execute(
        select(Regulation.slug, Regulation.title)
        .join(Edition, (Edition.regulation_id == Regulation.id) & Edition.in_force)
        .where(cites.exists())
        .order_by(Regulation.sort, Regulation.id)
    )
    return [(slug, title) for slug, title in rows]


def memories(person_id: int) -> dict[int, Memory]:
    """What this person remembers, by question."""
    rows = db.session.execute(
        select(
            Card.question_id,
            Card.stability,
            Card.difficulty,
            Card.due_at,
            Card.reviewed_at,
            Card.answers,
            Card.right,
            Card.wrong_open,
            Card.right_days,
            Card.last_right_on,
        ).where(Card.person_id == person_id)
    )
    return {question: Memory(*rest) for question, *rest in rows}


# Mastery and the wrong-question book --------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChapterState:
    """A chapter of a regulation for one person."""

    slug: str
    number: str
    title: str
    mastery: Mastery
    wrong: int  # questions in the wrong-question book
    questions: list[int]  # revisions that may be practised

    @property
    def key(self) -> str:
        """What a form sends for it."""
        return f"{self.slug}:{self.number}"


@dataclass(frozen=True)
class RegulationState:
    """A regulation for one person, chapter by chapter."""

    slug: str
    title: str
    mastery: Mastery
    chapters: list[ChapterState]


def states(person_id: int, now: datetime) -> list[RegulationState]:
    """What this person has mastered, and what went wrong, of every regulation in force that has questions."""
    pool, known = practice_pool(person_id), memories(person_id)
    rows = db.session.execute(
        select(Regulation.slug, Edition.id)
        .join(Edition, (Edition.regulation_id == Regulation.id) & Edition.in_force)
        .order_by(Regulation.sort, Regulation.id)
    ).all()
    texts = laws(row.id for row in rows)
    by_chapter: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in pool:
        by_chapter[(entry.place[0], entry.chapter)].append(entry)
    out = []
    for slug, edition_id in rows:
        law = texts[edition_id]
        chapters = [_chapter(slug, c, by_chapter[(slug, c.number)], known, now) for c in law.chapters]
        chapters = [chapter for chapter in chapters if chapter.questions]
        if chapters:
            whole = sum((chapter.mastery for chapter in chapters), Mastery())
            out.append(RegulationState(slug, law.title, whole, chapters))
    return out


def _chapter(
    slug: str, chapter: Chapter, entries: Sequence[Entry], known: dict[int, Memory], now: datetime
) -> ChapterState:
    wrong = sum(known[e.question_id].wrong_open for e in entries if e.question_id in known)
    reached = mastery((entry.question_id for entry in entries), known, now)
    revisions = [entry.revision_id for entry in entries]
    return ChapterState(slug, chapter.number, chapter.title, reached, wrong, revisions)


def wrong_entries(person_id: int) -> list[Entry]:
    """The questions of the wrong-question book that may be practised, the latest error first."""
    known = memories(person_id)
    entries = [
        e for e in practice_pool(person_id) if e.question_id in known and known[e.question_id].wrong_open
    ]
    return sorted(entries, key=lambda entry: known[entry.question_id].reviewed_at, reverse=True)


# For reports --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Participation:
    """The daily quizzes of a unit's own people (main memberships, not those of units below) in a period."""

    unit_id: int
    lft: int
    people: int
    took_part: int  # people with at least one answer
    answers: int
    right: int


def participation(
    intervals: Iterable[tuple[int, int]], first_day: date, last_day: date
) -> list[Participation]:
    """Per unit whose lft lies in the intervals, in tree order; people are those of the last day. One statement."""
    answers = (
        select(
            PracticeAnswer.person_id,
            func.count().label("answers"),
            func.sum(case((PracticeAnswer.correct, 1), else_=0)).label("right_answers"),
        )
        .where(PracticeAnswer.day.between(first_day, last_day), PracticeAnswer.source == "daily")
        .group_by(PracticeAnswer.person_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Unit.id,
            Unit.lft,
            func.count(Membership.person_id),
            func.count(answers.c.person_id),
            func.coalesce(func.sum(answers.c.answers), 0),
            func.coalesce(func.sum(answers.c.right_answers), 0),
        )
        .join(Membership, Membership.unit_id == Unit.id)
        .outerjoin(answers, answers.c.person_id == Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*_members(intervals, last_day))
        .group_by(Unit.id, Unit.lft)
        .order_by(Unit.lft)
    )
    return [Participation(*(int(value) for value in row)) for row in rows]


def mastery_by_unit(
    intervals: Iterable[tuple[int, int]], people: Iterable[Participation], day: date, now: datetime
) -> dict[int, Mastery]:
    """The mastery of each unit's own people over all that they may practise, by unit id: sums, ready to be added up.

    people: the `participation` of these units on that day, which has counted them. Who has never practised counts
    with 0. Three statements.
    """
    chosen = list(intervals)
    questions = _questions_at(chosen)
    cards = db.session.execute(
        select(Unit.id, Card.stability, Card.difficulty, Card.due_at, Card.reviewed_at, Card.right_days)
        .join(Membership, Membership.unit_id == Unit.id)
        .join(Card, Card.person_id == Membership.person_id)
        .join(Revision, (Revision.question_id == Card.question_id) & (Revision.status == "published"))
        .join(Question, Question.id == Card.question_id)
        .join(Bank, Bank.id == Question.bank_id)
        .join(Person, Person.id == Membership.person_id)
        .where(*_members(chosen, day), practised_at(Unit.lft), has_use("daily"))
    )
    sums = {one.unit_id: Mastery(0, one.people * questions(one.unit_id), 0) for one in people}
    for unit_id, stability, difficulty, due_at, reviewed_at, right_days in cards:
        memory = Memory(stability, difficulty, due_at, reviewed_at, 1, 0, False, right_days, None)
        sums[unit_id] = sums.get(unit_id, Mastery()) + Mastery(thousandths(memory, now), 0, 1)
    return sums


def _questions_at(intervals: list[tuple[int, int]]) -> Callable[[int], int]:
    """How many questions the people of a unit may practise: those of the shipped banks, and of others by unit."""
    counted = db.session.execute(
        select(Bank.id, Bank.unit_id, func.count(Revision.id))
        .join(Question, Question.bank_id == Bank.id)
        .join(Revision, Revision.question_id == Question.id)
        .where(Bank.sealed.is_(False), Revision.status == "published", has_use("daily"))
        .group_by(Bank.id, Bank.unit_id)
    ).all()
    everywhere = sum(count for _, owner, count in counted if owner is None)
    of_bank = {bank_id: count for bank_id, owner, count in counted if owner is not None}
    rows = db.session.execute(
        select(Unit.id, Bank.id)
        .join(Bank, practised_at(Unit.lft))
        .where(Bank.id.in_(of_bank), inside(Unit.lft, intervals))
    )
    here: Counter[int] = Counter()
    for unit_id, bank_id in rows:
        here[unit_id] += of_bank[bank_id]
    return lambda unit_id: everywhere + here[unit_id]


def _members(intervals: Iterable[tuple[int, int]], day: date) -> list[ColumnElement[bool]]:
    """SQL: who counts in these units on a day, the same people as `people.queries.members`."""
    return [
        Membership.main.is_(True),
        current(day),
        Person.disabled_at.is_(None),
        inside(Unit.lft, intervals),
    ]
