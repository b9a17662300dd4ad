"""What each option of an item drew: how many, from which fifth of the candidates, and how it goes with the total."""

from collections.abc import Collection
from dataclasses import dataclass

from quizapp.analysis.sheets import Sheets


@dataclass(frozen=True)
class OptionStatistics:
    """One option by the item's own letter; letter "" is 未作答.

    share: of the attempts that met the item (0…1); of a multiple choice the shares of the letters add up to more.
    quintiles: the share among those of each fifth by T, lowest first; none where a fifth met the item not at all.
    correlation: point-biserial of having chosen it with r (T without this item's mark; T for a drawn one); none
    where nobody or everybody chose it, or r does not vary.
    """

    letter: str
    right: bool
    chosen: int
    share: float
    quintiles: tuple[float | None, ...]
    correlation: float | None


def of(sheets: Sheets, item: int, options: int, key: Collection[str]) -> list[OptionStatistics]:
    """Of the options A… of an item and of the blanks, the last.

    item: its place in the sheets. options: how many it has. key: letters that are in some accepted answer. Raises
    ValueError where the sheets know no choices; [] where nobody met the item.
    """
    raise NotImplementedError


def pattern(sheets: Sheets, item: int) -> list[tuple[str, int]]:
    """The whole answers that were given ("AC") and how often, most frequent first. Raises as `of`."""
    raise NotImplementedError
