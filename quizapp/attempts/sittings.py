"""What a person sees of an attempt after handing in: receipt, score, and every answer with its article."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from quizapp.attempts import layout as layouts
from quizapp.attempts import marks, wording
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt, AttemptMark, Closing, HeldSheet, MarkingRun
from quizapp.attempts.my_exam import shows
from quizapp.attempts.queries import Question, question_at
from quizapp.bank import deciding
from quizapp.bank import queries as bank
from quizapp.bank.marking import letters
from quizapp.db import db
from quizapp.exams import bands
from quizapp.exams import queries as exam_queries
from quizapp.exams.drawing import Place
from quizapp.exams.models import Exam
from quizapp.regulations.queries import laws

KEYS_HIDDEN = "试卷含组卷可用的题库，试考不显示成绩和答案。"


@dataclass(frozen=True)
class Sitting:
    """A closed attempt as its person may see it: receipt, and score and answers once they are shown."""

    attempt: Attempt
    exam: Exam
    closing: Closing | None  # none while nobody has written down what time has closed
    total: int | None  # tenths, where the score is shown
    slot_marks: tuple[int, ...] | None  # tenths, where the answers are shown
    full_marks: int
    shows_score: bool
    shows_answers: bool
    held: int  # sheets that came too late
    hides_keys: bool = (
        False  # a trial with questions whose keys its maker may not see: neither score nor answers
    )

    @property
    def when_words(self) -> str:
        """When the score shows, where it does not yet."""
        if self.hides_keys:
            return KEYS_HIDDEN
        return "" if self.shows_score else wording.when(self.exam, self.exam.show_score, "成绩")

    @property
    def answers_words(self) -> str:
        """When answers and explanations show, where they do not yet."""
        if self.hides_keys:
            return KEYS_HIDDEN
        return "" if self.shows_answers else wording.when(self.exam, self.exam.show_key, "各题答案和解析")

    @property
    def band(self) -> str:
        return bands.band(self.total, self.exam.bands) if self.total is not None else ""

    @property
    def passed(self) -> bool:
        return self.total is not None and bands.passed(self.total, self.exam.pass_mark)


def sitting(attempt: Attempt, exam: Exam, now: datetime) -> Sitting:
    """What a person sees of one closed attempt."""
    row = db.session.execute(
        select(Closing, AttemptMark)
        .select_from(Closing)
        .outerjoin(MarkingRun, and_(MarkingRun.exam_id == exam.id, MarkingRun.state == "current"))
        .outerjoin(
            AttemptMark, and_(AttemptMark.run_id == MarkingRun.id, AttemptMark.closing_id == Closing.id)
        )
        .where(Closing.attempt_id == attempt.id, Closing.withdrawn_at.is_(None))
        .order_by(Closing.n.desc())
        .limit(1)
    ).one_or_none()
    closing, mark = row if row is not None else (None, None)
    latest = exam_queries.latest_personal(exam.id)
    hides = attempt.trial and exam_queries.hides_keys(exam, attempt.person_id)
    over = (
        attempt.trial and closing is not None
    )  # a trial hides from who makes the exam only what a loan hides

    def shown(setting: str) -> bool:
        handed_in = closing is not None
        return not hides and (over or shows(exam, setting, handed_in=handed_in, latest=latest, now=now))

    score, answers = shown(exam.show_score), shown(exam.show_key)
    earned = _marks(attempt, exam, closing, mark) if score or answers else None
    places = layouts.from_text(attempt.layout)
    held = db.session.scalars(select(HeldSheet.id).where(HeldSheet.attempt_id == attempt.id)).all()
    return Sitting(
        attempt,
        exam,
        closing,
        earned.total if earned and score else None,
        earned.slots if earned and answers else None,
        sum(place.points for place in places),
        score,
        answers,
        len(held),
        hides,
    )


def _marks(
    attempt: Attempt, exam: Exam, closing: Closing | None, mark: AttemptMark | None
) -> marks.Marks | None:
    if mark is not None:
        return marks.Marks(mark.total, marks.slots_of(mark.marks))
    if closing is None or not attempt.trial:
        return None
    places = layouts.from_text(attempt.layout)
    return marks.marks_of(places, present_keys(places), closing.sheet, exam.multiple_rule)


def present_keys(places: tuple[Place, ...]) -> Mapping[int, marks.Key]:
    """The keys of these revisions as they stand: for a trial, which belongs to no marking run."""
    full = bank.full([place.revision_id for place in places])
    return {revision_id: marks.Key(face.kind, (letters(face.key),)) for revision_id, face in full.items()}


@dataclass(frozen=True)
class Answered:
    """One question after the exam: what was chosen, what is right, why."""

    question: Question
    right: bool
    earned: int  # tenths
    key: str  # displayed letters
    verdicts: dict[str, str]  # displayed letter → right, wrong, missed
    explanation: str
    laws: list[deciding.LawShown]
    documents: list[tuple[str, str]]


def answers(sat: Sitting) -> list[Answered]:
    """Every question of a closed sheet with its key and its article. Only where the answers are shown."""
    if not sat.shows_answers or sat.closing is None or sat.slot_marks is None:
        raise PermissionError("the answers of this exam are not shown")
    places = layouts.from_text(sat.attempt.layout)
    full = bank.full([place.revision_id for place in places])
    accepted = _accepted(sat, places, full)
    texts = laws(deciding.edition_ids(full.values()))
    found = []
    for number, (place, chosen) in enumerate(zip(places, sheets.parse(sat.closing.sheet), strict=True), 1):
        face = full[place.revision_id]
        key = layouts.displayed_letters(place, accepted[place.revision_id])
        found.append(
            Answered(
                question_at(number, place, face, chosen),
                sat.slot_marks[number - 1] == place.points,
                sat.slot_marks[number - 1],
                key,
                deciding.verdicts(key, chosen, many=face.kind == "multiple"),
                face.explanation,
                deciding.laws_shown(face, texts),
                deciding.documents(face),
            )
        )
    return found


def _accepted(
    sat: Sitting, places: tuple[Place, ...], full: Mapping[int, bank.Full]
) -> dict[int, frozenset[str]]:
    """The right letters of each revision in the exam's current run: the first of the accepted sets."""
    stored = db.session.scalar(
        select(MarkingRun.keys).where(MarkingRun.exam_id == sat.exam.id, MarkingRun.state == "current")
    )
    current = marks.keys_from_json(stored) if stored and not sat.attempt.trial else {}
    return {
        place.revision_id: current[place.revision_id].accepted[0]
        if place.revision_id in current
        else letters(full[place.revision_id].key)
        for place in places
    }
