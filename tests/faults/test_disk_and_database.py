"""The disk is full, the database locked, its connections used up, its tables changed, its file set back to an old
backup, each while people sit an exam: saves are refused aloud, nothing acknowledged is lost, and it goes on by itself.

The server's waits are short here (see `altered`), all else is as people get it.
"""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from alembic.script import ScriptDirectory

import quizapp
from tests import conftest
from tests.databases import Databases
from tests.faults import altered, counting, sites
from tests.faults.counting import Count
from tests.faults.examinees import Crowd, Record
from tests.faults.sites import PEOPLE, Site, refused, row, stand_still, until
from tests.faults.verdict import Judge, Verdict

TRIALS = counting.trials(20)
SHORT = "with short waits"
REFUSED = PEOPLE // 2  # saves that are refused before a fault ends
HELD = 2 * altered.BUSY_SECONDS  # seconds: longer than anybody waits


@pytest.fixture(scope="module", params=conftest.DIALECTS)
def site(
    request: pytest.FixtureRequest, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder, shared = tmp_path_factory.mktemp("site"), request.config.stash[conftest.FOLDER]
    first = altered.by("with short waits")
    with conftest.missing_server(), sites.site(request.param, databases, folder, shared, first=first) as made:
        yield made


def endure(site: Site, kit: str, each: str, fault: Callable[[Crowd], AbstractContextManager[None]]) -> Count:
    """So many times: the fault, saves that are refused, its end, and everybody saves again."""
    with site.exam() as crowd:
        judge = Judge(site.live.settings)
        for _ in range(TRIALS):
            with fault(crowd):
                pass
            before = crowd.acknowledged
            until(lambda before=before: crowd.acknowledged >= before + 2 * PEOPLE, crowd)
            verdict = site.compare(judge, crowd.records())
            assert verdict.holds, verdict
        records = crowd.finish()
    return row(kit, site, crowd, TRIALS, each, site.compare(Judge(site.live.settings), records, over=True))


# The disk -----------------------------------------------------------------------------------------------------------


@contextmanager
def full_disk(site: Site, crowd: Crowd) -> Iterator[None]:
    """What is free is filled again and again: a database gives pages back to itself."""
    before = refused(crowd)
    try:
        until(lambda: site.fill_the_disk() or refused(crowd) >= before + REFUSED, crowd)
        yield
    finally:
        site.free_the_disk()


def test_h48_a_full_disk_refuses_saves_and_forgets_none(site: Site, count: Callable[[Count], None]) -> None:
    if site.disk is None:
        pytest.skip("PostgreSQL's tables need a disk of their own here, and this process may mount none")
    count(endure(site, f"disk full ({site.disk.name})", "times", lambda crowd: full_disk(site, crowd)))


def test_h48_a_server_that_answers_before_it_commits_loses_on_a_full_disk(
    databases: Databases, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The negative control."""
    first = altered.by("with short waits", "with the reply before the commit")
    shared = request.config.stash[conftest.FOLDER]
    with sites.site("sqlite", databases, tmp_path, shared, first=first) as careless, careless.exam() as crowd:
        before = crowd.acknowledged
        until(lambda: careless.fill_the_disk() or crowd.acknowledged > before + PEOPLE, crowd)
        assert careless.compare(Judge(careless.live.settings), crowd.records()).lost, "nothing was lost"


# The lock -----------------------------------------------------------------------------------------------------------


@contextmanager
def locked(site: Site, crowd: Crowd) -> Iterator[None]:
    """Another program holds the database's lock for longer than the app waits."""
    before, began = refused(crowd), time.monotonic()
    with closing(_holder(site)):
        until(lambda: refused(crowd) >= before + REFUSED and time.monotonic() > began + HELD, crowd)
    yield


def _holder(site: Site) -> Any:
    """A connection that has the lock until it is closed."""
    if site.dialect == "sqlite":
        other = sqlite3.connect(site.own.name, isolation_level=None, timeout=sites.PATIENCE)
        other.execute("BEGIN IMMEDIATE")
        return other
    session = psycopg.connect(site.own.url.replace("+psycopg", ""))
    session.execute("LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE")
    return session


def test_h46_a_locked_database_refuses_saves_and_goes_on(site: Site, count: Callable[[Count], None]) -> None:
    count(endure(site, "database locked", "times", lambda crowd: locked(site, crowd)))
    assert "database unavailable: OperationalError" in site.log()


# The connections ----------------------------------------------------------------------------------------------------


@contextmanager
def no_connection(site: Site, crowd: Crowd) -> Iterator[None]:
    """All sessions of the app's role are taken."""
    before = refused(crowd)
    assert site.sessions
    with site.sessions.all_taken():
        until(lambda: refused(crowd) >= before + REFUSED, crowd)
    yield


@pytest.mark.parametrize("site", ["postgresql"], indirect=True)
def test_without_a_free_connection_saves_are_refused_at_once(
    site: Site, count: Callable[[Count], None]
) -> None:
    count(endure(site, "connections used up", "times", lambda crowd: no_connection(site, crowd)))


# The tables ---------------------------------------------------------------------------------------------------------

ADDING = '''"""A column, an index and a table more."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", "{before}"
branch_labels = depends_on = None


def upgrade():
    with op.batch_alter_table("attempt") as table:
        table.add_column(sa.Column("spare_{revision}", sa.Integer(), nullable=True))
    op.create_index("ix_spare_{revision}", "sheet_event", ["revision"])
    op.create_table("spare_{revision}", sa.Column("id", sa.Integer(), primary_key=True))
'''


def versions(folder: Path, number: int) -> tuple[Path, list[str]]:
    """The app's migrations with so many further ones; where they are, and their names in order."""
    shutil.copytree(Path(quizapp.__file__).parent / "migrations", folder)
    names, before = [], head(folder)
    for turn in range(number):
        names.append(f"extra{turn:02}")
        text = ADDING.format(revision=names[-1], before=before)
        (folder / "versions" / f"{names[-1]}.py").write_text(text, encoding="utf-8")
        before = names[-1]
    return folder, names


def head(folder: Path) -> str:
    return str(ScriptDirectory(str(folder)).get_current_head())


def test_h8_a_migration_that_only_adds_disturbs_nobody(
    site: Site, tmp_path: Path, count: Callable[[Count], None]
) -> None:
    folder, names = versions(tmp_path / "migrations", TRIALS)
    own = head(Path(quizapp.__file__).parent / "migrations")

    @contextmanager
    def migrated(_crowd: Crowd) -> Iterator[None]:
        with site.app.app_context():
            flask_migrate.upgrade(str(folder), names.pop(0))
        yield

    count(endure(site, "migration during an exam", "migrations", migrated))
    assert names == []
    with site.app.app_context():  # the next start of this server knows nothing of the further ones
        flask_migrate.stamp(str(folder), own)
        site.let_go()


# An old backup ------------------------------------------------------------------------------------------------------


def keep_a_copy(site: Site, place: Path) -> str:
    """A backup of the running system."""
    if site.sessions is not None:
        return site.sessions.keep_a_copy()
    with closing(sqlite3.connect(site.own.name)) as source, closing(sqlite3.connect(place)) as copy:
        source.backup(copy)
    return str(place)


def shut_down(site: Site) -> None:
    """From now on nothing is acknowledged."""
    if site.sessions is not None:
        return site.sessions.shut()
    site.live.kill()


def set_back(site: Site, copy: str) -> None:
    """Put the backup in the place of the database, which had gone on; and start again."""
    if site.sessions is not None:
        return site.sessions.set_back(copy)
    for end in ("-wal", "-shm"):
        Path(site.own.name + end).unlink(missing_ok=True)
    shutil.move(copy, site.own.name)
    site.live.start()


def saves_of(crowd: Crowd) -> dict[str, int]:
    """How many saves each page was told of so far."""
    return {record.token: len(record.saved) for record in crowd.records()}


def after(site: Site, records: list[Record], known: dict[str, int], *, over: bool = False) -> Verdict:
    """The verdict on what the pages were told later than that."""
    later = [record.snapshot() for record in records]
    for record in later:
        del record.saved[: known.get(record.token, 0)]
    return site.compare(Judge(site.live.settings), later, over=over)


def test_after_an_old_backup_every_page_heals_the_sheet_from_its_own_log(
    site: Site, tmp_path: Path, count: Callable[[Count], None]
) -> None:
    """What the backup has not is lost to the server, so this is its own control; the pages still have it."""
    forgotten = 0
    with site.exam() as crowd:
        for _ in range(TRIALS):
            copy, before = keep_a_copy(site, tmp_path / "copy.sqlite3"), crowd.acknowledged
            backed_up = saves_of(crowd)
            until(lambda before=before: crowd.acknowledged >= before + 4 * PEOPLE, crowd)
            shut_down(site)
            stand_still(crowd)
            known = saves_of(crowd)
            set_back(site, copy)
            until(
                lambda known=known: all(len(r.saved) >= known.get(r.token, 0) + 2 for r in crowd.records()),
                crowd,
            )
            forgotten += len(after(site, crowd.records(), backed_up).lost)
            healed = after(site, crowd.records(), known)
            assert healed.holds, healed
        records = crowd.finish()
    assert forgotten > 0, "the backup was not old"
    verdict = after(site, records, known, over=True)
    control = f"the server had forgotten {forgotten} sheets"
    count(row("an old backup restored", site, crowd, TRIALS, "restorings", verdict, control))
