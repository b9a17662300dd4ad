"""What heat maps show, worked out by the job: who finished when, and what was earned by chapter, for every unit.

Chapters are those of a question's first 依据. They are counted once an exam is over: while people sit it, the figures
would move with every hand-in and could tell of single sheets.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select

from quizapp import clock
from quizapp.attempts import runs
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.bank.models import Citation
from quizapp.db import china_day, db
from quizapp.exams import seeing
from quizapp.exams.models import Candidate, ExamUnit, Form, Slot, Tally
from quizapp.regulations.queries import laws
from quizapp.reports.tree_sums import over_intervals

COLUMNS = ("first", "expected", "own_expected", "days", "own_days", "chapters")  # of ExamHeat
CHUNK = 2_000  # sheets fetched at a time
Stored = tuple[Any, ...]  # the values of COLUMNS
Units = list[tuple[int, int]]


def computed(exam: Any, named: str, *, over: bool) -> dict[int, Stored]:
    """The rows of an exam by lft. named: the setting LEADING_STAFF. A constant number of statements."""
    rows = db.session.execute(select(ExamUnit.lft, ExamUnit.rgt).where(ExamUnit.exam_id == exam.id))
    units = [(lft, rgt) for lft, rgt in rows]
    days = _by_day(exam.id, exam.opens_at, units)
    chapters = _by_chapter(exam.id, units, named) if over else {}
    return {lft: (*found, chapters.get(lft)) for lft, found in days.items()}


def _by_day(exam_id: int, opens_at: datetime, units: Units) -> dict[int, Stored]:
    expected = dict(
        db.session.execute(select(Tally.lft, Tally.expected).where(Tally.exam_id == exam_id)).all()
    )
    day = china_day(Candidate.finished_at)
    finished = db.session.execute(
        select(Candidate.lft, day, func.count())
        .where(Candidate.exam_id == exam_id, Candidate.status == "expected")
        .where(Candidate.finished_at.is_not(None))
        .group_by(Candidate.lft, day)
    ).all()
    first, last = _span([one for _, one, _ in finished], clock.today(opens_at))
    width = 1 + (last - first).days + 1
    own = {lft: [count] + [0] * (width - 1) for lft, count in expected.items()}
    for lft, one, count in finished:
        own.setdefault(lft, [0] * width)[1 + (one - first).days] += count
    nobody = [0] * width
    return {
        lft: (first, sums[0], own.get(lft, nobody)[0], sums[1:], own.get(lft, nobody)[1:])
        for lft, sums in over_intervals(units, own, width).items()
    }


def _span(days: Iterable[date], opened: date) -> tuple[date, date]:
    found = [opened, *days]
    return min(found), max(found)


def _by_chapter(exam_id: int, units: Units, named: str) -> dict[int, dict[str, Any]]:
    """By lft: what `ExamHeat.chapters` holds."""
    chapter_of = _chapters(exam_id)
    for one in runs.treated([exam_id]):  # 送分, 作废: no figure of mastery
        chapter_of.pop(one, None)
    keys = sorted(set(chapter_of.values()))
    everybody, boards = _earned(_sheets(exam_id, named), chapter_of, keys)
    width = 3 * len(keys)
    return {
        lft: {
            "keys": keys,
            "whole": sums,
            "own": everybody.get(lft, [0] * width),
            "board": boards.get(lft),
        }
        for lft, sums in over_intervals(units, everybody, width).items()
    }


def _chapters(exam_id: int) -> dict[int, str]:
    """Revision → "edition:chapter" of its first 依据, "" for one without. Three statements."""
    rows = db.session.execute(
        select(Slot.revision_id, Citation.edition_id, Citation.article)
        .join(Form, Form.id == Slot.form_id)
        .outerjoin(Citation, and_(Citation.revision_id == Slot.revision_id, Citation.kind == "law"))
        .where(Form.exam_id == exam_id)
        .order_by(Citation.position)
    )
    cited: dict[int, tuple[int | None, str]] = {}
    for revision_id, edition_id, article in rows:
        cited.setdefault(revision_id, (edition_id, article))
    known = laws({edition_id for edition_id, _ in cited.values() if edition_id})
    return {
        revision_id: f"{edition_id}:{known[edition_id].chapter_of(article)}" if edition_id else ""
        for revision_id, (edition_id, article) in cited.items()
    }


def _sheets(exam_id: int, named: str) -> Iterable[tuple[int, bool, str, str]]:
    """The sheet that counts of each candidate: lft, whether of the 领导班子, layout, marks."""
    rows = db.session.execute(
        select(Candidate.lft, Candidate.category, Candidate.post, Attempt.layout, AttemptMark.marks)
        .join(Attempt, Attempt.candidate_id == Candidate.id)
        .join(
            Closing,
            and_(
                *(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None)),
                Closing.closed_at == Candidate.finished_at,
            ),
        )
        .join(MarkingRun, and_(MarkingRun.exam_id == Candidate.exam_id, MarkingRun.state == "current"))
        .join(AttemptMark, and_(AttemptMark.closing_id == Closing.id, AttemptMark.run_id == MarkingRun.id))
        .where(Candidate.exam_id == exam_id, Candidate.status == "expected", Candidate.sat)
        .where(AttemptMark.total == Candidate.points)
        .execution_options(yield_per=CHUNK)
    )
    for lft, category, post, layout, marks in rows:
        yield lft, seeing.is_leading(category, post, named), layout, marks


def _earned(
    sheets: Iterable[tuple[int, bool, str, str]], chapter_of: Mapping[int, str], keys: list[str]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """By lft, for each key: who had a question of it, points earned, points possible; of everybody, and of the
    领导班子."""
    place = {revision: 3 * keys.index(key) for revision, key in chapter_of.items()}
    everybody: dict[int, list[int]] = defaultdict(lambda: [0] * (3 * len(keys)))
    boards: dict[int, list[int]] = defaultdict(lambda: [0] * (3 * len(keys)))
    for lft, leading, layout, marks in sheets:
        own = _of_one(layout, marks, place)
        for sums in (everybody[lft], boards[lft]) if leading else (everybody[lft],):
            for at, (earned, possible) in own.items():
                sums[at] += 1
                sums[at + 1] += earned
                sums[at + 2] += possible
    return dict(everybody), dict(boards)


def _of_one(layout: str, marks: str, place: Mapping[int, int]) -> dict[int, list[int]]:
    """A sheet's points earned and possible, by the place of their chapter."""
    found: dict[int, list[int]] = {}
    for slot, earned in zip(layout.split(" "), marks.split("."), strict=True):
        revision, _, points = slot.split(":")
        if int(revision) not in place:
            continue
        sums = found.setdefault(place[int(revision)], [0, 0])
        sums[0] += int(earned)
        sums[1] += int(points)
    return found
