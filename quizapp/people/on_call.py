"""Whom to call when signing in fails while an exam runs: areas to the right say who, the sign-in page shows it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OnCall:
    """Somebody who helps with signing in now."""

    name: str
    phone: str
    task: str  # for what: the title of an exam


sources: list[Callable[[datetime], Sequence[OnCall]]] = []


def on_call(now: datetime) -> list[OnCall]:
    """Everybody whom the areas name for this moment: one statement each."""
    return [one for source in sources for one in source(now)]
