"""各条掌握度: articles down, units across; and one article with its words and every unit."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for

from quizapp import config
from quizapp.errors import not_found
from quizapp.people.access import acting_as
from quizapp.people.models import Unit
from quizapp.practice.access import practising
from quizapp.replica import from_replica
from quizapp.reports import access
from quizapp.reports.pages import bp
from quizapp.reports.queries import units_above
from quizapp.reports.study import maps, queries, texts
from quizapp.reports.study.queries import Kept, Part
from quizapp.reports.study.texts import Text

ACROSS = 12  # units beside each other
ORDERS = ("order", "weakest")


@bp.get("/reports/mastery", endpoint="index_mastery")
@acting_as(*access.COMPLETION)
@practising  # they quote the law and its questions: closed while one sits an exam
@from_replica
def mastery() -> Any:
    """The articles of a regulation in its order, or the weakest first; a dozen units beside each other."""
    unit = access.unit_or_404(request.args.get("unit", type=int))
    order = request.args.get("sort", "order")
    if order not in ORDERS:
        not_found()
    smallest, kept = config.value("SMALLEST_GROUP"), queries.figures(unit)
    found = texts.practised(kept.whole.articles) if kept else []
    text = _asked(found)

    def here(**changes: Any) -> str:
        asked = {"unit": unit.id, "regulation": text.slug if text else None, "sort": order} | changes
        return url_for(".index_mastery", **asked)

    return render_template(
        "reports/study/mastery.html",
        **_around(unit, kept, smallest, here),
        regulations=[(one, here(regulation=one.slug)) for one in found],
        text=text,
        order=order,
        **(_shown(kept, text, order, smallest) if kept and text else {}),
    )


def _asked(found: Sequence[Text]) -> Text | None:
    """The regulation that was asked for, without a choice the first; 404 for one without figures."""
    slug = request.args.get("regulation")
    if slug is None:
        return found[0] if found else None
    return next((text for text in found if text.slug == slug), None) or not_found()


def _around(unit: Unit, kept: Kept | None, smallest: int, here: Any) -> dict[str, Any]:
    return {
        "unit": unit,
        "kept": kept,
        "smallest": smallest,
        "few": kept is not None and kept.whole.people < smallest,
        "tints": maps.legend(),
        "here": here,
        "path": [(above.name, here(unit=above.id)) for above in units_above(unit)],
    }


def _shown(kept: Kept, text: Text, order: str, smallest: int) -> dict[str, Any]:
    rows = maps.rows(kept.whole, [part.study for part in kept.parts], text.keys, smallest)
    columns = [place for place in range(len(kept.parts)) if any(row.cells[place] is not None for row in rows)]
    pages = max(1, -(-len(columns) // ACROSS))
    page = min(max(request.args.get("page", 1, int), 1), pages)
    shown = columns[ACROSS * (page - 1) : ACROSS * page]
    return {
        "rows": maps.weakest(rows) if order == "weakest" else rows,
        "columns": [(place, kept.parts[place]) for place in shown],
        "untold": [part.name for place, part in enumerate(kept.parts) if place not in columns],
        "without": len(text.keys) - len(rows),
        "units": len(columns),
        "page": page,
        "pages": pages,
    }


@bp.get("/reports/mastery/article", endpoint="index_mastery_article")
@acting_as(*access.COMPLETION)
@practising  # they quote the law and its questions: closed while one sits an exam
@from_replica
def article() -> Any:
    """One article: its words, how well each unit has mastered it, and the way down."""
    unit = access.unit_or_404(request.args.get("unit", type=int))
    smallest, kept = config.value("SMALLEST_GROUP"), queries.figures(unit)
    slug, number = request.args.get("regulation", ""), request.args.get("article", "")
    key = f"{slug}:{number}"
    known = texts.practised([key])
    text = known[0] if known else None
    if text is None or key not in text.keys:
        not_found()

    def here(**changes: Any) -> str:
        asked: dict[str, Any] = {"unit": unit.id, "regulation": slug, "article": number} | changes
        return url_for(".index_mastery_article", **asked)

    found = maps.rows(kept.whole, [part.study for part in kept.parts], [key], smallest) if kept else []
    lines: list[tuple[Part, maps.Cell | None]] = []
    if kept and found:
        lines = list(zip(kept.parts, found[0].cells, strict=True))
    return render_template(
        "reports/study/article.html",
        **_around(unit, kept, smallest, here),
        text=text,
        article=text.article(key),
        chapter=text.chapter(key),
        row=found[0] if found else None,
        lines=lines,
    )
