"""What a paper looks like, and what it is drawn from."""

from typing import Any

from flask import render_template, request
from flask_login import current_user

from quizapp.bank import queries as bank
from quizapp.exams import access, blueprint, marking_rules, queries
from quizapp.exams.drawing import LETTERS
from quizapp.exams.pages import bp, makers

PER_PAGE = 50  # questions of the pool on one page


@bp.get("/exams/<int:exam_id>/preview")
@makers
def preview(exam_id: int) -> Any:
    """A paper as a candidate would see it. ?n= shows another draw; no number belongs to a real candidate."""
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    number = min(max(request.args.get("n", 1, int), 1), 999)
    source = queries.source(exam)
    try:
        places = source.paper("preview", number)
    except ValueError:
        places = []
    faces = bank.faces([place.revision_id for place in places])
    questions: list[dict[str, Any]] = [
        {
            "number": at,
            "face": faces[place.revision_id],
            "options": [
                (shown, faces[place.revision_id].options[LETTERS.index(own)])
                for shown, own in zip(LETTERS, place.order, strict=False)
            ],
            "points": place.points,
        }
        for at, place in enumerate(places, start=1)
    ]
    sections = [
        (blueprint.WORDS[kind], [one for one in questions if one["face"].kind == kind])
        for kind in blueprint.KINDS
    ]
    return render_template(
        "exams/preview.html",
        exam=exam,
        number=number,
        sections=[(word, own) for word, own in sections if own],
        rule=marking_rules.in_words(exam.multiple_rule),
    )


@bp.get("/exams/<int:exam_id>/questions")
@makers
def questions(exam_id: int) -> Any:
    """Every question that a paper of this exam may draw: pinned ones once it is published."""
    exam = access.exam_or_404(exam_id)
    access.may_draw(exam)
    source = queries.source(exam)
    page, pages = _page(len(source.slots), PER_PAGE)
    shown = source.slots[(page - 1) * PER_PAGE : page * PER_PAGE]
    ids = [slot.revision_id for slot in shown]
    hidden = queries.hidden(ids, exam, current_user.id)
    return render_template(
        "exams/questions.html",
        exam=exam,
        rows=shown,
        faces=bank.faces(ids),
        cited=bank.citations(queries.cited([one for one in ids if one not in hidden])),
        hidden=hidden,
        page=page,
        pages=pages,
        total=len(source.slots),
    )


def _page(total: int, size: int) -> tuple[int, int]:
    pages = max(1, -(-total // size))
    return min(max(request.args.get("page", 1, int), 1), pages), pages
