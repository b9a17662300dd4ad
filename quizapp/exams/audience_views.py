"""The page of a draft's audience: who would be frozen and why, people by name, units that are left out."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access, audience_queries, inviting, unit_offer
from quizapp.exams.list_forms import LeftOutForm, PasteForm, choice, ticked
from quizapp.exams.models import Exam
from quizapp.exams.pages import bp, makers
from quizapp.people.models import Unit

SHOWS = {"listed": "考生", "all": "全部人员", "in": "点名加入", "out": "点名排除"}


@bp.get("/exams/<int:exam_id>/people")
@makers
def people_of(exam_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    if exam.state != "draft":
        return redirect(url_for("exams.candidates", exam_id=exam.id), 303)
    return _page(exam)


def _page(
    exam: Exam, form: PasteForm | None = None, unknown: Any = (), outs: LeftOutForm | None = None
) -> Any:
    day, found = clock.today(), audience_queries.rules(exam)
    words, show = request.args.get("q", "").strip()[:60], request.args.get("show", "listed")
    show, page = show if show in SHOWS else "listed", max(request.args.get("page", 1, int), 1)
    rows, total = audience_queries.page_of(exam, found, day, words=words, show=show, page=page)
    left_out = [(area.unit_id, area.with_below) for area in found.areas if area.excluded]
    body = render_template(
        "exams/people.html",
        exam=exam,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // audience_queries.PAGE)),
        words=words,
        show=show,
        shows=SHOWS,
        count=total if show == "listed" and not words else audience_queries.count(exam, found, day),
        named=list(found.named.values()),
        invited=[area for area in found.areas if not area.excluded],
        away=audience_queries.away(exam.id, found, day),
        offer=unit_offer.offer(db.session.get_one(Unit, exam.unit_id), [unit_id for unit_id, _ in left_out]),
        form=form or PasteForm(formdata=None),
        unknown=unknown,
        outs=outs or LeftOutForm(formdata=None, data={"left_out": left_out}),
    )
    return body, 422 if form is not None or outs is not None else 200


@bp.post("/exams/<int:exam_id>/people")
@makers
def people_named(exam_id: int) -> Any:
    """加入, 排除, or back to what the units say, for the people that are ticked."""
    exam, act, chosen = access.exam_or_404(exam_id), choice("act", ("in", "out", "drop")), ticked()
    if act == "drop":
        done = inviting.unname(exam, chosen, actor_id=current_user.id)
    else:
        done = inviting.name(exam, chosen, out=act == "out", day=clock.today(), actor_id=current_user.id)
    db.session.commit()
    said = {"in": "已点名加入", "out": "已点名排除", "drop": "已取消点名"}[act]
    flash(f"{said}{done}人。", "ok")
    return _back(exam)


@bp.post("/exams/<int:exam_id>/people/accounts")
@makers
def people_pasted(exam_id: int) -> Any:
    """A pasted list of accounts: all of them, or none where one is not known."""
    exam, form = access.exam_or_404(exam_id), PasteForm()
    out = choice("act", ("in", "out")) == "out"
    if not form.validate_on_submit():
        return _page(exam, form)
    day = clock.today()
    meant = audience_queries.called(audience_queries.rules(exam), inviting.logins_of(form.logins.data), day)
    if meant.unknown:
        return _page(exam, form, meant.unknown)
    done = inviting.name(exam, meant.person_ids, out=out, day=day, actor_id=current_user.id)
    db.session.commit()
    flash(f"已点名{'排除' if out else '加入'}{done}人。", "ok")
    return _back(exam, "out" if out else "in")


@bp.post("/exams/<int:exam_id>/people/units")
@makers
def people_units(exam_id: int) -> Any:
    exam, form = access.exam_or_404(exam_id), LeftOutForm()
    form.more_units.holder = db.session.get_one(Unit, exam.unit_id)
    if not form.validate_on_submit():
        if form.left_out.errors:
            choice("", ())  # what no page sends
        return _page(exam, outs=form)
    left_out = form.more_units.added_to(form.left_out.data)
    inviting.leave_out(exam, left_out, actor_id=current_user.id)
    db.session.commit()
    flash("排除的单位已更新。", "ok")
    return _back(exam)


def _back(exam: Exam, show: str | None = None) -> Any:
    show = show or request.form.get("show") or None
    return redirect(url_for("exams.people_of", exam_id=exam.id, show=show if show != "listed" else None), 303)
