"""考试情况汇总表: what stands in the table of an exam and a unit, in every format. Pure.

Figures come from `completion`, as on the page: counts as numbers, rates as they are printed.
"""

from collections.abc import Sequence
from dataclasses import replace

from quizapp.reports.completion import DEFINITIONS, DEFINITIONS_OF_COMPLETION, UnitRow, without
from quizapp.reports.documents.form import Cell, Form, titled

TAKEN = "参考率"
OF_SCORES = ("合格率", "应考合格率", "优秀率", "平均分")  # only for who may see 成绩
MEDIAN = "中位数"


def headings(*, over: bool, scores: bool) -> tuple[str, ...]:
    """The columns. over: nobody can sit it any more, so that who has not is absent; scores: what was scored, too."""
    counts = ("名册人数", "免考", "缓考", "应考人数", "实考", "缺考" if over else "未考")
    return ("单位", *counts, TAKEN, *((*OF_SCORES, MEDIAN) if scores else ()))


def summary(
    exam: str,
    facts: Sequence[tuple[str, str]],
    whole: UnitRow,
    parts: Sequence[UnitRow],
    *,
    over: bool,
    scores: bool,
) -> Form:
    """The form of a unit, each part a row in the order given, the whole below them.

    exam: its title. scores: with what was scored, for who may see it.
    """
    rows = [*parts, replace(whole, name="合计")]
    return Form(
        titled(exam, "情况汇总表"),
        tuple(facts),
        headings(over=over, scores=scores),
        tuple(_cells(row, scores=scores) for row in rows),
        f"注：{DEFINITIONS if scores else DEFINITIONS_OF_COMPLETION}{without(whole.apart) if scores else ''}",
    )


def _cells(row: UnitRow, *, scores: bool) -> tuple[Cell, ...]:
    counts, words = row.counts, row.words
    counted = (
        counts.listed,
        counts.exempt,
        counts.deferred,
        counts.expected,
        counts.submitted,
        counts.missing,
    )
    scored = (*(words[name] for name in OF_SCORES), row.median) if scores else ()
    return (row.name, *counted, words[TAKEN], *scored)
