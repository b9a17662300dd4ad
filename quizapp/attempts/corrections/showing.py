"""A correction as a page tells it: questions with old and new key, units before and after, and who may do what."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import select

from quizapp import jobs
from quizapp.attempts.corrections import effects, queries, treatments
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.marks import Key, Keys, keys_from_json
from quizapp.attempts.models import MarkingRun
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Exam, ExamUnit
from quizapp.figures import mean_points, percent, points
from quizapp.jobs import Job
from quizapp.people.queries import depths

HIDDEN = "不显示"
UNITS = 20


@dataclass(frozen=True)
class Question:
    """One question of a correction. before, after: in words, HIDDEN where the bank's keys are not to be seen."""

    face: bank.Face
    before: str
    after: str
    key: Key


def keys_of(*run_ids: int) -> list[Keys]:
    """The keys of these runs. One statement."""
    stored = db.session.execute(select(MarkingRun.id, MarkingRun.keys).where(MarkingRun.id.in_(run_ids)))
    found = {run_id: keys_from_json(keys) for run_id, keys in stored}
    return [found[run_id] for run_id in run_ids]


def questions(told: queries.Told) -> list[Question]:
    """What the correction changes, question by question."""
    before, after = keys_of(told.correction.base_id, told.run.id)
    ids = treatments.changed(before, after)
    faces = bank.faces(ids)
    hidden = exam_queries.hidden(ids, told.exam, current_user.id)
    return [
        Question(
            faces[one], _words(before[one], one in hidden), _words(after[one], one in hidden), after[one]
        )
        for one in ids
    ]


def _words(key: Key, hidden: bool) -> str:
    return HIDDEN if hidden and key.treatment == "normal" else treatments.in_words(key)


def progress(correction: Correction) -> tuple[int, int, str] | None:
    """How far an approved correction is: done, total, what it is doing now. None where nothing is under way."""
    if correction.state != "approving" or correction.job_id is None:
        return None
    job = db.session.get_one(Job, correction.job_id)
    if job.state == "failed":
        return None
    done, total, words = jobs.progress(job)
    return done, total, words or "正在排队，成绩没有变动。"


@dataclass(frozen=True)
class UnitRow:
    """A unit with all below it, before → after. Texts are ready to print."""

    name: str
    depth: int
    sat: int
    changed: int
    passed: tuple[str, str]
    excellent: tuple[str, str]
    mean: tuple[str, str]


def units(exam: Exam, effect: effects.Effect) -> list[UnitRow]:
    """The units in which something changes, in the order of the exam's tree."""
    tree = exam_queries.frozen_units(exam.id)
    deep, sums = _depths(tree), effects.Sums.of_units(effect.units)
    touched = [(unit, sums.of(unit.lft, unit.rgt)) for unit in tree]
    return [_unit_row(unit, deep[unit.lft], of) for unit, of in touched if of["changed"]]


def _depths(tree: Sequence[ExamUnit]) -> dict[int, int]:
    @dataclass(frozen=True)
    class Place:
        id: int
        lft: int
        rgt: int

    return depths([Place(unit.lft, unit.lft, unit.rgt) for unit in tree])


def _unit_row(unit: ExamUnit, depth: int, of: dict[str, int]) -> UnitRow:
    sat = of["sat"]
    return UnitRow(
        unit.name,
        min(depth, 3),
        sat,
        of["changed"],
        (percent(of["passed"], sat), percent(of["passed_after"], sat)),
        (percent(of["excellent"], sat), percent(of["excellent_after"], sat)),
        (mean_points(of["points"], sat), mean_points(of["points_after"], sat)),
    )


def kpis(effect: effects.Effect) -> list[dict[str, Any]]:
    """The four figures on top."""
    whole = effects.Sums.of_units(effect.units).of(0, max(effect.units, default=0))
    return [
        {"label": "成绩变化", "value": effect.changed, "unit": "人", "note": f"实考{effect.sat}人"},
        {"label": "提高 / 降低", "value": f"{effect.up} / {effect.down}", "unit": "人"},
        {
            "label": "合格人数",
            "value": whole["passed_after"],
            "unit": "人",
            "note": f"更正前{whole['passed']}人，新增{effect.gained}人，减少{effect.lost}人",
        },
        {
            "label": "平均分",
            "value": mean_points(whole["points_after"], effect.sat),
            "unit": "分",
            "note": f"更正前{mean_points(whole['points'], effect.sat)}分",
        },
    ]


@dataclass(frozen=True)
class Bar:
    """How many people's points change by this much."""

    label: str
    people: int
    share: str
    width: str


BARS = 12


def bars(effect: effects.Effect) -> list[Bar]:
    """The distribution of the differences: one by one, or in spans of equal width where they are many."""
    if not effect.deltas:
        return []
    low, high = min(effect.deltas), max(effect.deltas)
    step = 1 if len(effect.deltas) <= BARS else max(1, -(-(high - low + 1) // BARS))
    grouped: dict[int, int] = {}
    for delta, people in sorted(effect.deltas.items()):
        start = delta if step == 1 else low + (delta - low) // step * step
        grouped[start] = grouped.get(start, 0) + people
    most = max(grouped.values())
    return [
        Bar(
            signed(start) + ("分" if step == 1 else f"至{signed(start + step - 1)}分"),
            people,
            percent(people, effect.sat),
            f"{100 * people / most:.1f}",
        )
        for start, people in grouped.items()
    ]


def signed(tenths: int) -> str:
    """+2, −1.5, 0."""
    sign = "+" if tenths > 0 else "−" if tenths < 0 else ""  # noqa: RUF001 - a minus sign is meant
    return sign + points(abs(tenths))


def moves(effect: effects.Effect) -> list[tuple[str, int]]:
    """Band by band: 合格 → 优秀, how many."""
    none = "未达等级"
    return [(f"{before or none} → {after or none}", n) for (before, after), n in sorted(effect.moves.items())]
