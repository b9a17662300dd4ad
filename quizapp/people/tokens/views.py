"""接口令牌: what programs may read, making a token, revoking one."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_login import current_user

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.people.access import acting_as, covers, unit_or_404
from quizapp.people.models import Unit
from quizapp.people.pages import bp, from_here_only_reading
from quizapp.people.tokens import actions, cli, queries, rules  # noqa: F401 - cli hangs its commands into bp
from quizapp.people.tokens.forms import TokenForm
from quizapp.people.tokens.models import ApiToken
from quizapp.people.unit_choosing import intervals

STATES = {"": "有效", "token_revoked": "已撤销", "token_expired": "已过期"}


@bp.route("/grants/tokens", methods=["GET", "POST"], endpoint="grants_tokens")
@acting_as("administrator")
def tokens() -> Any:
    """The tokens of one's reach; and the form that makes one, which is shown on the reply and never again."""
    form = TokenForm()
    form.unit.offer("administrator")
    if form.validate_on_submit():
        unit = unit_or_404(form.unit.chosen, "administrator")
        made, secret = actions.make(
            *(unit, form.label.data, form.scopes.data, form.days.data),
            now=clock.now(),
            actor_id=current_user.id,
        )
        db.session.commit()
        from_here_only_reading()
        return render_template(
            "people/token_made.html", token=made, unit=unit, secret=secret, scopes=rules.in_words(made.scopes)
        )
    rows = queries.listed(intervals("administrator"), clock.now())
    page = render_template("people/tokens.html", form=form, rows=rows, states=STATES)
    return page, 422 if form.is_submitted() else 200


@bp.post("/grants/tokens/<int:token_id>/revoke", endpoint="grants_tokens_revoke")
@acting_as("administrator")
def revoke(token_id: int) -> Any:
    token = db.session.get(ApiToken, token_id)
    if token is None or not covers(db.session.get_one(Unit, token.unit_id), "administrator"):
        not_found()
    actions.revoke(token, now=clock.now(), actor_id=current_user.id)
    told = f"已撤销接口令牌“{token.label}”。"
    db.session.commit()
    flash(told, "ok")
    return redirect(url_for("people.grants_tokens"), 303)
