"""My exams, the rules page, and the press of 开始答题, which starts the clock."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock, config, short_way
from quizapp.attempts import (
    access,
    beginning,
    exam_rules,
    forms,
    opening,
    own_page,
    paper_page,
    protocol,
    queries,
    rehearsing,
    starting,
    telling,
    timing,
    wording,
)
from quizapp.attempts import outcomes as o
from quizapp.attempts.corrections import notices
from quizapp.attempts.models import Attempt
from quizapp.attempts.my_exam import MyExam
from quizapp.attempts.pages import bp
from quizapp.db import db
from quizapp.errors import Refused, not_found
from quizapp.exams import access as exam_access
from quizapp.exams import duty, marking_rules
from quizapp.exams.forms import COUNTS
from quizapp.exams.halls import queries as halls
from quizapp.exams.models import Candidate, Exam
from quizapp.exams.pages import to
from quizapp.people import confined, sessions
from quizapp.people.access import acting_as, signed_in
from quizapp.practice import before_exam

AHEAD = (None, "not_open", "outside_hours", "gate")  # why one may not start, while one still can later


@bp.get("/my-exams/")
@signed_in
def index() -> Any:
    now, groups = clock.now(), dict[str, list[MyExam]](now=[], later=[], past=[])
    for one in queries.my_exams(current_user.id, now):
        groups[{"running": "now", "due": "now", "later": "later"}.get(one.state, "past")].append(one)
    groups["past"].reverse()
    watched = [each for each in halls.watched(current_user.id, now) if each[0].closes_at > now]
    return render_template(
        "attempts/index.html",
        groups=groups,
        watched=watched,
        on_duty=duty.exams_of(current_user.id, now),
    )


@bp.get("/my-exams/<int:exam_id>")
@signed_in
def rules(exam_id: int) -> Any:
    now = clock.now()
    exam, candidate = access.own_exam_or_404(exam_id)
    mine = queries.my_exam(exam, candidate, now)
    reason = starting.may_not_start(exam, candidate, mine.tries_used, now)
    return render_template(
        "attempts/rules.html",
        exam=exam,
        mine=mine,
        place=halls.place_of(candidate.id),
        form=forms.StartForm(),
        reason=reason and starting.sentence(reason, exam, candidate, now),
        facts=_facts(exam, candidate, mine),
        countdown=_countdown(mine, now),
        may_rehearse=mine.running is None and rehearsing.may_rehearse(exam, candidate, now),
        at_gate=reason == "gate",
        standing=before_exam.standing(exam, candidate.person_id) if exam.gate and reason in AHEAD else None,
        full_minutes=timing.full_minutes(exam, candidate),
        minutes_left=timing.minutes_left(exam, candidate, now),
        until=wording.ending(timing.closing_time(exam, candidate, now)),
        hours=mine.hours_words,
        must_confirm=_must_confirm(exam, now),
        confirm_hours=config.value("CONFIRM_HOURS"),
        told=telling.told(exam.id, candidate.person_id, now),
        corrected=notices.of_candidate(exam.id, candidate.id, mine.shown) if mine.finished else [],
        clues_url=to("analysis.own_clues", exam),
    )


def _facts(exam: Exam, candidate: Candidate, mine: MyExam) -> list[tuple[str, str]]:
    return exam_rules.lines(
        exam,
        begins_at=mine.window.begins,
        ends_at=mine.ends_at,
        hours=mine.hours_words,
        minutes=timing.full_minutes(exam, candidate),
        allowed=mine.tries_allowed,
        left=mine.tries_left,
        counting=COUNTS[exam.counts],
        multiple=marking_rules.in_words(exam.multiple_rule),
    )


def _countdown(mine: MyExam, now: datetime) -> str:
    if mine.state not in ("due", "later", "running"):
        return ""
    return exam_rules.countdown(
        begins_at=mine.window.begins,
        last_start_at=mine.last_start_at,
        ends_at=mine.ends_at,
        now=now,
        working=mine.working_days_left,
    )


def _must_confirm(exam: Exam, now: datetime) -> bool:
    """Opening a formal exam asks for the password unless it was typed lately."""
    return exam.purpose != "mock" and not sessions.confirmed_recently(now)


@bp.post("/my-exams/<int:exam_id>")
@signed_in
def start(exam_id: int) -> Any:
    now, form = clock.now(), forms.StartForm()
    exam, candidate, so_far = access.own_start_or_404(exam_id, now)
    running = so_far.open_attempt
    if running is None or running.state == "created":
        problem = missing(exam, candidate, form, now)
        if problem:
            db.session.rollback()
            flash(problem, "bad")
            return redirect(url_for(".rules", exam_id=exam_id), 303)
    return go(exam, candidate, so_far, now)


def go(exam: Exam, candidate: Candidate, so_far: starting.Tried, now: datetime) -> Any:
    """Into the paper: a new one, whose clock starts now, or the one that runs already."""
    if so_far.open_attempt is None:
        begun = beginning.begin(exam, candidate, so_far, pledge=exam.pledge, now=now)
        if begun is not None:
            token, opened = begun
            confined.allow(token=token)
            own_page.remember(token, opened)
            _lead_into(token, now)
            db.session.commit()
            return redirect(url_for(".paper", token=token), 303)
    return begin(starting.start(exam, candidate, pledge=exam.pledge, now=now), now)


def _lead_into(token: str, now: datetime) -> None:
    """The paper to which this reply leads, and its script, need not look again at who comes."""
    if not confined.is_confined():
        short_way.lead(f"/attempts/{token}", paper_page.reader(now), now)


def missing(exam: Exam, candidate: Candidate, form: forms.StartForm, now: datetime) -> str:
    """What the person still has to do before the clock may start; "" for nothing."""
    if _must_confirm(exam, now):
        return "请先确认口令，再开始答题。"
    if not form.validate_on_submit():
        return next(iter(form.pledge.errors), "请重新勾选后开始答题。")
    left, full = timing.minutes_left(exam, candidate, now), timing.full_minutes(exam, candidate)
    if left < full and not form.less_time.data:
        return f"现在开始只有{left}分钟，不足{full}分钟，请确认后再开始答题。"
    return ""


@bp.post("/exams/<int:exam_id>/trial")
@acting_as(*exam_access.ROLES)
def trial(exam_id: int) -> Any:
    """A dry run of the exam by who makes it."""
    now = clock.now()
    exam = exam_access.exam_or_404(exam_id)
    exam_access.may_draw(exam)
    return begin(starting.start_trial(exam, current_user.id, now=now), now)


def begin(attempt: Attempt, now: datetime) -> Any:
    """The first opening starts the clock; an attempt that runs already is continued by its page."""
    token = attempt.token
    confined.allow(token=token)
    if attempt.state == "created":
        claim = sessions.ticket(now)
        if claim is None:
            not_found()
        outcome = opening.open_page(token, protocol.OpenBody(), claim, now)
        if isinstance(outcome, o.NotOpen):
            raise Refused(outcome.code, outcome.sentence)
        own_page.remember(token, outcome)
    db.session.commit()
    return redirect(url_for(".paper", token=token), 303)
