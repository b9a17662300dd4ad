"""The door of the JSON API: a view behind it is asked with a token alone, acts within the token's unit, and gives a
page of entries. What the OpenAPI document says of the view is written here beside it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, g, make_response, request
from werkzeug.exceptions import NotFound

from quizapp import api, clock, config
from quizapp.db import db
from quizapp.errors import Refused, answer
from quizapp.openapi import MOST, Operation, Record
from quizapp.people import access, throttle
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
            if seconds := _to_wait(bearer, now):
                return _too_many(seconds)
            access.know([[ROLE, bearer.unit_id, bearer.lft, bearer.rgt]])
            wanted = api.asked()
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


def _to_wait(bearer: Bearer, now: datetime) -> int:
    """Count this request; how many seconds the program has to wait, 0 for none. What is refused is not counted.

    No other part of a GET may write.
    """
    allowed = config.value("API_CALLS")
    if seconds := throttle.seconds_to_wait(bearer.minute, bearer.calls, now=now, allowed=allowed):
        return seconds
    db.session.rollback()
    g.read_only = False
    try:
        calls = actions.count_call(bearer.id, now, request.remote_addr or "")
        db.session.commit()
    finally:
        g.read_only = True
    return throttle.seconds_to_wait(throttle.minute_of(now), calls - 1, now=now, allowed=allowed)


def _too_many(seconds: int) -> Response:
    sentence = f"该令牌在这一分钟内的请求已达到上限（{config.value('API_CALLS')}次），没有提供内容。"
    advice = f"请过{seconds}秒再取；每页多取几项（limit最大{MOST}）可以减少请求次数。"
    response = make_response(answer(429, "too_many", "", sentence, advice))
    response.headers["Retry-After"] = str(seconds)
    return response
