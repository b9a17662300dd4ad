"""The page of a paper: drawn once by its template for everybody who sits the exam, then filled for each.

What is kept is the page with marks where a person's own things stand. Whatever else may differ from one page to the
next is named in `Kind`; tests compare pages that were filled with pages that the template drew for that person alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, render_template, request, session
from flask_wtf.csrf import generate_csrf

from quizapp.attempts import own_page, paper_html, pieces, protocol, wording
from quizapp.attempts.models import Attempt
from quizapp.attempts.paper_html import PaperHtml
from quizapp.attempts.pieces import Piece, mark
from quizapp.exams.models import Exam
from quizapp.people import sessions
from quizapp.people.sessions import Ticket
from quizapp.remembered import Remembered

LATE = 300  # seconds that are left: the clock changes its colour
OWN = (
    *("page_key", "server_time", "closes_at", "epoch", "revision", "clock"),
    *("answered", "left_open", "marked", "questions", "grid"),
)  # what the template is given as marks
TOKEN, CSRF = mark("token"), mark("csrf")


@dataclass(frozen=True)
class Reader:
    """Who reads in which frame: what the page shows besides exam and attempt, and what its cookie knows."""

    claim: Ticket
    csrf: str
    page: own_page.Page
    root: str
    around: tuple[Any, ...]


@dataclass(frozen=True)
class Kind:
    """What pages have in common that are drawn once."""

    exam: tuple[Any, ...]
    slots: int
    trial: bool
    rehearsal: bool
    mine: bool
    late: bool
    done: tuple[int, ...]  # of a short paper, which has a segment for each question
    root: str
    around: tuple[Any, ...]


_kinds: Remembered[Kind, Piece] = Remembered("paper_pages", 200)


def reader(now: datetime) -> Reader:
    """Who is signed in and asks for a page."""
    claim = sessions.ticket(now)
    if claim is None:
        raise LookupError("whoever is signed in has a claim")
    said: dict[str, Any] = {}
    current_app.update_template_context(said)
    around = (*said["site"].values(), said["manifest_url"], said["text_size"], said["in_hall"])
    return Reader(claim, generate_csrf(), own_page.remembered(), request.script_root, around)


def page(attempt: Attempt, exam: Exam, doubts: Sequence[int], who: Reader, now: datetime) -> str:
    """The page as HTML, drawn now where none of its kind has been."""
    made = paper_html.paper(attempt, exam, doubts)
    kind = _kind(attempt, exam, made, who, now)
    alone = "_flashes" in session or request.query_string or current_app.debug
    drawn = (
        _draw(kind, attempt, exam)
        if alone
        else _kinds.get([kind], lambda _: {kind: _draw(kind, attempt, exam)})[kind]
    )
    return _fill(drawn, kind, attempt, made, doubts, who, now)


def page_at_once(
    attempt: Attempt, exam: Exam, doubts: Sequence[int], who: Reader, now: datetime
) -> str | None:
    """The same outside of a request; none where no page of its kind has been drawn yet."""
    made = paper_html.paper(attempt, exam, doubts)
    kind = _kind(attempt, exam, made, who, now)
    drawn = _kinds.get([kind], lambda _: {}).get(kind)
    return None if drawn is None else _fill(drawn, kind, attempt, made, doubts, who, now)


def _end(attempt: Attempt) -> datetime:
    if attempt.closes_at is None:
        raise LookupError("a paper that is read has an end")
    return attempt.closes_at


def _left(attempt: Attempt, now: datetime) -> float:
    """Seconds."""
    return (_end(attempt) - now).total_seconds()


def _kind(attempt: Attempt, exam: Exam, made: PaperHtml, who: Reader, now: datetime) -> Kind:
    return Kind(
        (exam.id, exam.seed, exam.title, exam.grace_s),
        attempt.slots,
        attempt.trial,
        attempt.rehearsal,
        own_page.holds(who.page, attempt),
        _left(attempt, now) < LATE,
        tuple(made.done) if attempt.slots <= paper_html.MANY_SLOTS else (),
        who.root,
        who.around,
    )


def _draw(kind: Kind, attempt: Attempt, exam: Exam) -> Piece:
    """By the template. The attempt is one of this kind; its token stands in addresses and is taken out of them."""
    html = render_template(
        "attempts/paper.html",
        exam=exam,
        attempt=attempt,
        mine=kind.mine,
        late=kind.late,
        done=kind.done,
        csrf_token=lambda: CSRF,
        **{name: mark(name) for name in OWN},
    )
    return pieces.cut(html.replace(attempt.token, TOKEN))


def _fill(
    drawn: Piece,
    kind: Kind,
    attempt: Attempt,
    made: PaperHtml,
    doubts: Sequence[int],
    who: Reader,
    now: datetime,
) -> str:
    answered = len(made.done)
    return drawn.fill(
        {
            "token": attempt.token,
            "csrf": who.csrf,
            "page_key": (attempt.page_key or "") if kind.mine else "",
            "server_time": str(protocol.stamp(now)),
            "closes_at": str(protocol.stamp(_end(attempt))),
            "epoch": str(attempt.epoch),
            "revision": str(attempt.revision + 1),
            "clock": wording.minutes(_left(attempt, now)),
            "answered": str(answered),
            "left_open": str(attempt.slots - answered),
            "marked": str(len(doubts)),
            "questions": made.questions,
            "grid": made.grid,
        }
    )
