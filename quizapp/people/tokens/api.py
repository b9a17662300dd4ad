"""The door of the JSON API: a view behind it is asked with a token alone, acts within the token's unit, and gives a
page of entries. What the OpenAPI document says of the view is written here beside it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from flask import Response, g, make_response, request
from werkzeug.exceptions import NotFound

from quizapp import api, clock
from quizapp.db import db
from quizapp.errors import Refused, answer
from quizapp.openapi import Operation, Record
from quizapp.people import access
from quizapp.people.sessions import login_manager
from quizapp.people.tokens import actions, queries, rules
from quizapp.people.tokens.queries import Bearer

ROLE = "administrator"  # a token reaches what an administrator of its unit reaches
View = Callable[..., Any]


def pulled(
    record: Record,
    summary: str,
    *scopes: str,
    key: Callable[[Any], int],
    named: Mapping[str, str] | None = None,
) -> Callable[[View], View]:
    """The view gives the rows of a list: it takes after=…, limit=… and what stands in the address.

    scopes: any one of them opens it. key: by what rows are ordered, unique and never changed. named: as `Operation`.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(**in_address: int) -> Response:
            now = clock.now()
            _leave_the_cookie_aside()
            given = rules.bearer(request.headers.get("Authorization"))
            bearer = queries.bearer(given) if given else None
            code = rules.refusal(bearer, now) if given else "token_missing"
            if bearer is None or code:
                return _unauthorised(code)
            if not set(scopes) & set(bearer.scopes):
                raise _forbidden(scopes)
            _note_use(bearer, now)
            access.know([[ROLE, bearer.unit_id, bearer.lft, bearer.rgt]])
            wanted = api.asked()
            if any(number > api.LARGEST for number in in_address.values()):
                raise _absent()
            try:
                rows = view(after=wanted.after, limit=wanted.limit + 1, **in_address)
            except NotFound as absent:
                raise _absent() from absent
            return api.page(rows, wanted, record, key, bearer.scopes)

        door: Any = guarded
        door.operation = Operation(view.__name__, summary, record, scopes, named or {})
        return guarded

    return wrap


def _leave_the_cookie_aside() -> None:
    """Whoever may be signed in on this browser, the token alone counts; and reading by token is no activity."""
    g._login_user = login_manager.anonymous_user()
    g.quiet_activity = True


def _unauthorised(code: str) -> Response:
    sentence, advice = rules.REASONS[code]
    response = make_response(answer(401, code, "", sentence, advice))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _forbidden(scopes: tuple[str, ...]) -> Refused:
    words = "或".join(f"“{rules.SCOPES[scope]}”（{scope}）" for scope in scopes)
    sentence = f"该令牌没有读取{words}的权限。"
    return Refused("scope_missing", sentence, "请系统管理员制作有此权限的令牌。", status=403)


def _absent() -> Refused:
    sentence = "没有该内容，或该内容不在令牌的单位范围内。"
    return Refused("not_found", sentence, "请核对地址中的编号和令牌的单位范围。", status=404)


def _note_use(bearer: Bearer, now: datetime) -> None:
    """At most once a minute; no other part of a GET may write."""
    if bearer.last_used_at is not None and now - bearer.last_used_at < timedelta(minutes=1):
        return
    db.session.rollback()
    g.read_only = False
    try:
        actions.note_use(bearer.id, now, request.remote_addr or "")
        db.session.commit()
    finally:
        g.read_only = True
