"""Whether the counters say what the results say: for `quizapp reports reconcile`. A constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from quizapp.db import db
from quizapp.exams import tallies
from quizapp.exams.models import Exam, ExamUnit, Tally

WORDS = {
    "listed": "名册人数",
    "exempt": "免考",
    "deferred": "缓考",
    "expected": "应考人数",
    "started": "已开始",
    "submitted": "实考",
    "passed": "合格人数",
    "excellent": "优秀人数",
    "points": "总分（0.1分）",
}
NAMED = 200  # units whose differences are named one by one


@dataclass(frozen=True)
class Difference:
    """A counter that differs. unit: by its name in the exam's tree; stored: as reports show; counted: what is right."""

    exam: str
    unit: str
    counter: str
    stored: int
    counted: int

    @property
    def sentence(self) -> str:
        return f"“{self.exam}”{self.unit}：{self.counter}的统计为{self.stored}，按成绩核算为{self.counted}。"


@dataclass(frozen=True)
class Reconciled:
    """How many exams and units were compared, in how many units something differs, and what: of the first ones."""

    exams: int
    units: int
    wrong: int
    differences: Sequence[Difference]


def reconcile() -> Reconciled:
    """Count all published exams anew from the results of their candidates. Four statements."""
    published = select(Exam.id).where(Exam.published_at.is_not(None))
    exams = db.session.scalar(select(func.count()).select_from(published.subquery())) or 0
    units = db.session.scalar(select(func.count()).select_from(Tally)) or 0
    found = tallies.all_faults(published)
    places = [(exam_id, lft) for exam_id, wrong in found.items() for lft in wrong]
    named = _names(places[:NAMED])
    differences = [
        Difference(*named[exam_id, lft], WORDS[counter], *pair)
        for exam_id, lft in places[:NAMED]
        for counter, pair in found[exam_id][lft].items()
    ]
    return Reconciled(exams, units, len(places), differences)


def _names(places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], tuple[str, str]]:
    """Exam and unit in words. A counter of a unit that the exam does not have is told by its number."""
    here = [and_(ExamUnit.exam_id == exam_id, ExamUnit.lft == lft) for exam_id, lft in places]
    rows = (
        db.session.execute(
            select(Exam.id, Exam.title, ExamUnit.lft, ExamUnit.name)
            .outerjoin(ExamUnit, and_(ExamUnit.exam_id == Exam.id, or_(*here)))
            .where(Exam.id.in_({exam_id for exam_id, _ in places}))
        ).all()
        if places
        else []
    )
    titles = {exam_id: title for exam_id, title, _, _ in rows}
    units = {(exam_id, lft): name for exam_id, _, lft, name in rows}
    return {
        (exam_id, lft): (titles[exam_id], units.get((exam_id, lft), f"（序号{lft}的单位）"))
        for exam_id, lft in places
    }
