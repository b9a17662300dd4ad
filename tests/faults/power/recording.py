"""A recording: the product served under load, with everything that it did to its database, heard and said, in order.

The recorded process is `quizapp serve` itself, web workers and job consumer included: granian reads and writes its
sockets through the C library, as SQLite its files, so one preloaded library sees both.
"""

import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp.operations import checkpoints
from tests.bench import servers
from tests.databases import lacking
from tests.faults.examinees import Crowd, Pace, Record
from tests.faults.power import replay
from tests.faults.sittings import Sitting

PACE = Pace(think=0.2, saves=12)  # seconds of load enough for the job consumer to write the WAL back
AT_ONCE = 24  # examinees
PATIENCE = 120.0  # seconds for the whole load


@dataclass(frozen=True)
class Recording:
    """What was on the disk before, what happened, and what the examinees were told."""

    before: dict[str, bytes]
    happened: list[replay.Record]
    told: list[Record]

    def written_back(self) -> list[int]:
        """After which operations the database file was other than before, or synced: checkpoints of the WAL."""
        main = min(self.before)  # the others are called like it and more
        own = {record.inode for record in self.happened if record.what in "CO" and record.name == main}
        return [
            at
            for at, record in enumerate(self.happened, 1)
            if record.inode in own and record.what in ("W", "T", "S")
        ]

    def checkpoints(self) -> int:
        """How often the WAL was written back into the database file and synced there."""
        return sum(self.happened[at - 1].what == "S" for at in self.written_back())


def recorder(folder: Path) -> Path:
    """The library to preload, compiled for this machine."""
    if shutil.which("cc") is None:
        lacking("A C compiler is missing, install it with: sudo apt install gcc libc6-dev")
    library = folder / "recorder.so"
    subprocess.run(
        ["cc", "-O2", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, "recorder.c", "-ldl"],  # noqa: S607
        cwd=Path(__file__).parent,
        check=True,
    )
    return library


def files(database: Path) -> dict[str, bytes]:
    """What belongs to a SQLite database and survives a power cut, by name."""
    found = database.parent.glob(f"{database.name}*")
    return {path.name: path.read_bytes() for path in found if not path.name.endswith(("-shm", ".lock"))}


def record(
    program: str,
    told: dict[str, Any],
    database: Path,
    sittings: Sequence[Sitting],
    *,
    sheets: int,
    written_back: int,
    seed: int,
) -> Recording:
    """Serve until so many sheets have been acknowledged and the WAL has been written back so often.

    program: the module that is run. database: the file, which nobody has open. What a failed cut needs to be looked
    at again stays in its folder: the files as they were, in `before`, and the recording, in `happened`.
    """
    folder = database.parent
    log, before = folder / "happened", files(database)
    (folder / "before").mkdir()
    for name, data in before.items():
        (folder / "before" / name).write_bytes(data)
    watched = {
        "LD_PRELOAD": str(recorder(folder)),
        "POWER_FILES": str(database.resolve()),
        "POWER_LOG": str(log),
    }
    with servers.quizapp(told, folder, program=program, **watched) as server:
        with Crowd(
            sittings, [("127.0.0.1", server.port)], at_once=AT_ONCE, pace=PACE, seed=seed, rush=0.1
        ) as crowd:
            until, seen, changed, times = time.monotonic() + PATIENCE, database.stat().st_mtime_ns, 0.0, 0
            while crowd.acknowledged < sheets or times < written_back:
                if time.monotonic() > until:
                    break
                time.sleep(0.02)
                if (newer := database.stat().st_mtime_ns) != seen:
                    times += (
                        time.monotonic() - changed > checkpoints.EVERY / 2
                    )  # else it is still the same one
                    seen, changed = newer, time.monotonic()
            heard = crowd.finish()
    return Recording(before, replay.read(log), heard)
