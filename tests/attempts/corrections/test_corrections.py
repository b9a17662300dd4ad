"""A correction changes what it says and nothing before it is approved; undone, it has never been."""

from random import Random

import pytest

from quizapp import clock
from quizapp.attempts import runs
from quizapp.attempts.corrections import actions, queries
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.marks import keys_from_json
from quizapp.attempts.models import AttemptMark, MarkingRun
from quizapp.audit import AuditEvent
from quizapp.bank.marking import LEFT_OUT
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import tallies
from quizapp.exams.models import Exam
from tests.attempts.conftest import Page, csrf_of, own_phone, started
from tests.attempts.corrections.conftest import (
    accepted,
    approve,
    asked,
    correction,
    everything,
    key,
    points,
    sheet_of,
    submitted,
)

KINDS = ["single", "single", "multiple", "judge"]


def anything(chance, policy):
    """Some questions, each treated some way."""
    changes = {}
    for place in chance.sample(range(4), chance.randint(1, 3)):
        letters = "AB" if KINDS[place] == "judge" else "ABCD"
        many = chance.randint(1, 3) if KINDS[place] == "multiple" else 1
        treatment = chance.choice(["normal", "normal", "normal", "full", *LEFT_OUT])
        answers = " ".join("".join(sorted(chance.sample(letters, many))) for _ in range(chance.randint(1, 2)))
        changes[asked()[place].id] = key(answers, KINDS[place], treatment)
    return changes, policy


@pytest.mark.parametrize("seed", range(4))
def test_the_first_keys_taken_up_again_restore_every_score_result_and_counter(sat, cast, seed):
    """A → B → C → A: hazard H22."""
    chance = Random(seed)
    first = queries.current_id(sat.id)
    before = everything(sat, first)
    for policy in ("new", "better", "new"):
        changes, policy = anything(chance, policy)
        approve(correction(sat, cast, changes, policy=policy), cast)
        assert tallies.faults(sat.id) == {}
    assert everything(sat, first)[0] == before[0]  # an old run never changes
    made = actions.restore(sat, first, reason="撤销", actor_id=cast.he, now=clock.now())
    again = submitted(made, cast)
    approve(again, cast)
    assert queries.current_id(sat.id) == again
    assert everything(sat, again) == before
    assert keys_from_json(db.session.get_one(MarkingRun, again).keys) == keys_from_json(
        db.session.get_one(MarkingRun, first).keys
    )


@pytest.mark.parametrize(
    ("answer", "treatment", "policy", "jiang", "luo"),
    [
        ("C", "normal", "new", 90, 10),
        ("C", "normal", "better", 90, 30),
        ("B C", "normal", "new", 90, 30),
        ("B", "full", "new", 90, 30),
        ("B", "drop", "new", 70, 10),
        ("B", "drop", "better", 70, 30),
        ("B", "rescale", "new", 90, 12),  # 70 × 90 ÷ 70; 10 × 90 ÷ 70 = 12.8…
        ("B", "rescale", "better", 90, 30),
    ],
)
def test_what_becomes_of_the_two_who_sat(sat, cast, answer, treatment, policy, jiang, luo):
    first = asked()[0].id
    assert points(sat) == {"江映雪": 70, "罗成": 30}
    run_id = correction(sat, cast, {first: key(answer, treatment=treatment)}, policy=policy)
    assert points(sat) == {"江映雪": 70, "罗成": 30}
    told = queries.one(sat.id, run_id)
    approve(run_id, cast)
    assert points(sat) == {"江映雪": jiang, "罗成": luo}
    assert told.effect.changed == (jiang != 70) + (luo != 30)
    assert told.effect.up == (jiang > 70) + (luo > 30)
    assert tallies.faults(sat.id) == {}


def test_the_effect_says_who_crosses_the_pass_line_and_which_band(sat, cast):
    changes = {asked()[0].id: key("C"), asked()[2].id: key("B", "multiple")}
    told = queries.one(sat.id, correction(sat, cast, changes))
    assert points(sat) == {"江映雪": 70, "罗成": 30}  # 50 passes, 80 is 优秀
    effect = told.effect  # 江 70 − 40 + 20 = 50; 罗 30 − 20 + 40 = 50
    assert (effect.up, effect.down, effect.gained, effect.lost) == (1, 1, 1, 0)
    assert dict(effect.moves) == {("", "合格"): 1}
    assert dict(effect.deltas) == {-20: 1, 20: 1}
    assert list(effect.units) == [100]
    rows, total = queries.changes(sat, told.correction.base_id, told.run.id, hidden=())
    assert [(row.candidate.name, row.before, row.after) for row in rows] == [
        ("江映雪", 70, 50),
        ("罗成", 30, 50),
    ]
    assert total == 2
    for shown, names in {
        "up": ["罗成"],
        "down": ["江映雪"],
        "gained": ["罗成"],
        "lost": [],
        "band": ["罗成"],
    }.items():
        rows, total = queries.changes(sat, told.correction.base_id, told.run.id, hidden=(), shown=shown)
        assert [row.candidate.name for row in rows] == names
        assert total == len(names)


def test_lists_are_searched_sorted_and_leave_out_whose_score_is_hidden(sat, cast):
    told = queries.one(
        sat.id, correction(sat, cast, {asked()[0].id: key("C"), asked()[3].id: key("B", "judge")})
    )

    def names(**how):
        base, run = told.correction.base_id, told.run.id
        return [row.candidate.name for row in queries.changes(sat, base, run, **{"hidden": ()} | how)[0]]

    assert names(sort="change") == ["罗成", "江映雪"]  # −30 before +10
    assert names(sort="after") == ["江映雪", "罗成"]
    assert names(words="luo") == ["罗成"]
    assert names(hidden={cast.jiang}) == ["罗成"]


def test_a_sheet_handed_in_after_the_rehearsal_is_marked_at_the_switch_and_later_ones_by_the_new_key(
    exam, cast, page, attempt, as_luo
):
    run_id = correction(exam, cast, {asked()[0].id: key("C")})
    assert page.hand_in(sheet_of(attempt, "C", "D", "ACE", "A")).status_code == 200
    theirs = started(exam, cast.luo, clock.now())
    assert points(exam) == {"江映雪": 70, "罗成": None}
    approve(run_id, cast)
    assert points(exam) == {"江映雪": 90, "罗成": None}
    assert queries.one(exam.id, run_id).effect.changed == 1  # counted anew at the switch
    csrf_of(own_phone(as_luo))
    other = Page(as_luo, theirs.token)
    other.open(takeover=True)
    other.hand_in(sheet_of(theirs, "C", "A", "B", "B"))
    assert points(exam) == {"江映雪": 90, "罗成": 20}
    assert tallies.faults(exam.id) == {}


def test_who_has_two_attempts_counts_by_the_rule_of_the_exam(sat, cast, as_luo):
    """The better attempt may be another one by the new key."""
    from quizapp.exams.models import Candidate

    sat.attempts_allowed = 2
    db.session.commit()
    candidate = db.session.query(Candidate).filter_by(exam_id=sat.id, person_id=cast.luo).one()
    second = started(sat, cast.luo, clock.now())
    csrf_of(as_luo)
    other = Page(as_luo, second.token)
    other.open(takeover=True)
    other.hand_in(sheet_of(second, "C", "A", "B", "A"))  # 10; 30 by the new key, the first then 10
    assert candidate.points == 30
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    told = queries.one(sat.id, run_id)
    assert [
        row.candidate.name for row in queries.changes(sat, told.correction.base_id, run_id, hidden=())[0]
    ] == ["江映雪"]
    approve(run_id, cast)
    assert points(sat)["罗成"] == 30
    sat.counts = "last"
    db.session.commit()


# Who decides --------------------------------------------------------------------------------------------------


def test_nobody_approves_or_sends_back_the_own_correction(sat, cast):
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    with pytest.raises(Refused, match="second_person"):
        accepted(run_id, cast, by=cast.he)
    db.session.rollback()
    with pytest.raises(Refused, match="second_person"):
        actions.reject(run_id, answer="不对", actor_id=cast.he, now=clock.now())
    db.session.rollback()
    assert points(sat) == {"江映雪": 70, "罗成": 30}


def test_what_was_not_submitted_or_was_decided_is_not_approved(sat, cast):
    made = actions.ask(
        sat, {asked()[0].id: key("C")}, policy="new", reason="x", actor_id=cast.he, now=clock.now()
    )
    run_id = made.run_id
    db.session.commit()
    with pytest.raises(Refused, match="decided"):
        accepted(run_id, cast)
    db.session.rollback()
    actions.withdraw(run_id, actor_id=cast.he, now=clock.now())
    db.session.commit()
    for act in (
        lambda: actions.submit(run_id, actor_id=cast.he),
        lambda: actions.reject(run_id, answer="不对", actor_id=cast.zhou, now=clock.now()),
        lambda: actions.withdraw(run_id, actor_id=cast.he, now=clock.now()),
    ):
        with pytest.raises(Refused, match="decided"):
            act()
        db.session.rollback()
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    approve(run_id, cast)
    with pytest.raises(Refused, match="decided"):
        accepted(run_id, cast)
    db.session.rollback()


def test_one_correction_of_an_exam_at_a_time(sat, cast):
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    with pytest.raises(Refused, match="open"):
        correction(sat, cast, {asked()[1].id: key("C")})
    db.session.rollback()
    with pytest.raises(Refused, match="no_reason"):
        actions.reject(run_id, answer=" ", actor_id=cast.zhou, now=clock.now())
    db.session.rollback()
    actions.reject(run_id, answer="答案没有错", actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    second = correction(sat, cast, {asked()[1].id: key("C")})
    states = [one.state for one in db.session.query(Correction).order_by(Correction.run_id)]
    assert states == ["rejected", "waiting"]
    approve(second, cast)
    assert points(sat) == {"江映雪": 50, "罗成": 30}


def test_what_changes_nothing_is_not_kept(sat, cast):
    with pytest.raises(Refused, match="no_change"):
        correction(sat, cast, {asked()[0].id: key("B")})
    db.session.rollback()
    with pytest.raises(Refused, match="no_reason"):
        actions.ask(sat, {asked()[0].id: key("C")}, policy="new", reason=" ", actor_id=1, now=clock.now())
    db.session.rollback()
    with pytest.raises(Refused, match="no_such_run"):
        actions.restore(sat, 999, reason="x", actor_id=cast.he, now=clock.now())
    db.session.rollback()
    with pytest.raises(Refused, match="no_such_run"):  # the current one
        actions.restore(sat, queries.current_id(sat.id), reason="x", actor_id=cast.he, now=clock.now())
    db.session.rollback()
    assert db.session.query(MarkingRun).count() == 1


def test_a_voided_exam_is_not_corrected(sat, cast):
    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    db.session.get_one(Exam, sat.id).state = "voided"
    db.session.commit()
    with pytest.raises(Refused, match="not_published"):
        accepted(run_id, cast)
    db.session.rollback()
    actions.withdraw(run_id, actor_id=cast.zhou, now=clock.now())
    db.session.commit()
    with pytest.raises(Refused, match="not_published"):
        correction(sat, cast, {asked()[0].id: key("C")})
    db.session.rollback()


def test_a_correction_taken_back_while_it_is_rehearsed_stays_so(sat, cast):
    from quizapp.attempts.corrections import rehearsal_job

    made = actions.ask(
        sat, {asked()[0].id: key("C")}, policy="new", reason="x", actor_id=cast.he, now=clock.now()
    )
    run_id = made.run_id
    actions.withdraw(run_id, actor_id=cast.he, now=clock.now())
    db.session.commit()
    assert "撤回" in rehearsal_job.run(run_id, lambda done, total, words="": None)
    assert db.session.query(AttemptMark).filter_by(run_id=run_id).count() == 0


def test_a_rehearsal_may_run_twice(sat, cast):
    from quizapp.attempts.corrections import rehearsal_job

    run_id = correction(sat, cast, {asked()[0].id: key("C")})
    before = everything(sat, run_id)
    rehearsal_job.run(run_id, lambda done, total, words="": None)
    assert everything(sat, run_id) == before
    assert len(before[0]) == 2


def test_every_step_leaves_a_row_in_the_audit_log_without_a_key(sat, cast):
    approve(correction(sat, cast, {asked()[0].id: key("C")}), cast)
    rows = [e for e in db.session.query(AuditEvent) if e.object_kind == "marking_run"]
    assert [row.action for row in rows] == [
        *("marking_run.prepared", "correction.submitted"),
        *("correction.approving", "marking_run.activated", "correction.approved"),
    ]
    assert [row.actor_id for row in rows] == [*[cast.he] * 2, *[cast.zhou] * 3]
    assert rows[0].detail["reason"] == "标准答案有误"
    assert not any("keys" in row.detail or "C" in row.detail.values() for row in rows)


def test_recounting_many_goes_in_batches(sat, cast, monkeypatch):
    monkeypatch.setattr(runs, "BATCH", 1)
    approve(correction(sat, cast, {asked()[0].id: key("C")}), cast)
    assert points(sat) == {"江映雪": 90, "罗成": 10}
    assert tallies.faults(sat.id) == {}
