"""How requests reach the application: whole, and in two lanes, so that an exam waits for nobody's report.

Phones on a bad line send a request in pieces, and sometimes only its first half. Here the event loop collects it, and a
thread sees it once it is whole: however many lines are slow, none of them keeps the others waiting (RSGI, see Granian).
"""

import asyncio
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from flask import Flask
from granian.rsgi import Scope

from quizapp.errors import OVERDUE
from quizapp.grouping import GROUP, Group

QUICK = (
    "/attempts/",
    "/my-exams/",
    "/hall",
    "/healthz",
    "/readyz",
)  # paths of what may never wait for a slow page
SILENCE = 30.0  # seconds for the next piece of a request to come
SMALL = 64 * 1024  # bytes; what is announced as larger is collected in pieces, and above IN_MEMORY in a file
IN_MEMORY = 1024 * 1024
WAITING = 1000  # requests of a lane; whoever comes then is told at once to come back
TOGETHER = 32  # requests of one transaction; the other workers wait for it
HELD_UP = 0.25  # seconds with one request: whoever works on it waits for a row or a disk, and others go on
COME_BACK = 2  # seconds
LONGEST_WAIT = (
    5.0  # seconds in a lane; with those that a writer waits it stays below the patience of the exam page
)
BUSY = "系统繁忙，请稍后再试。"
TOO_SLOW = "网络太慢，请求没有传完，请重试。"

Reply = tuple[int, list[tuple[str, str]], bytes]


@dataclass
class Waiting:
    """A request on its way through a lane. until: when it is too late for more than a refusal."""

    made: dict[str, Any]
    until: float
    reply: "asyncio.Future[Reply]"


@dataclass(eq=False)
class Shift:
    """A thread that works in a lane. since: when it turned to what it does now (as time.monotonic)."""

    since: float


@dataclass
class Lane:
    """Threads, and how many requests are in them or wait for them.

    most: threads. at_once: as many of them work, and more only past those that are held up: threads take turns in one
    interpreter, and two that always want it slow each other down.
    """

    threads: ThreadPoolExecutor
    at_once: int
    most: int
    together: bool = False  # whether those who wait may be answered as a group
    inside: int = 0
    watched: bool = False  # whether somebody looks again soon
    waiting: deque[Waiting] = field(default_factory=deque)
    _shifts: list[Shift] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def staff(self) -> Shift | None:
        """A shift that has to begin now, because somebody waits and too few work."""
        now = time.monotonic()
        with self._lock:
            if not self.waiting or len(self._shifts) == self.most or self._going(now) >= self.at_once:
                return None
            shift = Shift(now)
            self._shifts.append(shift)
            return shift

    def take(self, shift: Shift) -> Waiting | None:
        """Whoever waits longest. None ends the shift: nobody waits, or others went on while it was held up."""
        with self._lock:
            shift.since = time.monotonic()
            if self.waiting and self._going(shift.since) <= self.at_once:
                return self.waiting.popleft()
            self._shifts.remove(shift)
            return None

    def take_along(self) -> Waiting | None:
        """Whoever waits longest, for one who has taken somebody already."""
        with self._lock:
            return self.waiting.popleft() if self.waiting else None

    def leave(self, shift: Shift) -> None:
        """A shift that may have ended by a mistake is over."""
        with self._lock, suppress(ValueError):
            self._shifts.remove(shift)

    def _going(self, now: float) -> int:
        return sum(now - shift.since < HELD_UP for shift in self._shifts)


class Lanes:
    """A WSGI application as Granian's RSGI interface calls it.

    exam: threads for what an exam asks. One of them works, the others only where it is held up.
    others: threads for everything else. prefix: the path under which the application lives. largest: bytes of a body.
    together: whether several that wait in the exam's lane may share a transaction, see `grouping`.
    """

    def __init__(
        self, app: Flask, *, exam: int, others: int, prefix: str, largest: int, together: bool = False
    ) -> None:
        self.app = app
        self._wsgi: Callable[..., Iterable[bytes]] = app
        self._prefix = prefix
        self._largest = largest
        self._exam = Lane(ThreadPoolExecutor(exam, "exam"), 1, exam, together)
        self._others = Lane(ThreadPoolExecutor(others, "others"), others, others)

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop

    def __rsgi_del__(self, loop: asyncio.AbstractEventLoop) -> None:
        for lane in (self._exam, self._others):
            lane.threads.shutdown()

    async def __rsgi__(self, scope: Scope, protocol: Any) -> None:
        lane = self._exam if scope.path.removeprefix(self._prefix).startswith(QUICK) else self._others
        if lane.inside >= WAITING:
            return protocol.response_bytes(*_in_words(503, BUSY, ("Retry-After", str(COME_BACK))))
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                length = await self._collect(scope, protocol, body)
            except TimeoutError:
                return protocol.response_bytes(*_in_words(408, TOO_SLOW, ("Connection", "close")))
            body.seek(0)
            made, until = environment(scope, body, length), time.monotonic() + LONGEST_WAIT
            lane.inside += 1
            try:
                asked = Waiting(made, until, self._loop.create_future())
                lane.waiting.append(asked)
                self._staff(lane)
                reply = await asked.reply
            finally:
                lane.inside -= 1
        return protocol.response_bytes(*reply)

    async def _collect(self, scope: Scope, protocol: Any, body: IO[bytes]) -> int:
        """Write the body there; gives its length. One that is announced too large stays unread: the application
        refuses it by its length."""
        announced = scope.headers.get("content-length")
        if announced is None and "transfer-encoding" not in scope.headers:
            return 0
        if announced is not None and int(announced) > self._largest:
            return int(announced)
        if announced is not None and int(announced) <= SMALL:
            async with asyncio.timeout(SILENCE):
                return body.write(await protocol())
        length, pieces = 0, aiter(protocol)
        with suppress(StopAsyncIteration):
            while length <= self._largest:
                async with asyncio.timeout(SILENCE):
                    length += body.write(await anext(pieces))
        return length

    def _staff(self, lane: Lane) -> None:
        """See that those who wait are worked for: now, and again while some wait, since who works may be held up."""
        if shift := lane.staff():
            lane.threads.submit(self._work, lane, shift)
        if lane.most > lane.at_once and not lane.watched:
            lane.watched = True
            self._loop.call_later(HELD_UP, self._look_again, lane)

    def _look_again(self, lane: Lane) -> None:
        lane.watched = False
        if lane.waiting:
            self._staff(lane)

    def _work(self, lane: Lane, shift: Shift) -> None:
        """In a thread of the lane: one after the other, until nobody waits."""
        try:
            while first := lane.take(shift):
                self._answer(lane, first)
        finally:
            lane.leave(shift)

    def _answer(self, lane: Lane, first: Waiting) -> None:
        """Answer this one, and together with it those behind it that may be."""
        group = Group() if lane.together and lane.waiting else None
        begun = [(first, self._begin(first, group))]
        while group and len(group.members) == len(begun) < TOGETHER and (following := lane.take_along()):
            begun.append((following, self._begin(following, group)))
        joined = len(group.members) if group else 0
        for some in (begun[:joined], begun[joined:]):  # whoever did not join keeps nobody waiting
            self._give([(one, _outcome(finish)) for one, finish in some])

    def _begin(self, one: Waiting, group: Group | None) -> Callable[[], Reply]:
        """Call the application; the rest of its work, and its reply, come when the result is called."""
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            said[:] = [int(status.split(" ", 1)[0]), headers]

        def finish() -> Reply:
            try:
                whole = b"".join(pieces)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
            return said[0], said[1], whole

        one.made[OVERDUE] = time.monotonic() > one.until  # uvloop's own time stands still while it waits
        if group is not None:
            one.made[GROUP] = group
        try:
            pieces = self._wsgi(one.made, start)
        except Exception as error:
            return partial(_fail, error)
        return finish

    def _give(self, done: Sequence[tuple[Waiting, Reply | Exception]]) -> None:
        """Hand over what became of these requests."""

        def give() -> None:
            for one, outcome in done:
                if one.reply.done():
                    continue  # nobody waits for it any more
                if isinstance(outcome, Exception):
                    one.reply.set_exception(outcome)
                else:
                    one.reply.set_result(outcome)

        if done:
            self._loop.call_soon_threadsafe(give)


def _outcome(finish: Callable[[], Reply]) -> Reply | Exception:
    try:
        return finish()
    except Exception as error:
        return error


def _fail(error: Exception) -> Reply:
    raise error


def environment(scope: Scope, body: IO[bytes], length: int) -> dict[str, Any]:
    """The request as PEP 3333 describes it."""
    host, _, port = scope.server.rpartition(":")
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope.path).decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "CONTENT_LENGTH": str(length),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if scope.authority:
        made["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        key = name.upper().replace("-", "_")
        if key == "CONTENT_TYPE":
            made[key] = value
        elif key not in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):  # it is whole now
            key = f"HTTP_{key}"
            between = "; " if key == "HTTP_COOKIE" else ","
            made[key] = f"{made[key]}{between}{value}" if key in made and key != "HTTP_HOST" else value
    return made


def _in_words(status: int, words: str, *headers: tuple[str, str]) -> Reply:
    return status, [("Content-Type", "text/plain; charset=utf-8"), *headers], words.encode()
