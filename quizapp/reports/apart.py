"""The figures of a unit as the reader may see them: without the scores of the 领导班子 whom the reader may not see.

Whoever knows what a unit scored in all and what everybody else in it scored knows what is left. So the own 领导班子 of
a unit is in no sum, rate, median or distribution of scores that is read from that unit; it is seen, alone and in
sums, from the unit above. Who has sat an exam is no secret: 参考率 and its kin count everybody.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import and_, select

from quizapp import config
from quizapp.db import db
from quizapp.exams import seeing
from quizapp.exams.access import homes, perhaps_leading
from quizapp.exams.counting import Standing, contribution
from quizapp.exams.models import Candidate, Exam, ExamUnit
from quizapp.reports import queries, refreshing
from quizapp.reports.completion import Counts, Figures, UnitRow
from quizapp.reports.models import ExamSpread
from quizapp.reports.spread import Spread

Place = tuple[int, int]  # exam, unit


def boards(exam_ids: Collection[int]) -> Mapping[Place, Counts]:
    """The hidden 领导班子 of these exams, as counters by exam and unit. One statement, none where there is nobody."""
    units = homes()
    if not (units and exam_ids):
        return {}
    standing = (Candidate.status, Candidate.started, Candidate.sat, Candidate.points, Candidate.passed)
    rows = db.session.execute(
        select(
            *(Candidate.exam_id, ExamUnit.unit_id, Candidate.category, Candidate.post),
            *(*standing, Candidate.excellent),
        )
        .join(ExamUnit, and_(ExamUnit.exam_id == Candidate.exam_id, ExamUnit.lft == Candidate.lft))
        .where(Candidate.exam_id.in_(exam_ids), ExamUnit.unit_id.in_(units), perhaps_leading())
    )
    found: dict[Place, Counts] = defaultdict(Counts)
    for exam_id, unit_id, category, post, *stands in rows:
        if seeing.is_leading(category, post, config.value("LEADING_STAFF")):
            found[exam_id, unit_id] += Counts(**contribution(Standing(*stands)))
    return found


def by_exam(exam_ids: Collection[int]) -> Mapping[int, Counts]:
    """The hidden 领导班子 of all the reader's units together, by exam. One statement."""
    found: dict[int, Counts] = defaultdict(Counts)
    for (exam_id, _), counts in boards(exam_ids).items():
        found[exam_id] += counts
    return found


@dataclass(frozen=True)
class UnitReport:
    """A unit in an exam for this reader: the whole, its parts, and the figures of the job (none before it has been).

    scored: of whom `spread` tells scores; the 人员类别 of `everybody` hold the completion of all.
    """

    whole: UnitRow
    parts: list[UnitRow]
    spread: Spread | None
    everybody: Spread | None

    @property
    def rows(self) -> list[UnitRow]:
        """The whole first, then its parts: the table of files."""
        return [replace(self.whole, name=f"{self.whole.name}（合计）"), *self.parts]

    @property
    def foot(self) -> UnitRow:
        """The whole, as the last row below its parts."""
        return replace(self.whole, name="合计")

    @property
    def figures(self) -> Figures:
        return Figures(self.whole.counts, self.whole.middle, self.whole.apart)


def unit_report(exam_id: int, unit: ExamUnit) -> UnitReport:
    """The figures of a unit, of its parts, and what the job worked out. A constant number of statements."""
    counts, parts = queries.unit_rows(exam_id, unit)
    hidden = boards([exam_id])
    left_out = hidden.get((exam_id, unit.unit_id), Counts())
    stored = queries.spread_of(exam_id, unit)
    spread = _spread(stored, left_out)
    whole = UnitRow(
        *(unit.unit_id, unit.name, False, False, counts, spread.middle if spread else None), left_out
    )
    return UnitReport(
        whole,
        [_part(part, hidden.get((exam_id, part.unit_id), Counts()), spread) for part in parts],
        spread,
        _whole(stored),
    )


def figures(exam_id: int, unit: ExamUnit) -> Figures:
    """Everything counted of a unit with all below it, for a comparison. Three statements."""
    left_out = boards([exam_id]).get((exam_id, unit.unit_id), Counts())
    found = queries.figures_of(exam_id, unit)
    spread = _spread(queries.spread_of(exam_id, unit), left_out)
    return Figures(found.counts, spread.middle if spread else None, left_out)


def _part(part: UnitRow, left_out: Counts, spread: Spread | None) -> UnitRow:
    """A part without the hidden: 本级 takes its median from the spread of its unit."""
    if not left_out.listed:
        return part
    middle = spread.own_middle if part.own and spread else None
    return replace(part, apart=left_out, middle=middle)


def _spread(stored: ExamSpread | None, left_out: Counts) -> Spread | None:
    """What the job worked out, without the hidden; none where it has not left them out yet."""
    if stored is None or not left_out.listed:
        return _whole(stored)
    return Spread.of_json(stored.apart) if stored.apart and is_current(stored.exam_id) else None


def is_current(exam_id: int) -> bool:
    """Whether the job has followed the setting that names the 领导班子: until then its figures may hold them."""
    made = db.session.get_one(Exam, exam_id).figures
    return made is not None and made["counted"][0] == refreshing.rule_now()


def _whole(stored: ExamSpread | None) -> Spread | None:
    if stored is None:
        return None
    return Spread.of_json([stored.middle, stored.own_middle, stored.steps, stored.levels, stored.categories])
