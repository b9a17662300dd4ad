"""What those in charge of an exam see of one attempt when something about it is disputed: the sheet as it counts, the
question with key and law in the order in which this person saw it, and the journal. Not more: a score that the reader
may not see (`exams.seeing`) and a key that a loan hides stay hidden here too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from flask_login import current_user

from quizapp.attempts import history, records, sittings
from quizapp.attempts import layout as layouts
from quizapp.attempts.models import Attempt, Closing, SheetEvent
from quizapp.attempts.queries import exam_running
from quizapp.errors import Refused
from quizapp.exams import access
from quizapp.exams import queries as exams
from quizapp.exams.models import Candidate, Exam


def closed_while_sitting(now: datetime) -> None:
    """Raises Refused while the reader sits an exam: these pages show questions and keys."""
    if exam_running(current_user.id, now):
        raise Refused("locked", "考试进行中，不能查看成绩复核和考生的答卷。", "交卷后可以继续。", status=403)


@dataclass(frozen=True)
class Disputed:
    """One attempt as far as the reader may see it."""

    sat: sittings.Sitting
    hides_score: bool  # 领导班子: only a unit above sees what they scored
    keyless: frozenset[int]  # revisions whose keys the reader may not see
    journal: Sequence[history.Line]
    closings: Sequence[Closing]

    @property
    def total(self) -> int | None:
        """Tenths; none where the reader may not see it."""
        return None if self.hides_score else self.sat.total

    def answers(self, only: int | None = None) -> list[sittings.Answered]:
        """The questions as they were shown and answered; without key, law and marks where a loan hides the key."""
        if self.sat.closing is None:
            return []
        return [self._veiled(one) for one in sittings.answers(self.sat, only)]

    def _veiled(self, one: sittings.Answered) -> sittings.Answered:
        place = layouts.from_text(self.sat.attempt.layout)[one.question.number - 1]
        if place.revision_id in self.keyless:
            chosen = dict.fromkeys(one.question.chosen, "chosen")
            return replace(
                one, right=False, earned=None, verdicts=chosen, key="", explanation="", laws=(), documents=()
            )
        return replace(one, earned=None) if self.hides_score else one


def disputed(exam: Exam, attempt: Attempt, candidate: Candidate, now: datetime) -> Disputed:
    """Everything about one attempt, in a constant number of statements."""
    revisions = [place.revision_id for place in layouts.from_text(attempt.layout)]
    events: Sequence[SheetEvent] = records.events(attempt.id)
    return Disputed(
        sittings.sitting(attempt, exam, now, everything=True),
        candidate.person_id in access.hidden_scores(exam.id),
        frozenset(exams.hidden(revisions, exam, current_user.id)),
        history.lines(events, attempt.closes_at),
        records.closings(attempt.id),
    )
