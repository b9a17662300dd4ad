"""What the heat maps of a unit show: its rows as the job left them, for this reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from quizapp.db import db
from quizapp.exams.access import homes
from quizapp.exams.models import ExamUnit
from quizapp.regulations.queries import laws
from quizapp.reports import apart
from quizapp.reports.heat import Row, Scored, by_chapter, by_day
from quizapp.reports.models import ExamHeat


@dataclass(frozen=True)
class HeatMap:
    """The rows below a unit, the unit's own people (本级) first, and the whole."""

    rows: list[Row]
    whole: Row


@dataclass(frozen=True)
class _Part:
    name: str
    unit_id: int | None
    heat: ExamHeat
    own: bool  # its own people alone


def stored(exam_id: int, unit: ExamUnit) -> ExamHeat | None:
    """The row of a unit; none before the job has been there."""
    return db.session.get(ExamHeat, (exam_id, unit.lft))


def _parts(unit: ExamUnit, heat: ExamHeat) -> list[_Part]:
    below = aliased(ExamUnit)
    deeper = (
        select(below.lft)
        .where(below.exam_id == ExamUnit.exam_id, below.parent_id == ExamUnit.unit_id)
        .exists()
    )
    rows = db.session.execute(
        select(ExamUnit.name, ExamUnit.unit_id, deeper, ExamHeat)
        .join(ExamHeat, and_(ExamHeat.exam_id == ExamUnit.exam_id, ExamHeat.lft == ExamUnit.lft))
        .where(ExamUnit.exam_id == unit.exam_id, ExamUnit.parent_id == unit.unit_id)
        .order_by(ExamUnit.lft)
    )
    found = [_Part(name, unit_id if more else None, row, False) for name, unit_id, more, row in rows]
    own = [_Part(f"{unit.name}（本级）", None, heat, True)] if heat.own_expected else []
    return own + found


def days(unit: ExamUnit, heat: ExamHeat, columns: Sequence[date]) -> HeatMap:
    """How many per cent of 应考 had sat it by each day. One statement."""

    def row(part: _Part) -> Row:
        heat = part.heat
        counts, expected = (heat.own_days, heat.own_expected) if part.own else (heat.days, heat.expected)
        return Row(part.name, part.unit_id, by_day(counts, heat.first, expected, columns))

    return HeatMap([row(part) for part in _parts(unit, heat)], row(_Part("合计", None, heat, False)))


def chapters(unit: ExamUnit, heat: ExamHeat, keys: Sequence[str], smallest: int) -> HeatMap | None:
    """得分率 by chapter, of groups of at least `smallest` people; none while its figures may hold hidden scores. One
    statement.

    From the reader's own unit its 领导班子 is left out, as everywhere: see `reports.apart`.
    """
    hides = unit.unit_id in homes()
    if hides and not apart.is_current(unit.exam_id):
        return None
    parts = _parts(unit, heat)
    scored = [_scored(part, hides=hides and part.own) for part in parts]
    cells = by_chapter(scored, keys, smallest)
    rows = [Row(part.name, part.unit_id, own) for part, own in zip(parts, cells, strict=True)]
    [whole] = by_chapter([_scored(_Part("合计", None, heat, False), hides=hides)], keys, smallest)
    return HeatMap(rows, Row("合计", None, whole))


def _scored(part: _Part, *, hides: bool) -> dict[str, Scored]:
    """By chapter; hides: without the unit's own 领导班子."""
    found = part.heat.chapters
    if found is None:
        return {}
    numbers = found["own" if part.own else "whole"]
    if hides and found["board"]:
        numbers = [all_of_it - board for all_of_it, board in zip(numbers, found["board"], strict=True)]
    return dict(zip(found["keys"], zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True), strict=True))


@dataclass(frozen=True)
class ChapterColumn:
    """The head of a column: 第三章, and what it is called."""

    key: str
    short: str
    heading: str


def columns(heat: ExamHeat) -> list[ChapterColumn]:
    """The chapters of an exam's questions in the order of reading, those without a 依据 last. Two statements."""
    keys = (heat.chapters or {"keys": []})["keys"]
    known = laws({int(key.partition(":")[0]) for key in keys if key})
    found = []
    for edition_id in sorted(known):
        for chapter in known[edition_id].chapters:
            key = f"{edition_id}:{chapter.number}"
            if key in keys:
                short, _, heading = chapter.title.partition("　")
                found.append(ChapterColumn(key, short, heading))
    return found + [ChapterColumn("", "其他", "没有条文依据")] * ("" in keys)
