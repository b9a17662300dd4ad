"""收藏条款, 写笔记, 我的笔记: every person's own, closed like the books during a closed-book exam."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, dates
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.forms import trimmed
from quizapp.regulations import access, noting
from quizapp.regulations.access import reading
from quizapp.regulations.pages import bp
from quizapp.spreadsheets import download


@bp.get("/regulations/notes")
@reading
def notes() -> Any:
    kind = request.args.get("kind", "")
    kind = kind if kind in noting.KINDS else ""
    shelf = noting.shelf(current_user.id, kind, request.args.get("page", 1, int))
    return render_template("regulations/notes.html", shelf=shelf, kind=kind, kinds=noting.KINDS)


@bp.get("/regulations/notes/file")
@reading
def notes_file() -> Any:
    """Everything this person kept, as text."""
    shelf = noting.shelf(current_user.id, size=noting.MOST)
    text = render_template("regulations/notes.txt", kept=shelf.kept, name=current_user.name, now=clock.now())
    name = f"我的笔记{dates.day(clock.today())}.txt"
    return download(text.encode("utf-8-sig"), name, "text/plain; charset=utf-8")


@bp.post("/regulations/notes/<int:note_id>/<act>")
@reading
def note_act(note_id: int, act: str) -> Any:
    """remove: delete it. confirm: the changed words were read, the note still fits."""
    acts = {"remove": (noting.remove, "已删除。"), "confirm": (noting.confirm, "已按现行条文更新。")}
    if act not in acts:
        not_found()
    change, said = acts[act]
    if not change(current_user.id, note_id):
        not_found()
    db.session.commit()
    flash(said, "ok")
    return redirect(url_for("regulations.notes"), 303)


@bp.post("/regulations/<slug>/<anchor>/bookmark")
@reading
def bookmark(slug: str, anchor: str) -> Any:
    """on=1 keeps the provision, anything else lets it go."""
    place = _place(slug, anchor)
    if request.form.get("on") == "1":
        noting.bookmark(current_user.id, place, now=clock.now())
    else:
        noting.unbookmark(current_user.id, place)
    db.session.commit()
    return redirect(url_for("regulations.article", slug=slug, article=anchor), 303)


@bp.route("/regulations/<slug>/<anchor>/note", methods=["GET", "POST"])
@reading
def note(slug: str, anchor: str) -> Any:
    opened = access.open_or_404(slug, None)
    article = access.provision_or_404(opened.law, anchor)
    if request.method == "POST":
        place = noting.Place(opened.regulation.id, anchor, opened.law.words(anchor))
        noting.write(current_user.id, place, trimmed(request.form.get("text", "")) or "", now=clock.now())
        db.session.commit()
        flash("已保存，只有本人可以看到。" if request.form.get("text", "").strip() else "笔记已清除。", "ok")
        return redirect(url_for("regulations.article", slug=slug, article=anchor), 303)
    own = noting.on_page(current_user.id, opened.regulation.id, [article.number])
    return render_template(
        "regulations/note.html",
        opened=opened,
        law=opened.law,
        anchor=anchor,
        own=own.get(anchor),
        longest=noting.LONGEST,
    )


def _place(slug: str, anchor: str) -> noting.Place:
    opened = access.open_or_404(slug, None)
    access.provision_or_404(opened.law, anchor)
    return noting.Place(opened.regulation.id, anchor, opened.law.words(anchor))
