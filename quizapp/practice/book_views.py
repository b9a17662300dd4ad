"""错题本 and 收藏: looking through them by chapter, changing them by hand, printing; and one's own certainty."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp import clock, config
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.exams.blueprint import WORDS
from quizapp.people.pages import next_given
from quizapp.practice import access, certainty, putting_by, queries
from quizapp.practice.access import practising
from quizapp.practice.drawing import Entry
from quizapp.practice.pages import bp


@bp.get("/practice/wrong")
@practising
def wrong() -> ResponseReturnValue:
    """The wrong-question book, chapter by chapter; show=out: what was taken out of it by hand."""
    out = request.args.get("show") == "out"
    inside = queries.wrong_entries(current_user.id)
    outside = putting_by.taken_out_entries(current_user.id)
    return render_template(
        "practice/wrong.html",
        out=out,
        inside=len(inside),
        outside=len(outside),
        days=config.value("WRONG_BOOK_DAYS"),
        changed=_changed(),
        **_book(outside if out else inside),
    )


def _changed() -> int | None:
    """The question that the person has just taken out or put back, for the undoing of it."""
    return request.args.get("changed", type=int)


def _book(entries: Sequence[Entry]) -> dict[str, Any]:
    """The questions by chapter, as far as the filter (kind, chapter) lets them through."""
    kind, chapter = request.args.get("kind", ""), request.args.get("chapter", "")
    states = queries.states(current_user.id, clock.now())
    faces = bank.faces(entry.revision_id for entry in entries)
    wanted = [entry for entry in entries if kind in ("", entry.kind)]
    groups = []
    for state in states:
        for one in state.chapters:
            there = set(one.questions)
            chosen = [faces[e.revision_id] for e in wanted if e.revision_id in there]
            if chosen and chapter in ("", one.key):
                groups.append((state, one, chosen))
    return {
        "groups": groups,
        "total": sum(len(chosen) for _, _, chosen in groups),
        "several": len(states) > 1,
        "chapters": [(one.key, one.title) for state in states for one in state.chapters],
        "kinds": WORDS,
        "kind": kind,
        "chapter": chapter,
    }


@bp.post("/practice/wrong/<int:question_id>")
@practising
def change_wrong(question_id: int) -> ResponseReturnValue:
    """act=out takes a question out of the book by hand, act=back puts it into it again."""
    access.question_or_404(question_id)
    out = request.form.get("act") == "out"
    putting_by.take_out(current_user.id, question_id, out, clock.now())
    db.session.commit()
    show = None if out or request.form.get("undo") else "out"
    changed = None if request.form.get("undo") else question_id
    return redirect(url_for("practice.wrong", show=show, changed=changed), 303)


@bp.get("/practice/wrong/print")
@practising
def wrong_print() -> ResponseReturnValue:
    """The book on paper: every question with its answer, its law and why."""
    book = _book(queries.wrong_entries(current_user.id))
    fulls = bank.full(face.revision_id for _, _, faces in book["groups"] for face in faces)
    return render_template("practice/wrong_print.html", fulls=fulls, today=clock.today(), **book)


@bp.get("/practice/favourites")
@practising
def favourites() -> ResponseReturnValue:
    """收藏, chapter by chapter."""
    entries = putting_by.favourite_entries(current_user.id)
    return render_template(
        "practice/favourites.html", inside=len(entries), changed=_changed(), **_book(entries)
    )


@bp.post("/practice/favourites/<int:question_id>")
@practising
def keep_favourite(question_id: int) -> ResponseReturnValue:
    """on=1 stars a question, on=0 takes the star away; next is the page to come back to."""
    access.question_or_404(question_id)
    on = request.form.get("on") == "1"
    putting_by.keep_favourite(current_user.id, question_id, on, clock.now())
    db.session.commit()
    changed = None if on else question_id
    return redirect(next_given() or url_for("practice.favourites", changed=changed), 303)


@bp.get("/practice/certainty")
@practising
def own_certainty() -> ResponseReturnValue:
    """Whether one is asked for one's certainty, and how often it was justified."""
    levels = putting_by.calibration(current_user.id)
    return render_template(
        "practice/certainty.html",
        asked=putting_by.asks_certainty(current_user.id),
        levels=levels,
        finding=certainty.finding(levels),
        enough=certainty.ENOUGH,
    )


@bp.post("/practice/certainty")
@practising
def ask_certainty() -> ResponseReturnValue:
    putting_by.ask_certainty(current_user.id, request.form.get("on") == "1", clock.now())
    db.session.commit()
    return redirect(url_for("practice.own_certainty"), 303)
