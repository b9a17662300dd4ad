"""The figures of an exam are worked out anew from its sheets when its counters have moved, or when somebody asks.

Everything is read and computed before the first write. Two who do it at once wait for each other; the later stays.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update

from quizapp import config
from quizapp.analysis import calibrating, counters, dialects, leaving_out, reading, working
from quizapp.analysis.models import ExamStatistic, ItemStatistic
from quizapp.analysis.working import Asked
from quizapp.attempts import marks, runs
from quizapp.attempts.models import Attempt, MarkingRun
from quizapp.bank.models import Revision
from quizapp.db import db
from quizapp.db import reading as only_reading
from quizapp.exams import seeing
from quizapp.exams.access import perhaps_leading
from quizapp.exams.full_marks import full_marks
from quizapp.exams.models import Candidate, Exam, ExamUnit

Report = Callable[[int, int, str], None]


def mark_tried(exam_id: int, counted: list[int]) -> None:
    """These counters are being looked at: the minute's work leaves the exam alone until they move again."""
    new = dialects.insert(ExamStatistic).values(exam_id=exam_id, tried=counted, sheets=0, whole={}, forms=[])
    db.session.execute(new.on_conflict_do_update(index_elements=["exam_id"], set_={"tried": counted}))


def refresh(exam_id: int, now: datetime, report: Report) -> int:
    """Work out and store the figures of an exam. Gives from how many sheets. A constant number of statements.

    report: told (done, total, words). The caller commits.
    """
    report(0, 1, "正在读取答卷…")
    with only_reading():
        counted = counters.of(exam_id)
        exam = db.session.get_one(Exam, exam_id)
        levels = sorted({exam.pass_mark, exam.excellent_mark})
        asked = _asked(exam_id)
        sheets = leaving_out.without(reading.of_exam(exam_id), _hidden(exam_id))
        total = len(sheets.ids) + 1
        rows = working.item_rows(
            sheets, asked, lambda done: report(done, total, f"正在计算第{done}题，共{total - 1}题…")
        )
        values = {
            "tried": counted,
            "counted": counted,
            "made_at": now,
            "run_id": counted[1] or None,
            "sheets": sheets.size,
            "whole": working.whole_of(sheets, full_marks(exam), len(runs.treated([exam_id]))),
            "forms": working.forms_of(sheets, levels),
        }
    _write(exam_id, values, rows)
    calibrating.feed_back(rows)
    report(total, total, "正在保存…")
    return sheets.size


def _asked(exam_id: int) -> dict[int | str, Asked]:
    """The questions of the exam with the keys of its current run. Two statements."""
    run = db.session.scalars(
        select(MarkingRun).where(MarkingRun.exam_id == exam_id, MarkingRun.state == "current")
    ).one()
    keys = marks.keys_from_json(run.keys)
    rows = db.session.execute(
        select(Revision.id, Revision.options, Revision.difficulty).where(Revision.id.in_(list(keys)))
    )
    return {
        row.id: Asked(
            keys[row.id].kind,
            len(row.options),
            frozenset().union(*keys[row.id].accepted),
            row.difficulty,
        )
        for row in rows
    }


def _hidden(exam_id: int) -> set[int]:
    """The attempts of the 领导班子 of the unit that holds the exam: who analyses it there does not see their scores,
    and whoever knows what all scored and what the others scored would know theirs. One statement."""
    rows = db.session.execute(
        select(Attempt.id, Candidate.category, Candidate.post)
        .join(Candidate, Candidate.id == Attempt.candidate_id)
        .join(Exam, Exam.id == Candidate.exam_id)
        .join(ExamUnit, and_(ExamUnit.exam_id == Exam.id, ExamUnit.unit_id == Exam.unit_id))
        .where(Candidate.exam_id == exam_id, Candidate.lft == ExamUnit.lft, perhaps_leading())
    )
    named = config.value("LEADING_STAFF")
    return {row.id for row in rows if seeing.is_leading(row.category, row.post, named)}


def _write(exam_id: int, values: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    mark_tried(exam_id, values["counted"])  # its row is held from here to the commit
    db.session.execute(update(ExamStatistic).where(ExamStatistic.exam_id == exam_id).values(values))
    db.session.execute(delete(ItemStatistic).where(ItemStatistic.exam_id == exam_id))
    if rows:
        db.session.execute(insert(ItemStatistic), [{"exam_id": exam_id, **row} for row in rows])
