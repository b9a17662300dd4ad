"""The small exam of attempts with certificates: 江 hands in what earns 50, which passes."""

import pytest

from quizapp.attempts.certificates import issuing, queries
from quizapp.bank.models import Revision
from quizapp.clock import now
from quizapp.db import db
from quizapp.exams.models import Candidate
from tests.attempts.test_handing_in import right_sheet


@pytest.fixture
def certified(exam):
    """The exam issues certificates."""
    exam.certificates = True
    exam.certificate_issuer = "青石县法治办"
    db.session.commit()
    return exam


@pytest.fixture
def passed(certified, page, attempt):
    """江 has answered everything right: 90 of 90 tenths, 优秀. Gives the id of her candidate's row."""
    page.hand_in(right_sheet(attempt))
    db.session.expire_all()
    candidate = db.session.get_one(Candidate, attempt.candidate_id)
    assert (candidate.points, candidate.passed, candidate.excellent) == (90, True, True)
    return candidate.id


@pytest.fixture
def certificate(passed):
    """江's certificate, made."""
    return issue(passed)


def issue(candidate_id):
    """Make the certificate of a candidate; gives the row."""
    made = issuing.issue_one(queries.results([candidate_id])[0], now(), actor_id=None)
    db.session.commit()
    return made


def kinds():
    """The revisions of the small exam by kind; of two the second."""
    return {one.kind: one for one in db.session.query(Revision).order_by(Revision.id)}
