"""找回口令申请: the list of a unit's administrator, who confirms what was checked by telephone or in person."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.forms import problems
from quizapp.people import queries, recovery, recovery_actions, recovery_queries
from quizapp.people.access import acting_as, out_of_hands, person_or_404
from quizapp.people.forms import ConfirmRecoveryForm
from quizapp.people.models import Person
from quizapp.people.pages import bp
from quizapp.people.unit_views import SEEING, intervals


@bp.get("/people/recoveries")
@acting_as(*SEEING)
def people_recoveries() -> Any:
    now = clock.now()
    rows = recovery_queries.waiting(intervals(*SEEING), clock.today(now), now)
    return render_template(
        "people/recoveries.html",
        rows=rows,
        foreign=out_of_hands(queries.grant_places([row.person_id for row in rows])),
        ways=recovery.HOW,
    )


@bp.post("/people/recoveries/<int:person_id>/<any(confirm, refuse):act>", endpoint="people_recoveries_decide")
@acting_as(*SEEING)
def people_recoveries_decide(person_id: int, act: str) -> Any:
    person, _ = person_or_404(person_id, *SEEING)
    name = person.name
    if person.id in out_of_hands(queries.grant_places([person.id])):
        sentence = "不能办理本人的申请，以及您不能管理其授权的人员的申请，没有改动。"
        raise Refused("out_of_hands", sentence, "请联系上级系统管理员。")
    if act == "confirm":
        _confirm(person)
        told = f"已确认，{name}可以在申请时所用的手机或电脑上设置新口令。"
    else:
        recovery_actions.refuse(person, now=clock.now(), actor_id=current_user.id)
        told = f"已结束{name}的申请，口令没有改动。"
    db.session.commit()
    flash(told, "ok")
    return redirect(url_for("people.people_recoveries"), 303)


def _confirm(person: Person) -> None:
    form = ConfirmRecoveryForm()
    if not form.validate():
        sentence = f"{'；'.join(problems(form)).rstrip('。')}。没有确认。"
        raise Refused("form", sentence, "请返回名单重新填写。", status=422)
    recovery_actions.confirm(person, form.code.data, form.how.data, now=clock.now(), actor_id=current_user.id)
