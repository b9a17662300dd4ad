"""Searching an exam for hints. It only reads; what was found goes to `actions.keep`."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from random import Random
from typing import Any

from sqlalchemy import select

from quizapp.analysis import false_hints, leaving_out, reading, response_model, similarity
from quizapp.analysis.clues import journals, pace
from quizapp.analysis.sheets import Sheets
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.exams.blueprint import WORDS as SECTIONS
from quizapp.exams.halls.models import HallPlace
from quizapp.exams.models import Candidate

SIMULATED = 300  # people of the exam with whom chance is simulated
SIMULATIONS = 20  # exams in which nobody copied
SEED = 2006


@dataclass(frozen=True)
class Figures:
    """What was counted. journals: attempts whose journal was read; paces: with a pace of at least one section.

    people, pairs: compared. rounds … named: see `false_hints.Rates`; 0 rounds where there was nobody to compare.
    """

    journals: int = 0
    paces: int = 0
    people: int = 0
    pairs: int = 0
    family: float = similarity.FAMILY
    rounds: int = 0
    simulated: int = 0
    nominal: float = 0.01
    below: int = 0
    named: int = 0


@dataclass(frozen=True)
class Hint:
    """About one attempt. other: of a similarity, the other attempt."""

    attempt_id: int
    kind: str
    facts: dict[str, Any]
    other_id: int | None = None


@dataclass(frozen=True)
class Found:
    hints: list[Hint] = field(default_factory=list)
    figures: Figures = field(default_factory=Figures)


Told = Callable[[int, int, str], None]


def find(exam_id: int, told: Told = lambda done, of, words: None) -> Found:
    """All hints of an exam that is over."""
    hints, number, with_pace = _from_journals(exam_id, told)
    told(0, 1, "正在比较作答")
    sheets = reading.of_exam(exam_id)
    compared, groups = compare(sheets)
    hints += [hint for pair in compared.hints() for hint in _both(pair, sheets)]
    told(0, 1, "正在模拟没有抄袭的考试，计算误报率")
    rates = simulate(sheets, groups)
    figures = Figures(
        number,
        with_pace,
        sheets.size,
        compared.pairs,
        rounds=rates.rounds,
        simulated=rates.pairs,
        nominal=rates.nominal,
        below=rates.below,
        named=rates.named,
    )
    return Found(hints, figures)


def _from_journals(exam_id: int, told: Told) -> tuple[list[Hint], int, int]:
    hints, found = list[Hint](), dict[int, dict[str, pace.Pace]]()
    number = 0
    for one in journals.read(exam_id, lambda done, of: told(done, of, "正在读取作答日志")):
        number += 1
        if one.takeovers:
            times = [moment.isoformat() for moment in one.takeovers]
            hints.append(Hint(one.attempt_id, "takeover", {"times": times}))
        if one.paces:
            found[one.attempt_id] = one.paces
    for fast in pace.fast(found):
        facts = asdict(fast) | {"section": SECTIONS.get(fast.section, fast.section)}
        del facts["attempt"]
        hints.append(Hint(fast.attempt, "pace", facts))
    return hints, number, len(found)


def compare(
    sheets: Sheets, *, everybody: bool = False, far: float = similarity.FAR
) -> tuple[similarity.Compared, list[list[int]]]:
    """Compare people of one unit, and those of one 场次 in a hall who are of different units; everybody: all pairs.

    Gives the comparison and the groups by unit (or the one group). Two statements.
    """
    if not sheets.size or sheets.attempts is None:
        return similarity.Compared(0, ()), []
    model = response_model.fit(sheets)
    if everybody:
        whole = [list(range(sheets.size))]
        return similarity.compare(model, whole, far=far), whole
    units, halls = _where(sheets.attempts.tolist())
    by_unit, by_hall = _groups(units), _groups(halls)
    parts = [
        similarity.compare(model, by_unit, far=far),
        similarity.compare(model, by_hall, apart=units, far=far),
    ]
    return similarity.merged(parts), by_unit


def _where(attempt_ids: Sequence[int]) -> tuple[list[int], list[int | None]]:
    """The unit of each attempt's candidate in the exam's own tree, and the 场次 in a hall; one statement."""
    rows = db.session.execute(
        select(Attempt.id, Candidate.lft, HallPlace.session_id)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .outerjoin(HallPlace, HallPlace.candidate_id == Candidate.id)
        .where(
            Attempt.exam_id == select(Attempt.exam_id).where(Attempt.id == attempt_ids[0]).scalar_subquery()
        )
    )
    of = {attempt_id: (lft, session_id) for attempt_id, lft, session_id in rows}
    return [of[one][0] for one in attempt_ids], [of[one][1] for one in attempt_ids]


def _groups(labels: Sequence[int | None]) -> list[list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for place, label in enumerate(labels):
        if label is not None:
            found[label].append(place)
    return [group for group in found.values() if len(group) > 1]


def _both(pair: similarity.Pair, sheets: Sheets) -> list[Hint]:
    if sheets.attempts is None:
        raise ValueError("sheets of an exam name their attempts")
    one, other = int(sheets.attempts[pair.first]), int(sheets.attempts[pair.second])
    facts = {
        "common": pair.common,
        "same": pair.same,
        "expected": round(pair.expected, 1),
        "both_wrong": pair.both_wrong,
        "same_wrong": pair.same_wrong,
        "p": pair.p,
    }
    return [Hint(one, "similarity", facts, other), Hint(other, "similarity", facts, one)]


def simulate(
    sheets: Sheets, groups: Sequence[Sequence[int]], *, rounds: int | None = None, seed: int = SEED
) -> false_hints.Rates:
    """How often chance alone is named, with some groups of this very exam. rounds: SIMULATIONS unless told."""
    order, chosen = Random(seed).sample(list(groups), len(groups)), list[list[int]]()  # noqa: S311 - no secret
    for group in order:
        left = SIMULATED - sum(len(one) for one in chosen)
        if left >= 2:
            chosen.append(sorted(group)[:left])
    people = sorted(place for group in chosen for place in group)
    if not people:
        return false_hints.Rates(0, 0, 0.01, 0, 0)
    now_at = {place: at for at, place in enumerate(people)}
    return false_hints.simulate(
        leaving_out.only(sheets, people),
        [[now_at[place] for place in group] for group in chosen],
        rounds=SIMULATIONS if rounds is None else rounds,
        seed=seed,
    )
