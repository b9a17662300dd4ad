"""What became of a request to open, save or hand in. Outcomes are returned and committed, never raised."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Saved:
    """Stored now, or this very sheet was already stored."""

    epoch: int
    revision: int
    closes_at: datetime
    late: bool  # arrived after closes_at, within the grace: it counts


@dataclass(frozen=True)
class Overtaken:
    """A higher revision of this epoch is stored: an old request came late."""

    epoch: int
    revision: int
    closes_at: datetime
    handing_in: bool  # then the page must send again with a higher revision


@dataclass(frozen=True)
class Conflict:
    """The same epoch and revision are stored with other letters: two tabs share one log."""

    epoch: int
    revision: int


@dataclass(frozen=True)
class Superseded:
    """Another page took over (or, with a stored epoch below the page's, an old backup was restored)."""

    epoch: int
    held: bool


@dataclass(frozen=True)
class Closed:
    """Handed in, expired or voided."""

    state: str
    receipt: str | None
    closed_at: datetime | None
    held: bool


@dataclass(frozen=True)
class HandedIn:
    """Closed by its person; `first` is false for a repeat."""

    receipt: str
    closed_at: datetime
    answered: int
    of: int
    digest: str
    first: bool
    held: bool


@dataclass(frozen=True)
class Opened:
    """The page may write from now on."""

    epoch: int
    revision: int
    page_key: str
    sheet: str
    saved_as: tuple[int, int]
    doubts: tuple[int, ...]
    closes_at: datetime
    grace_s: int


@dataclass(frozen=True)
class OtherPage:
    """Another page holds the attempt: ask the person, then open with takeover."""

    epoch: int


@dataclass(frozen=True)
class NotStarted:
    """The server knows no opening of this attempt."""


@dataclass(frozen=True)
class NotOpen:
    """The window or the rules of the exam do not let this attempt open now."""

    code: str
    sentence: str


@dataclass(frozen=True)
class SignedOut:
    """The sign-in has been ended, or its time is up."""


@dataclass(frozen=True)
class Missing:
    """No such attempt, or not this person's."""


@dataclass(frozen=True)
class Misshapen:
    """A fault of the page: not the number of slots that this attempt has."""


@dataclass(frozen=True)
class Busy:
    """The rows changed between two statements: nothing was stored, send again."""


Refusal = Conflict | Superseded | Closed | NotStarted | SignedOut | Missing | Misshapen | Busy
SaveOutcome = Saved | Overtaken | Refusal
HandInOutcome = HandedIn | Overtaken | Refusal
OpenOutcome = Opened | OtherPage | Closed | NotOpen | SignedOut | Missing | Busy
Outcome = SaveOutcome | HandInOutcome | OpenOutcome
