"""What a candidate is told of a correction on the own page of the exam: as much as the release settings show, and
nothing before them. Only who is affected is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from quizapp.attempts import layout as layouts
from quizapp.attempts import marks as marking
from quizapp.attempts.corrections import treatments
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.models import Attempt, AttemptMark, Closing, MarkingRun
from quizapp.db import db
from quizapp.exams.drawing import Place
from quizapp.exams.release import Shown
from quizapp.figures import points


@dataclass(frozen=True)
class Notice:
    """One correction of one sheet."""

    at: datetime
    number: int  # 第N次考试
    lines: Sequence[str]


def of_candidate(exam_id: int, candidate_id: int, shown: Shown) -> list[Notice]:
    """The newest first. At most two statements, one where nothing was corrected; none where nothing shows yet."""
    if not shown.anything:
        return []
    rows = _affected(exam_id, candidate_id)
    keys = _keys({run_id for row in rows for run_id in (row.base_id, row.run_id)}) if shown.right else {}
    return [Notice(row.decided_at, row.number, _lines(row, keys, shown)) for row in rows]


def _affected(exam_id: int, candidate_id: int) -> Sequence[Any]:
    old, new = aliased(AttemptMark), aliased(AttemptMark)
    return db.session.execute(
        select(*(Correction.run_id, Correction.base_id, Correction.decided_at))
        .add_columns(Attempt.number, Attempt.layout)
        .add_columns(old.total.label("before"), new.total.label("after"))
        .join(Attempt, Attempt.exam_id == Correction.exam_id)
        .join(Closing, and_(Closing.attempt_id == Attempt.id, Closing.withdrawn_at.is_(None)))
        .join(old, and_(old.closing_id == Closing.id, old.run_id == Correction.base_id))
        .join(new, and_(new.closing_id == Closing.id, new.run_id == Correction.run_id))
        .where(Correction.exam_id == exam_id, Correction.state == "approved")
        .where(Attempt.candidate_id == candidate_id, Attempt.state.in_(("submitted", "expired")))
        .where(or_(old.total != new.total, old.marks != new.marks))
        .order_by(Correction.run_id.desc(), Attempt.number)
    ).all()


def _keys(run_ids: set[int]) -> dict[int, marking.Keys]:
    if not run_ids:
        return {}
    rows = db.session.execute(select(MarkingRun.id, MarkingRun.keys).where(MarkingRun.id.in_(run_ids)))
    return {run_id: marking.keys_from_json(stored) for run_id, stored in rows}


def _lines(row: Any, keys: Mapping[int, marking.Keys], shown: Shown) -> list[str]:
    said = []
    if shown.right:
        before, after = keys[row.base_id], keys[row.run_id]
        for number, place in enumerate(layouts.from_text(row.layout), 1):
            one, other = before[place.revision_id], after[place.revision_id]
            if one != other:
                said.append(_question(number, place, one, other, shown))
    if not said:
        said.append("本场考试有试题的标准答案经复核更正。")
    if shown.score and row.before != row.after:
        said.append(f"您的得分由{points(row.before)}分改为{points(row.after)}分。")
    elif shown.score:
        said.append(f"您的得分仍为{points(row.after)}分。")
    return said


def _question(number: int, place: Place, before: marking.Key, after: marking.Key, shown: Shown) -> str:
    if shown.key:
        return f"第{number}题：{_displayed(place, before)}改为{_displayed(place, after)}。"
    if after.treatment != "normal":
        return f"第{number}题：{treatments.in_words(after)}。"
    return f"第{number}题的标准答案经复核更正。"


def _displayed(place: Place, key: marking.Key) -> str:
    """A key in the letters of this paper: “B”, “A或C”, 送分."""
    if key.treatment != "normal":
        return treatments.in_words(key)
    sets = [layouts.displayed_letters(place, letters) for letters in key.accepted]
    if key.kind == "judge":
        sets = ["".join(sorted(letters)) for letters in key.accepted]  # its words stand, whatever the order
    return f"“{treatments.answers_in_words(sets, key.kind)}”"
