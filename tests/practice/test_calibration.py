"""Answers are foretold from what was known before them; what is shown depends on how well that goes."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from quizapp import clock
from quizapp.db import db
from quizapp.exams.blueprint import Row
from quizapp.practice import actions, calibrating, calibration, jobs, queries
from quizapp.practice.calibration import Asked, Bin, Fitted, Report, compare, examine, fit, is_held_out
from quizapp.practice.forecast import forecast
from quizapp.practice.memory import fold
from quizapp.practice.plan_models import Calibration
from tests.practice.conftest import counted
from tests.practice.test_drawing import pool_of
from tests.practice.test_memory import START, logged

ASKED = st.lists(
    st.builds(
        Asked,
        person_id=st.integers(1, 12),
        kind=st.sampled_from(["single", "multiple", "judge"]),
        recall=st.none() | st.floats(0, 1),
        last_right=st.booleans(),
        correct=st.booleans(),
    ),
    max_size=60,
)


@given(ASKED)
def test_a_prediction_is_a_probability_and_lies_between_belief_and_what_was_seen(answers):
    fitted = fit(answers)
    for one in answers:
        right, total = fitted.cells[calibration.cell(one.kind, one.recall, one.last_right)]
        believed = 0.5 if one.recall is None else one.recall
        predicted = fitted.predict(one.kind, one.recall, one.last_right)
        assert min(believed, right / total) - 1e-9 <= predicted <= max(believed, right / total) + 1e-9


@given(ASKED)
def test_the_tested_half_teaches_nothing(answers):
    fitted, report = examine(answers)
    taught = [one for one in answers if not is_held_out(one.person_id)]
    assert fitted == fit(taught)
    assert sum(answered for _, answered in fitted.cells.values()) == len(taught)
    assert report.answers == sum(one.answers for one in report.bins) == len(answers) - len(taught)


@given(ASKED)
def test_a_report_survives_being_stored(answers):
    _, report = examine(answers)
    assert Report.from_json(report.to_json()) == report


def simulated(truth, people: int, each: int, seed: int = 5) -> list[Asked]:
    """Answers that are right with the probability truth(recall, person)."""
    chance = Random(seed)
    out = []
    for person in range(people):
        for _ in range(each):
            recall = chance.random()
            right = chance.random() < truth(recall, person)
            out.append(Asked(person, "single", recall, True, right))
    return out


def test_what_happens_as_foretold_is_found_calibrated():
    _, report = examine(simulated(lambda recall, _: recall, 60, 50))
    assert report.is_good
    assert report.brier < report.base < 0.26
    assert report.spread < 0.05
    assert 0.65 < report.covered / report.covered_of < 0.95


def test_a_bias_of_fsrs_that_holds_for_everybody_is_learned():
    answers = simulated(lambda recall, _: 0.5 + recall / 2, 60, 50)
    fitted, report = examine(answers)
    assert report.is_good
    unlearned = compare(Fitted({}), [one for one in answers if is_held_out(one.person_id)])
    assert not unlearned.is_good


def test_halves_that_differ_are_found_not_calibrated():
    """What was learned from some does not hold for the others."""
    _, report = examine(simulated(lambda _, person: 0.2 if is_held_out(person) else 0.9, 60, 50))
    assert not report.is_good
    assert report.distance > 0.5


def test_people_who_differ_widen_the_range():
    alike = examine(simulated(lambda recall, _: 0.2 + recall * 0.6, 80, 40))[1]
    unlike = examine(simulated(lambda recall, p: recall * 0.6 + (p // 3 % 2) * 0.4, 80, 40))[1]
    assert unlike.spread > alike.spread + 0.1
    assert unlike.covered / unlike.covered_of > 0.6


@pytest.mark.parametrize(("people", "each", "enough"), [(60, 50, True), (60, 5, False), (8, 300, False)])
def test_few_answers_or_few_people_allow_no_judgement(people, each, enough):
    report = examine(simulated(lambda recall, _: recall, people, each))[1]
    assert (report.is_enough, report.is_good) == (enough, enough)


def test_brier_and_bins_by_hand():
    fitted = Fitted({"right 9": (1_000_000, 1_000_000), "right 0": (0, 1_000_000)})
    sure, never = Asked(1, "single", 0.95, True, True), Asked(1, "single", 0.05, True, True)
    report = compare(fitted, [sure, sure, sure, never])
    assert report.brier == pytest.approx(0.25, abs=1e-3)
    assert [(one.low, one.answers, one.right) for one in report.bins] == [(0.0, 1, 1), (0.9, 3, 3)]
    assert report.distance == pytest.approx(0.25, abs=1e-3)
    assert report.base == 0


# The forecast -------------------------------------------------------------------------------------------------------

ROWS = (Row("single", least=10, most=10), Row("judge", least=10, most=10))
POINTS = {"single": 60, "judge": 40}
OPEN = {"single": 1.0, "judge": 1.0}
POOL = pool_of([1, 2, 3, 4, 5, 6] * 12)
NOW = START + timedelta(days=100)


def known(right: bool):
    return {entry.question_id: fold([logged(1, right, days=99.9)]) for entry in POOL}


def foretold(memories, fitted=None, spread=0.0, practisable=OPEN):
    told = fitted or Fitted({"wrong 9": (0, 10_000)})
    return forecast(ROWS, POINTS, practisable, POOL, memories, told, spread, NOW)


def test_who_knows_everything_is_told_nearly_full_marks_and_who_knows_nothing_few():
    best, worst = foretold(known(True)), foretold(known(False))
    assert (best.full, best.high) == (100, 100)
    assert best.low > 95
    assert worst.high < 5


@given(st.integers(20, 72), st.floats(0, 0.3), st.integers())
def test_the_range_is_inside_the_marks_and_grows_with_what_is_not_known(met, spread, seed):
    everything = known(True)
    some = dict(Random(seed).sample(sorted(everything.items()), met))
    narrow, wide = foretold(some), foretold(some, spread=spread)
    assert 0 <= wide.low <= narrow.low <= narrow.high <= wide.high <= wide.full == 100


def test_where_too_little_is_known_nothing_is_foretold():
    few = dict(list(known(True).items())[:19])
    assert foretold(few) is None
    assert foretold(known(True), practisable={"single": 0.4, "judge": 0.5}) is None
    assert foretold(known(True), practisable={}) is None


def test_what_cannot_be_practised_counts_like_a_question_never_met():
    fitted = Fitted({"new single": (0, 10_000), "new judge": (0, 10_000)})
    half = {"single": 0.5, "judge": 0.5}
    assert foretold(known(True), fitted, practisable=half).high < 75 < foretold(known(True), fitted).low


def test_eight_of_ten_results_lie_in_the_range():
    fitted, chance, inside = Fitted({}), Random(11), 0
    memories = {e.question_id: fold([logged(1, True, days=chance.uniform(0, 99))]) for e in POOL}
    told = foretold(memories, fitted)
    for _ in range(400):
        points = 0
        for kind, worth in (("single", 6), ("judge", 4)):
            own = [entry for entry in POOL if entry.kind == kind]
            paper = chance.sample(own, 10)
            points += worth * sum(chance.random() < memories[e.question_id].recall(NOW) for e in paper)
        inside += told.low <= points <= told.high
    assert 0.75 < inside / 400 < 0.97


# Kept, printed and shown --------------------------------------------------------------------------------------------


@pytest.fixture
def practised(cast, bank, answer, at):
    """江 and 罗 have answered the same thirty questions on three days."""
    pool = queries.practice_pool(cast.jiang)[:30]
    for day in (1, 5, 9):
        at(f"2026-11-{day:02} 08:00")
        given = [
            answer(person, entry.revision_id, "A", f"{person}-{day}-{entry.revision_id:05}")
            for person in (cast.jiang, cast.luo)
            for entry in pool
        ]
        actions.record(given, clock.now())
    db.session.commit()


def test_the_log_is_replayed_answer_by_answer(practised, cast):
    with counted() as sent:
        judged = calibrating.refresh(clock.now())
    held_out = sum(is_held_out(person) for person in (cast.jiang, cast.luo))
    assert (judged.report.answers, judged.report.people) == (90 * held_out, held_out)
    assert len(sent) == 4
    assert calibrating.latest() == judged


def test_once_a_day_it_is_made_anew_and_old_ones_go(practised, at):
    jobs.follow_calibration()
    jobs.follow_calibration()
    assert db.session.scalar(select(func.count()).select_from(Calibration)) == 1
    at.later(days=1)
    jobs.follow_calibration()
    assert db.session.scalar(select(func.count()).select_from(Calibration)) == 2
    at.later(days=31)
    jobs.follow_calibration()
    assert db.session.scalar(select(func.count()).select_from(Calibration)) == 1


def test_the_command_prints_the_table_and_keeps_only_what_it_is_asked_to(app, practised):
    run = app.test_cli_runner().invoke
    reply = run(args=["practice", "calibration"])
    assert reply.exit_code == 0, reply.output
    assert "布赖尔分数" in reply.output
    assert "作答不足" in reply.output
    assert calibrating.latest() is None
    run(args=["practice", "calibration", "--keep"])
    assert calibrating.latest() is not None


def kept(report: Report, cells=None) -> None:
    value = {"cells": cells or {}, "report": report.to_json()}
    db.session.add(Calibration(made_at=clock.now(), report=value))
    db.session.commit()


GOOD = Report(900, 40, 0.15, 0.2, [Bin(0.7, 450, 0.75, 333), Bin(0.9, 450, 0.93, 420)], 0.05, 31, 40)


def test_the_trainers_page_shows_the_score_and_the_curve(cast, as_he):
    assert "人数还太少" in as_he.page("/practice/plans").follow("预测准确度").text
    kept(GOOD)
    page = as_he.page("/practice/plans/calibration")
    assert "学员的练习页面显示考试预测" in page.text
    for words in ("0.150", "900", "74.0%", "93.3%", "预计答对率与实际答对率，平均相差"):
        assert words in page.text, words
    assert page.html.count('<circle class="end"') == 2


def test_a_few_people_are_not_shown(cast, as_he):
    few = Report(900, 9, 0.15, 0.2, GOOD.bins, 0.05, 7, 9)
    kept(few)
    page = as_he.page("/practice/plans/calibration")
    assert "人数还太少" in page.text
    assert "0.150" not in page.text
