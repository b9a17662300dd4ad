"""The invigilator's pages: own sessions, the list by seat that refreshes itself, what can be done, what is printed."""

from datetime import timedelta
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_login import current_user
from wtforms import SelectChoice

from quizapp import clock, config
from quizapp.attempts.halls import acts, desk
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.exams.halls import access, actions, queries, rules
from quizapp.exams.halls.forms import MOST_MINUTES, MinutesForm, NoteForm
from quizapp.exams.halls.models import HallSession
from quizapp.exams.models import Exam
from quizapp.exams.pages import checked
from quizapp.people.access import signed_in


@bp.get("/halls/")
@signed_in
def desks() -> Any:
    """The sessions that the person watches over."""
    now = clock.now()
    return render_template(
        "attempts/halls/desks.html", watched=queries.watched(current_user.id, now), now=now
    )


@bp.get("/halls/<int:session_id>")
@signed_in
def desks_show(session_id: int) -> Any:
    now = clock.now()
    hall, exam = access.watched_or_404(session_id)
    rows = desk.rows(hall.id, now)
    note = NoteForm(formdata=None, prefix="note-")
    note.candidate.choices = _choices(rows)
    return render_template(
        "attempts/halls/desk.html",
        hall=hall,
        exam=exam,
        rows=rows,
        counts=desk.counts(rows),
        words=rules.STATES,
        notes=queries.notes(hall.id),
        note_form=note,
        time_form=MinutesForm(formdata=None),
        most_minutes=MOST_MINUTES,
        now=now,
        over=now >= hall.closes_at,
    )


def _choices(rows: list[desk.Row]) -> list[SelectChoice]:
    """Whom a note may be about; 0 is nobody."""
    named = [
        (row.candidate_id, f"{row.seated.place.seat or ''} {row.seated.candidate.name}".strip())
        for row in rows
    ]
    return [SelectChoice(*each) for each in [(0, "不针对个人"), *named]]


@bp.get("/halls/<int:session_id>/state")
@signed_in
def desks_state(session_id: int) -> Any:
    """The same figures for the page's script, every few seconds."""
    now = clock.now()
    hall, _ = access.watched_or_404(session_id)
    g.quiet_activity = not desk.is_watching_time(hall, now)
    rows = desk.rows(hall.id, now)
    return {
        "counts": desk.counts(rows),
        "ended": hall.ended_at is not None,
        "at": f"{now.astimezone(clock.CHINA):%H:%M:%S}",
        "rows": {
            row.candidate_id: {
                "state": row.state,
                "word": row.word,
                "left": row.left_words,
                "remark": row.remark,
                "seat": row.seated.place.seat,
                "acts": row.acts if hall.ended_at is None else [],
            }
            for row in rows
        },
    }


def _back(hall: HallSession, sentence: str) -> Any:
    db.session.commit()
    flash(sentence, "ok")
    return redirect(url_for(".desks_show", session_id=hall.id), 303)


@bp.post("/halls/<int:session_id>/candidates/<int:candidate_id>/admit")
@signed_in
def desks_admit(session_id: int, candidate_id: int) -> Any:
    hall, _ = access.watched_or_404(session_id)
    place, candidate = access.place_or_404(hall, candidate_id)
    acts.admit(hall, place, candidate, clock.now(), actor_id=current_user.id)
    return _back(hall, f"已准予{candidate.name}入场，本人可以用学法账号和开考码登录。")


@bp.post("/halls/<int:session_id>/candidates/<int:candidate_id>/move")
@signed_in
def desks_move(session_id: int, candidate_id: int) -> Any:
    hall, _ = access.watched_or_404(session_id)
    place, candidate = access.place_or_404(hall, candidate_id)
    acts.move(hall, place, candidate, clock.now(), actor_id=current_user.id)
    return _back(
        hall, f"{candidate.name}在原电脑上的登录已结束，请在新电脑上用学法账号和开考码登录，答案都在。"
    )


@bp.post("/halls/<int:session_id>/candidates/<int:candidate_id>/time")
@signed_in
def desks_time(session_id: int, candidate_id: int) -> Any:
    hall, exam = access.watched_or_404(session_id)
    _, candidate = access.place_or_404(hall, candidate_id)
    form = checked(MinutesForm())
    acts.add_time(
        hall,
        exam,
        candidate,
        form.minutes.data,
        form.reason.data,
        clock.now(),
        actor_id=current_user.id,
    )
    return _back(hall, f"已为{candidate.name}加时{form.minutes.data}分钟。")


@bp.post("/halls/<int:session_id>/notes")
@signed_in
def desks_note(session_id: int) -> Any:
    hall, _ = access.watched_or_404(session_id)
    form = NoteForm(prefix="note-")
    known = [0, *(one.candidate.id for one in queries.places(hall.id))]
    form.candidate.choices = [SelectChoice(one, "") for one in known]
    checked(form)
    actions.note(
        hall,
        form.text.data,
        clock.now(),
        actor_id=current_user.id,
        candidate_id=form.candidate.data or None,
    )
    return _back(hall, "已记录。")


@bp.post("/halls/<int:session_id>/end")
@signed_in
def desks_end(session_id: int) -> Any:
    hall, _ = access.watched_or_404(session_id)
    confirmed = request.form.get("confirmed") == "1"
    acts.end(hall, clock.now(), confirmed=confirmed, actor_id=current_user.id)
    return _back(hall, f"“{hall.title}”已结束。")


# To print ---------------------------------------------------------------------------------------------------


@bp.get("/halls/<int:session_id>/sign-in-sheet")
@signed_in
def desks_sheet(session_id: int) -> Any:
    """签到表, by seat."""
    hall, exam = access.watched_or_404(session_id)
    return _printed("sheet", hall, exam, places=queries.places(hall.id))


@bp.get("/halls/<int:session_id>/record")
@signed_in
def desks_record(session_id: int) -> Any:
    """考场记录: figures, who was absent, who came late, what was noted."""
    now = clock.now()
    hall, exam = access.watched_or_404(session_id)
    rows = desk.rows(hall.id, now)
    late = timedelta(minutes=config.value("HALL_LATE_MINUTES"))
    return _printed(
        "record",
        hall,
        exam,
        rows=rows,
        counts=desk.counts(rows),
        absent=[row for row in rows if row.seated.place.arrived_at is None],
        late=[row for row in rows if rules.is_late(row.seated.place.arrived_at, hall.opens_at, late)],
        notes=queries.notes(hall.id),
        now=now,
    )


def _printed(name: str, hall: HallSession, exam: Exam, **more: Any) -> Any:
    return render_template(
        f"attempts/halls/{name}.html",
        hall=hall,
        exam=exam,
        invigilators=queries.invigilators(hall.id),
        **more,
    )
