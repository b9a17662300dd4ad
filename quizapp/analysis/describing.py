"""What a question says, beside its figures: number, kind, words, options, and the key by which it is marked now."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from quizapp.attempts import marks as marking
from quizapp.attempts.models import MarkingRun
from quizapp.bank.models import Question, Revision
from quizapp.db import db


@dataclass(frozen=True)
class About:
    """A question as an exam asked it. key: the letters of all accepted answers. rated: the author's difficulty 1…5."""

    code: str
    kind: str
    stem: str
    options: int
    accepted: tuple[str, ...]
    rated: int

    @property
    def key(self) -> frozenset[str]:
        return frozenset("".join(self.accepted))


def of_exam(exam_id: int, revision_ids: Collection[int]) -> tuple[int, dict[int, About]]:
    """The number of the current marking run, and its questions by revision; two statements.

    Raises LookupError for an exam without a marking run.
    """
    run = db.session.execute(
        select(MarkingRun.number, MarkingRun.keys).where(
            MarkingRun.exam_id == exam_id, MarkingRun.state == "current"
        )
    ).one_or_none()
    if run is None:
        raise LookupError(f"exam {exam_id} has no marking run")
    keys = marking.keys_from_json(run.keys)
    rows = db.session.execute(
        select(
            Revision.id, Question.code, Revision.kind, Revision.stem, Revision.options, Revision.difficulty
        )
        .join(Question, Question.id == Revision.question_id)
        .where(Revision.id.in_(revision_ids))
    )
    about = {}
    for revision_id, code, kind, stem, options, rated in rows:
        accepted = tuple("".join(sorted(letters)) for letters in keys[revision_id].accepted)
        about[revision_id] = About(code, kind, stem, len(options), accepted, rated)
    return run.number, about
