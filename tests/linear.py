"""Whether work grows with its size and not with the square of it (hazard H45), without trusting a clock too far."""

import time
from collections.abc import Callable

FLOOR = 0.02  # seconds below which a measurement says nothing
TRIES = 4


def assert_linear(make: Callable[[int], object], work: Callable[[object], object], small: int) -> None:
    """Ten times the size takes less than 20 times the processor time, in one of four tries.

    make: what the work is done on, for a size; it is not measured.
    """
    little, much = make(small), make(10 * small)
    found = []
    for _ in range(TRIES):
        found.append(_seconds(work, much) / max(_seconds(work, little), FLOOR))
        if found[-1] < 20:
            return
    raise AssertionError(f"ten times the size took {found} times as long")


def _seconds(work: Callable[[object], object], on: object) -> float:
    before = time.process_time()
    work(on)
    return time.process_time() - before
