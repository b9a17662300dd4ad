"""The small exam with 江 and 罗 handed in, and 何 and 周, who make exams."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from quizapp import clock, jobs
from quizapp.attempts import layout as layouts
from quizapp.attempts.corrections import actions, approval_job, rehearsal_job
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.marks import Key
from quizapp.attempts.models import Attempt, AttemptMark
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.exams.models import Candidate, Exam, Tally
from tests.attempts.conftest import Page, csrf_of, own_phone, started

ASKED = ["B", "D", "ACE", "A"]  # the keys of the small exam: 20, 20, 40 and 10 tenths


def asked() -> list[Revision]:
    """The four questions in the order of ASKED."""
    return list(db.session.query(Revision).order_by(Revision.id))


def sheet_of(attempt: Attempt, *answers: str) -> str:
    """The sheet with these own letters, question by question in the order of ASKED."""
    own = {revision.id: answer for revision, answer in zip(asked(), answers, strict=True)}
    places = layouts.from_text(attempt.layout)
    return ".".join(layouts.displayed_letters(place, own[place.revision_id]) for place in places)


@pytest.fixture
def sat(exam: Exam, cast: Any, page: Page, attempt: Attempt, as_luo: Any) -> Exam:
    """江 has everything right but the first question (C for B): 70; 罗 only the first and the judge: 30."""
    assert page.hand_in(sheet_of(attempt, "C", "D", "ACE", "A")).status_code == 200
    theirs = started(exam, cast.luo, clock.now())
    csrf_of(own_phone(as_luo))
    other = Page(as_luo, theirs.token)
    other.open(takeover=True)
    assert other.hand_in(sheet_of(theirs, "B", "A", "B", "A")).status_code == 200
    return db.session.get_one(Exam, exam.id)


Correct = Callable[..., int]


def key(answer: str, kind: str = "single", treatment: str = "normal") -> Key:
    """A key; several answers divided by a blank."""
    return Key(kind, tuple(frozenset(one) for one in answer.split()), treatment)


def correction(exam: Exam, cast: Any, changes: dict[int, Key], *, policy: str = "new") -> int:
    """Asked for by 何, rehearsed and submitted; the id of its run."""
    exam = db.session.get_one(Exam, exam.id)
    made = actions.ask(exam, changes, policy=policy, reason="标准答案有误", actor_id=cast.he, now=clock.now())
    return submitted(made, cast)


def submitted(made: Correction, cast: Any) -> int:
    run_id = made.run_id
    db.session.commit()
    rehearsal_job.run(run_id, lambda done, total, words="": None)
    actions.submit(run_id, actor_id=cast.he)
    db.session.commit()
    return run_id


def approve(run_id: int, cast: Any) -> None:
    """Accepted and carried out."""
    accepted(run_id, cast)
    run_jobs()


def accepted(run_id: int, cast: Any, by: int | None = None) -> int:
    """Approved, by 周 where nobody is named; the id of the job that is to carry it out."""
    person = by or cast.zhou
    job = partial(approval_job.request, url="/", person_id=person)
    actions.accept(run_id, job, actor_id=person, now=clock.now())
    db.session.commit()
    return int(db.session.query(Correction.job_id).filter_by(run_id=run_id).scalar())


def points(exam: Exam) -> dict[str, Any]:
    """Name → tenths that count."""
    rows = db.session.query(Candidate).filter_by(exam_id=exam.id).populate_existing()
    return {row.name: row.points for row in rows}


def everything(exam: Exam, run_id: int) -> Any:
    """Marks of a run, results of candidates, counters: all that a correction may change."""
    db.session.expire_all()
    marks = db.session.query(AttemptMark).filter_by(run_id=run_id).order_by(AttemptMark.closing_id)
    people = db.session.query(Candidate).filter_by(exam_id=exam.id).order_by(Candidate.id)
    tally = db.session.query(Tally).filter_by(exam_id=exam.id).order_by(Tally.lft)
    return (
        [(one.closing_id, one.total, one.marks) for one in marks],
        [(c.id, c.points, c.passed, c.excellent, c.sat, c.started, c.finished_at) for c in people],
        [(t.lft, t.submitted, t.passed, t.excellent, t.points, t.expected) for t in tally],
    )


def run_jobs() -> None:
    """What the queue would do."""
    ids = [job.id for job in db.session.query(jobs.Job).filter_by(state="waiting")]
    db.session.commit()
    for job_id in ids:
        jobs.run(job_id)
