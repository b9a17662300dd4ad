"""学情简报 of a unit: to look at, to print and as a Word file."""

from typing import Any

from flask import render_template, request

from quizapp import clock, config
from quizapp.errors import Refused
from quizapp.people.access import acting_as
from quizapp.people.models import Unit
from quizapp.practice.access import practising
from quizapp.replica import from_replica
from quizapp.reports import access, daily
from quizapp.reports.documents import briefing_docx, files
from quizapp.reports.pages import bp
from quizapp.reports.queries import units_above
from quizapp.reports.study import briefing, choices, maps, queries, texts
from quizapp.reports.study.briefing import Briefing, Weak
from quizapp.reports.study.queries import Kept


@bp.get("/reports/briefing", endpoint="index_briefing")
@acting_as(*access.COMPLETION)
@practising  # they quote the law and its questions: closed while one sits an exam
@from_replica
def page() -> Any:
    """The briefing as it reads; why there is none yet, or none at all."""
    unit = access.unit_or_404(request.args.get("unit", type=int))
    kept, smallest = queries.alone(unit), config.value("SMALLEST_GROUP")
    few = kept is not None and kept.whole.people < smallest
    return render_template(
        "reports/study/briefing.html",
        unit=unit,
        kept=kept,
        few=few,
        smallest=smallest,
        briefing=_told(unit, kept, smallest) if kept and not few else None,
        path=units_above(unit),
    )


@bp.get("/reports/briefing/file.docx", endpoint="index_briefing_file")
@acting_as(*access.COMPLETION)
@practising  # they quote the law and its questions: closed while one sits an exam
@from_replica
def file() -> Any:
    """The same words as a Word file. Refused where the page has nothing to tell."""
    unit = access.unit_or_404(request.args.get("unit", type=int))
    kept, smallest = queries.alone(unit), config.value("SMALLEST_GROUP")
    if kept is None:
        raise Refused("not_yet", "各单位数据还没有统计，没有生成文件。", "每5分钟更新一次，请稍后重试。")
    if kept.whole.people < smallest:
        raise Refused("few", f"本单位不足{smallest}人，不生成学情简报。", "可查看上级单位的学情简报。")
    told = _told(unit, kept, smallest)
    return files.sent(briefing_docx.write(told), f"{told.unit}{told.title}（{told.day}）", "docx")


def _told(unit: Unit, kept: Kept, smallest: int) -> Briefing:
    """What the kept figures say of a unit of at least `smallest` people. A constant number of statements."""
    today = clock.today()
    first = choices.first_day(today)
    found = texts.practised(kept.whole.articles)
    of_key = {key: text for text in found for key in text.keys}
    rows = maps.weakest(maps.rows(kept.whole, [], list(of_key), smallest))[: briefing.WEAKEST]
    asked = choices.of_articles(unit, [row.key for row in rows]) if rows else {}
    wrong = briefing.most_wrong_each([asked.get(row.key, ()) for row in rows], smallest)
    weak = [
        Weak(
            regulation=f"《{text.law.title}》" if len(found) > 1 else "",
            article=text.article(row.key).in_words,
            chapter=text.chapter(row.key).title if text.chapter(row.key).number else "",
            text=text.law.words(text.article(row.key).number),
            mastery=row.whole.text,
            wrong=own,
        )
        for row, own in zip(rows, wrong, strict=True)
        for text in (of_key[row.key],)
    ]
    counts = daily.kept(kept.whole, first)
    return briefing.compose(unit.name, counts, weak, kept.as_of, today, choices.DAYS, smallest)
