"""提醒: what would go to how many, when, the press of the button, what was sent; and the robots of work groups."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, config, dates
from quizapp.db import db
from quizapp.exams import holidays, windows
from quizapp.people.access import acting_as
from quizapp.reports import access as reports
from quizapp.reports import queries as figures
from quizapp.reports.pages import bp
from quizapp.reports.reminders import (
    access,
    actions,
    due,
    jobs,
    mailing,
    moments,
    posts,
    queries,
    who,
    wording,
)
from quizapp.reports.reminders.forms import AskForm, RobotForm


def way(exam, unit, now):
    """The address of the reminders of a unit while its exam runs, else none: a button in the list of names."""
    if windows.state_of(exam, now) != "running":
        return None
    return url_for("reports.index_exam_reminders", exam_id=exam.id, unit=unit.unit_id)


@bp.route("/reports/exams/<int:exam_id>/reminders", methods=["GET", "POST"], endpoint="index_exam_reminders")
@acting_as(*reports.COMPLETION)
def reminders(exam_id):
    """What a reminder would do now; and the reminders there were, of this unit and of those below it."""
    exam = reports.exam_or_404(exam_id)
    unit = reports.exam_unit_or_404(exam_id, request.args.get("unit", type=int))
    now, form = clock.now(), AskForm()
    if form.validate_on_submit():
        asked = actions.ask(exam, unit, form.channels.data, now=now, actor_id=current_user.id)
        at_once = asked.due_at <= now
        if at_once:
            jobs.start(asked, person_id=current_user.id)
        told = "提醒正在发送，稍后刷新查看结果。" if at_once else f"提醒将于{when(asked.due_at)}发送。"
        db.session.commit()
        flash(told, "ok")
        return redirect(url_for(".index_exam_reminders", exam_id=exam_id, unit=unit.unit_id), 303)
    page = render_template("reports/reminders/exam.html", form=form, **shown(exam, unit, now))
    return page, 422 if form.is_submitted() else 200


def shown(exam, unit, now):
    """What stands on the page of reminders."""
    days, table = config.value("REMIND_DAYS"), actions.holidays_from(now)
    due_at = moments.when_may(now, table)
    found = due.numbers(exam, unit, now, days)
    return {
        "exam": exam,
        "unit": unit,
        "now": now,
        "days": days,
        "running": windows.state_of(exam, now) == "running",
        "numbers": found,
        "left_out": [
            (who.REASONS[why], found.left_out[why]) for why in who.REASONS if found.left_out.get(why)
        ],
        "robots": due.robots_ready(exam, unit, now),
        "mail": mailing.is_set_up(),
        "due": when(due_at) if due_at != now else "",
        "too_late": exam.closes_at is not None and due_at >= exam.closes_at,
        "year_unknown": not holidays.is_known(clock.today(due_at).year, table),
        "history": queries.history(exam.id, unit),
        "open": queries.is_open(exam.id, unit.unit_id),
        "states": wording.STATES,
        "channels": wording.channels,
        "when": when,
        "keeps_robots": access.may_keep_robots(unit.unit_id),
        "path_links": [
            (above.name, url_for(".index_exam_reminders", exam_id=exam.id, unit=above.unit_id))
            for above in figures.path_to(exam.id, unit)
        ],
    }


def when(moment):
    """2026年12月14日（星期一）8:00"""
    local = moment.astimezone(clock.CHINA)
    return f"{dates.day(moment)}（星期{holidays.WEEKDAYS[local.weekday()]}）{local.hour}:{local.minute:02}"


@bp.post("/reports/reminders/<int:reminder_id>/withdraw", endpoint="index_exam_reminders_withdraw")
@acting_as(*reports.COMPLETION)
def withdraw(reminder_id):
    """Stop what has not left yet."""
    reminder = access.reminder_or_404(reminder_id)
    exam_id, unit_id = reminder.exam_id, reminder.unit_id
    left = actions.withdraw(reminder, now=clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash(f"已撤回。{f'此前已经发出{left}条，不能收回。' if left else '没有发出任何提醒。'}", "ok")
    return redirect(url_for(".index_exam_reminders", exam_id=exam_id, unit=unit_id), 303)


# Robots -----------------------------------------------------------------------------------------------------


@bp.route("/reports/robots", methods=["GET", "POST"], endpoint="index_robots")
@acting_as(*access.KEEPERS)
def robots():
    """The robots of a unit and of those below it, how their last post ended, and the form for a new one."""
    unit, form = access.unit_or_404(request.args.get("unit", type=int)), RobotForm()
    if form.validate_on_submit():
        given = (form.label.data, form.address.data, form.secret.data or "")
        actions.add_robot(unit, *given, now=clock.now(), actor_id=current_user.id)
        unit_id = unit.id
        db.session.commit()
        flash("已添加群机器人。发送提醒时可以选择工作群。", "ok")
        return redirect(url_for(".index_robots", unit=unit_id), 303)
    page = render_template(
        "reports/reminders/robots.html",
        unit=unit,
        form=form,
        lines=queries.robots(unit),
        makers=posts.MAKERS,
        masked=posts.masked,
        hosts=actions.allowed_hosts(),
    )
    return page, 422 if form.is_submitted() else 200


@bp.post("/reports/robots/<int:robot_id>/remove", endpoint="index_robots_remove")
@acting_as(*access.KEEPERS)
def remove_robot(robot_id):
    robot = access.robot_or_404(robot_id)
    unit_id, label = robot.unit_id, robot.label
    actions.remove_robot(robot, now=clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash(f"已删除“{label}”的群机器人。", "ok")
    return redirect(url_for(".index_robots", unit=unit_id), 303)
