"""Results of a sitting on paper: each sheet becomes an attempt on the printed form's layout, closed and marked as any.

All or nothing: either every row of the spreadsheet is stored, or none.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from quizapp import audit
from quizapp.attempts import closing, journal, receipts
from quizapp.attempts import layout as layouts
from quizapp.attempts import sheet as sheets
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import print_views, queries
from quizapp.exams.actions import locked
from quizapp.exams.drawing import Place
from quizapp.exams.models import Candidate, Exam
from quizapp.exams.printing import paper_results
from quizapp.exams.printing.paper_results import Reading, Result
from quizapp.exams.printing.sitters import Sitter
from quizapp.people.models import Person, Unit
from quizapp.people.unit_sheet import Problem
from quizapp.spreadsheets import Row

BATCH = 500  # attempts stored by one statement


@dataclass(frozen=True)
class Forms:
    """The printed forms of an exam: their names, and what stands on each."""

    layouts: Mapping[str, Sequence[Place]]
    asked: Mapping[str, Any]  # see paper_results.read


def forms_of(exam: Exam) -> Forms:
    """The forms as they were printed."""
    source = queries.frozen_source(exam)
    papers = print_views.printed(exam, source)
    places = print_views.layouts(exam, source)
    return Forms(
        {paper.form: layout for paper, layout in zip(papers, places, strict=True)},
        {paper.form: paper_results.asked_of(paper) for paper in papers},
    )


def sitters(exam_id: int) -> list[Sitter]:
    """The candidates of an exam in the order of units and posts."""
    rows = db.session.execute(
        select(Candidate, Person.account, Person.staff_number, Person.phone, Unit.name)
        .join(Person, Person.id == Candidate.person_id)
        .join(Unit, Unit.id == Candidate.unit_id)
        .where(Candidate.exam_id == exam_id)
        .order_by(Candidate.lft, Candidate.post_sort, Candidate.name_key, Candidate.id)
    )
    return [
        Sitter(
            candidate.id,
            candidate.name,
            account,
            staff_number or "",
            phone or "",
            unit,
            candidate.status == "expected",
        )
        for candidate, account, staff_number, phone, unit in rows
    ]


def read(exam: Exam, rows: Sequence[Row]) -> Reading:
    """What a spreadsheet says, with every problem; also who has no attempt left. Raises Refused without a header."""
    reading = paper_results.read(rows, sitters(exam.id), forms_of(exam).asked)
    used, extra = _used(exam.id), _extra(exam.id)
    for result in reading.results:
        if used.get(result.sitter.id, 0) >= exam.attempts_allowed + extra.get(result.sitter.id, 0):
            word = f"{result.sitter.name}已有答卷，可考次数已用完"
            reading.problems.append(Problem(result.row, "作答", word))
    return reading


def _used(exam_id: int) -> dict[int, int]:
    """Candidate → the number of the last attempt."""
    rows = db.session.execute(
        select(Attempt.candidate_id, func.max(Attempt.number))
        .where(Attempt.exam_id == exam_id, Attempt.trial.is_(False), Attempt.candidate_id.is_not(None))
        .group_by(Attempt.candidate_id)
    )
    return {candidate_id: last for candidate_id, last in rows if candidate_id is not None}


def _extra(exam_id: int) -> dict[int, int]:
    """Candidate → the attempts that were given beyond the exam's rules, where there are any."""
    rows = db.session.execute(
        select(Candidate.id, Candidate.extra_attempts).where(
            Candidate.exam_id == exam_id, Candidate.extra_attempts > 0
        )
    )
    return dict(rows.all())


def store(exam: Exam, rows: Sequence[Row], *, sat_at: datetime, now: datetime, actor_id: int) -> int:
    """Keep the sheets of every row; how many. sat_at: when the sitting on paper ended. Raises Refused, storing nothing.

    The number of statements does not grow with the people but by batches.
    """
    exam = locked(exam)
    if exam.state != "published" or exam.opens_at is None or now < exam.opens_at:
        raise Refused("not_open", "考试还没有开始或已经取消，没有导入任何成绩。")
    if not exam.opens_at <= sat_at <= now:
        raise Refused(
            "when", "纸质考试的时间应在考试开始之后、现在之前，没有导入任何成绩。", "请核对后重新导入。"
        )
    reading = read(exam, rows)
    if reading.problems or not reading.results:
        raise Refused(
            "problems", f"{reading.summary}，没有导入任何成绩。", "请按提示修改后重新上传。", status=422
        )
    places, used = forms_of(exam).layouts, _used(exam.id)
    people = dict(
        db.session.execute(
            select(Candidate.id, Candidate.person_id).where(Candidate.exam_id == exam.id)
        ).all()
    )
    made = [
        _attempt(
            exam, one, places[one.form], people[one.sitter.id], used.get(one.sitter.id, 0) + 1, sat_at, now
        )
        for one in reading.results
    ]
    for start in range(0, len(made), BATCH):
        ids = db.session.scalars(insert(Attempt).returning(Attempt.id), made[start : start + BATCH]).all()
        stored = db.session.execute(
            select(*closing.NEEDED).where(Attempt.id.in_(ids)).order_by(Attempt.id)
        ).all()
        journal.add(closing.lines(stored, "hand_in", now, extra=json.dumps({"paper": True, "by": actor_id})))
        closing.write_down(stored, "person")
    audit.record("exam.paper_results", exam, actor_id=actor_id, sheets=len(made), sat_at=sat_at.isoformat())
    return len(made)


def _attempt(
    exam: Exam,
    result: Result,
    places: Sequence[Place],
    person_id: int,
    number: int,
    sat_at: datetime,
    now: datetime,
) -> dict[str, Any]:
    text = layouts.to_text(places)
    return {
        "token": receipts.new_token(),
        "exam_id": exam.id,
        "candidate_id": result.sitter.id,
        "person_id": person_id,
        "number": number,
        "trial": False,
        "state": "submitted",
        "layout": text,
        "layout_hash": layouts.hash_of(text),
        "slots": len(places),
        "sheet": sheets.format_slots(result.answers),
        "created_at": now,
        "started_at": sat_at,
        "closes_at": sat_at,
        "refused_after": sat_at,
        "epoch": 1,
        "revision": 1,
        "saved_epoch": 1,
        "saved_revision": 1,
        "saved_at": now,
        "closed_at": sat_at,
    }
