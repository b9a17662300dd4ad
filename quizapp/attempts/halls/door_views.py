"""On a shared computer in the hall: sign in, wait for the beginning, start; leave. Nothing else opens there."""

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user

from quizapp import clock, config
from quizapp.attempts import access, forms, queries, start_views, starting, timing, wording
from quizapp.attempts.halls import entering
from quizapp.attempts.pages import bp
from quizapp.db import db, reading
from quizapp.errors import Refused
from quizapp.exams.halls import queries as halls
from quizapp.exams.halls import rules
from quizapp.exams.halls.forms import DoorForm
from quizapp.exams.halls.models import HallPlace, HallSession
from quizapp.exams.models import Candidate, Exam
from quizapp.people import actions as people
from quizapp.people import confined, notices, sessions, sign_in

confined.open_to_hall(
    *("attempts.hall", "attempts.hall_exam", "attempts.hall_notice", "attempts.hall_start"),
    *("attempts.hall_leave", "attempts.paper", "attempts.check", "attempts.open_page", "attempts.sheet"),
    *("attempts.sheet_form", "attempts.hand_in", "attempts.status", "attempts.receipt"),
    home="attempts.hall_exam",
)
REFUSED = 401


@bp.route("/hall", methods=["GET", "POST"])
def hall() -> Any:
    """Sign in by 学法账号 and 开考码. ?seat=12 may stand in the address that a computer opens by itself."""
    if request.method == "GET" and confined.is_confined():
        if current_user.is_authenticated and "left" not in request.args:
            return redirect(url_for(".hall_exam"), 303)
        _forget()
    form, status, refused = DoorForm(data={"seat": _machine()}), 200, ""
    if form.validate_on_submit():
        refused = _knock(form)
        if not refused:
            return redirect(url_for(".hall_exam"), 303)
        status = REFUSED
    elif form.is_submitted():
        status = 422
    left = request.method == "GET" and "left" in request.args
    return render_template(
        "attempts/halls/door.html", form=form, refused=refused, left=left, machine=_machine()
    ), status


def _machine() -> int | None:
    """The seat of this computer, where the address names it."""
    return request.args.get("seat", type=int)


def _forget() -> None:
    """Empty the cookie of a hall whose sign-in is over; the row ends by itself or was ended by `hall_leave`."""
    logout_user()
    session.clear()


def _knock(form: DoorForm) -> str:
    """Sign in, or count the failure; commits either way. What to say of a refusal, "" when it is open."""
    now, address = clock.now(), request.remote_addr or ""
    with reading():
        facts, found = entering.look_up(form.account.data, form.code.data, address=address, now=now)
        fits = bool(found)
    if not fits:
        sign_in.fail(facts, address=address, now=now)
        db.session.commit()
        return entering.SENTENCE
    _, found = entering.look_up(form.account.data, form.code.data, address=address, now=now)
    try:
        entered = entering.enter(found, form.seat.data, now) if found else None
    except Refused as closed:
        db.session.rollback()
        return f"{closed.sentence}{closed.advice}"
    if entered is None:
        return entering.SENTENCE
    confined.allow(exam_id=entered.exam.id)
    session["machine"] = _machine()
    db.session.commit()
    return ""


def _mine() -> tuple[Exam, Candidate, HallSession, HallPlace] | None:
    """What this sign-in is for; none when it is over or was never one of a hall."""
    if not (confined.is_confined() and current_user.is_authenticated):
        return None
    candidate = db.session.get(Candidate, session.get("candidate", 0))
    seat = halls.place_of(candidate.id) if candidate is not None else None
    if candidate is None or seat is None or candidate.person_id != current_user.id:
        return None
    exam, candidate = access.own_exam_or_404(candidate.exam_id)
    return exam, candidate, *seat


@bp.get("/hall/exam")
def hall_exam() -> Any:
    """The one page of a hall's sign-in: who, where, the rules, and the beginning."""
    now, found = clock.now(), _mine()
    if found is None:
        return redirect(url_for(".hall"), 303)
    exam, candidate, session_, place = found
    notice = config.value("PRIVACY_NOTICE")
    if current_user.notice_accepted_at is None:
        version = notices.version(notice)
        return render_template("attempts/halls/notice.html", exam=exam, text=notice, version=version)
    mine = queries.my_exam(exam, candidate, now)
    for attempt in mine.attempts:
        confined.allow(token=attempt.token)
    reason = starting.may_not_start(exam, candidate, mine.tries_used, now)
    return render_template(
        "attempts/halls/exam.html",
        exam=exam,
        mine=mine,
        candidate=candidate,
        hall=session_,
        place=place,
        form=forms.StartForm(),
        waiting=now < session_.opens_at,
        seconds_left=int((session_.opens_at - now).total_seconds()),
        reason=_closed(session_, now) or (reason and starting.sentence(reason, exam, candidate, now)),
        full_minutes=timing.full_minutes(exam, candidate),
        minutes_left=timing.minutes_left(exam, candidate, now),
        until=wording.ending(timing.closing_time(exam, candidate, now)),
    )


def _closed(session_: HallSession, now: Any) -> str:
    """Why nobody begins in this hall any more; "" while one may."""
    over = session_.ended_at is not None or now >= session_.closes_at
    return rules.DOORS["over"].replace("登录", "开始答题") if over else ""


@bp.post("/hall/notice")
def hall_notice() -> Any:
    """已阅读并同意: the notice on personal data, for who signs in for the first time here."""
    version = notices.version(config.value("PRIVACY_NOTICE"))
    if _mine() is not None and request.form.get("accept") == version:
        people.accept_notice(current_user, version, now=clock.now())
        db.session.commit()
    return redirect(url_for(".hall_exam"), 303)


@bp.post("/hall/start")
def hall_start() -> Any:
    """开始答题, from the beginning of the session until its end."""
    now, form, found = clock.now(), forms.StartForm(), _mine()
    if found is None or current_user.notice_accepted_at is None:
        return redirect(url_for(".hall_exam"), 303)
    exam, candidate, session_, _ = found
    problem = _closed(session_, now) or ("本场还没有开始，请稍候。" if now < session_.opens_at else "")
    exam, candidate, so_far = access.own_start_or_404(exam.id, now)
    running = so_far.open_attempt
    if running is None or running.state == "created":
        problem = problem or start_views.missing(exam, candidate, form, now)
        if problem:
            flash(problem, "bad")
            return redirect(url_for(".hall_exam"), 303)
    return start_views.go(exam, candidate, so_far, now)


@bp.post("/hall/leave")
def hall_leave() -> Any:
    """Sign out; nothing of the person stays in this browser's cookies, and the next page empties its stores."""
    seat = session.get("machine") if confined.is_confined() else None
    if confined.is_confined():
        sessions.end_current(clock.now())
        db.session.commit()
    reply = redirect(url_for(".hall", left=1, seat=seat), 303)
    reply.delete_cookie("size")
    return reply
