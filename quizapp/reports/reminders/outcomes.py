"""How one delivery ended. Pure.

The difference that counts is whether it may have arrived: what certainly did not may be tried once more, what may have
is never sent again.
"""

from dataclasses import dataclass

MOST_TRIES = 2


class NotSent(Exception):
    """It certainly did not arrive. The sentence says why, in Chinese."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unclear(NotSent):
    """It may have arrived: the connection ended after it was handed over and before the answer."""


@dataclass(frozen=True)
class Ended:
    """What becomes of the row of a delivery."""

    state: str
    why: str = ""


SENT = Ended("sent")


def after(error: NotSent, tries: int) -> Ended:
    """What becomes of a delivery that failed. tries: how often it was tried, this time included."""
    if isinstance(error, Unclear):
        return Ended("unclear", error.sentence)
    return Ended("waiting" if tries < MOST_TRIES else "failed", error.sentence)
