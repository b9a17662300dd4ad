"""From papers as they were read, chunk by chunk, to the table of marks item by item."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from quizapp.analysis.sheets import Column, Sheets
from quizapp.analysis.texts import Read

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class Item:
    """What an exam says of one of its questions. maximum: tenths of a 分. forms: the papers it may stand on, by their
    places 0, 1 …, as bits."""

    revision_id: int
    maximum: int
    drawn: bool
    forms: int = 1


@dataclass(eq=False)
class _Chunk:
    """Places sorted by item; starts: of each item, and the end."""

    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    marks: NDArray[np.int16]
    choices: NDArray[np.uint8]


@dataclass(eq=False)
class Gathering:
    """Takes chunks of papers in, and gives the table once all are there."""

    items: Sequence[Item]
    chunks: list[_Chunk] = field(default_factory=list)
    totals: list[NDArray[np.int32]] = field(default_factory=list)
    papers: list[NDArray[np.uint32]] = field(default_factory=list)
    attempts: list[NDArray[np.int64]] = field(default_factory=list)
    size: int = 0

    def __post_init__(self) -> None:
        self._place = np.full(max((one.revision_id for one in self.items), default=0) + 2, -1, dtype=np.int16)
        for at, one in enumerate(self.items):
            self._place[one.revision_id] = at
        self._forms = np.array([one.forms for one in self.items], dtype=np.uint32)

    def add(self, read: Read, attempts: Sequence[int]) -> None:
        """attempts: whose papers were read, in their order. Raises ValueError where one holds a question that is none
        of the exam's."""
        if not attempts:
            return
        at = self._place[np.minimum(read.revisions, len(self._place) - 1)]
        if len(at) and at.min() < 0:
            raise ValueError("a paper holds a question that the exam does not have")
        order = np.argsort(at, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(at, minlength=len(self.items)))])
        rows = read.papers[order] + np.int32(self.size)
        self.chunks.append(_Chunk(starts, rows, read.marks[order], read.choices[order]))
        begins = np.flatnonzero(np.diff(read.papers, prepend=-1))
        self.totals.append(np.add.reduceat(read.marks, begins, dtype=np.int32))
        self.papers.append(np.bitwise_and.reduceat(self._forms[at], begins))
        self.attempts.append(np.array(attempts, dtype=np.int64))
        self.size += len(attempts)

    def sheets(self, *, forms: Sequence[int] | None = None) -> Sheets:
        """forms: the numbers of the exam's papers, where it has several. What was gathered is gone afterwards."""
        everybody = np.arange(self.size, dtype=np.int32)
        columns = [self._column(at, everybody) for at in range(len(self.items))]
        self.chunks.clear()
        return Sheets(
            tuple(one.revision_id for one in self.items),
            np.array([one.maximum for one in self.items], dtype=np.float64),
            np.array([one.drawn for one in self.items], dtype=np.bool_),
            tuple(columns),
            _joined(self.totals, np.int32),
            _joined(self.attempts, np.int64),
            None if forms is None else self._numbers(forms),
        )

    def _column(self, at: int, everybody: NDArray[np.int32]) -> Column:
        """An item that everybody met shares one list of rows with the others."""
        parts = [(chunk, slice(chunk.starts[at], chunk.starts[at + 1])) for chunk in self.chunks]
        met = sum(part.stop - part.start for _, part in parts)
        rows = [] if met == self.size else [chunk.rows[part] for chunk, part in parts]
        return Column(
            everybody if met == self.size else _joined(rows, np.int32),
            _joined([chunk.marks[part] for chunk, part in parts], np.int16),
            _joined([chunk.choices[part] for chunk, part in parts], np.uint8),
        )

    def _numbers(self, forms: Sequence[int]) -> NDArray[np.int16]:
        """The number of each paper: the first of the forms on which all its questions stand."""
        bits = _joined(self.papers, np.uint32)
        lowest = np.log2(np.maximum(bits & (~bits + np.uint32(1)), 1)).astype(np.int16)
        return np.asarray(forms, dtype=np.int16)[lowest]


def _joined(parts: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate(parts) if len(parts) else np.zeros(0, dtype=kind)
