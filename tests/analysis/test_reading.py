"""What is read of a real exam is the plain table of the same answers: on both databases, also of drawn papers."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from quizapp import clock
from quizapp.analysis import distractors, items, reading, whole, working
from quizapp.attempts import exceptions, jobs, runs
from quizapp.attempts.marks import Key
from quizapp.attempts.models import Attempt, AttemptMark, Closing
from quizapp.db import db
from quizapp.exams.drawing import PoolSlot
from quizapp.exams.models import Candidate
from tests.analysis.conftest import everybody, forms_of, table_of
from tests.analysis.tables_of_marks import sheets_of
from tests.attempts.conftest import candidate_of, started
from tests.statements import statements


def rows_of(sheets):
    """(attempt, {item: (marks, choices)}) of every attempt."""
    found = {int(attempt): {} for attempt in sheets.attempts}
    for item, column in zip(sheets.ids, sheets.columns, strict=True):
        for row, mark, bits in zip(column.rows, column.marks, column.choices, strict=True):
            letters = "".join("ABCDEFGH"[at] for at in range(8) if int(bits) >> at & 1)
            found[int(sheets.attempts[row])][item] = (int(mark), letters)
    return found


def expected(sat):
    return {one.attempt_id: {item: (one.marks[item], one.letters[item]) for item in one.marks} for one in sat}


def test_a_fixed_paper_gives_the_table_of_its_answers(make_hall, at, monkeypatch):
    monkeypatch.setattr(reading, "CHUNK", 5)
    hall = make_hall()
    sat = everybody(hall, at)
    found = reading.of_exam(hall.exam.id)
    assert rows_of(found) == expected(sat)
    order = {int(attempt): row for row, attempt in enumerate(found.attempts)}
    sat.sort(key=lambda one: order[one.attempt_id])
    plain = sheets_of(table_of(sat, found.ids), found.maxima)
    assert found.totals.tolist() == [one.total for one in sat]
    assert not found.drawn.any()
    assert found.forms is None
    strip = [{**vars(item), "id": None} for item in items.statistics(found)]
    assert strip == [{**vars(item), "id": None} for item in items.statistics(plain)]
    assert whole.statistics(found) == whole.statistics(plain)


def test_a_drawn_paper_gives_the_table_of_its_answers(make_hall, at):
    """Two of five single choices fall to each by lot; the multiple choice and the judge are asked of everybody."""
    hall = make_hall(singles=3)
    sat = everybody(hall, at)
    found = reading.of_exam(hall.exam.id)
    assert rows_of(found) == expected(sat)
    kinds = [hall.asked[item].kind for item in found.ids]
    assert kinds == ["single"] * 5 + ["multiple", "judge"]
    assert found.drawn.tolist() == [True] * 5 + [False] * 2
    assert found.maxima.tolist() == [20] * 5 + [40, 10]
    order = {int(attempt): row for row, attempt in enumerate(found.attempts)}
    sat.sort(key=lambda one: order[one.attempt_id])
    plain = sheets_of(table_of(sat, found.ids), found.maxima, found.drawn.tolist())
    strip = [{**vars(item), "id": None} for item in items.statistics(found)]
    assert strip == [{**vars(item), "id": None} for item in items.statistics(plain)]
    told = whole.statistics(found)
    assert told == whole.statistics(plain)
    assert (told.items, told.places, told.maximum) == (7, 4, 90)


def test_the_shares_of_options_are_those_of_own_letters(make_hall, at):
    hall = make_hall()
    sat = everybody(hall, at)
    found = reading.of_exam(hall.exam.id)
    for place, item in enumerate(found.ids):
        revision = hall.asked[item]
        for option in distractors.of(found, place, len(revision.options), revision.key):
            chose = [
                one
                for one in sat
                if (option.letter in one.letters[item] if option.letter else not one.letters[item])
            ]
            assert option.chosen == len(chose)


def test_parallel_papers_are_told_apart(make_hall, at):
    hall = make_hall(mode="forms", forms_wanted=2)
    only_first, only_second = forms_of(hall)
    sat = everybody(hall, at)
    found = reading.of_exam(hall.exam.id)
    assert rows_of(found) == expected(sat)
    assert not found.drawn.any()
    by_id = {one.attempt_id: one for one in sat}
    numbers = {int(a): int(n) for a, n in zip(found.attempts, found.forms, strict=True)}
    assert numbers == {one: 1 if only_first in by_id[one].marks else 2 for one in by_id}
    assert set(numbers.values()) == {1, 2}
    second = found.of_form(2)
    assert only_first not in second.ids
    assert only_second in second.ids
    assert [item.intended_weight for item in items.statistics(found)] == [None] * len(found.ids)
    assert sum(item.intended_weight for item in items.statistics(second)) == pytest.approx(1)


@pytest.fixture
def sat_often(make_hall, at):
    """江 earned little, much, middling; 罗 sat once; both earn as told, whatever the lots were."""
    hall = make_hall(people=0, attempts_allowed=3, counts="last")
    jiang, luo = hall.people
    three = [hall.sit(jiang, at.later(minutes=1)) for _ in range(3)]
    only = hall.sit(luo, at.later(minutes=1))
    for one, total in zip((*three, only), (10, 80, 30, 55), strict=True):
        marks = db.session.scalars(
            select(AttemptMark)
            .join(Closing, Closing.id == AttemptMark.closing_id)
            .where(Closing.attempt_id == one.attempt_id)
        ).one()
        marks.total = total
    db.session.commit()
    return hall, [one.attempt_id for one in three], only.attempt_id


@pytest.mark.parametrize(
    ("which", "places"),
    [("counted", [2]), ("last", [2]), ("first", [0]), ("best", [1]), ("all", [0, 1, 2])],
)
def test_which_attempt_of_a_person_is_read(sat_often, which, places):
    hall, three, only = sat_often
    found = reading.of_exam(hall.exam.id, which)
    assert set(found.attempts.tolist()) == {*(three[at] for at in places), only}


def test_where_the_best_attempt_counts_it_is_the_one_read(sat_often):
    hall, three, only = sat_often
    hall.exam.counts = "best"
    db.session.commit()
    assert set(reading.of_exam(hall.exam.id).attempts.tolist()) == {three[1], only}


def test_an_unknown_choice_is_no_choice(make_hall):
    with pytest.raises(KeyError):
        reading.of_exam(make_hall(people=0).exam.id, "worst")


def test_what_does_not_count_is_not_read(make_hall, at, cast):
    """Trials, voided attempts, withdrawn closings, blank sheets that time closed, and what still runs."""
    hall = make_hall(people=5)
    jiang, luo, voided, reopened, blank, handed_in_blank, tried = hall.people
    counted = hall.sit(jiang, at.later(minutes=1))
    trial = hall.sit(tried, at.later(minutes=1))
    db.session.execute(update(Attempt).where(Attempt.id == trial.attempt_id).values(trial=True))
    started(hall.exam, luo, at.later(minutes=1))  # opens, answers nothing, and time closes it: 缺考
    people = {"actor_id": cast.he, "second_id": cast.zhou, "reason": "机房停电", "now": clock.now()}
    exceptions.void(hall.sit(voided, at.later(minutes=1)).attempt_id, evidence="记录", **people)
    again = hall.sit(reopened, at.later(minutes=1))
    empty = hall.sit(handed_in_blank, at.later(minutes=1), blank=True)  # handed in: 实考
    jobs.sweep(at.later(hours=2))
    started(hall.exam, blank, at.later(minutes=1))  # still sits
    exceptions.extend(
        [again.attempt_id],
        timedelta(hours=5),
        reopen=("submitted", "expired"),
        **{**people, "now": clock.now()},
    )
    db.session.commit()
    assert set(reading.of_exam(hall.exam.id).attempts.tolist()) == {counted.attempt_id, empty.attempt_id}
    jobs.sweep(at.later(hours=9))  # now the reopened one has two closings, the first withdrawn
    found = reading.of_exam(hall.exam.id, "all").attempts.tolist()
    assert sorted(found) == sorted([counted.attempt_id, empty.attempt_id, again.attempt_id])


def test_a_corrected_key_is_the_one_that_counts(make_hall, at, cast):
    hall = make_hall(people=6)
    sat = everybody(hall, at)
    judge = next(one for one in hall.asked.values() if one.kind == "judge")
    before = reading.of_exam(hall.exam.id)
    run = runs.prepare(
        hall.exam.id,
        {judge.id: Key("judge", (frozenset("B"),))},
        actor_id=cast.he,
        reason="有误",
        now=clock.now(),
    )
    assert rows_of(reading.of_exam(hall.exam.id)) == rows_of(before)  # prepared is not current
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    found = reading.of_exam(hall.exam.id)
    assert found.size == len(sat)  # a sheet has marks in both runs, and is read once
    after = rows_of(found)
    for row in after.values():
        mark, letters = row[judge.id]
        assert mark == (10 if letters == "B" else 0)
    assert after != rows_of(before)


@pytest.mark.parametrize("treatment", ["full", "drop", "rescale"])
def test_a_question_given_to_all_or_left_out_is_no_part_of_the_figures(make_hall, at, cast, treatment):
    hall = make_hall(people=6)
    everybody(hall, at)
    judge = next(one for one in hall.asked.values() if one.kind == "judge")
    before = reading.of_exam(hall.exam.id)
    key = {judge.id: Key("judge", (frozenset("A"),), treatment)}
    run = runs.prepare(hall.exam.id, key, actor_id=cast.he, reason="有误", now=clock.now())
    runs.activate(run.id, actor_id=cast.zhou)
    db.session.commit()
    found = reading.of_exam(hall.exam.id)
    kept = rows_of(before)
    for row in kept.values():
        del row[judge.id]
    assert rows_of(found) == kept
    gone = before.at(judge.id)
    assert found.totals.tolist() == (before.totals - before.columns[gone].marks).tolist()
    told = working.whole_of(found, 1000, 1)
    assert (told["full"], told["left_out"]) == (round(before.maxima.sum() - before.maxima[gone]), 1)


def test_before_anybody_sat_every_question_has_an_empty_column(make_hall):
    hall = make_hall(singles=3, people=0)
    found = reading.of_exam(hall.exam.id)
    assert (found.size, len(found.ids)) == (0, 7)
    assert [item.facility for item in items.statistics(found)] == [None] * 7
    assert whole.statistics(found).mean is None


def test_an_exam_that_is_not_there_says_so(app):
    with pytest.raises(LookupError):
        reading.of_exam(404)


def test_many_sheets_ask_no_more_often(make_hall, at):
    hall = make_hall(people=3)
    everybody(hall, at)
    exam_id = hall.exam.id
    reading.of_exam(exam_id)
    with statements() as seen:
        reading.of_exam(exam_id)
    assert (
        len(seen) == 4
    )  # the run, whose sheets, their texts, what was left out; the exam is known, its papers are remembered
    assert candidate_of(hall.exam, hall.people[0]).sat
    assert db.session.query(Candidate).count() == 5


def pool(*cells):
    return [PoolSlot(at, 100 + at, "single", cell, 20) for at, cell in enumerate(cells)]


@pytest.mark.parametrize(
    ("cells", "plan", "drawn"),
    [
        ((0, 0, 1), None, set()),
        ((0, 0, 1), [{"cells": [0], "count": 2}, {"cells": [1], "count": 1}], set()),
        ((0, 0, 0, 1), [{"cells": [0], "count": 2}, {"cells": [1], "count": 1}], {0}),
        ((0, 1, 2), [{"cells": [0, 1], "count": 1}, {"cells": [2], "count": 1}], {0, 1}),
        # the second entry takes what the first has left: everything is asked of everybody
        (
            (0, 0, 1),
            [{"cells": [0, 1], "count": 1}, {"cells": [0], "count": 1}, {"cells": [1], "count": 1}],
            set(),
        ),
        (
            (0, 1, 2, 3),
            [{"cells": [0, 1], "count": 1}, {"cells": [2, 3], "count": 1}, {"cells": [1, 2], "count": 1}],
            {0, 1, 2, 3},
        ),
    ],
)
def test_cells_of_which_a_paper_takes_only_some_are_drawn(cells, plan, drawn):
    assert reading.drawn_cells(pool(*cells), plan) == drawn
