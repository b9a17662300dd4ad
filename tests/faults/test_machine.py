"""The invariants of the exam protocol under everything that goes wrong, and each of its rules switched off once."""

import re

import pytest

from quizapp.db import db
from tests.faults import machine
from tests.faults.counting import SEED, Count, trials
from tests.faults.switched_off import RULES

STEPS = 30
SEARCHES = 10
INVARIANTS = r"^(I\d+|L\d) "  # which one breaks first is chance in a search; that one does is not


def test_the_protocol_holds_whatever_goes_wrong(app, database, cast, as_jiang, monkeypatch, count):
    """The control plays, for each rule, the shortest way on which its loss shows: with the rule, and without it."""
    print(f"FAULTS_SEED={SEED}")
    with machine.world(app, cast, as_jiang, monkeypatch) as world:
        machine.run(world, examples=trials(200), steps=STEPS, seed=SEED)
        acknowledged = world.acknowledged
        found = [rule for rule in RULES if shows(rule, world)]
    control = f"{len(found)} of {len(RULES)} rules found when switched off"
    count(
        Count(
            "state machine", database.dialect, trials(200), f"× {STEPS} steps", acknowledged, control=control
        )
    )
    assert [rule.name for rule in found] == [rule.name for rule in RULES]


def shows(rule, world):
    """Whether the way of a rule breaks its invariant without the rule; with it, it breaks none."""
    machine.play(world, rule.way)
    with pytest.MonkeyPatch.context() as patch:
        rule.take_away(patch.setattr)
        try:
            machine.play(world, rule.way)
        except AssertionError as error:
            return str(error).startswith(tuple(f"{number} " for number in rule.breaks))
        finally:
            db.session.rollback()
    return False


@pytest.mark.parametrize("rule", RULES[: trials(len(RULES))], ids=lambda rule: rule.name)
def test_the_machine_notices_each_rule_that_is_missing(rule, app, cast, as_jiang, monkeypatch, capsys):
    """A search by chance that finds nothing here would prove nothing above."""
    rule.take_away(monkeypatch.setattr)
    with machine.world(app, cast, as_jiang, monkeypatch) as world:
        assert any(noticed(world, seed) for seed in range(SEARCHES))
    capsys.readouterr()
    db.session.rollback()


def noticed(world, seed):
    """Whether one search breaks an invariant. Several short ones look in more places than a long one."""
    try:
        machine.run(world, examples=100, steps=STEPS, shrink=False, seed=seed)
    except AssertionError as error:
        db.session.rollback()
        if re.match(INVARIANTS, str(error)) is None:
            raise
        return True
    return False
