"""The pages on which the 考务管理员 arranges sessions, places and invigilators."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp import clock
from quizapp.db import db
from quizapp.exams import access as exams
from quizapp.exams import windows
from quizapp.exams.halls import access, actions, queries, rules
from quizapp.exams.halls.forms import AccountsForm, InvigilatorForm, SessionForm, UnitForm, filled_from
from quizapp.exams.pages import bp, checked, makers
from quizapp.regulations.numerals import words


@bp.route("/exams/<int:exam_id>/halls", methods=["GET", "POST"])
@makers
def halls(exam_id):
    """The sessions of an exam, and a form for another one."""
    exam, now = exams.exam_or_404(exam_id), clock.now()
    listed = queries.sessions(exam.id)
    form = SessionForm(data={"title": f"第{words(len(listed) + 1)}场"})
    if form.validate_on_submit():
        session = actions.create(exam, form.values(), now, actor_id=current_user.id)
        db.session.commit()
        flash("场次已建立，请安排考生和监考人员。", "ok")
        return redirect(url_for("exams.hall", exam_id=exam.id, session_id=session.id), 303)
    page = render_template(
        "exams/halls/index.html",
        exam=exam,
        listed=listed,
        left=sum(unit.left for unit in queries.units(exam.id) if unit.depth == 0),
        form=form,
        state=windows.state_of(exam, now),
    )
    return page, 422 if form.is_submitted() else 200


@bp.get("/exams/<int:exam_id>/halls/<int:session_id>")
@makers
def hall(exam_id, session_id):
    """One session: start code, places, invigilators."""
    exam, now = exams.exam_or_404(exam_id), clock.now()
    session = access.session_or_404(exam, session_id)
    places, units = queries.places(session.id), queries.units(exam.id)
    return render_template(
        "exams/halls/show.html",
        exam=exam,
        hall=session,
        places=places,
        units=units,
        left=sum(unit.left for unit in units if unit.depth == 0),
        free=len(rules.free_seats(session.seats, {one.place.seat for one in places})),
        arrived=sum(one.place.arrived_at is not None for one in places),
        invigilators=queries.invigilators(session.id),
        unit_form=_unit_form(units),
        accounts_form=AccountsForm(formdata=None),
        invigilator_form=InvigilatorForm(formdata=None),
        open=exam.state == "published" and session.ended_at is None and now < session.closes_at,
    )


def _unit_form(units, formdata=None):
    form = UnitForm(formdata)
    form.unit.choices = [
        SelectChoice(unit.unit_id, f"{'　' * unit.depth}{unit.name}（{unit.left}人未安排）") for unit in units
    ]
    return form


def _loaded(exam_id, session_id):
    exam = exams.exam_or_404(exam_id)
    return exam, access.session_or_404(exam, session_id)


def _back(exam, session, sentence, tone="ok"):
    address = url_for("exams.hall", exam_id=exam.id, session_id=session.id)
    db.session.commit()
    flash(sentence, tone)
    return redirect(address, 303)


@bp.route("/exams/<int:exam_id>/halls/<int:session_id>/edit", methods=["GET", "POST"])
@makers
def hall_edit(exam_id, session_id):
    exam, session = _loaded(exam_id, session_id)
    form = SessionForm(obj=session, data=filled_from(session))
    if form.validate_on_submit():
        actions.update(exam, session, form.values(), clock.now(), actor_id=current_user.id)
        return _back(exam, session, "场次已修改。")
    page = render_template("exams/halls/edit.html", exam=exam, hall=session, form=form)
    return page, 422 if form.is_submitted() else 200


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/remove")
@makers
def hall_remove(exam_id, session_id):
    exam, session = _loaded(exam_id, session_id)
    title = session.title
    actions.remove(exam, session, clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash(f"“{title}”已删除，原安排的考生可以另行安排。", "ok")
    return redirect(url_for("exams.halls", exam_id=exam_id), 303)


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/code")
@makers
def hall_code(exam_id, session_id):
    exam, session = _loaded(exam_id, session_id)
    actions.renew_code(exam, session, clock.now(), actor_id=current_user.id)
    return _back(
        exam, session, f"开考码已更换为{session.start_code}，原开考码不能再用；已登录的考生不受影响。"
    )


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/fill")
@makers
def hall_fill(exam_id, session_id):
    """Fill the free seats from all candidates without a place, or from those of one unit."""
    exam, session = _loaded(exam_id, session_id)
    unit_id = None
    if "unit" in request.form:
        form = _unit_form(queries.units(exam.id), request.form)
        unit_id = checked(form).unit.data
    placed, left = actions.fill(exam, session, clock.now(), actor_id=current_user.id, unit_id=unit_id)
    rest = f"，还有{left}人没有座位" if left else ""
    return _back(exam, session, f"已安排{placed}人{rest}。", "warn" if left else "ok")


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/place")
@makers
def hall_place(exam_id, session_id):
    """Place the accounts of a list."""
    exam, session = _loaded(exam_id, session_id)
    logins = rules.accounts_in(checked(AccountsForm()).accounts.data)
    placed = actions.place(exam, session, logins, clock.now(), actor_id=current_user.id)
    return _back(exam, session, f"已安排{placed}人。")


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/unplace")
@makers
def hall_unplace(exam_id, session_id):
    """Take back the ticked places, or all."""
    exam, session = _loaded(exam_id, session_id)
    ticked = None if request.form.get("all") == "1" else request.form.getlist("candidate", type=int)
    gone = actions.unplace(exam, session, ticked, clock.now(), actor_id=current_user.id)
    return _back(exam, session, f"已取消{gone}人的座位安排。" if gone else "没有选择考生，没有改动。")


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/invigilators")
@makers
def hall_appoint(exam_id, session_id):
    exam, session = _loaded(exam_id, session_id)
    login = checked(InvigilatorForm()).login.data
    name = actions.appoint(exam, session, login, clock.now(), actor_id=current_user.id)
    return _back(exam, session, f"{name}已列为监考人员，登录后在“监考”中可以看到本场。")


@bp.post("/exams/<int:exam_id>/halls/<int:session_id>/invigilators/<int:person_id>/dismiss")
@makers
def hall_dismiss(exam_id, session_id, person_id):
    exam, session = _loaded(exam_id, session_id)
    actions.dismiss(exam, session, person_id, clock.now(), actor_id=current_user.id)
    return _back(exam, session, "监考人员已更新。")
