"""The pages of those who make exams: list, form, one exam, preview, candidates."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy import select

from quizapp import clock, config
from quizapp.db import db
from quizapp.exams import (  # noqa: F401 - hang their pages and commands in
    access,
    actions,
    assembling,
    assembly_job,
    audience_views,
    blueprint,
    blueprint_views,
    calendar_views,
    candidate_views,
    checks,
    cli,
    doors,
    duty_views,
    exception_views,
    excuse_views,
    holiday_views,
    jobs,
    lifecycle,
    list_change_views,
    makeup_views,
    marking_rules,
    paper_views,
    papers_views,
    preset_views,
    presets,
    print_views,
    queries,
    slot_views,
    unit_offer,
    unit_window_views,
    void_views,
    waiting,
    windows,
)
from quizapp.exams.assembly import quick
from quizapp.exams.forms import (
    COUNTS,
    ExamForm,
    ReasonForm,
    filled_from,
)
from quizapp.exams.halls import views as hall_views  # noqa: F401 - its pages
from quizapp.exams.models import MODES, PURPOSES, Exam
from quizapp.exams.pages import bp, checked, makers, to
from quizapp.exams.release import APPEAL_DAYS, WHEN
from quizapp.people import access as people_access
from quizapp.people import queries as people
from quizapp.people.models import Unit

GROUPS = (  # of the list: heading, states
    ("进行中", ("running",)),
    ("未开始", ("published",)),
    ("草稿", ("draft",)),
    ("已结束", ("closed", "released")),
    ("已取消、已作废", ("cancelled", "voided")),
)
TONES = {
    "draft": "",
    "published": "brand",
    "running": "ok",
    "closed": "",
    "released": "",
    "cancelled": "warn",
    "voided": "warn",
}


# The list ---------------------------------------------------------------------------------------------------


@bp.get("/exams/")
@makers
def index():
    now = clock.now()
    listed = [(row, windows.state_of(row.exam, now)) for row in queries.exams()]
    groups = [
        (
            heading,
            [
                {"row": row, "state": state, "due": _due(row.exam, state)}
                for row, state in listed
                if state in own
            ],
        )
        for heading, own in GROUPS
    ]
    return render_template(
        "exams/index.html",
        groups=groups,
        waiting=waiting.waiting(current_user.id),
        purposes=PURPOSES,
        states=windows.STATES,
        tones=TONES,
    )


def _due(exam: Exam, state: str) -> str:
    """What comes next, in a few words."""
    if state == "draft":
        return "待发布"
    if state == "closed" and "released" in (exam.show_right, exam.show_key, exam.show_explanation):
        return "待公布答案"
    return ""


# Making and changing a draft --------------------------------------------------------------------------------


@bp.route("/exams/new", methods=["GET", "POST"])
@makers
def new():
    holders = [grant.unit_id for grant in people_access.reach(*access.ROLES)]
    unit = people_access.unit_or_404(request.args.get("unit", holders[0], int), *access.ROLES)
    rules = presets.values(request.args.get("preset", 0, int))
    form = ExamForm(data=None if request.method == "POST" else {**_proposal(unit), **rules})
    _offer(form, unit, [])
    if form.validate_on_submit():
        exam = actions.create(
            unit_id=unit.id,
            values={**_paper(form, rules), **form.values()},
            audience=form.more_units.added_to(form.audience.data),
            now=clock.now(),
            actor_id=current_user.id,
        )
        db.session.commit()
        return _saved(exam)
    others = db.session.scalars(
        select(Unit).where(Unit.id.in_(set(holders) - {unit.id}), Unit.closed_on.is_(None)).order_by(Unit.lft)
    ).all()
    return _form_page(form, unit, title="新建考试", others=others, offered=presets.listed())


def _proposal(unit: Unit) -> dict[str, Any]:
    """What the form of a new exam starts from."""
    return {
        "title": f"{clock.today().year}年度考试",
        "bank_ids": [one.id for one in queries.banks([]) if one.state == "own"],
        "minutes": 60,
        "attempts_allowed": 1,
        "pass_mark": 600,
        "excellent_mark": 900,
        "bands": [["优秀", 900], ["良好", 800], ["合格", 600]],
        "show_score": "at_once",
        "show_right": "released",
        "show_key": "released",
        "show_explanation": "released",
        "appeal_days": APPEAL_DAYS,
        "certificates": True,
        "audience": [(unit.id, True)],
        "notice": config.value("EXAM_NOTICE"),
        "pledge": config.value("PLEDGE"),
    }


def _paper(form: ExamForm, rules: Mapping[str, Any]) -> dict[str, Any]:
    """The paper that a new exam starts with: the preset's, else the largest proposal that its banks serve."""
    told = {name: rules[name] for name in ("blueprint", "points", "multiple_rule") if name in rules}
    if "blueprint" in told:
        return told
    rows, points = quick.proposal(assembling.usable(form.bank_ids.data or [], form.purpose.data).items)
    return {"blueprint": blueprint.stored(rows), "points": points, **told}


@bp.route("/exams/<int:exam_id>/edit", methods=["GET", "POST"])
@makers
def edit(exam_id):
    exam = access.exam_or_404(exam_id)
    if exam.state != "draft":
        return redirect(url_for("exams.show", exam_id=exam.id), 303)
    unit = db.session.get_one(Unit, exam.unit_id)
    invited = [(one.id, below) for one, below in queries.audience(exam.id)]
    form = ExamForm(obj=exam, data={**filled_from(exam), "audience": invited})
    _offer(form, unit, exam.bank_ids)
    if form.validate_on_submit():
        audience = form.more_units.added_to(form.audience.data)
        actions.update(exam, form.values(), audience, actor_id=current_user.id)
        db.session.commit()
        return _saved(exam)
    return _form_page(form, unit, title="修改考试", exam=exam)


def _offer(form: ExamForm, unit: Unit, chosen: list[int]) -> None:
    """Fill in the choices that depend on who asks and for which unit."""
    form.more_units.holder = unit
    form.bank_ids.choices = [(one.id, one.label) for one in queries.banks(chosen)]
    known = set(people.categories([(unit.lft, unit.rgt)], clock.today())) | set(form.categories.data or [])
    form.categories.choices = [(name, name) for name in sorted(known)]


def _saved(exam: Exam) -> Any:
    flash("已保存草稿。", "ok")
    onward = {"edit": "exams.edit", "blueprint": "exams.blueprint"}.get(
        request.form.get("then", ""), "exams.show"
    )
    return redirect(url_for(onward, exam_id=exam.id), 303)


def _form_page(form: ExamForm, unit: Unit, *, title: str, exam: Exam | None = None, **more: Any) -> Any:
    chosen = [unit_id for unit_id, _ in form.audience.data]
    page = render_template(
        "exams/form.html",
        form=form,
        title=title,
        exam=exam,
        unit=unit,
        offer=unit_offer.offer(unit, chosen),
        **more,
    )
    return page, 422 if form.is_submitted() else 200


# One exam ---------------------------------------------------------------------------------------------------


@bp.get("/exams/<int:exam_id>")
@makers
def show(exam_id):
    exam, now = access.exam_or_404(exam_id), clock.now()
    rows = blueprint.read(exam.blueprint)
    state = windows.state_of(exam, now)
    facts = queries.facts(exam, now, by_id=current_user.id) if state == "draft" else None
    found = checks.checks(exam, facts, now) if facts else []
    titles = facts.regulations if facts else queries.regulations(exam.bank_ids)
    return render_template(
        "exams/show.html",
        exam=exam,
        state=state,
        unit=db.session.get_one(Unit, exam.unit_id),
        states=windows.STATES,
        tones=TONES,
        purposes=PURPOSES,
        when=WHEN,
        counts=COUNTS,
        rule=marking_rules.in_words(exam.multiple_rule),
        checks=found,
        ready=bool(found) and not checks.hindrances(found),
        warnings=[check for check in found if check.tone == "warn"],
        people=facts.people if facts else 0,
        pool=assembling.questions_of(facts.forms) if facts else 0,
        sums=queries.sums(exam.id),
        audience=queries.audience(exam.id),
        banks=[one.label for one in queries.banks(exam.bank_ids) if one.id in exam.bank_ids],
        kinds=blueprint.WORDS,
        numbers=blueprint.sections(rows),
        total=blueprint.total(rows, exam.points),
        lines=[(row.in_words(titles), row.bounds_in_words()) for row in rows if not row.section],
        modes=MODES,
        may_release=_may_release(exam, now),
        steps=lifecycle.steps(exam, queries.life(exam, found, now), now),
        trial=to("attempts.trial", exam),
        doors=doors.doors(exam),
        report=to("reports.index_exam", exam) if exam.published_at else None,
        corrections=to("attempts.corrections", exam) if exam.published_at else None,
        certificates=to("attempts.certificate_setting", exam) if exam.published_at else None,
        archive=to("reports.index_archive", exam) if exam.published_at else None,
        clues=to("analysis.clues", exam) if exam.published_at else None,
        analysis=to("analysis.exam", exam) if state in ("running", "closed", "released") else None,
        reason=ReasonForm(formdata=None),
    )


def _may_release(exam: Exam, now: datetime) -> bool:
    if exam.state != "published" or exam.closes_at is None or exam.released_at is not None:
        return False
    latest = queries.latest_personal(exam.id)
    return windows.is_over(now, closes_at=exam.closes_at, latest_personal=latest, grace_s=exam.grace_s)


@bp.post("/exams/<int:exam_id>/publish")
@makers
def publish(exam_id):
    exam, now = access.exam_or_404(exam_id), clock.now()
    seen = request.form.get("people", type=int)
    frozen = actions.publish(
        exam, now, actor_id=current_user.id, seen=seen, warned=request.form.get("warned") == "1"
    )
    db.session.commit()
    flash(f"考试已发布：考生{frozen.candidates}人，可抽试题{frozen.questions}题。", "ok")
    return _back(exam)


@bp.post("/exams/<int:exam_id>/release")
@makers
def release(exam_id):
    exam = access.exam_or_404(exam_id)
    actions.release(exam, clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash("答案已公布。", "ok")
    return _back(exam)


@bp.post("/exams/<int:exam_id>/cancel")
@makers
def cancel(exam_id):
    exam = access.exam_or_404(exam_id)
    actions.cancel(exam, checked(ReasonForm()).reason.data, clock.now(), actor_id=current_user.id)
    db.session.commit()
    flash("考试已取消。", "ok")
    return _back(exam)


def _back(exam: Exam) -> Any:
    return redirect(url_for("exams.show", exam_id=exam.id), 303)
