"""Which questions of a pool a set takes, and in which order: 顺序, 随机, 题型, 只看没做过的."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from quizapp.exams.blueprint import KINDS, chapter_order
from quizapp.practice.drawing import Entry, draw_some

ORDERS = ("random", "in_order")


@dataclass(frozen=True)
class Choice:
    """What a person asks of a set beside its scope. wanted: how many questions, none for all of them."""

    wanted: int | None = 10
    kinds: tuple[str, ...] = KINDS
    order: str = "random"
    unmet: bool = False  # only questions that were never answered

    def __post_init__(self) -> None:
        if self.order not in ORDERS or not self.kinds or not set(self.kinds) <= set(KINDS):
            raise ValueError(f"no such choice: {self}")


def chosen(
    pool: Sequence[Entry], choice: Choice, met: Collection[int] | Mapping[int, Any], rng: Random
) -> list[int]:
    """The revisions of a set in their order. met: ids of the questions that its person has answered.

    in_order: the first ones as the regulation goes, so that with `unmet` the next set goes on where the last one
    stopped. random: by chance, by type as on a paper.
    """
    left = [
        entry
        for entry in pool
        if entry.kind in choice.kinds and not (choice.unmet and entry.question_id in met)
    ]
    if choice.order == "random":
        return draw_some(left, choice.wanted, rng)
    ordered = sorted(left, key=reading_order)
    return [entry.revision_id for entry in ordered[: choice.wanted]]


def reading_order(entry: Entry) -> tuple[str, tuple[int, int], tuple[int, int], int]:
    """Sorts questions as the regulation goes; those that cite none come first."""
    slug, article = entry.place
    return slug, chapter_order(entry.chapter), chapter_order(article), entry.question_id


def next_open(number: int, total: int, done: Collection[int]) -> int | None:
    """The question to go on with after `number` (0: from the beginning): the next open one, at the end the first."""
    around = [*range(number + 1, total + 1), *range(1, number + 1)]
    return next((n for n in around if n not in done), None)
