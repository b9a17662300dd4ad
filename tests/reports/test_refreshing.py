"""The job keeps medians and distributions as of at most five minutes ago, and does nothing when nothing moved."""

from datetime import timedelta

from flask import g
from sqlalchemy import delete, select, update

from quizapp import clock
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.reports import queries, refreshing
from quizapp.reports.jobs import refresh_spreads
from quizapp.reports.models import ExamHeat, ExamSpread
from tests.statements import statements


def figures(exam_id):
    db.session.rollback()
    rows = db.session.execute(
        select(ExamUnit.name, ExamSpread)
        .join(ExamSpread, (ExamSpread.exam_id == ExamUnit.exam_id) & (ExamSpread.lft == ExamUnit.lft))
        .where(ExamUnit.exam_id == exam_id)
    )
    return dict(rows.all())


def candidate(exam_id, person_id):
    return db.session.scalars(
        select(Candidate.id).where(Candidate.exam_id == exam_id, Candidate.person_id == person_id)
    ).one()


def test_every_unit_with_candidates_below_has_its_figures(results):
    refresh_spreads()
    found = figures(results)
    assert set(found) == {"青石县", "县信访局", "云岭镇"}
    county = found["青石县"]
    assert (county.middle, county.own_middle) == (2 * 785, 2 * 955)
    assert county.steps == [0, 0, 0, 0, 1, 0, 0, 1, 0, 1]
    assert county.levels == [1, 2]  # below 合格, 合格
    assert county.categories == [["公务员", 4, 3, 2, 1, 2165, 2 * 785]]
    assert found["县信访局"].middle == 785 + 425
    assert found["云岭镇"].middle is None  # 方 is exempt
    assert db.session.get_one(Exam, results).figures_at == clock.now()


def test_a_result_is_seen_after_at_most_five_minutes_and_not_worked_out_twice(results, cast, at):
    refresh_spreads()
    tallies.record_results([tallies.Result(candidate(results, cast.li), 900, True, True, True, clock.now())])
    db.session.commit()
    at.later(minutes=3)
    refresh_spreads()
    assert figures(results)["青石县"].middle == 2 * 785
    at.later(minutes=1)
    refresh_spreads()
    assert figures(results)["青石县"].middle == 785 + 900
    at.later(minutes=4)
    with statements() as seen:
        refresh_spreads()
    assert not any("exam_spread" in sql or "candidate" in sql for sql in seen)
    assert db.session.get_one(Exam, results).figures_at == clock.now()


def test_points_that_move_between_units_are_noticed_though_the_sum_stays(results, cast, at):
    refresh_spreads()
    moved = {cast.jiang: 685, cast.he: 1055 - 100}
    tallies.replace_results(
        {
            candidate(results, who): tallies.Result(
                candidate(results, who), points + 100 * (who == cast.he), True, False, True, clock.now()
            )
            for who, points in moved.items()
        }
    )
    db.session.commit()
    at.later(minutes=4)
    refresh_spreads()
    assert figures(results)["县信访局"].middle == 685 + 425


def test_whoever_comes_late_gives_way(results, monkeypatch):
    """Another consumer stores its figures between this one's reading and writing."""
    now = clock.now()
    counted = refreshing.due(now)[results]
    compute = refreshing._computed

    def overtaken(exam, full, named):
        monkeypatch.setattr(refreshing, "_computed", compute)
        found = compute(exam, full, named)
        g.read_only = False
        db.session.rollback()
        assert refreshing.refresh(results, counted, now)
        db.session.commit()
        return found

    monkeypatch.setattr(refreshing, "_computed", overtaken)
    assert not refreshing.refresh(results, counted, now + timedelta(seconds=1))
    db.session.commit()
    assert db.session.get_one(Exam, results).figures_at == now
    assert figures(results)["青石县"].middle == 2 * 785


def test_units_that_left_the_frozen_tree_leave_the_figures(results, cast, at):
    refresh_spreads()
    lft = db.session.scalars(select(ExamUnit.lft).where(ExamUnit.unit_id == cast.town)).one()
    db.session.execute(update(Candidate).where(Candidate.lft == lft).values(lft=10_000, unit_id=cast.county))
    db.session.delete(db.session.scalars(select(ExamUnit).where(ExamUnit.unit_id == cast.town)).one())
    db.session.execute(update(Exam).values(figures={"counted": []}))
    db.session.commit()
    at.later(minutes=4)
    refresh_spreads()
    assert set(figures(results)) == {"青石县", "县信访局"}


def test_progress_by_day_comes_from_the_figures_and_is_what_the_candidates_say(results, cast):
    refresh_spreads()
    units = db.session.scalars(select(ExamUnit).where(ExamUnit.exam_id == results)).all()
    with statements() as seen:
        refreshed = {unit.name: queries.finished_by_day(results, unit) for unit in units}
    assert len(seen) == len(units)
    assert [count for _, count in refreshed["青石县"]] == [2, 3]
    db.session.execute(delete(ExamHeat))
    assert refreshed == {unit.name: queries.finished_by_day(results, unit) for unit in units}


def test_figures_of_before_an_upgrade_are_worked_out_anew(results):
    refresh_spreads()
    exam = db.session.get_one(Exam, results)
    exam.figures = exam.figures | {"counted": [0, *exam.figures["counted"][1:]]}  # by another form
    exam.figures_at = None
    db.session.execute(delete(ExamHeat))
    db.session.commit()
    refresh_spreads()
    assert [row.days for row in db.session.scalars(select(ExamHeat).order_by(ExamHeat.lft).limit(1))] == [
        [0, 2, 1]
    ]
