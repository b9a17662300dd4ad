"""The words between the exam page and the server: bodies in, outcomes out. Every reply tells the server's time.

What is refused here is a fault of the page (too large, not JSON, wrong shape), found before the first statement.
Source: docs/exam-protocol.md.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from quizapp.attempts import outcomes as o
from quizapp.attempts import sheet as sheets

LARGEST_BODY = 8 * 1024  # bytes
HIGHEST = 1_000_000_000  # of epochs and revisions: far above any real one, far below what the column holds
LONGEST_SECONDS = 24 * 3600
Reply = tuple[dict[str, Any], int]


class WrongShape(ValueError):
    """The body is not what the protocol says: answered 422."""


@dataclass(frozen=True)
class SheetBody:
    """A save or a hand-in as sent."""

    epoch: int
    revision: int
    sheet: str
    slots: int
    extra: str = ""  # JSON of doubts and seconds: kept in the journal, never counted


@dataclass(frozen=True)
class OpenBody:
    """An opening as sent. log: the (epoch, revision) of the page's own log, (0, 0) without one."""

    page_key: str | None = None
    log: tuple[int, int] = (0, 0)
    takeover: bool = False


def sheet_body(data: bytes) -> SheetBody:
    """{"epoch":3,"revision":17,"sheet":"C.ABD..A","doubts":[3],"seconds":[12,0,5,9]}, the last two optional."""
    body = _object(data, required={"epoch", "revision", "sheet"}, optional={"doubts", "seconds"})
    return sheet_from(
        _whole(body["epoch"], 1),
        _whole(body["revision"], 1),
        _text(body["sheet"]),
        doubts=body.get("doubts"),
        seconds=body.get("seconds"),
    )


def sheet_from(epoch: int, revision: int, text: str, *, doubts: Any = None, seconds: Any = None) -> SheetBody:
    """The same from values that are already apart (a form without script). Raises WrongShape."""
    try:
        slots = sheets.slot_count(text)
    except sheets.BadSheet as bad:
        raise WrongShape(str(bad)) from bad
    extra: dict[str, list[int]] = {}
    if doubts is not None:
        extra["doubts"] = _numbers(doubts, 1, slots, most=slots)
    if seconds is not None:
        extra["seconds"] = _numbers(seconds, 0, LONGEST_SECONDS, most=slots)
    _whole(epoch, 1)
    _whole(revision, 1)
    return SheetBody(epoch, revision, text, slots, json.dumps(extra, separators=(",", ":")) if extra else "")


def open_body(data: bytes) -> OpenBody:
    """{"page_key":"… or null","log":[2,41],"takeover":false}; all optional."""
    body = _object(data, required=set(), optional={"page_key", "log", "takeover"})
    key, log, takeover = body.get("page_key"), body.get("log", [0, 0]), body.get("takeover", False)
    if key is not None and len(_text(key)) > 64:
        raise WrongShape("page_key")
    if not isinstance(takeover, bool) or not isinstance(log, list) or len(log) != 2:
        raise WrongShape("log or takeover")
    return OpenBody(key, (_whole(log[0], 0), _whole(log[1], 0)), takeover)


def _object(data: bytes, *, required: set[str], optional: set[str]) -> dict[str, Any]:
    try:
        body = json.loads(data or b"{}", object_pairs_hook=_no_doubles, parse_constant=_refuse)
    except (ValueError, RecursionError) as bad:
        raise WrongShape("no JSON") from bad
    if not isinstance(body, dict) or not required <= body.keys() or body.keys() - required - optional:
        raise WrongShape("keys")
    return body


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _whole(value: Any, least: int, highest: int = HIGHEST) -> int:
    if type(value) is not int or not least <= value <= highest:
        raise WrongShape("number")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongShape("text")
    return value


def _numbers(value: Any, least: int, highest: int, *, most: int) -> list[int]:
    if not isinstance(value, list) or len(value) > most:
        raise WrongShape("list")
    return [_whole(item, least, highest) for item in value]


def stamp(moment: datetime | None) -> str | None:
    """2026-11-02T02:15:09.120Z"""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def reply(outcome: o.Outcome, now: datetime) -> Reply:
    """The body and the status of an outcome. 401, 404 and 503 get their bodies from the view."""
    body, status = _body(outcome)
    return {"code": body.pop("code"), **body, "server_time": stamp(now)}, status


def _body(outcome: o.Outcome) -> Reply:
    match outcome:
        case o.Saved(epoch, revision, closes_at, late):
            return {
                "code": "saved", "epoch": epoch, "revision": revision, "closes_at": stamp(closes_at), "late": late,
            }, 200  # fmt: skip
        case o.Overtaken(epoch, revision, closes_at, handing_in):
            return {
                "code": "overtaken", "epoch": epoch, "revision": revision, "closes_at": stamp(closes_at),
            }, 409 if handing_in else 200  # fmt: skip
        case o.Conflict(epoch, revision):
            return {"code": "conflict", "epoch": epoch, "revision": revision}, 409
        case o.Superseded(epoch, held):
            return {"code": "superseded", "epoch": epoch, "held": held}, 409
        case o.Closed(state, receipt, closed_at, held):
            return {
                "code": "closed", "state": state, "receipt": receipt, "closed_at": stamp(closed_at), "held": held,
            }, 409  # fmt: skip
        case o.HandedIn():
            return {
                "code": "handed_in", "receipt": outcome.receipt, "closed_at": stamp(outcome.closed_at),
                "answered": outcome.answered, "of": outcome.of, "digest": outcome.digest,
                "first": outcome.first, "held": outcome.held,
            }, 200  # fmt: skip
        case o.Opened():
            return {
                "code": "opened", "state": "in_progress", "epoch": outcome.epoch, "revision": outcome.revision,
                "page_key": outcome.page_key, "sheet": outcome.sheet, "saved_as": list(outcome.saved_as),
                "doubts": list(outcome.doubts), "closes_at": stamp(outcome.closes_at), "grace_s": outcome.grace_s,
            }, 200  # fmt: skip
        case o.OtherPage(epoch):
            return {"code": "other_page", "epoch": epoch}, 409
        case o.NotStarted():
            return {"code": "not_started"}, 409
        case o.NotOpen(code, sentence):
            return {"code": code, "sentence": sentence}, 409
        case o.SignedOut():
            return {"code": "signed_out"}, 401
        case o.Missing():
            return {"code": "missing"}, 404
        case o.Misshapen():
            return {"code": "shape"}, 422
        case o.Busy():
            return {"code": "busy"}, 503
    raise TypeError(outcome)
