"""模拟考试: which exams a person can try beforehand, and a paper by an exam's blueprint from what may be practised."""

from random import Random

from sqlalchemy import select

from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams import blueprint
from quizapp.exams.blueprint import Item, expected_of
from quizapp.exams.models import Candidate, Exam
from quizapp.practice import mocking
from quizapp.practice.before_exam import exam_pool
from quizapp.practice.drawing import Entry

LISTED = 20  # exams, the newest


def offered(person_id: int) -> list[Exam]:
    """The published exams on whose lists this person stands, the newest first. One statement."""
    exams = db.session.scalars(
        select(Exam)
        .join(Candidate, Candidate.exam_id == Exam.id)
        .where(Candidate.person_id == person_id, Exam.state == "published")
        .order_by(Exam.id.desc())
        .limit(LISTED)
    )
    return [exam for exam in exams if full_marks(exam)]


def full_marks(exam: Exam) -> int:
    """What a whole paper of the exam is worth, in tenths of a 分."""
    return blueprint.total(blueprint.read(exam.blueprint), exam.points)


def draw(exam: Exam, person_id: int, rng: Random) -> mocking.Paper:
    """A paper for this person: the exam's own questions for practice only, see practice_pool."""
    entries = exam_pool(exam, person_id)
    tags = dict(
        db.session.execute(
            select(Revision.id, Revision.tags).where(Revision.id.in_([e.revision_id for e in entries]))
        ).all()
    )
    items = [_item(entry, tags.get(entry.revision_id, [])) for entry in entries]
    return mocking.paper(blueprint.read(exam.blueprint), items, rng)


def _item(entry: Entry, tags: list[str]) -> Item:
    regulation, article = entry.place
    return Item(
        revision_id=entry.revision_id,
        question_id=entry.question_id,
        kind=entry.kind,
        regulation=regulation,
        chapter=entry.chapter,
        article=article,
        tags=frozenset(tags),
        difficulty=entry.difficulty,
        expected=expected_of(entry.difficulty),
    )
