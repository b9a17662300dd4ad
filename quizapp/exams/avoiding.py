"""What a makeup's papers avoid: every question of the exam it makes up for, as far as the blueprint stays possible."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from quizapp.exams.blueprint import Item, Row

Fails = Callable[[Sequence[Item]], Collection[int]]  # which rows (by index) cannot hold on these questions


@dataclass(frozen=True)
class Avoided:
    """What is left. again: question ids that were used before and had to come back; left_out: how many did not."""

    items: Sequence[Item]
    again: frozenset[int]
    left_out: int


def avoid(rows: Sequence[Row], items: Sequence[Item], used: Collection[int], fails: Fails) -> Avoided:
    """The questions without the used ones; where rows cannot hold so, the used ones of those rows come back.

    Row after row gives in, so a chapter with enough fresh questions stays fresh. used: question ids. A blueprint that
    the whole pool cannot serve gets the whole pool, and is told so by the usual checks.
    """
    old = {item.question_id for item in items} & set(used)
    again: set[int] = set()
    while True:
        kept = [item for item in items if item.question_id not in old or item.question_id in again]
        short = fails(kept) if old - again else ()
        if not short:
            return Avoided(kept, frozenset(again), len(old - again))
        back = {
            item.question_id
            for item in items
            if item.question_id in old - again and any(rows[index].matches(item) for index in short)
        }
        again |= back or old
