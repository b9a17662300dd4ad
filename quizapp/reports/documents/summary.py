"""考试情况汇总表: what stands in the table of an exam and a unit, in every format. Pure.

Figures come from `completion`, as on the page: counts as numbers, rates as they are printed.
"""

from collections.abc import Mapping, Sequence

from quizapp.reports.completion import DEFINITIONS, UnitRow
from quizapp.reports.documents.form import Cell, Form, titled

RATES = ("参考率", "合格率", "应考合格率", "优秀率", "平均分")
MEDIAN = "中位数"


def headings(*, over: bool, median: bool) -> tuple[str, ...]:
    """The columns. over: nobody can sit it any more, so that who has not is absent; median: medians are known."""
    counts = ("名册人数", "免考", "缓考", "应考人数", "实考", "缺考" if over else "未考")
    return ("单位", *counts, *RATES, *((MEDIAN,) if median else ()))


def summary(
    exam: str,
    facts: Sequence[tuple[str, str]],
    whole: UnitRow,
    parts: Sequence[UnitRow],
    *,
    over: bool,
    medians: Mapping[UnitRow, str] | None = None,
) -> Form:
    """The form of a unit, each part a row in the order given, the whole below them.

    exam: its title. medians: as printed, by row; without them the table has no such column.
    """
    rows = [*parts, UnitRow(whole.unit_id, "合计", False, False, whole.counts)]
    middles = None if medians is None else [medians.get(row, "—") for row in (*parts, whole)]
    return Form(
        titled(exam, "情况汇总表"),
        tuple(facts),
        headings(over=over, median=middles is not None),
        tuple(
            (*_cells(row), *(() if middles is None else (middles[place],))) for place, row in enumerate(rows)
        ),
        f"注：{DEFINITIONS}",
    )


def _cells(row: UnitRow) -> tuple[Cell, ...]:
    counts, words = row.counts, row.counts.words
    counted = (
        counts.listed,
        counts.exempt,
        counts.deferred,
        counts.expected,
        counts.submitted,
        counts.missing,
    )
    return (row.name, *counted, *(words[name] for name in RATES))
