"""What a person has to look at before a regulation is stored."""

from collections.abc import Sequence
from dataclasses import dataclass

SHOWN = 8  # line numbers that a sentence lists


@dataclass(frozen=True)
class Doubt:
    """Something a person has to look at. A serious one makes the text impossible to store."""

    code: str  # missing, doubled, empty, order, unread, no_article, no_title, no_day, noise, joined, …
    sentence: str
    line: int = 0  # in the source, from 1; 0: of the whole document
    serious: bool = False


def told_lines(numbers: Sequence[int]) -> str:
    """Line numbers in words: 第3行, 第3—7行, 第3、9、14行, 第3、9行等12行."""
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"第{numbers[0]}—{numbers[-1]}行"
    shown = "、".join(str(number) for number in numbers[:SHOWN])
    return f"第{shown}行" + (f"等{len(numbers)}行" if len(numbers) > SHOWN else "")
