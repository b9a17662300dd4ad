"""The short way of a request that its page repeats: what was let in a moment ago is not looked through again.

An exam page sends its sheet again and again with the same cookie and the same token. Whom they belong to is looked up
once in two minutes, by the rules that hold everywhere, and the requests go straight to the area's own work. That looks
as always, in the statement itself, whether the sign-in stands. Whatever does not end in a plain success goes the whole
way as if nothing had been tried, so every rule, every refusal and every sentence has its one place there.

A reply that leads its browser on to a page may also hand over what it knows: once, for that page and that cookie.
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
LED, TRIED, FAILED = "quizapp.led", "quizapp.tried", "quizapp.failed"  # in the WSGI environment
OF_ONE_REPLY = {"content-length", "set-cookie", "x-request-id"}

Who = Any
Said = dict[str, Any] | str | None  # JSON; a page; nothing, so that the whole way is taken
Work = Callable[[str, bytes, Who, datetime], Said]
Second = tuple[bool, str]  # True and the path of a page; False and the token that came along
Key = tuple[str, Second]  # the session's cookie, as sent
Headers = list[tuple[str, str]]
Reply = tuple[Headers, bytes]
Asked = tuple[str, bytes, Who, datetime]  # what a work takes
Together = Callable[[Sequence[Asked]], list[Said]]
Look = Callable[[], "Known | None"]

counting: list[Callable[[str, int], None]] = []  # told of each reply: endpoint, status
_ways: list["Way"] = []
_look: list["Look"] = []


@dataclass(frozen=True)
class Way:
    """Requests of one kind. path: matches the whole path; its one group is handed to the work.

    together: the same work for several, in their order and in one transaction, see `grouping`.
    """

    method: str
    path: re.Pattern[str]
    endpoint: str
    largest: int  # bytes of a body
    work: Work
    together: Together | None = None

    @property
    def reads(self) -> bool:
        """Whether it is a page that somebody was led to; others bring a token along."""
        return self.method == "GET"


@dataclass(frozen=True)
class Known:
    """Whom a page belongs to, and until when nobody looks again."""

    who: Who
    until: datetime


def offer(
    method: str, path: str, endpoint: str, *, largest: int = 0, together: Together | None = None
) -> Callable[[Work], Work]:
    """Register the work of a short way: work(part of the path, body, who, now) -> what to reply with status 200, all
    of it committed; None to leave the request, untouched, to the whole way. together: see `Way`."""

    def keep(work: Work) -> Work:
        _ways.append(Way(method, re.compile(path), endpoint, largest, work, together))
        return work

    return keep


def looks(look: Look) -> Look:
    """Register who finds out, in the context of a request, whom its cookie and token belong to, and until when that may
    be believed; none for whom the short way is not. It writes nothing."""
    _look[:] = [look]
    return look


def lead(path: str, who: Who, now: datetime) -> None:
    """In a view that sends its browser on to the page of this path: what is known of who asks is handed over once."""
    request.environ[LED] = path, Known(who, now + LASTS)


class Door:
    """The application behind its short ways. It stands inside the proxies' wrappers."""

    def __init__(self, app: Flask) -> None:
        self._app, self._whole = app, app.wsgi_app
        self._known: dict[Key, Known] = {}
        self._lock = Lock()
        self._headers: dict[str, Headers] = {}  # by endpoint, of the newest reply that the whole way gave

    def forget(self) -> None:
        """Everybody goes the whole way next."""
        with self._lock:
            self._known.clear()
            self._headers.clear()

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        way, part = self.find(environ)
        if way is not None and not environ.get(OVERDUE) and TRIED not in environ:
            key = self.key(way, environ)
            known = self.known(way, key, environ)
            if way.reads:
                self.drop(key)  # it was handed over once
            reply = self._short(way, part, environ, *known) if known else None
            if reply is not None:
                start("200 OK", reply[0])
                return [reply[1]]

        def keep(status: str, headers: Headers, error: Any = None) -> Any:
            if LED in environ and status < "4":
                self._lead(environ, headers)
            if way is not None and status.startswith("200"):
                self._learn(way.endpoint, headers)
            return start(status, headers, error)

        return self._whole(environ, keep)

    def find(self, environ: dict[str, Any]) -> tuple[Way | None, str]:
        """The way of such requests, and the part of the path that its work takes."""
        for way in _ways:
            if environ["REQUEST_METHOD"] == way.method:
                found = way.path.fullmatch(environ["PATH_INFO"])
                if found:
                    return way, found[1]
        return None, ""

    def known(self, way: Way, key: Key, environ: dict[str, Any]) -> tuple[Known, Headers] | None:
        """What lets a request take this way, and the headers of its reply."""
        headers, known = self._headers.get(way.endpoint), self._known.get(key)
        if headers is None:
            return None
        if not way.reads and (known is None or known.until <= clock.now()):
            known = self._found_out(key, environ)
        return None if known is None else (known, headers)

    def _found_out(self, key: Key, environ: dict[str, Any]) -> Known | None:
        try:
            with self._app.request_context(environ):
                g.read_only = True
                known = _look[0]()
        except Exception as error:
            environ[FAILED] = error  # answered on the whole way, with a sentence, and logged there
            return None
        if known is not None:
            self._keep(key, known)
        return known

    def _keep(self, key: Key, known: Known) -> None:
        with self._lock:
            self._known.pop(key, None)
            self._known[key] = known
            while len(self._known) > MOST:
                del self._known[next(iter(self._known))]

    def drop(self, key: Key) -> None:
        """Forget what is known of it."""
        self._known.pop(key, None)

    def _short(
        self, way: Way, part: str, environ: dict[str, Any], known: Known, headers: Headers
    ) -> Reply | None:
        body = b"" if way.reads else self.body(way, environ)
        if body is None:
            return None
        with self._app.app_context():
            logs.begin(environ.get("HTTP_X_REQUEST_ID", ""))
            g.read_only = way.reads
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
            return self.reply(way, environ, headers, said)

    def reply(self, way: Way, environ: dict[str, Any], headers: Headers, said: dict[str, Any] | str) -> Reply:
        """The reply to the running request; it is counted and logged."""
        text = said if isinstance(said, str) else f"{self._app.json.dumps(said, separators=(',', ':'))}\n"
        body = text.encode()
        logs.end(way.method, way.endpoint, 200, environ.get("REMOTE_ADDR", ""))
        for told in counting:
            told(way.endpoint, 200)
        own = [("Content-Length", str(len(body))), ("X-Request-Id", g.request_id)]
        return headers + own, body

    def body(self, way: Way, environ: dict[str, Any]) -> bytes | None:
        """None for what is no JSON of a size that this way takes."""
        length = get_content_length(environ)
        if length is None or length > way.largest:
            return None
        if environ.get("CONTENT_TYPE", "").partition(";")[0] != "application/json":
            return None
        body: bytes = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = BytesIO(body)  # should it go the whole way after all
        return body

    def _cookie(self, environ: dict[str, Any]) -> str:
        name = self._app.config["SESSION_COOKIE_NAME"]
        return parse_cookie(environ.get("HTTP_COOKIE", "")).get(name, "")

    def key(self, way: Way, environ: dict[str, Any]) -> Key:
        second = environ["PATH_INFO"] if way.reads else environ.get("HTTP_X_CSRFTOKEN", "")
        return self._cookie(environ), (way.reads, second)

    def _lead(self, environ: dict[str, Any], headers: Headers) -> None:
        """For the cookie that was sent, or for the one that the reply puts in its place."""
        name = self._app.config["SESSION_COOKIE_NAME"]
        placed = [parse_cookie(value) for header, value in headers if header == "Set-Cookie"]
        path, known = environ[LED]
        for cookie in [one[name] for one in placed if name in one] or [self._cookie(environ)]:
            self._keep((cookie, (True, path)), known)

    def _learn(self, endpoint: str, headers: Headers) -> None:
        lasting = [pair for pair in headers if pair[0].lower() not in OF_ONE_REPLY]
        if lasting != self._headers.get(endpoint):
            self._headers[endpoint] = lasting


def init_app(app: Flask) -> None:
    door = Door(app)
    app.extensions["short_way"] = door
    app.wsgi_app = door  # type: ignore[method-assign, assignment]

    @app.before_request
    def failed() -> None:
        if FAILED in request.environ:
            raise request.environ[FAILED]
