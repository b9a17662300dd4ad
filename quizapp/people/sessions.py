"""Being signed in: a row in `login_session`, named by the cookie. Ending the row ends the sign-in at once.

The cookie holds the session's id, the person's id and the last activity (signed anew at most once a minute), never a
role. A cadre's own phone (kind `study`) stays signed in for days; a `short` session ends when it is idle; one of kind
`hall` may do nothing but one exam (see `confined`) and ends at its own hour, never in the middle of an answer.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from flask import Flask, Response, g, jsonify, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, logout_user
from flask_wtf.csrf import CSRFError, generate_csrf, validate_csrf
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import ColumnElement, Insert, Select, Update, bindparam, exists, insert, select, update
from wtforms import ValidationError

from quizapp import clock, config, short_way, together
from quizapp.db import UtcDateTime, db
from quizapp.errors import PAGES, answer, wants_json
from quizapp.people import access, confined
from quizapp.people.models import LoginSession, Person

SHORT_SESSION = timedelta(hours=12)  # absolute end of a session that also ends when idle
RESIGN_AFTER = 60  # seconds between two signings of the cookie for activity alone


class SignedByOne(SecureCookieSessionInterface):
    """Flask's sessions, whose signer is made once for an app instead of twice for a request."""

    _signer: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


login_manager = LoginManager()
login_manager.session_protection = None  # a phone changes its network and stays signed in (hazard H17)


@dataclass(frozen=True)
class Ticket:
    """What the cookie claims; only the database knows whether the session has been ended."""

    session_id: str
    person_id: int


def ticket(now: datetime) -> Ticket | None:
    """The claim of this request's cookie, or none when there is none or it has been idle too long. No query
    but the settings' (cached per request) for a short session."""
    session_id, person_id = session.get("sid"), session.get("_user_id")
    if not session_id or not person_id or not str(person_id).isdigit():
        return None
    if session.get("kind") not in ("study", "hall"):
        idle = now.timestamp() - session.get("seen", 0)
        if idle > config.value("ADMIN_IDLE_MINUTES") * 60:
            return None
    return Ticket(session_id, int(person_id))


@short_way.looks
def of_the_page() -> short_way.Known | None:
    """Whom the cookie and the token of this request belong to, while the cookie is so fresh that its last activity need
    not be noted anew."""
    now = clock.now()
    claim = None if confined.is_confined() else ticket(now)
    until = datetime.fromtimestamp(session.get("seen", 0), UTC) + short_way.LASTS
    if claim is None or until <= now:
        return None
    try:
        validate_csrf(request.headers.get("X-CSRFToken"))
    except ValidationError:
        return None
    return short_way.Known(claim, until)


def is_live(claim: Ticket, now: datetime) -> ColumnElement[bool]:
    """SQL: the claimed session belongs to the person and has not been ended. For use inside a guarded statement."""
    return exists().where(
        LoginSession.id == claim.session_id,
        LoginSession.person_id == claim.person_id,
        LoginSession.ended_at.is_(None),
        LoginSession.expires_at > now,
    )


@login_manager.user_loader
def load_person(_person_id: str) -> Person | None:
    """The signed-in person, once a request; what every page asks besides travels along: the session's facts (kept in
    `g`), the settings and the person's grants."""
    now = clock.now()
    claim = ticket(now)
    if claim is None:
        return None
    row = db.session.execute(
        _whole_sign_in(), {"session": claim.session_id, "person": claim.person_id, "now": now}
    ).one_or_none()
    if row is None:
        return None
    person, g.login_kind, g.login_confirmed_at, settings, grants = row
    config.know(settings)
    access.know(grants)
    return person


@cache
def _whole_sign_in() -> Select[Any]:
    session_id: Any = bindparam("session")
    person_id: Any = bindparam("person")
    now: Any = bindparam("now", type_=UtcDateTime)
    return (
        select(
            *(Person, LoginSession.kind, LoginSession.confirmed_at),
            *(config.stored(), access.held_by(person_id)),
        )
        .join(LoginSession, LoginSession.person_id == Person.id)
        .where(Person.id == person_id, Person.disabled_at.is_(None), LoginSession.id == session_id)
        .where(is_live(Ticket(session_id, person_id), now))
    )


def start(person: Person, *, kind: str, now: datetime, until: datetime | None = None) -> str:
    """Sign a person in on this browser, where any earlier sign-in ends; the new one's id. The caller commits.

    until: its absolute end, where it is not that of its kind.
    """
    row = new_row(person.id, kind=kind, now=now, until=until)
    before = session.get("sid")
    together.write(
        *([(ended, {"ended_id": before, "ended_now": now})] if before else []),
        (_started, {f"new_{name}": value for name, value in row.items()}),
    )
    hold(row)
    return str(row["id"])


def new_row(person_id: int, *, kind: str, now: datetime, until: datetime | None = None) -> dict[str, Any]:
    """The row of a sign-in that begins now. until: its absolute end, where it is not that of its kind."""
    lasting = timedelta(days=config.value("STUDY_SESSION_DAYS")) if kind == "study" else SHORT_SESSION
    return {
        "id": secrets.token_urlsafe(32),
        "person_id": person_id,
        "kind": kind,
        "started_at": now,
        "confirmed_at": now,
        "expires_at": until or now + lasting,
    }


def hold(row: dict[str, Any]) -> None:
    """This browser's cookie names the sign-in of this row from now on; nothing of an earlier one stays in it."""
    session.clear()
    g.pop("csrf_token", None)
    session.update(sid=row["id"], _user_id=str(row["person_id"]), kind=row["kind"])
    session["seen"] = int(row["started_at"].timestamp())
    session.permanent = row["kind"] == "study"
    g.pop("_login_user", None)  # Flask-Login asks again once somebody wants to know
    g.login_kind, g.login_confirmed_at = row["kind"], row["confirmed_at"]


def _started() -> Insert:
    return insert(LoginSession.__table__).values(row_given())


def row_given() -> dict[str, Any]:
    """SQL: the row of a new sign-in as bound values, new_id and so on."""
    columns = [column for column in LoginSession.__table__.c if column.name != "ended_at"]
    return {column.name: bindparam(f"new_{column.name}", type_=column.type) for column in columns}


def confirm(now: datetime) -> None:
    """The password was typed again on this session. The caller commits."""
    db.session.execute(update(LoginSession).where(LoginSession.id == session["sid"]).values(confirmed_at=now))
    g.login_confirmed_at = now


def confirmed_recently(now: datetime) -> bool:
    """Whether the password was typed within CONFIRM_HOURS, so that a formal exam may open."""
    at = g.get("login_confirmed_at") if current_user.is_authenticated else None
    return at is not None and now - at <= timedelta(hours=config.value("CONFIRM_HOURS"))


def end_current(now: datetime) -> None:
    """Sign out on this browser. The caller commits."""
    if session.get("sid"):
        end(session["sid"], now)
    logout_user()
    session.clear()
    g.pop("csrf_token", None)


def end(session_id: str, now: datetime) -> None:
    """End one sign-in, wherever its browser stands. The caller commits."""
    together.write((ended, {"ended_id": session_id, "ended_now": now}))


def ended() -> Update:
    """SQL: one sign-in ends, unless it has. Values: ended_id, ended_now."""
    columns = LoginSession.__table__.c
    return (
        update(LoginSession.__table__)
        .where(columns.id == bindparam("ended_id"), columns.ended_at.is_(None))
        .values(ended_at=bindparam("ended_now", type_=UtcDateTime))
    )


def end_soon(until: datetime) -> None:
    """The sign-in of this browser lasts no longer than `until`. The caller commits."""
    db.session.execute(
        update(LoginSession)
        .where(LoginSession.id == session["sid"], LoginSession.expires_at > until)
        .values(expires_at=until)
    )


def end_all(person_id: int, now: datetime, *, but: str | None = None) -> None:
    """End every sign-in of a person, `but` one session id. The caller commits."""
    ending = update(LoginSession).where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
    if but is not None:
        ending = ending.where(LoginSession.id != but)
    db.session.execute(ending.values(ended_at=now))


def init_app(app: Flask) -> None:
    app.session_interface = SignedByOne()
    login_manager.init_app(app)
    confined.init_app(app)
    app.permanent_session_lifetime = timedelta(days=400)  # the row in the database decides, not the cookie

    @app.after_request
    def note_activity(response: Response) -> Response:
        """Sign the cookie anew when a minute has passed; passive polling passes `quiet_activity`."""
        if session.get("sid") and not g.get("quiet_activity") and response.status_code < 400:
            moment = int(clock.now().timestamp())
            if moment - session.get("seen", 0) > RESIGN_AFTER:
                session["seen"] = moment
        return response

    @app.errorhandler(CSRFError)
    def stale_token(_error: CSRFError) -> Any:
        """A script is told whether to sign in (401) or to send again with the fresh token (403)."""
        db.session.rollback()
        if not wants_json():
            title, sentence, advice = PAGES[400]
            return answer(400, "token", title, sentence, advice)
        signed_in = current_user.is_authenticated
        body = jsonify(code="token" if signed_in else "signed_out", csrf_token=generate_csrf())
        return body, 403 if signed_in else 401
