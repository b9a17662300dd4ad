"""Disks that can be filled and freed under a running server.

A small tmpfs is the real thing: ENOSPC at whatever the database writes next. Where nothing may be mounted (an ordinary
user, a container without the right to) the server's own processes get a limit for the size of files: the same write(2)
fails in the same places, with EFBIG.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

SIZE = "48m"
PIECE = b"\0" * 65536
UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


class Disk(Protocol):
    name: str  # what it is, for the table

    def fill(self) -> None:
        """Leave no room; again when something was freed meanwhile."""

    def free(self) -> None:
        """Give the room back."""


class Tmpfs:
    """A mounted file system of SIZE."""

    name = "tmpfs"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        piece = PIECE
        with self._ballast.open("ab", buffering=0) as ballast:
            while piece:
                try:
                    ballast.write(piece)
                except OSError:
                    piece = piece[: len(piece) // 2]

    def free(self) -> None:
        self._ballast.unlink(missing_ok=True)


@contextmanager
def tmpfs(folder: Path) -> Iterator[Tmpfs | None]:
    """A small file system of its own at this new folder; None where this process may mount nothing."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "quizapp-tests", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        yield None
        return
    try:
        yield Tmpfs(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


class LimitedFiles:
    """No file of these processes may grow beyond what a database that has just been opened needs.

    group: of the processes, that is the process id of the server that started them.
    """

    name = "file size limit"
    LIMIT = 4096  # bytes: below the first page of a write-ahead log

    def __init__(self, group: int) -> None:
        self._group = group

    def fill(self) -> None:
        self._limit((self.LIMIT, resource.RLIM_INFINITY))

    def free(self) -> None:
        self._limit(UNLIMITED)

    def _limit(self, limits: tuple[int, int]) -> None:
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it ended while we looked
                if os.getpgid(int(entry.name)) == self._group:
                    resource.prlimit(int(entry.name), resource.RLIMIT_FSIZE, limits)
