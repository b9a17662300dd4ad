"""The candidates of an exam, and the exceptions made for one or for several of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import access, doors, exceptions, excuse_queries, extra_time, queries, windows
from quizapp.exams.exception_forms import AttemptsForm, ExcusedStatusForm, MoreTimeForm, end_of
from quizapp.exams.forms import AddForm, days_of
from quizapp.exams.pages import bp, checked, makers
from quizapp.people.models import Unit


@bp.get("/exams/<int:exam_id>/candidates")
@makers
def candidates(exam_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    words, status = request.args.get("q", "").strip()[:60], request.args.get("status", "")
    page = max(request.args.get("page", 1, int), 1)
    rows, total = queries.candidates(exam, now, words=words, status=status, page=page)
    return render_template(
        "exams/candidates.html",
        exam=exam,
        rows=rows,
        hidden=access.hidden_scores(exam.id),
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        words=words,
        status=status,
        numbers=queries.numbers(exam, now),
        state=windows.state_of(exam, now),
        form=AddForm(formdata=None),
        time_form=MoreTimeForm(formdata=None, data={"extra_minutes": 0, "extra_percent": 0}, prefix="time-"),
    )


@bp.post("/exams/<int:exam_id>/candidates")
@makers
def add_candidate(exam_id: int) -> Any:
    exam, form = access.exam_or_404(exam_id), checked(AddForm())
    candidate = exceptions.add_candidate(
        exam, form.login.data, form.reason.data, clock.now(), actor_id=current_user.id
    )
    db.session.commit()
    flash(f"已将{candidate.name}加入考生名单。", "ok")
    return redirect(url_for("exams.candidate", exam_id=exam.id, candidate_id=candidate.id), 303)


@bp.post("/exams/<int:exam_id>/candidates/time")
@makers
def candidates_time(exam_id: int) -> Any:
    """The same more time for everybody who is ticked; a personal end stays where the form names none."""
    exam = access.exam_or_404(exam_id)
    ids = request.form.getlist("candidate", type=int)[: queries.PAGE]
    if not ids:
        raise Refused("nobody", "没有选择考生，没有改动。", "请返回名单，勾选考生后再试。", status=422)
    form = checked(MoreTimeForm(prefix="time-"))
    given = extra_time.grant(
        exam,
        ids,
        form.more(),
        keep_ends=True,
        reason=form.reason.data,
        now=clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash(f"已更新{len(given)}名考生的考试时间。", "ok")
    return redirect(url_for("exams.candidates", exam_id=exam_id), 303)


@bp.get("/exams/<int:exam_id>/candidates/<int:candidate_id>")
@makers
def candidate(exam_id: int, candidate_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    found = access.candidate_or_404(exam, candidate_id)
    day, at = days_of(found.personal_closes_at, ending=True)
    until, _ = days_of(found.excused_until, ending=True)
    return render_template(
        "exams/candidate.html",
        exam=exam,
        candidate=found,
        hidden=found.person_id in access.hidden_scores(exam.id),
        unit=db.session.get_one(Unit, found.unit_id).name,
        status=queries.status_of(found, exam, now),
        state=windows.state_of(exam, now),
        waiting=excuse_queries.is_waiting(found.id),
        sheets=doors.sheets(found),
        status_form=ExcusedStatusForm(
            formdata=None, data={"status": found.status, "until": until}, prefix="status-"
        ),
        time_form=MoreTimeForm(
            formdata=None,
            data={
                **{"extra_minutes": found.extra_minutes, "extra_percent": found.extra_percent},
                **{"closes_on": day, "closes_time": at},
            },
            prefix="time-",
        ),
        attempts_form=AttemptsForm(
            formdata=None, data={"extra_attempts": found.extra_attempts}, prefix="attempts-"
        ),
    )


@bp.post("/exams/<int:exam_id>/candidates/<int:candidate_id>/status")
@makers
def candidate_status(exam_id: int, candidate_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    found, form = access.candidate_or_404(exam, candidate_id), checked(ExcusedStatusForm(prefix="status-"))
    exceptions.set_status(
        exam,
        found,
        form.status.data,
        form.reason.data,
        until=end_of(form.until.data),
        now=clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash("考生状态已更新。", "ok")
    return _back(exam_id, candidate_id)


@bp.post("/exams/<int:exam_id>/candidates/<int:candidate_id>/time")
@makers
def candidate_time(exam_id: int, candidate_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    found, form = access.candidate_or_404(exam, candidate_id), checked(MoreTimeForm(prefix="time-"))
    extra_time.grant(
        exam,
        [found.id],
        form.more(),
        reason=form.reason.data,
        now=clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash("考试时间已更新。", "ok")
    return _back(exam_id, candidate_id)


@bp.post("/exams/<int:exam_id>/candidates/<int:candidate_id>/attempts")
@makers
def candidate_attempts(exam_id: int, candidate_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    found, form = access.candidate_or_404(exam, candidate_id), checked(AttemptsForm(prefix="attempts-"))
    exceptions.grant_attempts(
        exam,
        found,
        form.extra_attempts.data,
        reason=form.reason.data,
        now=clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash("考试次数已更新。", "ok")
    return _back(exam_id, candidate_id)


def _back(exam_id: int, candidate_id: int) -> Any:
    return redirect(url_for("exams.candidate", exam_id=exam_id, candidate_id=candidate_id), 303)
