"""The disk of a recording: what its files may look like after the power was cut at one moment.

What is assumed of a disk and its file system (data=ordered journals and drives that obey a flush do so):
- what a sync covered when it began is there once it returned, with the length of the file;
- of everything else any part may be there: none, the first so many operations, or any subset of them, each write whole
  or in any of its 512-byte sectors; an older sector stays where a newer one did not arrive;
- a write damages nothing outside its own bytes (SQLite's "powersafe overwrite", on which its WAL relies);
- names come and go in order, and for certain once the folder was synced.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

HEAD = struct.Struct("=cIQqHI")  # as `note` in recorder.c writes it
SECTOR = 512
LOSSES = ("none", "prefix", "half", "torn")  # what of the unsynced operations is kept


@dataclass(frozen=True)
class Record:
    """One operation. what: O opened, C created, W written, T truncated, s and S sync begun and done, U unlinked,
    R and A bytes received from and sent to a browser."""

    what: str
    thread: int
    inode: int
    place: int  # offset, length after a truncation, or the browser's port
    name: str
    data: bytes


def read(log: Path) -> list[Record]:
    """The records of a recording in their order."""
    raw, at, found = log.read_bytes(), 0, []
    while at < len(raw):
        what, thread, inode, place, name, size = HEAD.unpack_from(raw, at)
        at += HEAD.size
        named, data = raw[at : at + name], raw[at + name : at + name + size]
        found.append(Record(what.decode(), thread, inode, place, named.decode(), data))
        at += name + size
    return found


Operation = tuple[int, bytes | None]  # offset and bytes; or a length to which the file is cut or stretched


@dataclass
class File:
    """One file: what is on the disk for certain, and the operations that no sync has covered yet."""

    synced: bytearray = field(default_factory=bytearray)
    waiting: list[Operation] = field(default_factory=list)
    covered: int = 0  # operations that syncs have taken over since the beginning

    def sync_up_to(self, count: int) -> None:
        """A sync has ended that began after so many operations."""
        while self.covered < count:
            perform(self.synced, self.waiting.pop(0))
            self.covered += 1

    def after_a_cut(self, kept: str, chance: Random) -> bytearray:
        image = bytearray(self.synced)
        for operation in survivors(self.waiting, kept, chance):
            perform(image, operation)
        return image


def perform(image: bytearray, operation: Operation) -> None:
    place, data = operation
    end = place if data is None else place + len(data)
    if len(image) < end:
        image.extend(bytes(end - len(image)))
    if data is None:
        del image[place:]
    else:
        image[place:end] = data


def survivors(waiting: list[Operation], kept: str, chance: Random) -> Iterable[Operation]:
    """Those of the unsynced operations that reached the disk. kept: one of LOSSES."""
    if kept == "none":
        return []
    if kept == "prefix":
        return waiting[: chance.randint(0, len(waiting))]
    pieces = (
        piece for operation in waiting for piece in (sectors(operation) if kept == "torn" else [operation])
    )
    return [piece for piece in pieces if chance.random() < 0.5]


def sectors(operation: Operation) -> Iterator[Operation]:
    """A write cut at the sectors of the disk."""
    place, data = operation
    if data is None:
        yield operation
        return
    at = 0
    while at < len(data):
        size = SECTOR - (place + at) % SECTOR
        yield place + at, data[at : at + size]
        at += size


class Disk:
    """The files of one folder, operation by operation."""

    def __init__(self, before: dict[str, bytes]) -> None:
        self._names = {name: File(bytearray(data)) for name, data in before.items()}  # for certain
        self._renames: list[tuple[str, File | None]] = []  # not yet: a file got this name, or it went
        self._files: dict[int, File] = {}
        self._begun: dict[int, int] = {}  # by thread: operations or names before the sync that it is in

    def apply(self, record: Record) -> None:
        match record.what:
            case "C":
                self._create(record.name, record.inode)
            case "O" if record.inode not in self._files:
                self._find(record.name, record.inode)
            case "U":
                self._renames.append((record.name, None))
                self._files.pop(record.inode, None)
            case "W":
                self._files[record.inode].waiting.append((record.place, record.data))
            case "T":
                self._files[record.inode].waiting.append((record.place, None))
            case "s":
                self._begun[record.thread] = self._so_far(record.inode)
            case "S":
                self._sync(record.inode, self._begun.pop(record.thread))

    def after_a_cut(self, kept: str, chance: Random) -> dict[str, bytearray]:
        """The files as they may be found, by name."""
        names = dict(self._names)
        done = {"none": 0, "prefix": chance.randint(0, len(self._renames))}.get(kept, len(self._renames))
        take_over(names, self._renames[:done])
        return {name: file.after_a_cut(kept, chance) for name, file in names.items()}

    def _create(self, name: str, inode: int) -> None:
        self._files[inode] = File()
        self._renames.append((name, self._files[inode]))

    def _find(self, name: str, inode: int) -> None:
        """A file that was there before the recording."""
        self._files[inode] = self._names[name]

    def _so_far(self, inode: int) -> int:
        file = self._files.get(inode)
        return len(self._renames) if file is None else file.covered + len(file.waiting)

    def _sync(self, inode: int, count: int) -> None:
        if inode in self._files:
            self._files[inode].sync_up_to(count)
        else:  # the folder
            take_over(self._names, self._renames[:count])
            del self._renames[:count]


def take_over(names: dict[str, File], renames: list[tuple[str, File | None]]) -> None:
    for name, file in renames:
        if file is None:
            names.pop(name, None)
        else:
            names[name] = file
