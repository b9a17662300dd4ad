"""The candidates of an exam, and the exceptions made for one of them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access, exceptions, queries, windows
from quizapp.exams.forms import AddForm, StatusForm, TimeForm, days_of
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
        total=total,
        page=page,
        pages=max(1, -(-total // queries.PAGE)),
        words=words,
        status=status,
        numbers=queries.numbers(exam, now),
        state=windows.state_of(exam, now),
        form=AddForm(formdata=None),
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


@bp.get("/exams/<int:exam_id>/candidates/<int:candidate_id>")
@makers
def candidate(exam_id: int, candidate_id: int) -> Any:
    exam, now = access.exam_or_404(exam_id), clock.now()
    found = access.candidate_or_404(exam, candidate_id)
    day, at = days_of(found.personal_closes_at, ending=True)
    return render_template(
        "exams/candidate.html",
        exam=exam,
        candidate=found,
        unit=db.session.get_one(Unit, found.unit_id).name,
        status=queries.status_of(found, exam, now),
        state=windows.state_of(exam, now),
        status_form=StatusForm(formdata=None, data={"status": found.status}, prefix="status-"),
        time_form=TimeForm(
            formdata=None,
            data={"extra_minutes": found.extra_minutes, "closes_on": day, "closes_time": at},
            prefix="time-",
        ),
    )


@bp.post("/exams/<int:exam_id>/candidates/<int:candidate_id>/status")
@makers
def candidate_status(exam_id: int, candidate_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    found, form = access.candidate_or_404(exam, candidate_id), checked(StatusForm(prefix="status-"))
    exceptions.set_status(exam, found, form.status.data, form.reason.data, actor_id=current_user.id)
    db.session.commit()
    flash("考生状态已更新。", "ok")
    return redirect(url_for("exams.candidate", exam_id=exam.id, candidate_id=candidate_id), 303)


@bp.post("/exams/<int:exam_id>/candidates/<int:candidate_id>/time")
@makers
def candidate_time(exam_id: int, candidate_id: int) -> Any:
    exam = access.exam_or_404(exam_id)
    found, form = access.candidate_or_404(exam, candidate_id), checked(TimeForm(prefix="time-"))
    exceptions.grant_time(
        exam,
        found,
        extra_minutes=form.extra_minutes.data,
        extra_percent=found.extra_percent,
        personal_closes_at=form.personal_closes_at(),
        reason=form.reason.data,
        now=clock.now(),
        actor_id=current_user.id,
    )
    db.session.commit()
    flash("考试时间已更新。", "ok")
    return redirect(url_for("exams.candidate", exam_id=exam.id, candidate_id=candidate_id), 303)
