"""Power cuts on SQLite: the product's own writes and syncs are recorded, its files rebuilt after a cut at any moment,
and what had been acknowledged by then is looked for in them.

Whatever a disk that obeys its syncs may have kept of the rest (replay.py says what is assumed), nothing is missing.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from quizapp import create_app
from tests.databases import Database, Databases, in_app, settings
from tests.faults import counting, sittings
from tests.faults.power import cuts, recording, replay
from tests.faults.power.acknowledged import Acknowledged
from tests.faults.power.cuts import Examiner, Findings
from tests.faults.power.recording import Recording
from tests.faults.power.replay import Disk
from tests.faults.sittings import Sitting

SHEETS = 1_500 if counting.FULL else 500  # acknowledged in one recording
WRITTEN_BACK = 3  # times in it, of which the last may be cut off
CONTROL_SHEETS, CONTROL_CUTS = 150, 20
SHEETS_EACH = 5  # at least, so that there are people enough
Served = Callable[..., tuple[list[Sitting], Recording]]


@pytest.fixture
def served(databases: Databases, tmp_path: Path) -> Iterator[Served]:
    """served(program, sheets=…): a recording of this program on a new database, and the people who sat."""
    prepared = databases.prepared("sqlite")

    def serve(program: str, *, sheets: int, written_back: int) -> tuple[list[Sitting], Recording]:
        site = tmp_path / program
        site.mkdir()
        database = site / "exam.sqlite3"
        shutil.copyfile(prepared.name, database)
        told = settings(at(database), site)
        del told["TESTING"]  # served as to people
        people = in_app(told, lambda: sittings.prepare(sheets // SHEETS_EACH, seed=counting.SEED))
        wanted = {"sheets": sheets, "written_back": written_back, "seed": counting.SEED}
        return people, recording.record(program, told, database, people, **wanted)

    yield serve
    databases.drop(prepared)


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder without a disk behind it, where there is one: nobody cuts the power while files are compared."""
    shared = Path("/dev/shm")  # noqa: S108 - the folder made in it is this test's own
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


def at(path: Path) -> Database:
    return Database("sqlite", f"sqlite:///{path}", str(path))


def cut(people: list[Sitting], recorded: Recording, number: int, folder: Path) -> Findings:
    """What so many cuts at random moments leave behind."""
    database = folder / "exam.sqlite3"
    app, chance = create_app(settings(at(database), folder)), Random(counting.SEED)
    examiner = Examiner(app, database, people, chance)
    examiner.examine(recorded, cuts.drawn(recorded, number, chance))
    return examiner.findings


def acknowledged(recorded: Recording) -> Acknowledged:
    """All that was, and that the recording heard all of it."""
    said = Acknowledged()
    for record in recorded.happened:
        said.apply(record)
    for record in recorded.told:
        assert record.trouble == ""
        heard = said.records[record.token]
        assert (heard.saved, heard.receipt, heard.handed_in) == (
            record.saved,
            record.receipt,
            record.handed_in,
        )
    return said


def disk_of(*happened: tuple[str, int, bytes]) -> Disk:
    """A disk with one file of 1,024 dots, to which this happened."""
    disk = Disk({"file": b"." * 1024})
    disk.apply(replay.Record("O", 1, 7, 0, "file", b""))
    for what, place, data in happened:
        disk.apply(replay.Record(what, 1, 7, place, "file", data))
    return disk


def test_a_disk_keeps_what_was_written_before_its_sync_began():
    disk = disk_of(("W", 0, b"ab"), ("s", 0, b""), ("W", 2, b"cd"), ("S", 0, b""))
    assert disk.after_a_cut("none", Random(1))["file"][:4] == b"ab.."
    found = {bytes(disk.after_a_cut("half", Random(seed))["file"][:4]) for seed in range(20)}
    assert found == {b"ab..", b"abcd"}


def test_a_torn_write_keeps_any_of_its_sectors():
    disk = disk_of(("W", 256, b"x" * 512))
    found = {bytes(disk.after_a_cut("torn", Random(seed))["file"][256:768:256]) for seed in range(40)}
    assert found == {b"..", b".x", b"x.", b"xx"}


def test_a_new_name_stands_when_its_folder_was_synced():
    disk = Disk({})
    disk.apply(replay.Record("C", 1, 8, 0, "new", b""))
    assert disk.after_a_cut("none", Random(1)) == {}
    for what in "sS":
        disk.apply(replay.Record(what, 1, 9, 0, "", b""))
    assert disk.after_a_cut("none", Random(1)) == {"new": b""}


def test_a_power_cut_at_any_moment_loses_nothing_that_was_acknowledged(served, memory, count):
    people, recorded = served("quizapp", sheets=SHEETS, written_back=WRITTEN_BACK)
    said = acknowledged(recorded)
    assert recorded.checkpoints() >= 2, "the recording is too short to show the WAL written back"
    trials = counting.trials(10_000)
    found = cut(people, recorded, trials, memory)

    risky, unsafe = served("tests.faults.power.normal", sheets=CONTROL_SHEETS, written_back=0)
    acknowledged(unsafe)
    control = cut(risky, unsafe, CONTROL_CUTS, memory)
    losing = control.losing.total()
    assert losing, "synchronous=NORMAL lost nothing, so these cuts prove nothing"

    print(found)
    count(
        counting.Count(
            *("power cut", "sqlite", trials, "cuts", said.sheets),
            *(len(found.lost), len(found.wrong), len(found.stuck)),
            control=f"synchronous=NORMAL: {losing} of {CONTROL_CUTS} cuts lost",
        )
    )
