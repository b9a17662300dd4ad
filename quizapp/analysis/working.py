"""From the sheets of an exam to the rows that pages read. Pure.

Whole and forms are stored as JSON, shaped as the functions here say; marks are tenths of a 分.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from quizapp.analysis import distractors, doubts, flags, items, linking, rasch, whole
from quizapp.analysis.sheets import Sheets
from quizapp.exams.steps import STEP, step_count

PATTERNS = 8  # whole answers of a question that are kept, the most frequent
Done = Callable[[int], None]


@dataclass(frozen=True)
class Asked:
    """What is known of a question beside its marks. options: how many; key: letters of every accepted answer; rated:
    the author's difficulty, 1…5."""

    kind: str
    options: int
    key: frozenset[str]
    rated: int


def nobody(_done: int) -> None:
    """Who does not care how far the work is."""


def item_rows(sheets: Sheets, asked: Mapping[int | str, Asked], done: Done = nobody) -> list[dict[str, Any]]:
    """A row of `item_statistic` for each item, in the order of the sheets, without the exam's id.

    done: told how many items are finished. Raises KeyError for an item that is not in `asked`.
    """
    scale = rasch.difficulties(sheets) if sheets.size else None
    logits = list(scale.difficulties) if scale and scale.converged else [None] * len(sheets.ids)
    rows = []
    for place, (item, logit) in enumerate(zip(items.statistics(sheets), logits, strict=True)):
        rows.append(_row(sheets, place, item, asked[item.id], logit))
        done(place + 1)
    return rows


def _row(
    sheets: Sheets, place: int, item: items.ItemStatistics, about: Asked, logit: rasch.Difficulty | None
) -> dict[str, Any]:
    drew = distractors.of(sheets, place, about.options, about.key)
    told = flags.of(item, drew, about.rated)
    options = [asdict(one) | {"quintiles": list(one.quintiles)} for one in drew]
    against = "".join(flag.letters for flag in told if flag.code == "best_choose")
    codes = [flag.code for flag in told]
    return {
        "revision_id": item.id,
        "position": place + 1,
        "points": round(item.maximum),
        "sheets": item.attempts,
        "facility": item.facility,
        "deviation": item.deviation,
        "guess": items.guess_score(about.kind, about.options),
        "discrimination": item.discrimination,
        "efficiency": item.efficiency,
        "intended": item.intended_weight,
        "effective": item.effective_weight,
        "rasch": logit.logit if logit else None,
        "rasch_error": logit.error if logit else None,
        "flags": f",{','.join(codes)}," if codes else "",
        "told": [[flag.code, flag.letters, flag.evidence] for flag in told],
        "doubt": doubts.of_figures(codes, item.discrimination, options, against),
        "options": options,
        "patterns": [list(one) for one in distractors.pattern(sheets, place)[:PATTERNS]],
    }


def whole_of(sheets: Sheets, full: int, left_out: int = 0) -> dict[str, Any]:
    """The test's figures: the fields of `whole.TestStatistics`, full, and steps: how many scored 0–9.9, 10–19.9 … 分.

    full: marks of the whole paper, tenths. left_out: questions that are no part of the sheets (送分, 作废); then full
    is what the others come to, where that is alike on all papers.
    """
    told = asdict(whole.statistics(sheets)) | {"left_out": left_out}
    if left_out and told["maximum"] is not None:
        full = round(told["maximum"])
    last = step_count(full) - 1
    places = np.minimum(sheets.totals // STEP, last).astype(np.int64)
    steps = np.bincount(places, minlength=last + 1).tolist()
    return told | {"full": full, "steps": steps}


def forms_of(sheets: Sheets, marks: Sequence[int]) -> list[dict[str, Any]]:
    """Each form but the first, linked to the first. marks: totals at which the links are told, tenths.

    {"x": the form, "y": the first (fields of `linking.Form`), "shift", "shift_error",
    "at": [[total, by mean, by linear equating, standard error], …], none where the form does not vary}
    """
    return [
        {
            "x": asdict(one.x),
            "y": asdict(one.y),
            "shift": one.shift,
            "shift_error": one.shift_error,
            "at": [[mark, one.mean(mark), *one.linear(mark)] for mark in marks] if one.x.deviation else [],
        }
        for one in linking.forms(sheets)
    ]
