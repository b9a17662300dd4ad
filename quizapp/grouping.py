"""Requests of one kind that wait for the same thread: written together, and each answered as it would be alone.

A commit costs more than the statements before it, so where there is one writer, those who wait share one. A lane
begins requests with one `Group` in their environments for as long as each finds its place in it; of one page there is
never more than one. The first reply that the lane then asks for makes the group write, and none comes before the
commit. When anything fails, nothing of the group is stored. Whoever was not stored with the others goes the whole way.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy.exc import OperationalError, TimeoutError

from quizapp import clock, durable, logs
from quizapp.errors import OVERDUE
from quizapp.short_way import FAILED, TRIED, Asked, Door, Headers, Key, Known, Reply, Said, Way

GROUP = "quizapp.group"  # in the WSGI environment

NEVER = datetime.min.replace(tzinfo=UTC)
log = logging.getLogger("quizapp")


@dataclass
class Member:
    """A request of a group. began, number: for `logs`. reply: there once it is committed, if it was stored."""

    environ: dict[str, Any]
    part: str
    body: bytes
    key: Key
    known: Known
    headers: Headers
    began: float = 0.0
    number: str = ""
    now: datetime = NEVER
    reply: Reply | None = None

    @property
    def asked(self) -> Asked:
        return self.part, self.body, self.known.who, self.now


@dataclass
class Group:
    """Requests that may be answered together, in the order in which they came. way: that of all of them."""

    way: Way | None = None
    members: list[Member] = field(default_factory=list)
    grows: bool = True  # until a request comes that is not of this kind, or the first reply is asked for


class Gate:
    """The application before its `Door`: those who come with a group go through it together."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._door: Door = app.extensions["short_way"]

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        """With a group, nothing is done before the reply's first piece is asked for."""
        group = environ.get(GROUP)
        if group is None:
            return self._door(environ, start)
        return self._in_turn(group, self._join(group, environ), environ, start)

    def _join(self, group: Group, environ: dict[str, Any]) -> Member | None:
        """Its place in the group; where it has none, nobody after it has."""
        member = self._member(group, environ) if group.grows and not environ.get(OVERDUE) else None
        if member is None:
            group.grows = False
        else:
            group.members.append(member)
        return member

    def _member(self, group: Group, environ: dict[str, Any]) -> Member | None:
        way, part = self._door.find(environ)
        if way is None or way.together is None or group.way not in (None, way):
            return None
        if any(one.part == part for one in group.members):
            return None  # what became of the earlier one is told before
        key = self._door.key(way, environ)
        known = self._door.known(way, key, environ)
        body = self._door.body(way, environ) if known else None
        if known is None or body is None:
            return None
        group.way = way
        return Member(environ, part, body, key, *known)

    def _in_turn(
        self, group: Group, member: Member | None, environ: dict[str, Any], start: Any
    ) -> Iterator[bytes]:
        """The pieces of the reply. Whoever comes first writes the group, and nobody does it again."""
        group.grows = False
        way, group.way = group.way, None
        if way is not None:
            self._write(way, group.members)
        if member and member.reply:
            start("200 OK", member.reply[0])
            yield member.reply[1]
            return
        if member:
            environ[TRIED] = True
        pieces = self._door(environ, start)
        try:
            yield from pieces
        finally:
            if hasattr(pieces, "close"):
                pieces.close()

    def _write(self, way: Way, members: list[Member]) -> None:
        with self._app.app_context():
            for one in members:
                one.began, one.number = logs.numbered(one.environ.get("HTTP_X_REQUEST_ID", ""))
                one.now = clock.arrival(one.environ.get("HTTP_X_REQUEST_START"))
            let_in = [one for one in members if one.now < one.known.until]
            for one, said in zip(let_in, self._said(way, let_in), strict=True):
                if said is not None:
                    logs.resume(one.began, one.number)
                    one.reply = self._door.reply(way, one.environ, one.headers, said)

    def _said(self, way: Way, let_in: list[Member]) -> list[Said]:
        """What to reply to each, all of it committed; nothing to anybody where something failed."""
        try:
            said = way.together([one.asked for one in let_in]) if way.together and let_in else []
            if durable.is_durable():
                return said
            for one in let_in:
                one.environ[durable.DOUBTFUL] = True
        except (OperationalError, TimeoutError) as error:  # the database; it is asked once for all of them
            for one in let_in:
                one.environ[FAILED] = error
        except Exception:  # whoever is to blame fails by itself, and the others do not
            log.exception("%d requests together failed", len(let_in))
        return [None] * len(let_in)


def init_app(app: Flask) -> None:
    """After that of the short ways."""
    app.wsgi_app = Gate(app)  # type: ignore[method-assign, assignment]
