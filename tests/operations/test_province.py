"""A province of the demonstration: whole, plausible, agreeing with itself on both databases; or not there at all."""

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import func, select

from quizapp import clock
from quizapp.attempts import layout as layouts
from quizapp.attempts import marks as marking
from quizapp.attempts import receipts, results, runs
from quizapp.attempts.models import Attempt, AttemptMark, Closing, SheetEvent
from quizapp.db import db
from quizapp.demo import province
from quizapp.errors import Refused
from quizapp.exams import queries as exams
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam, ExamUnit, Tally
from quizapp.people import accounts, actions, tree
from quizapp.people.models import Grant, Membership, Person, Unit
from quizapp.reports import reconciling
from quizapp.reports.models import ExamHeat, ExamSpread
from tests.databases import PostgresMissing, in_app, lacking, settings

MOMENT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PEOPLE = 1200


def build():
    said = []
    with time_machine.travel(MOMENT, tick=False):
        return province.build(PEOPLE, said.append), said


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def built(request, databases, tmp_path_factory):
    """Asks a question of the province, built once for this module; what a question changes is taken back."""
    try:
        made = databases.prepared(request.param)
    except PostgresMissing as missing:
        lacking(str(missing))
    told = settings(made, tmp_path_factory.mktemp("province"))
    notes, said = in_app(told, build)

    def ask(question):
        def asked():
            answer = question()
            db.session.rollback()
            return answer

        return in_app(told, asked)

    ask.notes, ask.said = notes, said
    yield ask
    databases.drop(made)


def count(model, *where):
    return db.session.scalar(select(func.count()).select_from(model).where(*where))


def test_it_has_as_many_people_as_asked_for_each_on_the_list_once(built):
    counts = built(lambda: [count(model) for model in (Person, Membership, Candidate)])
    assert counts == [PEOPLE] * 3
    numbers = built(lambda: list(db.session.scalars(select(Person.account))))
    assert len(set(numbers)) == PEOPLE
    assert all(map(accounts.is_valid, numbers))


def test_its_tree_is_that_of_a_province(built):
    def figures():
        kinds = dict(db.session.execute(select(Unit.kind, func.count()).group_by(Unit.kind)).all())
        places = [
            tree.Place(*row)
            for row in db.session.execute(select(Unit.id, Unit.parent_id, Unit.sort, Unit.code)).all()
        ]
        intervals = {u: (lft, rgt) for u, lft, rgt in db.session.execute(select(Unit.id, Unit.lft, Unit.rgt))}
        return kinds, tree.numbering(places) == intervals, count(Unit, Unit.name == "青石县")

    kinds, numbered, home = built(figures)
    assert (kinds["省"], kinds["市"], kinds["县"]) == (1, 21, 183)
    assert numbered
    assert home == 1


def test_only_the_four_have_passwords_and_roles(built):
    def known():
        able = db.session.scalars(select(Person.name).where(Person.password_hash.is_not(None)))
        roles = db.session.execute(
            select(Person.name, Grant.role, Unit.name)
            .join(Grant, Grant.person_id == Person.id)
            .join(Unit, Unit.id == Grant.unit_id)
        )
        return sorted(able), sorted(map(tuple, roles))

    able, roles = built(known)
    assert able == sorted(["江映雪", "罗成", "何平", "李文"])
    assert ("李文", "leader", "岚江省") in roles
    assert ("罗成", "unit_administrator", "青石县") in roles
    assert [line.split("（")[0].strip() for line in built.notes[1:]] == ["江映雪", "罗成", "何平", "李文"]
    assert any("共1200人" in sentence for sentence in built.said)


def test_the_counters_say_what_the_results_say(built):
    found = built(reconciling.reconcile)
    assert (found.exams, found.wrong) == (1, 0)
    assert found.units > 200


def test_most_have_sat_it_and_results_are_plausible(built):
    def shares():
        expected = count(Candidate, Candidate.status == "expected")
        sat = count(Candidate, Candidate.sat)
        passed = count(Candidate, Candidate.passed)
        four = count(Candidate, Candidate.id <= 4, Candidate.sat)
        return expected / PEOPLE, sat / expected, passed / sat, four

    expected, sat, passed, four = built(shares)
    assert 0.95 < expected < 1
    assert 0.88 < sat < 0.97
    assert 0.6 < passed < 0.99
    assert four == 0


def test_every_sheet_is_one_that_the_app_would_have_made_and_marked(built):
    """Paper, digest, marks and result of each follow from the exam's own rules."""

    def wrong():
        exam = db.session.scalars(select(Exam)).one()
        source, run = exams.frozen_source(exam), runs.current({exam.id})[exam.id]
        rows = db.session.execute(
            select(Attempt, Closing, AttemptMark, Candidate, SheetEvent)
            .join(Closing, Closing.attempt_id == Attempt.id)
            .join(AttemptMark, AttemptMark.closing_id == Closing.id)
            .join(Candidate, Candidate.id == Attempt.candidate_id)
            .join(SheetEvent, SheetEvent.attempt_id == Attempt.id)
        ).all()
        rules = {
            "paper": lambda a, c, m, p, e: a.layout == layouts.to_text(source.paper(p.id, 1)),
            "digest": lambda a, c, m, p, e: c.digest == receipts.digest(a.token, a.layout_hash, c.sheet),
            "sheet": lambda a, c, m, p, e: a.sheet == c.sheet == e.sheet,
            "mark": lambda a, c, m, p, e: (
                m.total == marking.marks_of(layouts.from_text(a.layout), run.keys, c.sheet, "all").total
            ),
            "result": lambda a, c, m, p, e: (p.points, p.finished_at) == (m.total, c.closed_at),
            "times": lambda a, c, m, p, e: (
                exam.opens_at <= a.started_at < a.closed_at < min(MOMENT, a.closes_at)
            ),
        }
        assert len({closing.receipt for _, closing, *_ in rows}) == len(rows) > 1000
        return [name for name, holds in rules.items() if not all(holds(*row) for row in rows)]

    assert built(wrong) == []


def test_counting_results_anew_changes_nothing(built):
    def changed():
        ids = list(db.session.scalars(select(Candidate.id).where(Candidate.sat)))
        before = db.session.execute(select(Tally.lft, Tally.points, Tally.passed).order_by(Tally.lft)).all()
        results.recount(ids)
        after = db.session.execute(select(Tally.lft, Tally.points, Tally.passed).order_by(Tally.lft)).all()
        return before != after

    assert built(changed) is False


def test_medians_and_progress_are_there_from_the_first_page(built):
    def figures():
        top = db.session.scalars(select(ExamUnit).where(ExamUnit.parent_id.is_(None))).one()
        spread = db.session.get_one(ExamSpread, (top.exam_id, top.lft))
        heat = db.session.get_one(ExamHeat, (top.exam_id, top.lft))
        return spread.middle, sum(heat.days), count(Candidate, Candidate.sat)

    middle, days, sat = built(figures)
    assert middle is not None
    assert days == sat


def test_life_goes_on_behind_the_last_of_them(built):
    def added():
        unit = db.session.scalars(select(Unit.id).limit(1)).one()
        return actions.add_people([actions.NewPerson("新来的", unit)], clock.now())

    [person_id] = built(added)
    assert person_id > PEOPLE


def test_it_is_not_built_where_somebody_is(app, cast):
    before = count(Unit), count(Person)
    with pytest.raises(Refused) as refused:
        province.build(PEOPLE, pytest.fail)
    assert refused.value.code == "not_empty"
    assert (count(Unit), count(Person)) == before


def test_an_interrupted_run_leaves_nothing_and_can_be_repeated(app, bank, monkeypatch):
    def interrupted(_exam_id):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(tallies, "begin", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build()
    db.session.rollback()
    assert [count(model) for model in (Unit, Person, Exam, Attempt)] == [0, 0, 0, 0]
    build()
    assert count(Person) == PEOPLE
