"""A roster between its steps: what the check found, and what was chosen since; both lie beside the upload.

So a page of many shows no more than itself, and nothing that was ticked is lost by a refusal or by turning the page.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from quizapp import clock, spreadsheets, uploads
from quizapp.people import acceptance, importing, queries
from quizapp.people.acceptance import Line
from quizapp.uploads import Upload

FOUND, CHOSEN = "found.json", "chosen.json"


@dataclass(frozen=True)
class Extent:
    """How much of a file was read, so that a cut one is noticed (hazard H29): rows below the header, first and last."""

    rows: int
    first: str
    last: str

    @classmethod
    def of(cls, rows: list[spreadsheets.Row]) -> "Extent":
        told = ["、".join(filter(None, map(str.strip, row.cells)))[:60] for row in (rows[0], rows[-1])]
        return cls(len(rows), *told)


@dataclass(frozen=True)
class Checked:
    """What a check found. changed, new, unchanged: of people, if everything is taken that is by default.

    problems: rows or cells that stand in the way. ignores_identity_numbers: there is a column of them.
    """

    lines: list[Line]
    fingerprint: str
    new: int
    changed: int
    unchanged: int
    problems: int
    ignores_identity_numbers: bool
    extent: Extent
    at: datetime

    @property
    def undecided(self) -> bool:
        """Whether there is anything to accept or to decide."""
        return any(line.key for line in self.lines)


def check(upload: Upload, reachable: Collection[int], now: datetime) -> Checked:
    """Compare the sheet with the tables as they are now, and keep what was found for the pages that follow."""
    rows = spreadsheets.thaw(upload.data)
    planned = importing.plan_people(rows, reachable, now)
    unit_name = {unit.id: unit.short_name or unit.name for unit in queries.known_units()}
    checked = Checked(
        lines=acceptance.lines(planned, unit_name, clock.today(now)),
        fingerprint=importing.fingerprint(planned),
        new=len(planned.new),
        changed=planned.changed,
        unchanged=planned.unchanged,
        problems=len(planned.problems),
        ignores_identity_numbers=planned.ignores_identity_numbers,
        extent=Extent.of(rows),
        at=now,
    )
    uploads.keep_beside(upload, FOUND, _frozen(checked))
    return checked


def found(upload: Upload) -> Checked | None:
    """What the last check found, unless that was forgotten."""
    kept = uploads.find_beside(upload, FOUND)
    return _thawed(kept) if kept else None


def forget(upload: Upload) -> None:
    """What was found does not hold any more; what was chosen stays."""
    uploads.keep_beside(upload, FOUND, b"")


def chosen(upload: Upload) -> dict[str, str]:
    """What was said so far, by key of the line, see `acceptance`."""
    kept = uploads.find_beside(upload, CHOSEN)
    return dict(json.loads(kept)) if kept else {}


def choose(upload: Upload, more: Mapping[str, str]) -> dict[str, str]:
    """Keep what was said now with what was said before."""
    together = chosen(upload) | dict(more)
    uploads.keep_beside(upload, CHOSEN, json.dumps(together).encode())
    return together


def _frozen(checked: Checked) -> bytes:
    lines = [list(vars(line).values()) for line in checked.lines]
    more = {"lines": lines, "extent": list(vars(checked.extent).values()), "at": checked.at.isoformat()}
    return json.dumps(vars(checked) | more, ensure_ascii=False).encode()


def _thawed(kept: bytes) -> Checked:
    value = json.loads(kept)
    names = [field.name for field in fields(Line)]
    lines = [Line(**dict(zip(names, row, strict=True))) for row in value["lines"]]
    at = datetime.fromisoformat(value["at"])
    return Checked(**value | {"lines": lines, "extent": Extent(*value["extent"]), "at": at})
