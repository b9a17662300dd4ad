"""组卷: parallel forms for a draft, as a job that shows how far it is and can be stopped with the best set so far."""

import hashlib
import json
import secrets
import time
from collections.abc import Callable, Sequence
from typing import Any

from quizapp import audit, clock, jobs
from quizapp.config import limit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import actions, assembling, blueprint, queries
from quizapp.exams.assembly.costs import gap
from quizapp.exams.assembly.forms import Assembled, Impossible, assemble
from quizapp.exams.blueprint import Item
from quizapp.exams.models import Exam
from quizapp.figures import percent

LOOK_EVERY = 0.2  # seconds between two looks at whether somebody wants it to stop

# What areas to the right know of questions, brought up to date for these before their papers are assembled.
before: list[Callable[[Sequence[int]], None]] = []


def request(exam: Exam, *, url: str, person_id: int) -> jobs.Job:
    """Ask for new forms; a fresh seed each time. Raises Refused for an exam whose papers are not assembled."""
    if exam.state != "draft" or exam.mode != "forms":
        raise Refused("no_forms", "本考试不用平行试卷，或已经发布，没有组卷。")
    order = {"exam_id": exam.id, "seed": secrets.token_hex(8), "shape": _shape(exam), "url": url}
    return jobs.request_job("exams.assemble", order, person_id=person_id)


def _shape(exam: Exam) -> list[Any]:
    """What the forms depend on: a result for another shape is thrown away."""
    return [exam.blueprint, exam.points, exam.forms_wanted, exam.overlap, exam.bank_ids, exam.purpose]


@jobs.kind("exams.assemble", stoppable=True)
def assemble_forms(job: jobs.Job, report: jobs.Report) -> dict[str, Any]:
    """Make the forms and put them into the draft, unless it was changed meanwhile."""
    order = job.payload
    exam = db.session.get_one(Exam, order["exam_id"])
    ids = [item.question_id for item in assembling.pool(exam).items]
    for bring_up_to_date in before:
        bring_up_to_date(ids)
    db.session.commit()
    found, rows = assembling.pool(exam, clock.now()), assembling.rows_of(exam)
    titles, enemies = queries.regulations(exam.bank_ids), found.enemies
    points, wanted, common = exam.points, exam.forms_wanted, exam.overlap
    db.session.rollback()  # the work takes its time: nobody waits for the writer's turn meanwhile
    watch = _Watch(job, report, limit("ASSEMBLY_SECONDS"))
    try:
        made = assemble(
            rows,
            found.items,
            points,
            seed=order["seed"],
            forms=wanted,
            enemies=enemies,
            common=common,
            deadline=watch.deadline,
            on_progress=watch,
        )
    except Impossible as impossible:
        why = "；".join(one.in_words(rows, titles) for one in impossible.conflicts)
        raise Refused("impossible", f"不能组卷：{why or '互斥的试题太多，凑不出这些试卷'}。") from None
    _keep(order, made, found, actor_id=job.person_id)
    return {"sentence": _sentence(made), "url": order["url"]}


class _Watch:
    """Tells how far the work is, and whether it shall end."""

    def __init__(self, job: jobs.Job, report: jobs.Report, deadline: int) -> None:
        self.job, self.report, self.deadline = job, report, deadline
        self._next, self._stop = 0.0, False

    def __call__(self, cost: int, bound: int, seconds: float) -> bool:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + LOOK_EVERY
            self._stop = self._stop or jobs.stop_wanted(self.job)
            done = min(int(seconds), self.deadline)
            self.report(
                done, self.deadline, f"已有一组可用的试卷，与理论最优相差不超过{gap_in_words(cost, bound)}。"
            )
        return self._stop


def gap_in_words(cost: int, bound: int) -> str:
    """By how much a better set may exist at most, 1.5%."""
    return percent(round(gap(cost, bound) * 1000), 1000)


def _keep(order: dict[str, Any], made: Assembled, found: assembling.Pool, *, actor_id: int | None) -> None:
    exam = actions.locked(db.session.get_one(Exam, order["exam_id"]))
    if exam.state != "draft" or exam.mode != "forms" or _shape(exam) != order["shape"]:
        raise Refused("changed", "组卷期间考试的设置有变动，结果没有保存，请重新组卷。")
    exam.assembled = {
        "forms": [[found.by_revision[one].question_id for one in form] for form in made.forms],
        "seed": order["seed"],
        "inputs": inputs(exam, found),
        "steps": made.steps,
        "finished": made.finished,
        "difference": made.difference,
        "cost": made.cost,
        "bound": made.bound,
        "seconds": round(made.seconds, 1),
        "at": clock.now().isoformat(),
    }
    audit.record("exam.assembled", exam, actor_id=actor_id, forms=len(made.forms), seed=order["seed"])


def _sentence(made: Assembled) -> str:
    close = gap_in_words(made.cost, made.bound)
    return f"已组成{len(made.forms)}套试卷，用时{made.seconds:.1f}秒，与理论最优相差不超过{close}。"


def _told(item: Item) -> tuple[Any, ...]:
    facets = (item.regulation, item.chapter, item.article, sorted(item.tags), item.difficulty)
    return (item.revision_id, item.question_id, item.kind, *facets, item.expected, item.wear)


def inputs(exam: Exam, found: assembling.Pool) -> str:
    """SHA-256 over all that the forms depend on beside seed and steps."""
    told = [
        _shape(exam),
        sorted(repr(_told(item)) for item in found.items),
        sorted(map(sorted, found.enemies)),
    ]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def check(exam: Exam) -> bool | None:
    """Whether the same seed, questions and steps give the forms that are stored.

    None: the bank or its use has changed since, so that it cannot be told. Raises LookupError without forms.
    """
    kept = exam.assembled
    if not kept:
        raise LookupError("no forms have been assembled")
    found = assembling.pool(exam, clock.now())
    if inputs(exam, found) != kept["inputs"]:
        return None
    again = assemble(
        blueprint.read(exam.blueprint),
        found.items,
        exam.points,
        seed=kept["seed"],
        forms=exam.forms_wanted,
        enemies=found.enemies,
        common=exam.overlap,
        steps=kept["steps"],
    )
    papers = [[found.by_revision[one].question_id for one in form] for form in again.forms]
    return papers == kept["forms"]
