"""What storing an edition will do, told before anybody stores it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from quizapp import clock
from quizapp.db import db
from quizapp.regulations import queries
from quizapp.regulations.actions import digest
from quizapp.regulations.amending import Changes, changes
from quizapp.regulations.citing import Law
from quizapp.regulations.importing import Said
from quizapp.regulations.models import Edition, Regulation
from quizapp.regulations.structure import ParsedEdition

stopping: list[
    Callable[[int, Law], int]
] = []  # create_app adds (regulation_id, text) -> questions that it stops


@dataclass(frozen=True)
class Foreseen:
    """state: now, later (from its day on), past (a newer edition is in force)."""

    state: str
    current: Edition | None = None  # the edition in force; none: a new regulation
    same: Edition | None = None  # this very text is stored already
    changes: Changes | None = None  # against the edition in force
    stops: int = 0  # published questions whose words are no more in it


def foreseen(text: str, parsed: ParsedEdition, said: Said, now: datetime) -> Foreseen:
    """What will come of it. parsed: without serious doubts; said: with a day. A constant number of statements."""
    rows = queries.editions_of(said.slug)
    today, day = clock.today(now), said.effective_on
    if day is None:
        raise ValueError("nothing is foreseen of an edition without a day")
    current = next((edition for _, edition in rows if edition.in_force), None)
    if current is None:
        return Foreseen("now" if day <= today else "later")
    same = next((edition for _, edition in rows if edition.source_hash == digest(text)), None)
    state = "later" if day > today else "past" if day < current.effective_on <= today else "now"
    law = Law(parsed.title, parsed.provisions)
    return Foreseen(
        state,
        current,
        same,
        changes(queries.law(current.id), law),
        0 if state == "past" else sum(count(rows[0][0].id, law) for count in stopping),
    )


def known(title: str) -> Regulation | None:
    """The regulation of this name."""
    return db.session.scalars(
        select(Regulation).where(Regulation.title == title).order_by(Regulation.id).limit(1)
    ).first()


def wrong(said: Said, text: str) -> dict[str, str]:
    """Why an edition cannot be stored so: field: sentence; empty when it can."""
    rows = queries.editions_of(said.slug)
    if rows and rows[0][0].title != said.title:
        return {"slug": f"“{said.slug}”是《{rows[0][0].title}》的标识，请另填一个。"}
    if not rows and (other := known(said.title)):
        return {"slug": f"《{said.title}》已经入库，标识是“{other.slug}”；导入它的新版本，请填这个标识。"}
    taken = [edition for _, edition in rows if edition.effective_on == said.effective_on]
    if taken and taken[0].source_hash != digest(text):
        return {
            "effective_on": f"《{said.title}》已有这一天施行的版本，已入库的版本不能改动，请核对施行日期。"
        }
    return {}
