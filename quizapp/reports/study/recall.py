"""The predicted recall of many cards at once, the same numbers as `practice.memory.Memory.recall`. Pure.

FSRS-6: recall = (1 + f · d ÷ s) ^ c after d whole days at a stability of s days; c and f follow from the last of the
scheduler's parameters so that recall is 0.9 after s days.
"""

from collections.abc import Sequence

import numpy as np

from quizapp.practice.memory import SCHEDULER

_DECAY = -SCHEDULER.parameters[20]
_FACTOR = 0.9 ** (1 / _DECAY) - 1


def thousandths(stability: Sequence[float], days: Sequence[int]) -> list[int]:
    """The recall of each card in whole thousandths, as mastery counts it.

    stability: days, more than 0; days: whole days since the last review, less than 0 counts as 0.
    """
    elapsed = np.maximum(np.asarray(days, dtype=np.float64), 0)
    recall = (1 + _FACTOR * elapsed / np.asarray(stability, dtype=np.float64)) ** _DECAY
    found: list[int] = np.rint(recall * 1000).astype(np.int64).tolist()
    return found
