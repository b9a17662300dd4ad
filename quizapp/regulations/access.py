"""Who may read a regulation now: everybody who is signed in, unless a closed-book exam of theirs is running.

Regulations belong to the whole installation: whoever writes questions or administers at the top of the tree imports
them, as they keep the banks that ship with the app.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any

from flask import render_template
from flask_login import current_user
from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.errors import not_found
from quizapp.people.access import View, acting_as, reach, signed_in
from quizapp.people.models import Unit
from quizapp.regulations import queries
from quizapp.regulations.citing import Article, Chapter, Law, NoSuchProvision
from quizapp.regulations.models import Edition, Regulation

KEEPERS = ("writer", "administrator")

reading_locks: list[Callable[[int, datetime], bool]] = []  # create_app adds (person_id, now) -> locked


def is_locked(person_id: int, now: datetime) -> bool:
    """Whether an area above has closed the books for this person."""
    return any(lock(person_id, now) for lock in reading_locks)


def reading(view: View) -> View:
    """The view shows the words of regulations: to whoever is signed in and sits no closed-book exam."""

    @signed_in
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if is_locked(current_user.id, clock.now()):
            return render_template("regulations/locked.html"), 403
        return view(*args, **kwargs)

    return guarded


def keeps_regulations() -> bool:
    """Whether the signed-in person imports regulations. No statement for who holds no such role."""
    mine = {grant.unit_id for grant in reach(*KEEPERS)}
    tops = select(Unit.id).where(Unit.parent_id.is_(None), Unit.id.in_(mine)).limit(1)
    return bool(mine) and db.session.scalar(tops) is not None


def keeping(view: View) -> View:
    """The view is for who imports regulations and sits no closed-book exam; for others it does not exist."""
    open_to_keepers = reading(view)

    @acting_as(*KEEPERS)
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not keeps_regulations():
            not_found()
        return open_to_keepers(*args, **kwargs)

    return guarded


@dataclass(frozen=True)
class Opened:
    """A regulation opened at one of its editions."""

    regulation: Regulation
    edition: Edition
    editions: list[Edition]  # all, the newest first
    law: Law
    asked: str | None  # what stands in ?edition=, to be carried on; none: the edition in force


def open_or_404(slug: str, asked: str | None) -> Opened:
    """The edition in force, or the one whose 施行日期 or id is asked for: ?edition=2022-05-01."""
    rows = queries.editions_of(slug)
    editions = [edition for _, edition in rows]
    wanted = [e for e in editions if _is(e, asked)] if asked else [e for e in editions if e.in_force]
    if not wanted:
        not_found()
    edition = wanted[0]
    return Opened(rows[0][0], edition, editions, queries.law(edition.id), None if edition.in_force else asked)


def other_edition(opened: Opened, asked: str | None) -> Edition:
    """The edition to be put beside an opened one: the one asked for, otherwise the one before it, or after it.

    404 where the regulation has only one.
    """
    others = [edition for edition in opened.editions if edition.id != opened.edition.id]
    if asked and not _is(opened.edition, asked):
        others = [edition for edition in others if _is(edition, asked)]
    earlier = [edition for edition in others if edition.effective_on < opened.edition.effective_on]
    if not others:
        not_found()
    return earlier[0] if earlier else others[-1]


def _is(edition: Edition, asked: str) -> bool:
    return asked in (edition.effective_on.isoformat(), str(edition.id))


def article_or_404(law: Law, number: str) -> Article:
    """An article by its number in the address."""
    try:
        return law.article(number)
    except NoSuchProvision:
        not_found()


def provision_or_404(law: Law, anchor: str) -> Article:
    """The article of a provision by its address: 24, 24.1, 31.1.6."""
    if anchor not in law.anchors:
        not_found()
    return law.article(anchor.partition(".")[0])


def chapter_or_404(law: Law, number: str) -> Chapter:
    """A chapter by its number in the address."""
    try:
        return law.chapter(number)
    except NoSuchProvision:
        not_found()
