"""What would follow from an intervention, before it is asked for and before it is approved: line by line."""

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.attempts.certificates import queries as certificates
from quizapp.attempts.interventions import rules
from quizapp.exams import bands
from quizapp.exams.models import Exam
from quizapp.figures import points

HIDDEN = "由上级单位和本人查看"


@dataclass(frozen=True)
class Line:
    """One thing that may change. before, after: in words, equal where it stays."""

    what: str
    before: str
    after: str

    @property
    def stays(self) -> bool:
        return self.before == self.after


@dataclass(frozen=True)
class Case:
    """A candidate's attempts, and what hangs on the one that counts. hides: the reader may not see the score."""

    exam: Exam
    sheets: Mapping[int, rules.Sheet]  # by attempt id
    certificate: bool  # one stands now
    hides: bool

    @property
    def counted(self) -> rules.Sheet | None:
        return rules.counted(list(self.sheets.values()), self.exam.counts)

    def score(self, one: rules.Sheet | None) -> str:
        """第2次考试，8分."""
        if one is None or one.total is None:
            return "没有计分的答卷"
        return f"第{one.number}次考试" if self.hides else f"第{one.number}次考试，{points(one.total)}分"

    def total(self, one: rules.Sheet) -> str:
        """9分, as far as it may be seen."""
        if one.total is None:
            return "—"
        return HIDDEN if self.hides else f"{points(one.total)}分"

    def lines(self, kind: str, attempt_id: int) -> list[Line]:
        """What follows from doing this to the attempt."""
        then = rules.after(kind, list(self.sheets.values()), self.sheets[attempt_id].number)
        old, new = self.counted, rules.counted(then, self.exam.counts)
        found = [Line("计分的答卷", self.score(old), self.score(new))]
        if not self.hides:
            found.append(Line("合格与否", self._passed(old), self._passed(new)))
        found.append(Line("统计", "计入实考" if old else "不计入实考", "计入实考" if new else "不计入实考"))
        if self.certificate:
            found.append(Line("合格证", "有效", self._certificate(old, new)))
        return found

    def _passed(self, one: rules.Sheet | None) -> str:
        if one is None or one.total is None:
            return "没有成绩"
        band = bands.band(one.total, self.exam.bands)
        word = "合格" if bands.passed(one.total, self.exam.pass_mark) else "未达到合格线"
        return f"{word}，{band}" if band and band != word else word

    def _certificate(self, old: rules.Sheet | None, new: rules.Sheet | None) -> str:
        if new is None or new.total is None or not bands.passed(new.total, self.exam.pass_mark):
            return "已撤销"
        excellent = [
            bool(one and bands.excellent(one.total or 0, self.exam.excellent_mark)) for one in (old, new)
        ]
        return "有效" if excellent[0] == excellent[1] else "已更正，可领取新的证书"


def case(exam: Exam, candidate_id: int, sheets: Mapping[int, rules.Sheet], *, hides: bool) -> Case:
    """sheets: see `queries.sheets`. One statement where the exam gives certificates, else none."""
    made = certificates.of_candidates([candidate_id])[candidate_id] if exam.certificates else []
    return Case(exam, sheets, certificates.standing_one(made) is not None, hides)
