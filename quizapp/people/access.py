"""Who may see and do what. What a person may not know of answers 404, as if it were not there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import flash, g, jsonify, redirect, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy import ColumnElement, ScalarSelect, false, or_, select

from quizapp import clock, config, jsonsql
from quizapp.db import db
from quizapp.errors import not_found, wants_json
from quizapp.people import confined, notices
from quizapp.people.models import Grant, Membership, Person, Unit

View = Callable[..., Any]
UNDISTURBED = {"attempts"}  # pages on which nobody is asked to read a changed notice: an exam may be running


@dataclass(frozen=True)
class Held:
    """A role on the interval of a unit: it reaches every unit with lft in lft…rgt."""

    role: str
    unit_id: int
    lft: int
    rgt: int


def held() -> list[Held]:
    """All grants of the signed-in person; they came along with the person (see `sessions.load_person`)."""
    if "held" not in g:
        know(db.session.scalar(select(held_by(current_user.id))))
    return g.held


def held_by(person_id: Any) -> ScalarSelect[Any]:
    """SQL: the grants of a person as one JSON value, to travel along with another read; then `know` them."""
    return (
        select(jsonsql.arrays_of(Grant.role, Unit.id, Unit.lft, Unit.rgt))
        .join_from(Grant, Unit, Unit.id == Grant.unit_id)
        .where(Grant.person_id == person_id)
        .scalar_subquery()
    )


def know(grants: list[list[Any]] | None) -> None:
    """What `held_by` gave, for the rest of this request."""
    g.held = sorted((Held(*row) for row in grants or []), key=lambda one: one.lft)


def roles() -> set[str]:
    """The roles the signed-in person holds anywhere; none for a visitor."""
    return {grant.role for grant in held()} if current_user.is_authenticated else set()


def reach(*wanted: str) -> list[Held]:
    """The grants of these roles; the intervals in which the person may act with them."""
    return [grant for grant in held() if grant.role in wanted]


def within(column: Any, *wanted: str) -> ColumnElement[bool]:
    """SQL: `column` (an lft) lies in the reach of these roles. False for who holds none."""
    intervals = [column.between(grant.lft, grant.rgt) for grant in reach(*wanted)]
    return or_(*intervals) if intervals else false()


def covers(unit: Unit, *wanted: str) -> bool:
    """Whether the signed-in person holds one of these roles on this unit or above it."""
    return any(grant.lft <= unit.lft <= grant.rgt for grant in reach(*wanted))


def unit_or_404(unit_id: int, *wanted: str) -> Unit:
    """A unit that the person may act on in one of these roles."""
    unit = db.session.get(Unit, unit_id)
    if unit is None or not covers(unit, *wanted):
        not_found()
    return unit


def person_or_404(person_id: int, *wanted: str) -> tuple[Person, Unit]:
    """A person and the unit in which the person is counted today, if one of these roles reaches it."""
    today = clock.today()
    row = db.session.execute(
        select(Person, Unit)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Person.id == person_id, Membership.main, Membership.since <= today)
        .where(or_(Membership.until.is_(None), Membership.until >= today))
        .where(within(Unit.lft, *wanted))
    ).one_or_none()
    if row is None:
        not_found()
    return row[0], row[1]


def out_of_hands(places: dict[int, list[int]]) -> set[int]:
    """Whose password and account the signed-in person must leave alone: one's own, and those of holders of a role that
    one does not administer; a new password would lend that role. places: person: lft of every unit with a role.
    """
    mine = reach("administrator")
    foreign = {
        person_id
        for person_id, lfts in places.items()
        if not all(any(grant.lft <= lft <= grant.rgt for grant in mine) for lft in lfts)
    }
    return foreign | {current_user.id}


def _here() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _sign_in_first() -> Any:
    if wants_json():
        return jsonify(code="signed_out", csrf_token=generate_csrf()), 401
    return redirect(url_for("people.sign_in", next=_here()), 303)


def _notice_changed() -> bool:
    """Whether the notice that the person accepted reads differently now; never asked in an exam."""
    if request.method != "GET" or wants_json() or request.blueprint in UNDISTURBED:
        return False
    accepted = current_user.notice_version
    return accepted is not None and accepted != notices.version(config.value("PRIVACY_NOTICE"))


def _password_expired() -> bool:
    """Whether a holder of roles opens a page of work with a password older than PASSWORD_DAYS. Cadres' pages, and
    so exams, never ask."""
    set_at = current_user.password_set_at
    if request.method != "GET" or set_at is None:
        return False
    return bool(clock.now() - set_at > timedelta(days=config.value("PASSWORD_DAYS")))


def signed_in(view: View) -> View:
    """The view is for whoever is signed in, with a password and the notice of their own already settled."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return _sign_in_first()
        without_password = current_user.must_change and not confined.is_confined()
        if without_password or current_user.notice_accepted_at is None:
            if wants_json():
                return jsonify(code="signed_out", csrf_token=generate_csrf()), 401
            return redirect(url_for("people.welcome", next=_here()), 303)
        if _notice_changed():
            return redirect(url_for("people.welcome", next=_here()), 303)
        return view(*args, **kwargs)

    return guarded


def acting_as(*wanted: str) -> Callable[[View], View]:
    """The view is for holders of one of these roles, on any unit; for others it does not exist."""

    def wrap(view: View) -> View:
        @signed_in
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not roles().intersection(wanted):
                not_found()
            if _password_expired():
                flash(f"您的口令已使用超过{config.value('PASSWORD_DAYS')}天，请修改后继续管理工作。", "warn")
                return redirect(url_for("people.password", next=_here()), 303)
            return view(*args, **kwargs)

        return guarded

    return wrap
