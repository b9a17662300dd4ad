"""How hard questions have proved to be in exams: the facility (得分率) that assembling papers counts with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import and_, select

from quizapp.attempts import layout as layouts
from quizapp.attempts import marks, runs
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.bank import facts
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams.models import Exam, Form, Slot
from quizapp.figures import ratio

LEAST = 30  # answers from which a share says more than the author's difficulty
MOST = 5000  # sheets that are read, the latest first


def shares(sheets: Iterable[tuple[str, str]], question_of: Mapping[int, int]) -> dict[int, tuple[int, int]]:
    """Question → share of its points that were earned, in thousandths, and answers; for those with LEAST answers.

    sheets: (layout, marks) as stored. question_of: revision → question; others are passed over.
    """
    earned: dict[int, int] = defaultdict(int)
    whole: dict[int, int] = defaultdict(int)
    answers: dict[int, int] = defaultdict(int)
    for layout, marked in sheets:
        for place, tenths in zip(layouts.from_text(layout), marks.slots_of(marked), strict=True):
            question = question_of.get(place.revision_id)
            if question is not None and place.points:
                earned[question] += tenths
                whole[question] += place.points
                answers[question] += 1
    return {
        question: (int(ratio(earned[question], whole[question], scale=1000, places=0) or 0), count)
        for question, count in answers.items()
        if count >= LEAST
    }


def refresh(question_ids: Sequence[int]) -> None:
    """Registered with assembly: the facility of these questions, from the latest sheets that count: before papers are
    assembled, and when an exam has been analysed. Five statements.

    Questions that an exam gave to all or left out are passed over.
    """
    revisions = dict(
        db.session.execute(
            select(Revision.id, Revision.question_id).where(Revision.question_id.in_(question_ids))
        ).all()
    )
    exams = select(Form.exam_id).join(Slot, Slot.form_id == Form.id).where(Slot.revision_id.in_(revisions))
    rows = db.session.execute(
        select(Attempt.layout, AttemptMark.marks)
        .join(Closing, and_(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None)))
        .join(AttemptMark, AttemptMark.closing_id == Closing.id)
        .join(MarkingRun, and_(MarkingRun.id == AttemptMark.run_id, MarkingRun.state == "current"))
        .join(Exam, Exam.id == Attempt.exam_id)
        .where(Attempt.exam_id.in_(exams), Attempt.trial.is_(False), Exam.state == "published")
        .where(Attempt.state.in_(("submitted", "expired")))
        .order_by(Closing.id.desc())
        .limit(MOST)
    )
    passed_over = runs.treated(exams)
    counted = {one: question for one, question in revisions.items() if one not in passed_over}
    found = shares(((layout, earned) for layout, earned in rows), counted)
    for place, column in enumerate(("facility", "facility_answers")):
        known: dict[int, int | None] = dict.fromkeys(question_ids)
        facts.keep(column, known | {question: figures[place] for question, figures in found.items()})
