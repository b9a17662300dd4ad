"""提出更正: choose questions, say how each is treated and why, and have it rehearsed."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.attempts.corrections import access, actions, forms, queries, rehearsal_job, showing, treatments
from quizapp.attempts.corrections.access import correcting
from quizapp.attempts.corrections.models import Correction
from quizapp.attempts.pages import bp
from quizapp.bank import queries as bank
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import access as exam_access
from quizapp.exams import queries as exam_queries
from quizapp.exams.models import Exam

PER_PAGE = 20  # questions to choose from


@bp.route("/exams/<int:exam_id>/corrections/new", methods=["GET", "POST"])
@correcting
def correction_new(exam_id: int) -> Any:
    """?question=<revision> chooses questions beforehand. Only 试算 stores anything; other buttons build the form."""
    exam = exam_access.published_or_404(exam_id)
    [keys] = showing.keys_of(queries.current_id(exam.id))
    ids = _chosen(keys.keys())
    faces = bank.faces(ids)
    hidden = exam_queries.hidden(ids, exam, current_user.id)
    asked = forms.asked(ids, faces, keys, hidden, request.form)
    form = forms.CorrectionForm()
    asking = request.method == "POST" and request.form.get("act") == "ask"
    if asking:
        changes = {one.id: key for one in asked if (key := one.key(keys[one.id])) is not None}
        if form.validate() and asked and len(changes) == len(asked):
            correction = actions.ask(
                exam,
                changes,
                policy=form.policy.data,
                reason=form.reason.data,
                actor_id=current_user.id,
                now=clock.now(),
            )
            return _rehearse(correction)
    else:
        form = forms.CorrectionForm(formdata=request.form if request.form else None)
    return _page(exam, asked, hidden, keys, form), 422 if asking else 200


def _chosen(known: Any) -> list[int]:
    """The chosen questions in the order of choosing, after a press of 增加 or 移除; others than the exam's are left."""
    ids = [*request.values.getlist("question", type=int), *request.form.getlist("add", type=int)]
    gone = request.form.get("remove", type=int)
    return [one for one in dict.fromkeys(ids) if one in known and one != gone][: treatments.MOST]


def _page(
    exam: Exam, asked: Sequence[forms.Asked], hidden: set[int], keys: Any, form: forms.CorrectionForm
) -> str:
    words = request.values.get("q", "").strip()[:60]
    slots = exam_queries.source(exam).slots
    offered = [slot for slot in slots if slot.revision_id not in {one.id for one in asked}]
    if words:
        every = bank.faces([slot.revision_id for slot in offered])
        offered = [slot for slot in offered if words in every[slot.revision_id].stem]
    pages = max(1, -(-len(offered) // PER_PAGE))
    page = min(max(request.values.get("page", 1, int), 1), pages)
    shown = offered[(page - 1) * PER_PAGE : page * PER_PAGE]
    return render_template(
        "attempts/corrections/new.html",
        exam=exam,
        asked=asked,
        hidden=hidden,
        now={one.id: treatments.in_words(keys[one.id]) for one in asked},
        form=form,
        offered=shown,
        faces=bank.faces([slot.revision_id for slot in shown]),
        words=words,
        page=page,
        pages=pages,
        total=len(offered),
        treatments=treatments.TREATMENTS,
        most=treatments.MOST,
        open=queries.open_one(exam.id),
    )


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/restore")
@correcting
def correction_restore(exam_id: int, run_id: int) -> Any:
    """撤销更正: the keys of an earlier run are rehearsed again."""
    exam = exam_access.published_or_404(exam_id)
    reason = request.form.get("reason", "").strip()[:200]
    correction = actions.restore(exam, run_id, reason=reason, actor_id=current_user.id, now=clock.now())
    return _rehearse(correction)


@bp.post("/exams/<int:exam_id>/corrections/<int:run_id>/again")
@correcting
def correction_again(exam_id: int, run_id: int) -> Any:
    """试算 once more, where it has not come to its end."""
    found = access.correction_or_404(exam_access.published_or_404(exam_id), run_id)
    if found.correction.state != "rehearsing":
        raise Refused("decided", "这项更正已经试算。", "请刷新页面查看。")
    return _rehearse(found.correction)


def _rehearse(correction: Correction) -> Any:
    url = url_for("attempts.correction", exam_id=correction.exam_id, run_id=correction.run_id)
    asked = rehearsal_job.request(correction, url=url, person_id=current_user.id)
    token = asked.token
    db.session.commit()
    return redirect(url_for("home.job", token=token), 303)
