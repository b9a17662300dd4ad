"""What never changes once it is stored, read from the database once a process: frozen papers, keys of marking runs.

Only for rows that are written once; a key must name the row for ever, also after an old backup was restored (its id
and the moment at which it was made, or a random seed). Each app has its own, so that tests do not share.
"""

from collections.abc import Callable, Collection, Hashable, Mapping
from threading import Lock
from typing import Generic, TypeVar

from flask import current_app

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """A bounded memory of rows by key. most: how many are kept; the oldest are forgotten first."""

    def __init__(self, name: str, most: int) -> None:
        self._name, self._most, self._lock = f"remembered:{name}", most, Lock()

    def get(self, keys: Collection[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The values of these keys; those that are not known yet are read, all at once."""
        known: dict[K, V] = current_app.extensions.setdefault(self._name, {})
        found = {key: known[key] for key in keys if key in known}
        missing = [key for key in keys if key not in found]
        if missing:
            new = dict(read(missing))
            found |= new
            with self._lock:
                known |= new
                for oldest in list(known)[: max(0, len(known) - self._most)]:
                    del known[oldest]
        return found
