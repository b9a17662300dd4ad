"""Certificates follow results: nothing of their state is stored, so no way of changing a result leaves one behind."""

import pytest
from sqlalchemy import select, text

from quizapp import clock
from quizapp.attempts import runs
from quizapp.attempts.certificates import issuing, queries
from quizapp.attempts.certificates.models import Certificate
from quizapp.attempts.marks import Key
from quizapp.audit import AuditEvent
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams.models import Candidate, ExamUnit
from quizapp.people.models import Person
from tests.attempts.certificates.conftest import issue, kinds
from tests.statements import statements


def corrected(exam, cast, **keys):
    """Another marking run with other keys, by kind."""
    corrections = {kinds()[kind].id: key for kind, key in keys.items()}
    run = runs.prepare(exam.id, corrections, actor_id=cast.he, reason="标准答案有误", now=clock.now())
    db.session.commit()
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()


def states(candidate_id):
    """(level, state) of the candidate's certificates, the newest first."""
    found = queries.of_candidates([candidate_id])[candidate_id]
    return [(one.certificate.level, one.standing.word) for one in found]


def refusal(candidate_id):
    with pytest.raises(Refused) as refused:
        issue(candidate_id)
    db.session.rollback()
    return refused.value.code


def test_a_certificate_says_the_level_and_never_the_points(certificate):
    said = certificate.signed.printed
    assert (said.claim.name, said.claim.unit, said.claim.exam) == ("江映雪", "县信访局", "2026年度条例考试")
    assert (said.claim.level, said.claim.title, said.claim.issuer) == ("优秀", "合格证书", "青石县法治办")
    assert (said.examined_on.isoformat(), said.issued_on.isoformat()) == ("2026-12-25", "2026-12-25")
    assert "points" not in Certificate.__table__.c
    assert db.session.query(AuditEvent).filter_by(action="certificate.issued").one().object_id == said.number


def test_asking_again_gives_the_same_certificate(passed, certificate):
    assert issue(passed).number == certificate.number
    assert db.session.query(Certificate).count() == 1


def test_the_issuer_is_the_unit_of_the_exam_as_it_was_called_then(certified, passed):
    certified.certificate_issuer = ""
    db.session.commit()
    made = issue(passed)
    assert made.issuer == "青石县"
    db.session.execute(text("UPDATE unit SET name = '青石区' WHERE id = :id"), {"id": certified.unit_id})
    db.session.commit()
    assert states(passed) == [("优秀", "有效")]


def test_a_correction_that_takes_the_pass_away_revokes_the_certificate(certified, cast, passed, certificate):
    """Both answers that she gave to 单选题 1 and the 多选题 earn nothing by the corrected keys: 30 of 50."""
    corrected(
        certified, cast, multiple=Key("multiple", (frozenset("B"),)), single=Key("single", (frozenset("A"),))
    )
    assert db.session.get_one(Candidate, passed).passed is False
    assert states(passed) == [("优秀", "已撤销")]
    assert refusal(passed) == "failed"


def test_a_correction_to_a_lower_level_asks_for_a_new_certificate(certified, cast, passed, certificate):
    corrected(certified, cast, multiple=Key("multiple", (frozenset("AC"),)))  # 50 of 90: 合格
    assert states(passed) == [("优秀", "已更正")]
    [gone] = queries.of_candidates([passed])[passed]
    assert gone.standing.reason == "成绩等级已更正，以新的证书为准。"
    newer = issue(passed)
    assert newer.number != certificate.number
    assert states(passed) == [("合格", "有效"), ("优秀", "已更正")]


def test_points_that_move_within_the_level_leave_the_certificate_as_it_is(
    certified, cast, passed, certificate
):
    corrected(certified, cast, judge=Key("judge", (frozenset("B"),)))  # 80 of 90: still 优秀
    assert db.session.get_one(Candidate, passed).points == 80
    assert states(passed) == [("优秀", "有效")]


def test_undoing_a_correction_gives_the_old_certificate_back(certified, cast, passed, certificate):
    corrected(certified, cast, multiple=Key("multiple", (frozenset("AC"),)))
    issue(passed)
    corrected(certified, cast, multiple=Key("multiple", (frozenset("ACE"),)))
    assert states(passed) == [("合格", "已更正"), ("优秀", "有效")]
    assert issue(passed).number == certificate.number
    assert db.session.query(Certificate).count() == 2


def test_who_passes_by_a_correction_gets_a_certificate(certified, cast, page, attempt):
    page.hand_in("...")
    db.session.expire_all()
    assert refusal(attempt.candidate_id) == "failed"
    full = {kind: Key(kind, (frozenset("A"),), "full") for kind in ("multiple", "single")}
    corrected(certified, cast, **full)
    assert issue(attempt.candidate_id).level == "合格"


def test_a_voided_exam_revokes_every_certificate(certified, passed, certificate):
    certified.state = "voided"
    db.session.commit()
    [gone] = queries.of_candidates([passed])[passed]
    assert (gone.standing.word, gone.standing.reason) == ("已撤销", "考试已作废，成绩无效。")
    assert refusal(passed) == "voided"


def test_a_corrected_name_asks_for_a_new_certificate_and_the_old_one_stays_as_it_was(
    cast, passed, certificate
):
    db.session.get_one(Person, cast.jiang).name = "江映学"
    db.session.commit()
    newer = issue(passed)
    assert (newer.name, certificate.name) == ("江映学", "江映雪")
    assert states(passed) == [("优秀", "有效"), ("优秀", "已更正")]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"certificates": False}, "off"),
        ({"show_score": "closed"}, "hidden"),
        ({"show_score": "released"}, "hidden"),
        ({"counts": "last", "attempts_allowed": 2}, "later"),
    ],
)
def test_the_rules_of_the_exam_say_when_there_is_a_certificate(certified, passed, rule, reason):
    for name, value in rule.items():
        setattr(certified, name, value)
    db.session.commit()
    assert refusal(passed) == reason
    assert db.session.query(Certificate).count() == 0


@pytest.mark.parametrize("rule", [{"show_score": "closed"}, {"counts": "last", "attempts_allowed": 2}])
def test_after_the_exam_there_is_one(certified, passed, at, rule):
    for name, value in rule.items():
        setattr(certified, name, value)
    db.session.commit()
    at(certified.closes_at)
    at.later(hours=1)
    assert issue(passed).level == "优秀"


def test_many_are_made_with_as_few_statements_as_one(certified, cast, passed, at):
    """And those that are there already are left out."""
    issue(passed)
    certified_exam, moment = certified.id, clock.now()
    unit = db.session.scalars(select(ExamUnit).where(ExamUnit.unit_id == cast.office)).one()
    crowd = [
        Person(account=f"2{n:07}", name=f"考生{n}", name_key=f"{n:03}", initials="ks", created_at=moment)
        for n in range(60)
    ]
    db.session.add_all(crowd)
    db.session.flush()
    db.session.add_all(
        Candidate(
            **{"exam_id": certified_exam, "person_id": one.id, "unit_id": cast.office, "lft": unit.lft},
            **{"name": one.name, "name_key": one.name_key, "started": True, "sat": True},
            **{"points": 60, "passed": True, "finished_at": moment},
        )
        for one in crowd
    )
    db.session.commit()
    some = list(db.session.scalars(select(Candidate.id).where(Candidate.passed)))
    with statements() as seen:
        made = issuing.issue(queries.results(some), clock.now(), actor_id=None)
    assert made == 60
    assert len(seen) <= 6
    db.session.commit()
    numbers = list(db.session.scalars(select(Certificate.number)))
    assert len(set(numbers)) == 61
