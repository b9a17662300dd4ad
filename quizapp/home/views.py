"""The first page, help, the notice on personal data, 投诉建议 and settings."""

from pathlib import Path

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from flask_login import current_user
from sqlalchemy import select

from quizapp import api, clock, config, jobs
from quizapp.bank.access import no_exam_running
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.home import actions, guide, queries, unit_desk
from quizapp.home.forms import GROUPS, AnswerForm, FeedbackForm, LookupForm, NamesForm, settings_form
from quizapp.home.models import Feedback
from quizapp.people import recovery_queries
from quizapp.people.access import acting_as, signed_in
from quizapp.spreadsheets import download

bp = Blueprint("home", __name__)


@bp.get("/")
@signed_in
def index():
    """What is due, in one glance; for who administers a unit, what that unit waits for, and nothing else."""
    from quizapp.attempts import queries as attempts
    from quizapp.practice import quizzes
    from quizapp.reports.reminders import queries as reminders

    now = clock.now()
    return render_template(
        "home/index.html",
        today=quizzes.today(current_user.id, clock.today(now)),
        exams=attempts.my_exams(current_user.id, now),
        day=clock.today(now),
        desk=unit_desk.desk(now),
        forgotten=unit_desk.forgotten(now),
        password_notices=recovery_queries.notices(current_user.id, now),
        reminders=reminders.own_notices(current_user.id, now),
    )


@bp.get("/privacy")
def privacy():
    return render_template("home/privacy.html", text=config.value("PRIVACY_NOTICE"))


@bp.get("/help")
def help_index():
    return render_template("home/help.html", guides=guide.GUIDES)


@bp.get("/help/<name>")
def help_page(name):
    if name not in guide.GUIDES:
        not_found()
    return render_template("home/guide.html", guide=guide.read(name))


@bp.get("/help/pictures/<path:name>")
def help_picture(name):
    return send_from_directory(guide.folder() / "pictures", name, max_age=3600)


@bp.get(f"{api.PREFIX}/openapi.json")
def api_document():
    """The JSON API for programs: what every address takes and gives."""
    return api.with_etag(jsonify(api.document(current_app)))


@bp.route("/feedback", methods=["GET", "POST"])
def feedback():
    """Write, and see what became of what one wrote. Without signing in a 查询码 takes the place of the list."""
    form, person_id = FeedbackForm(), current_user.id if current_user.is_authenticated else None
    if form.validate_on_submit():
        sent = actions.send(
            form.text.data,
            form.contact.data or "",
            request.form.get("page", ""),
            person_id=person_id,
            now=clock.now(),
        )
        db.session.commit()
        return redirect(url_for("home.feedback_state", code=sent.code, sent=1), 303)
    own = queries.own_feedback(person_id) if person_id else []
    page = request.form.get("page") or request.args.get("from", "")
    return render_template(
        "home/feedback.html", form=form, lookup=LookupForm(formdata=None), own=own, page=page
    )


@bp.get("/feedback/state")
def feedback_state():
    """The state of one 投诉建议, for whoever knows its 查询码."""
    found = queries.by_code(request.args.get("code", ""))
    if found is None:
        flash("没有找到这个查询码，请核对后重新输入。", "warn")
        return redirect(url_for("home.feedback"), 303)
    return render_template("home/feedback_state.html", feedback=found, sent="sent" in request.args)


def own_job_or_404(token):
    job = db.session.scalar(select(jobs.Job).where(jobs.Job.token == token))
    return job if job is not None and job.person_id == current_user.id else not_found()


@bp.get("/jobs/<token>")
@signed_in
def job(token):
    """How far a piece of long work is, and what came out of it."""
    found = own_job_or_404(token)
    done, total, said = jobs.progress(found)
    return render_template(
        "home/job.html", job=found, done=done, total=total, said=said, may_stop=jobs.may_stop(found)
    )


@bp.post("/jobs/<token>/stop")
@signed_in
def job_stop(token):
    """End early, with what there is."""
    jobs.ask_to_stop(own_job_or_404(token))
    return redirect(url_for("home.job", token=token), 303)


@bp.get("/jobs/<token>/state")
@signed_in
def job_state(token):
    """The same for the page's script."""
    g.quiet_activity = True
    found = own_job_or_404(token)
    done, total, said = jobs.progress(found)
    ended = found.state in ("done", "failed")
    url = (found.result or {}).get("url") or url_for("home.job", token=token) if ended else ""
    return jsonify(state=found.state, done=done, total=total, words=said, sentence=found.sentence, url=url)


@bp.get("/jobs/<token>/file")
@signed_in
def job_file(token):
    """The file that a finished job made: papers and keys among others, so not while its person sits an exam."""
    no_exam_running()
    found = own_job_or_404(token)
    name = (found.result or {}).get("file")
    path = Path(current_app.config["INSTANCE_DIR"]) / "files" / str(name)
    if not name or not path.is_file():
        not_found()
    return download(path.read_bytes(), (found.result or {}).get("name", path.name))


@bp.get("/feedback/desk")
@acting_as("administrator")
def desk():
    page, state = max(1, request.args.get("page", 1, int)), request.args.get("state", "")
    letters, total = queries.letters(state, page)
    return render_template(
        "home/desk.html", letters=letters, total=total, page=page, state=state, size=queries.PAGE
    )


@bp.route("/feedback/desk/<int:feedback_id>", methods=["GET", "POST"], endpoint="desk_answer")
@acting_as("administrator")
def desk_answer(feedback_id):
    found = db.session.get(Feedback, feedback_id) or not_found()
    form = AnswerForm(state=found.state if found.state != "received" else "answered", answer=found.answer)
    if form.validate_on_submit():
        actions.answer(
            found, form.state.data, form.answer.data or "", actor_id=current_user.id, now=clock.now()
        )
        db.session.commit()
        flash("已保存，提交人可以看到处理情况和答复。", "ok")
        return redirect(url_for("home.desk"), 303)
    return render_template("home/desk_answer.html", feedback=found, form=form)


@bp.route("/settings", methods=["GET", "POST"])
@acting_as("administrator")
def settings():
    names = [setting.name for setting in config.SETTINGS if setting.editable]
    form = settings_form()(data={name: config.value(name) for name in names})
    if form.validate_on_submit():
        changed = actions.change_settings(
            {name: "" if form[name].data is None else form[name].data for name in names},
            actor_id=current_user.id,
        )
        db.session.commit()
        flash(f"已保存，改动了{len(changed)}项。" if changed else "内容没有变化。", "ok")
        return redirect(url_for("home.settings"), 303)
    return render_template(
        "home/settings.html",
        form=form,
        groups=GROUPS,
        names_form=NamesForm(formdata=None),
        daily_names=config.value("DAILY_NAMES"),
        reason=config.value("DAILY_NAMES_REASON"),
    )


@bp.post("/settings/daily-names")
@acting_as("administrator")
def daily_names():
    form = NamesForm()
    if not form.validate():
        flash("请用5至200字写明理由，设置没有改动。", "warn")
        return redirect(url_for("home.settings") + "#daily-names", 303)
    on = not config.value("DAILY_NAMES")
    actions.switch_daily_names(on, form.reason.data, actor_id=current_user.id)
    db.session.commit()
    flash("已显示姓名，理由已记录。" if on else "已停止显示姓名。", "ok")
    return redirect(url_for("home.settings") + "#daily-names", 303)
