"""The short way of a request that its page repeats: what was let in a moment ago is not looked through again.

An exam page sends its sheet again and again with the same cookie and the same token. When one went the whole way
through the framework and was stored, this worker remembers for two minutes whom that cookie and that token belong to,
and the next ones go straight to the area's own work. That looks as always, in the statement that writes, whether the
sign-in stands. Whatever does not end in a plain success goes the whole way as if nothing had been tried, and so does
this page's next request, so every rule, every refusal and every sentence has its one place there.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from threading import Lock
from typing import Any

from flask import Flask, g, request
from werkzeug.http import parse_cookie
from werkzeug.wsgi import get_content_length

from quizapp import clock, durable, logs
from quizapp.errors import OVERDUE

LASTS = timedelta(
    minutes=2
)  # only the whole way notes activity in the cookie: far below the shortest idle time
MOST = 20_000  # pages of a worker; the oldest are forgotten first
PASS, FAILED = "quizapp.pass", "quizapp.failed"  # in the WSGI environment
OF_ONE_REPLY = {"content-length", "set-cookie", "x-request-id"}

Who = Any
Work = Callable[[str, bytes, Who, datetime], "dict[str, Any] | None"]
Asked = tuple[str, bytes, Who, datetime]  # what a work takes
Together = Callable[[Sequence[Asked]], "list[dict[str, Any] | None]"]
Key = tuple[str, str]  # the session's cookie and the token, as sent
Headers = list[tuple[str, str]]
Reply = tuple[Headers, bytes]

counting: list[Callable[[str, int], None]] = []  # told of each reply: endpoint, status
_ways: list["Way"] = []


@dataclass(frozen=True)
class Way:
    """Requests of one kind. path: matches the whole path; its one group is handed to the work.

    together: the same work for several, in their order and in one transaction: what to reply to each, or None.
    """

    method: str
    path: re.Pattern[str]
    endpoint: str
    largest: int  # bytes of a body
    work: Work
    together: Together | None


@dataclass(frozen=True)
class Known:
    """What the whole way found out about a page. headers: of its reply, without what belongs to that reply alone."""

    who: Who
    until: datetime
    headers: Headers


def offer(
    method: str, path: str, endpoint: str, *, largest: int, together: Together | None = None
) -> Callable[[Work], Work]:
    """Register the work of a short way: work(part of the path, body, who, now) -> what to reply with status 200, all
    of it committed; None to leave the request, untouched, to the whole way. together: see `Way` and `grouping`."""

    def keep(work: Work) -> Work:
        _ways.append(Way(method, re.compile(path), endpoint, largest, work, together))
        return work

    return keep


def remember(who: Who, now: datetime) -> None:
    """In a view that succeeded: the next requests of this page may take the short way."""
    request.environ[PASS] = who, now


class Door:
    """The application behind its short ways. It stands inside the proxies' wrappers."""

    def __init__(self, app: Flask) -> None:
        self._app, self._whole = app, app.wsgi_app
        self._known: dict[Key, Known] = {}
        self._lock = Lock()
        self._headers: Headers = []  # the newest ones: nearly always the same for all pages

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        found = self.find(environ)
        return self._by(*found, environ, start) if found else self._whole(environ, start)

    def find(self, environ: dict[str, Any]) -> tuple[Way, str] | None:
        """The way of such requests, and the part of the path for its work."""
        for way in _ways:
            found = environ["REQUEST_METHOD"] == way.method and way.path.fullmatch(environ["PATH_INFO"])
            if found:
                return way, found[1]
        return None

    def known(self, key: Key) -> Known | None:
        return self._known.get(key)

    def forget(self, key: Key) -> None:
        """The next request of this page goes the whole way."""
        self._known.pop(key, None)

    def _by(self, way: Way, part: str, environ: dict[str, Any], start: Any) -> Any:
        key = self.key(environ)
        known = self._known.get(key)
        reply = self._short(way, part, environ, known) if known and not environ.get(OVERDUE) else None
        if reply is not None:
            start("200 OK", reply[0])
            return [reply[1]]
        self.forget(key)  # until the whole way lets it in again

        def keep(status: str, headers: Headers, error: Any = None) -> Any:
            if PASS in environ:
                who, now = environ[PASS]
                self._remember(key, who, now, headers)
            return start(status, headers, error)

        return self._whole(environ, keep)

    def body(self, way: Way, environ: dict[str, Any]) -> bytes | None:
        """What was sent, if it is of the kind and size of this way; it can be read again by the whole way."""
        length = get_content_length(environ)
        if (
            length is None
            or length > way.largest
            or environ.get("CONTENT_TYPE", "").partition(";")[0] != "application/json"
        ):
            return None
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = BytesIO(body)  # should it go the whole way after all
        return body

    def _short(self, way: Way, part: str, environ: dict[str, Any], known: Known) -> Reply | None:
        body = self.body(way, environ)
        if body is None:
            return None
        with self._app.app_context():
            logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
            try:
                now = clock.arrival(environ.get("HTTP_X_REQUEST_START"))
                said = way.work(part, body, known.who, now) if now < known.until else None
            except Exception as error:
                environ[FAILED] = error  # answered there, with a sentence, and not tried again
                return None
            if said is None:
                return None
            if not durable.is_durable():
                environ[durable.DOUBTFUL] = True
                return None
            return self.reply(way, environ, known, said)

    def reply(self, way: Way, environ: dict[str, Any], known: Known, said: dict[str, Any]) -> Reply:
        """The reply to the running request; it is counted and logged."""
        body = f"{self._app.json.dumps(said, separators=(',', ':'))}\n".encode()
        logs.end(way.method, way.endpoint, 200, environ.get("REMOTE_ADDR", ""))
        for told in counting:
            told(way.endpoint, 200)
        own = [("Content-Length", str(len(body))), ("X-Request-Id", g.request_id)]
        return known.headers + own, body

    def key(self, environ: dict[str, Any]) -> Key:
        cookies = parse_cookie(environ.get("HTTP_COOKIE", ""))
        return cookies.get(self._app.config["SESSION_COOKIE_NAME"], ""), environ.get("HTTP_X_CSRFTOKEN", "")

    def _remember(self, key: Key, who: Who, now: datetime, headers: Headers) -> None:
        """For the cookie that was sent, and for the one that the reply puts in its place."""
        placed = [parse_cookie(value) for name, value in headers if name == "Set-Cookie"]
        cookies = {
            key[0],
            *(one[name] for one in placed if (name := self._app.config["SESSION_COOKIE_NAME"]) in one),
        }
        lasting = [pair for pair in headers if pair[0].lower() not in OF_ONE_REPLY]
        with self._lock:
            if lasting != self._headers:
                self._headers = lasting
            for cookie in cookies:
                self._known.pop((cookie, key[1]), None)
                self._known[cookie, key[1]] = Known(who, now + LASTS, self._headers)
            while len(self._known) > MOST:
                del self._known[next(iter(self._known))]


def init_app(app: Flask) -> None:
    app.wsgi_app = Door(app)  # type: ignore[method-assign, assignment]

    @app.before_request
    def failed() -> None:
        if FAILED in request.environ:
            raise request.environ[FAILED]
