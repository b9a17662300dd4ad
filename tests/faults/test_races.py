"""Things that arrive at once, on real connections: one attempt, one receipt, one mark (hazards H2, H13).

10,000 rounds with `make faults`, half of them on each database. Every round has an attempt of its own, prepared
before; its works start at a barrier. The verdict is read at the end.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import chain
from random import Random

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from quizapp import clock
from quizapp.attempts import (
    exceptions,
    guarded,
    handing_in,
    jobs,
    journal,
    opening,
    refusals,
    runs,
    saving,
    starting,
)
from quizapp.attempts import outcomes as o
from quizapp.attempts.layout import from_text
from quizapp.attempts.marks import marks_of
from quizapp.attempts.models import Attempt, AttemptMark, Closing
from quizapp.attempts.protocol import OpenBody, sheet_from
from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Candidate, Exam
from tests.faults import sittings
from tests.faults.counting import SEED, Count, trials
from tests.faults.rounds import Runners, Sitter, Told, Work, claims, further_run, opened
from tests.faults.verdict import Judge, Verdict

GROUP = 10  # people of one exam in the rounds of marking runs, which count a whole exam anew


@pytest.fixture
def runners(app):
    with Runners(app, 20) as made:
        yield made


@pytest.fixture
def put(database, count):
    """put(name, rounds, verdict, control): the row of one race in the table; what is wrong is printed first."""

    def keep(name: str, rounds: int, verdict: Verdict, control: str = "") -> None:
        print(f"FAULTS_SEED={SEED}", verdict)
        found = {each: len(getattr(verdict, each)) for each in ("lost", "wrong", "stuck")}
        acknowledged = verdict.acknowledged
        count(
            Count(f"race: {name}", database.dialect, rounds, "rounds", acknowledged, **found, control=control)
        )

    return keep


def text(sitter: Sitter, chance: Random) -> str:
    return ".".join(chance.choice("AB") for _ in range(sitter.slots))


def race(
    runners: Runners,
    sitters: Sequence[Sitter],
    works: Callable[..., list[Work]],
    *about,
    later: Callable[[], object] = lambda: None,
) -> Verdict:
    """A round for each sitter, then what comes later; the verdict on all of them. I8: one closing each."""
    chance = Random(SEED)
    for sitter in sitters:
        sitter.note(chain(*runners.at_once(works(sitter, chance, *about))))
    later()
    verdict = Judge({}).inside([sitter.record for sitter in sitters], over=True)
    closings = Counter(db.session.scalars(select(Closing.attempt_id)))
    verdict.wrong += [
        f"{each.token}: {closings[each.attempt_id]} closings"
        for each in sitters
        if closings[each.attempt_id] > 1
    ]
    db.session.rollback()
    return verdict


# What runs against what ---------------------------------------------------------------------------------------------


def saver(sitter: Sitter, sheets: dict[int, str], now, save) -> Work:
    """Saves these sheets in the order of their revisions, each in a transaction of its own."""

    def work() -> list[Told]:
        told = []
        for revision, sheet in sheets.items():
            body = sheet_from(1, revision, sheet)
            outcome = save(sitter.token, body, sitter.claim, now)
            db.session.commit()
            told.append((body, outcome))
        return told

    return work


def hander(sitter: Sitter, sheet: str, now, pause: float = 0, hand_in=handing_in.hand_in) -> Work:
    def work() -> list[Told]:
        time.sleep(pause)
        body = sheet_from(1, 1000, sheet)
        return [(body, hand_in(sitter.token, body, sitter.claim, now))]

    return work


def hand_in_among_saves(sitter, chance, save=saving.save):
    now = clock.now()
    savers = [
        saver(sitter, {10 * turn + thread: text(sitter, chance) for turn in (1, 2)}, now, save)
        for thread in range(4)
    ]
    return [*savers, hander(sitter, text(sitter, chance), now, chance.uniform(0, 0.008))]


def six_hand_ins(sitter, chance, hand_in=handing_in.hand_in):
    sheet, now = text(sitter, chance), clock.now()
    return [hander(sitter, sheet, now, hand_in=hand_in)] * 6


def sweep_among_saves(sitter, chance):
    """At the last moment of the grace three saves, or two and a hand-in; a moment later two sweeps, as of two nodes."""

    def sweep() -> list[Told]:
        time.sleep(pause)
        jobs.sweep(sitter.limit + timedelta(microseconds=1))
        return []

    pause = chance.uniform(0, 0.004)
    sheets = [text(sitter, chance) for _ in range(3)]
    works = [saver(sitter, {10 + n: sheet}, sitter.limit, saving.save) for n, sheet in enumerate(sheets)]
    if chance.random() < 0.5:
        works[0] = hander(sitter, sheets[0], sitter.limit)
    return [*works, sweep, sweep]


def switch_void_and_hand_in(sitters, number, chance):
    """One sheet is handed in and a further run approved, while one of the sheets before is voided, or restored."""
    sitter, now = sitters[number], clock.now()
    one, another = (each.claim.person_id for each in sitters[-2:])
    run_id = further_run(sitter.exam_id, number, one)
    people = {"reason": "核实", "actor_id": one, "second_id": another, "now": now}

    def decide() -> None:
        other = sitters[(number - 1) // 2].attempt_id
        if number % 2:
            exceptions.void(other, evidence="", **people)
        else:
            exceptions.restore(other, **people)

    hand_in = hander(sitter, text(sitter, chance), now, chance.uniform(0, 0.01))
    return [hand_in, lambda: runs.activate(run_id, actor_id=another), *([decide] if number else [])]


def miscounted(exam_id: int) -> list[str]:
    """Sheets whose mark is not what they earn by the keys of the current run, and candidates who count another."""
    run = runs.current({exam_id})[exam_id]
    rows = db.session.execute(
        select(
            Attempt.token, Attempt.state, Attempt.layout, Closing.sheet, AttemptMark.total, Candidate.points
        )
        .join(Closing, Closing.attempt_id == Attempt.id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .outerjoin(AttemptMark, (AttemptMark.closing_id == Closing.id) & (AttemptMark.run_id == run.id))
        .where(Attempt.exam_id == exam_id)
    ).all()
    faults = [f"counters: {fault}" for fault in tallies.faults(exam_id).items()]
    for token, state, layout, sheet, total, points in rows:
        due = marks_of(from_text(layout), run.keys, sheet, run.marker.rule).total
        if (total, points) != (due, None if state == "voided" else due):
            faults.append(f"{token} is {state}: {due} due, {total} marked, {points} counted")
    db.session.rollback()
    return faults


# The controls: who looks first and then writes without a guard ------------------------------------------------------


def let_go():
    """What lies between a look and a write that trusts it: its transaction ends, and others get a turn."""
    db.session.commit()
    time.sleep(0.001)


def look_then_save(token, body, claim, now):
    found = select(Attempt.id, Attempt.state, Attempt.revision, Attempt.closes_at).where(
        Attempt.token == token
    )
    row = db.session.execute(found).one()
    let_go()
    if row.state != "in_progress" or row.revision >= body.revision:
        return o.Closed(row.state, None, None, held=False)
    db.session.execute(update(Attempt).where(Attempt.id == row.id).values(saving.stored(body, now)))
    sent = {name: getattr(body, name) for name in guarded.JOURNALLED}
    journal.add([journal.row(row.id, "save", now=now, **sent)])
    return o.Saved(body.epoch, body.revision, row.closes_at, late=False)


def look_then_hand_in(token, body, claim, now):
    """With `may_hand_in` taken away: the look alone decides."""
    state = db.session.scalar(select(Attempt.state).where(Attempt.token == token))
    let_go()
    if state != "in_progress":
        return refusals.why_not(token, body, claim, now, handing_in=True)
    try:
        return handing_in.hand_in(token, body, claim, now)
    except IntegrityError:  # the table's own rule: whoever is stopped by it gets an error, and no receipt
        db.session.rollback()
        return o.Busy()


# The races ----------------------------------------------------------------------------------------------------------


def test_a_hand_in_among_saves_closes_the_sheet_that_it_brought(app, bank, runners, put):
    rounds, unguarded = trials(2500), 25
    sitters = opened(sittings.prepare(rounds, seed=SEED))
    verdict = race(runners, sitters, hand_in_among_saves)
    seen = set().union(*(sitter.seen for sitter in sitters))
    control = race(
        runners, opened(sittings.prepare(unguarded, seed=SEED)), hand_in_among_saves, look_then_save
    )
    bad = len(control.lost) + len(control.wrong)
    put("hand-in against saves", rounds, verdict, f"look, then write: {bad} faults in {unguarded} rounds")
    assert bad > 0
    assert {o.HandedIn, o.Saved, o.Overtaken, o.Closed} >= seen >= {o.HandedIn, o.Saved, o.Closed}


def test_six_hand_ins_give_one_receipt_and_one_mark(app, bank, runners, put, monkeypatch):
    rounds, unguarded = trials(750), 10
    verdict = race(runners, sitters := opened(sittings.prepare(rounds, seed=SEED)), six_hand_ins)
    verdict.wrong += without_receipt(sitters)
    monkeypatch.setattr(handing_in, "may_hand_in", lambda token, *_about: Attempt.token == token)
    guarded.build_anew()
    sitters = opened(sittings.prepare(unguarded, seed=SEED))
    control = race(runners, sitters, six_hand_ins, look_then_hand_in)
    guarded.build_anew()
    bad = len({fault.split(":")[0] for fault in [*control.stuck, *control.wrong, *without_receipt(sitters)]})
    put("six hand-ins", rounds, verdict, f"look, then write: {bad} faults in {unguarded} rounds")
    assert bad > 0


def without_receipt(sitters: Sequence[Sitter]) -> list[str]:
    """Whoever hands in is told the receipt, the first time and every further time."""
    return [f"{each.token}: told {each.seen}" for each in sitters if each.seen != {o.HandedIn}]


def test_a_sweep_among_saves_closes_what_was_acknowledged(app, bank, runners, put):
    """Hazard H13. A save that came first counts; one that came second is held, and told that time was up."""
    rounds = trials(1250)
    sitters = opened(sittings.prepare(rounds, seed=SEED))
    next_minute = max(sitter.limit for sitter in sitters) + timedelta(minutes=1)

    def sweep_again() -> None:
        """On PostgreSQL a sweep passes over a sheet that a save holds at that moment; the one after closes it."""
        jobs.sweep(next_minute)

    verdict = race(runners, sitters, sweep_among_saves, later=sweep_again)
    seen = set().union(*(sitter.seen for sitter in sitters))
    put("sweep against saves", rounds, verdict)
    assert {o.Saved, o.HandedIn, o.Overtaken, o.Closed} >= seen >= {o.Saved, o.HandedIn, o.Closed}
    assert set(db.session.scalars(select(Closing.by))) == {"person", "deadline"}


def test_twenty_openings_make_one_attempt_that_can_go_on(app, bank, runners, put):
    rounds = trials(100)
    sittings.prepare(rounds, seed=SEED)
    db.session.execute(delete(Attempt))
    signed_in, verdict, chance = claims(), Verdict(), Random(SEED)
    listed = db.session.execute(select(Candidate.id, Candidate.exam_id, Candidate.person_id)).all()
    db.session.commit()
    for candidate_id, exam_id, person_id in listed:
        claim, now = signed_in[person_id], clock.now()

        def begin(exam_id=exam_id, candidate_id=candidate_id, claim=claim, now=now):
            exam, candidate = db.session.get_one(Exam, exam_id), db.session.get_one(Candidate, candidate_id)
            attempt = starting.start(exam, candidate, pledge="", now=now)
            return attempt.token, opening.open_page(attempt.token, OpenBody(), claim, now)

        found = runners.at_once([begin] * 20)
        told = Counter(type(outcome) for _, outcome in found)
        made = db.session.scalars(select(Attempt.epoch).where(Attempt.candidate_id == candidate_id)).all()
        if told != {o.Opened: 1, o.OtherPage: 19} or made != [1]:
            verdict.wrong.append(f"candidate {candidate_id}: {dict(told)}, attempts of epochs {made}")
        token, slots = found[0][0], db.session.scalars(select(Attempt.slots)).first()
        body = sheet_from(1, 1, ".".join(chance.choice("AB") for _ in range(slots)))
        if isinstance(saving.save(token, body, claim, now), o.Saved):
            verdict.acknowledged += 1
        else:
            verdict.stuck.append(f"{token}: the one page cannot save")
        db.session.commit()
    verdict.wrong += Judge({}).inside([], over=True).wrong  # 已开始, among others
    put("twenty openings", rounds, verdict)


def test_a_marking_run_against_voids_and_hand_ins_counts_each_sheet_by_its_keys(app, bank, runners, put):
    rounds, verdict, chance = trials(400), Verdict(), Random(SEED)
    for _ in range(rounds // GROUP):
        sitters = opened(sittings.prepare(GROUP, seed=SEED))
        for number in range(GROUP):
            told = runners.at_once(switch_void_and_hand_in(sitters, number, chance))
            sitters[number].note(told[0])
            verdict.wrong += miscounted(sitters[0].exam_id)
        verdict.acknowledged += sum(sitter.record.acknowledged for sitter in sitters)
        verdict.stuck += [f"{each.token}: no receipt" for each in sitters if each.record.receipt is None]
    put("marking run against voids", rounds, verdict)
