"""What a person sees of an attempt after handing in: receipt, and score and answers as far as they are shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import defer

from quizapp.attempts import layout as layouts
from quizapp.attempts import marks, wording
from quizapp.attempts import sheet as sheets
from quizapp.attempts.corrections import treatments
from quizapp.attempts.models import Attempt, AttemptMark, Closing, HeldSheet, MarkingRun
from quizapp.attempts.my_exam import shown
from quizapp.attempts.queries import Question, question_at
from quizapp.bank import deciding
from quizapp.bank import queries as bank
from quizapp.bank.marking import LEFT_OUT, letters
from quizapp.db import db
from quizapp.exams import bands, release
from quizapp.exams import queries as exam_queries
from quizapp.exams.drawing import Place
from quizapp.exams.models import Exam
from quizapp.regulations.citing import Law
from quizapp.regulations.queries import laws

KEYS_HIDDEN = "试卷含组卷可用的题库，试考不显示成绩和答案。"


@dataclass(frozen=True)
class Sitting:
    """A closed attempt as its person may see it: receipt, and score and answers as far as they are shown."""

    attempt: Attempt
    exam: Exam
    closing: Closing | None  # none while nobody has written down what time has closed
    total: int | None  # tenths, where the score is shown
    slot_marks: tuple[int, ...] | None  # tenths, where right or wrong is shown
    full_marks: int
    shown: release.Shown
    held: int  # sheets that came too late
    corrected: marks.Told | None = None  # how the total came about, where the exam's key was corrected
    hides_keys: bool = (
        False  # a trial with questions whose keys its maker may not see: neither score nor answers
    )

    @property
    def when_words(self) -> str:
        """When the score shows, where it does not yet."""
        if self.hides_keys:
            return KEYS_HIDDEN
        return "" if self.shown.score else wording.when(self.exam, self.exam.show_score, "成绩")

    @property
    def waiting_words(self) -> str:
        """When right or wrong, key and explanation show, as far as they do not yet."""
        return (
            KEYS_HIDDEN
            if self.hides_keys
            else wording.whens(self.exam, release.waiting(self.exam, self.shown))
        )

    @property
    def open_words(self) -> str:
        """What the page of the result has to show: 成绩和解析; "" for nothing yet."""
        furthest = {"explanation": "解析", "key": "答案", "right": "各题对错"}
        details = next((word for part, word in furthest.items() if getattr(self.shown, part)), "")
        return "和".join([*(["成绩"] if self.shown.score else []), *([details] if details else [])])

    @property
    def corrected_words(self) -> list[str]:
        """How the total came about where that is no plain sum of this paper's questions."""
        if self.corrected is None or self.total is None:
            return []
        return treatments.explained(self.corrected)

    @property
    def band(self) -> str:
        return bands.band(self.total, self.exam.bands) if self.total is not None else ""

    @property
    def passed(self) -> bool:
        return self.total is not None and bands.passed(self.total, self.exam.pass_mark)


def sitting(attempt: Attempt, exam: Exam, now: datetime, *, everything: bool = False) -> Sitting:
    """What a person sees of one closed attempt. everything: as those in charge of the exam see it."""
    row = db.session.execute(
        select(Closing, AttemptMark, MarkingRun)
        .select_from(Closing)
        .options(defer(MarkingRun.keys))
        .outerjoin(MarkingRun, and_(MarkingRun.exam_id == exam.id, MarkingRun.state == "current"))
        .outerjoin(
            AttemptMark, and_(AttemptMark.run_id == MarkingRun.id, AttemptMark.closing_id == Closing.id)
        )
        .where(Closing.attempt_id == attempt.id, Closing.withdrawn_at.is_(None))
        .order_by(Closing.n.desc())
        .limit(1)
    ).one_or_none()
    closing, mark, run = row if row is not None else (None, None, None)
    latest = exam_queries.latest_personal(exam.id)
    hides = attempt.trial and exam_queries.hides_keys(exam, attempt.person_id)
    over = (
        attempt.trial and closing is not None
    )  # a trial hides from who makes the exam only what a loan hides

    seen = release.NOTHING
    if not hides:
        handed_in = closing is not None
        seen = (
            release.EVERYTHING
            if over or everything
            else shown(exam, handed_in=handed_in, latest=latest, now=now)
        )
    earned = _marks(attempt, exam, closing, mark) if seen.anything else None
    places = layouts.from_text(attempt.layout)
    told = None
    if earned and closing and mark and run and run.number > 1:
        told = marks.told_of(places, marks.keys_from_json(run.keys), closing.sheet, exam.multiple_rule)
    held = db.session.scalars(select(HeldSheet.id).where(HeldSheet.attempt_id == attempt.id)).all()
    return Sitting(
        attempt,
        exam,
        closing,
        earned.total if earned and seen.score else None,
        earned.slots if earned and seen.right else None,
        told.full if told else sum(place.points for place in places),
        seen,
        len(held),
        told,
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
    """One question after the exam: what was chosen, and of the rest what is shown."""

    question: Question
    right: bool
    earned: int | None  # tenths, where the score is shown
    verdicts: dict[str, str]  # displayed letter → right, wrong, missed; chosen, where the key is not shown
    key: str = ""  # displayed letters
    also: tuple[str, ...] = ()  # other answers that are accepted, in displayed letters
    treatment: str = "normal"  # of a corrected question: see bank.marking

    @property
    def left_out(self) -> bool:
        """Whether it counts neither as right nor as wrong."""
        return self.treatment in LEFT_OUT

    @property
    def treatment_words(self) -> str:
        """送分, 作废, …; "" for a question that is marked by its key."""
        return treatments.WORDS.get(self.treatment, "")

    explanation: str = ""
    laws: Sequence[deciding.LawShown] = ()
    documents: Sequence[tuple[str, str]] = ()


def answers(sat: Sitting, only: int | None = None) -> list[Answered]:
    """Every question of a closed sheet as far as it is shown; only: the one with this number, from 1.

    Keys and explanations are read only where they are shown. Raises PermissionError where not even right or wrong is.
    """
    if not sat.shown.right or sat.closing is None or sat.slot_marks is None:
        raise PermissionError("the answers of this exam are not shown")
    layout = layouts.from_text(sat.attempt.layout)
    asked = [
        (number, place, own)
        for number, (place, own) in enumerate(zip(layout, sheets.parse(sat.closing.sheet), strict=True), 1)
        if only is None or number == only
    ]
    places = tuple(place for _, place, _ in asked)
    if not sat.shown.key:
        faces = bank.faces([place.revision_id for place in places])
        return [_answered(sat, number, place, faces[place.revision_id], own) for number, place, own in asked]
    full = bank.full([place.revision_id for place in places])
    accepted = _accepted(sat, places, full)
    texts = laws(deciding.edition_ids(full.values())) if sat.shown.explanation else {}
    return [
        _explained(
            sat, _answered(sat, number, place, full[place.revision_id], own), place, full, accepted, texts
        )
        for number, place, own in asked
    ]


def _answered(sat: Sitting, number: int, place: Place, face: bank.Face, chosen: str) -> Answered:
    """Right or wrong, without the key."""
    if sat.slot_marks is None:
        raise PermissionError("right or wrong is not shown")
    earned = sat.slot_marks[number - 1]
    return Answered(
        question_at(number, place, face, chosen),
        earned == place.points,
        earned if sat.shown.score else None,
        dict.fromkeys(chosen, "chosen"),
        treatment=sat.corrected.keys[place.revision_id].treatment if sat.corrected else "normal",
    )


def _explained(
    sat: Sitting,
    one: Answered,
    place: Place,
    full: Mapping[int, bank.Full],
    accepted: Mapping[int, Sequence[frozenset[str]]],
    texts: Mapping[int, Law],
) -> Answered:
    """The same with its key, and with explanation and deciding words where they are shown."""
    face = full[place.revision_id]
    first, *others = [layouts.displayed_letters(place, each) for each in accepted[place.revision_id]]
    key = one.question.chosen if one.question.chosen in others else first
    verdicts = deciding.verdicts(key, one.question.chosen, many=face.kind == "multiple")
    keyed = replace(
        one, key=key, also=tuple(each for each in (first, *others) if each != key), verdicts=verdicts
    )
    if not sat.shown.explanation:
        return keyed
    return replace(
        keyed,
        explanation=face.explanation,
        laws=deciding.laws_shown(face, texts),
        documents=deciding.documents(face),
    )


def _accepted(
    sat: Sitting, places: tuple[Place, ...], full: Mapping[int, bank.Full]
) -> dict[int, Sequence[frozenset[str]]]:
    """The letter sets that each revision accepts in the exam's current run."""
    if sat.corrected:
        return {place.revision_id: sat.corrected.newest[place.revision_id].accepted for place in places}
    stored = db.session.scalar(
        select(MarkingRun.keys).where(MarkingRun.exam_id == sat.exam.id, MarkingRun.state == "current")
    )
    current: Mapping[int, marks.Key] = {}
    if stored and not sat.attempt.trial:
        current = marks.keys_from_json(stored)
    return {
        place.revision_id: current[place.revision_id].accepted
        if place.revision_id in current
        else (letters(full[place.revision_id].key),)
        for place in places
    }
