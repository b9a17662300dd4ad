"""人员: the list, and one person."""

import math
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user

from quizapp import clock, spreadsheets
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, queries
from quizapp.people.access import acting_as, out_of_hands, person_or_404, reach, unit_or_404
from quizapp.people.models import ROLES, Unit
from quizapp.people.pages import bp
from quizapp.people.queries import PAGE
from quizapp.people.roster import KIND_WORDS
from quizapp.people.unit_views import SEEING, intervals, unit_choices

STATES = {"none": "未发口令", "slip": "口令条待用", "own": "已设口令"}


def place() -> tuple[list[tuple[int, int]], Unit | None]:
    """The units that the list is about: one with all below it, or all in reach."""
    unit_id = request.values.get("unit", type=int)
    if unit_id is None:
        return intervals(*SEEING), None
    unit = unit_or_404(unit_id, *SEEING)
    return [(unit.lft, unit.rgt)], unit


@bp.get("/people")
@acting_as(*SEEING)
def people() -> Any:
    where, unit = place()
    words, page = request.args.get("q", "").strip()[:50], max(request.args.get("page", 1, type=int), 1)
    rows, total = queries.people_page(where, clock.today(), words=words, page=page)
    pages = max(math.ceil(total / PAGE), 1)
    return render_template(
        "people/people.html",
        rows=rows,
        total=total,
        page=min(page, pages),
        pages=pages,
        words=words,
        unit=unit,
        units=unit_choices(*SEEING),
        may_import=bool(reach("administrator")),
        states=STATES,
        kinds=KIND_WORDS,
    )


@bp.get("/people/export", endpoint="people_export")
@acting_as(*SEEING)
def people_export() -> Any:
    """The list as an Excel sheet that can be filled in and imported again."""
    where, unit = place()
    words = request.args.get("q", "").strip()[:50]
    rows, _ = queries.people_page(where, clock.today(), words=words, size=spreadsheets.ROWS)
    header = ("学法账号", "姓名", "单位名称", "工号", "手机号", "人员类别", "职务", "人员关系")
    told = [
        (r.account, r.name, r.unit_name, r.staff_number, r.phone, r.category, r.post, KIND_WORDS[r.kind])
        for r in rows
    ]
    sheet = spreadsheets.Sheet("人员", header, told, (12, 14, 24, 14, 14, 14, 20, 10), (0, 3, 4))
    name = f"人员名册_{unit.name if unit else '全部'}_{clock.today():%Y%m%d}.xlsx"
    return spreadsheets.download(spreadsheets.workbook([sheet]), name)


@bp.get("/people/<int:person_id>", endpoint="people_show")
@acting_as(*SEEING)
def people_show(person_id: int) -> Any:
    person, unit = person_or_404(person_id, *SEEING)
    return render_template(
        "people/person.html",
        person=person,
        unit=unit,
        memberships=queries.memberships(person.id),
        grants=queries.grants(intervals(*SEEING), person_id=person.id),
        untouchable=person.id in out_of_hands(queries.grant_places([person.id])),
        may_grant=bool(reach("administrator")),
        roles=ROLES,
        kinds=KIND_WORDS,
        today=clock.today(),
        now=clock.now(),
    )


@bp.post("/people/<int:person_id>/<any(disable, enable):act>", endpoint="people_switch")
@acting_as(*SEEING)
def people_switch(person_id: int, act: str) -> Any:
    """Disable an account, which ends its sign-ins, or enable it."""
    person, _ = person_or_404(person_id, *SEEING)
    if person.id in out_of_hands(queries.grant_places([person.id])):
        raise Refused(
            "out_of_hands", "不能停用或启用本人的账号，以及您不能管理其授权的账号。", "请联系上级系统管理员。"
        )
    actions.set_disabled(person, act == "disable", now=clock.now(), actor_id=current_user.id)
    name = person.name
    db.session.commit()
    flash(f"已{'停用' if act == 'disable' else '启用'}{name}的账号。", "ok")
    return redirect(url_for("people.people_show", person_id=person_id), 303)
