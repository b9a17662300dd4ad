"""口令条: what printing would do, then the slips, once, as a page or as PDF. Nothing of them is kept anywhere."""

from typing import Any

from flask import render_template, request, url_for
from flask_login import current_user
from markupsafe import Markup

from quizapp import clock, config, typesetting
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.people import actions, queries, slip_queries, slip_sheet
from quizapp.people.access import acting_as, out_of_hands
from quizapp.people.models import Unit
from quizapp.people.pages import bp, from_here_only_reading
from quizapp.people.person_views import place
from quizapp.people.queries import PersonRow
from quizapp.people.unit_views import SEEING
from quizapp.spreadsheets import download


def _only() -> str:
    """Which list is meant where nobody was ticked: see `slip_queries`; "" is everybody."""
    only = request.values.get("only", "")
    return only if only in (slip_queries.NEEDING, slip_queries.UNUSED) else ""


def _rows() -> tuple[list[PersonRow], int, Unit | None]:
    """(the first of the people who are meant, how many there are, the unit that was named)."""
    where, unit = place()
    ids, only, now = request.values.getlist("person", type=int), _only(), clock.now()
    if ids:
        found = queries.people_by_id(ids[: slip_queries.MOST + 1], where, clock.today(now))
        rows = [row for row in found if not row.disabled]
        return rows, len(rows), unit
    if unit is None and not only:
        raise Refused("nobody_chosen", "没有选择人员。", "请返回人员名单，勾选人员后再试。", status=422)
    rows, total = queries.people_page(
        where, clock.today(now), size=slip_queries.MOST, only=slip_queries.wanted(only, now)
    )
    return rows, total, unit


def _chosen() -> tuple[list[PersonRow], list[PersonRow], Unit | None, int]:
    """(who gets slips, whose roles are not in one's hands, the unit that was named, how many wait for the next print).

    Who has got a slip leaves the list of those in need, so a long one is printed in several goes; others are refused.
    """
    rows, total, unit = _rows()
    if total > slip_queries.MOST and _only() != slip_queries.NEEDING:
        raise Refused(
            "too_many_slips",
            f"一次最多打印{slip_queries.MOST}人的口令条。",
            "请按下级单位分批打印。",
            status=422,
        )
    left_out = out_of_hands(queries.grant_places([row.id for row in rows]))
    chosen = [row for row in rows if row.id not in left_out]
    return chosen, [row for row in rows if row.id in left_out], unit, total - len(rows)


@bp.route("/people/slips", methods=["GET", "POST"])
@acting_as(*SEEING)
def slips() -> Any:
    """What printing slips would do, then the slips, once. The old passwords end with the POST."""
    chosen, left_out, unit, later = _chosen()
    as_pdf = request.form.get("as") == "pdf"
    if request.method == "GET" or not chosen:
        return render_template(
            "people/slips_ask.html",
            chosen=chosen,
            left_out=left_out,
            unit=unit,
            later=later,
            only=_only(),
            unused=sum(row.state == "slip" for row in chosen),
        )
    if as_pdf:
        typesetting.families()  # refuses before any password has ended
    printed = actions.issue_slips([row.id for row in chosen], clock.now(), actor_id=current_user.id)
    db.session.commit()
    from_here_only_reading()
    address = url_for("people.sign_in", _external=True)
    if as_pdf:
        made = slip_sheet.pdf(printed, address, config.value("SITE_NAME"))
        return download(made, f"口令条_{clock.today():%Y%m%d}_{len(printed)}人.pdf", "application/pdf")
    codes = {slip.account: _drawn(address, slip.account) for slip in printed}
    return render_template("people/slips.html", slips=printed, codes=codes, address=address)


def _drawn(address: str, account: str) -> Markup:
    """The QR code as markup: inline SVG without style, which the content security policy allows."""
    drawn = slip_sheet.code(address, account).svg_inline(
        border=2, light="white", svgclass=None, lineclass=None, omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - drawn from our own address; digits and letters end up as coordinates
