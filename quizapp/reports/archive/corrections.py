"""评分更正记录: every marking run with its author, its reason, and what it changed. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from quizapp import dates
from quizapp.attempts.corrections import treatments
from quizapp.exams.exception_words import VEILED
from quizapp.reports.archive.readable import Part

TREATMENTS = {"normal": "按答案评分"} | treatments.WORDS
STATES = {"current": "现行", "past": "已被更正", "prepared": "没有启用"}
HEADINGS = ("试题", "原答案", "原处理", "更正后答案", "更正后处理")
LETTERS = "答案字母按题库中选项的顺序书写；选项打乱时与考生所见可能不同。几个答案都算对时以“或”分开。"


def parts(runs: Iterable[Any], stems: Mapping[int, str], *, keys: bool) -> list[Part]:
    """A part for each run. runs: see `queries.Run`; stems: by revision; keys: whether answers may be told."""
    found = [Part("", lines=(LETTERS,))]
    for run in runs:
        facts = [
            ("状态", STATES[run.row.state]),
            ("时间", dates.minute(run.row.created_at)),
            ("提出", run.by or "系统（发布时固定）"),
            ("理由", _reason(run, keys=keys)),
            (
                "批准",
                f"{run.approved[1] or '系统'}，{dates.minute(run.approved[0])}" if run.approved else "—",
            ),
            ("更正试题", f"{len(run.changed)}道"),
            *([("原来得分较高的人", treatments.POLICIES["better"])] if run.better else []),
        ]
        rows = [
            [stems.get(one, f"试题版本{one}"), *_words(before), *_words(after)]
            for one, (before, after) in sorted(run.changed.items())
        ]
        title = f"第{run.row.number}次评分"
        if rows and keys:
            found.append(Part(title, facts=facts, headings=HEADINGS, rows=rows.__iter__))
        else:
            found.append(Part(title, facts=facts))
    return found


def _reason(run: Any, *, keys: bool) -> str:
    """As it was typed; it may name an answer, and is left out with the answers."""
    if run.row.number == 1:
        return run.reason or "首次评分"
    return (run.reason if keys else VEILED) if run.reason else "—"


def _words(key: Any) -> tuple[str, str]:
    """(AC或BD, 按答案评分)"""
    accepted = "或".join(sorted("".join(sorted(letters)) for letters in key.accepted))
    return accepted or "—", TREATMENTS.get(key.treatment, key.treatment)
