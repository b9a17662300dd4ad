"""Patroni and etcd as deploy/patroni/patroni.yml sets them up: the primary's machine dies under load, Patroni makes the
standby the primary and takes the dead one back, nobody does anything by hand. With `make faults` only.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from random import Random

import psycopg
import pytest

from tests.conftest import FOLDER, missing_server
from tests.databases import Database, _unprivileged, free_port, lacking, programs
from tests.faults.counting import FULL, SEED, Count
from tests.faults.examinees import Crowd, Pace
from tests.faults.pair import PATIENCE
from tests.faults.sittings import prepare
from tests.faults.test_several_machines import rendered, running
from tests.faults.verdict import Judge
from tests.live import Live, children_of, soon

TRIALS = 4
AT_ONCE = 30
PACE = Pace(think=0.3, saves=60, longest_wait=1)
PASSWORDS = {"SUPERUSER": "super", "REPLICATOR": "replicator", "REWINDER": "rewinder"}
APP = "a password of the app"
TAKEOVER = 60  # seconds: ttl of patroni.yml, a round of its loop, the promotion, on a busy machine


class Member:
    """A database server with its Patroni."""

    def __init__(self, folder: Path, name: str, etcd: int) -> None:
        self.name, self.port, self.api = name, free_port(), free_port()
        self.data, self._log, self._settings = folder / name, folder / f"{name}.log", folder / f"{name}.yml"
        changes = {
            "10.0.0.31:2379,10.0.0.32:2379,10.0.0.33:2379": f"127.0.0.1:{etcd}",
            "name: db1": f"name: {name}",
        }
        changes |= {"10.0.0.21:8008": f"127.0.0.1:{self.api}", "10.0.0.21:5432": f"127.0.0.1:{self.port}"}
        changes |= {"/var/lib/postgresql/15/quizapp": str(self.data), "10.0.0.0/24": "127.0.0.1/32"}
        changes |= {"/var/lib/postgresql/.pgpass.patroni": str(folder / f"{name}.pgpass")}
        changes |= {"/usr/lib/postgresql/15/bin": str(programs()), **PASSWORDS}
        changes |= {"  data_dir:": f"  parameters:\n    unix_socket_directories: {folder}\n  data_dir:"}
        self._settings.write_text(rendered("patroni/patroni.yml", changes))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["/usr/bin/patroni", self._settings],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self._log.parent)},
                start_new_session=True,
                **_unprivileged(),
            )

    def kill(self) -> None:
        """kill -9 for Patroni and PostgreSQL, as if the machine had lost its power."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError, ValueError, IndexError):
            postgres = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(postgres, signal.SIGSTOP)
            for each in [*children_of(postgres), postgres]:
                with suppress(ProcessLookupError):
                    os.kill(each, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def says(self, what: str) -> bool:
        """What Patroni's own address for load balancers answers: "primary", "sync"."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.api}/{what}", timeout=2) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if isinstance(error, urllib.error.HTTPError):
                error.close()
            return False

    def tail(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]


class Team:
    """Both members, and the address of whichever may write."""

    def __init__(self, folder: Path, etcd: int) -> None:
        self.members = [Member(folder, name, etcd) for name in ("db1", "db2")]
        servers = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        self.address = f"postgresql://quizapp:{APP.replace(' ', '%20')}@{servers}/quizapp"

    def leader(self) -> Member | None:
        return next((member for member in self.members if member.says("primary")), None)

    def takes_writes(self) -> bool:
        """A primary is called so by its Patroni a moment before it lets anybody write."""
        try:
            psycopg.connect(
                f"{self.as_superuser()} target_session_attrs=read-write", connect_timeout=2
            ).close()
        except psycopg.OperationalError:
            return False
        return True

    def as_superuser(self) -> str:
        hosts, ports = zip(*(("127.0.0.1", str(member.port)) for member in self.members), strict=True)
        who = f"user=postgres password={PASSWORDS['SUPERUSER']} dbname=postgres"
        return f"host={','.join(hosts)} port={','.join(ports)} {who}"

    def wait_until_safe(self) -> Member:
        """Until there is a primary that takes writes, with a synchronous standby."""

        def safe() -> bool:
            standing = self.leader() is not None and any(member.says("sync") for member in self.members)
            return standing and self.takes_writes()

        if not soon(safe, TAKEOVER):
            raise TimeoutError("\n".join(member.tail() for member in self.members))
        leader = self.leader()
        assert leader is not None
        return leader

    def create(self) -> None:
        """The app's role and database, as docs/operations.md says."""
        self.wait_until_safe()
        address = f"{self.as_superuser()} target_session_attrs=read-write"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"CREATE ROLE quizapp LOGIN PASSWORD '{APP}'")
            connection.execute("CREATE DATABASE quizapp OWNER quizapp")


@pytest.fixture
def team(pytestconfig: pytest.Config) -> Iterator[tuple[Team, Path]]:
    if not FULL:
        pytest.skip("Patroni runs with `make faults`")
    if not (shutil.which("patroni") and shutil.which("etcd")):
        lacking("Patroni or etcd is missing, install them with: sudo apt install patroni etcd-server")
    folder = Path(tempfile.mkdtemp(dir=pytestconfig.stash[FOLDER]))  # other users may pass through here
    folder.chmod(0o777)  # noqa: S103 - Patroni and etcd run as another user and write here
    with ExitStack() as stack:
        stack.enter_context(missing_server())
        etcd, peers = free_port(), free_port()
        mine, theirs = f"http://127.0.0.1:{etcd}", f"http://127.0.0.1:{peers}"
        command = ["etcd", "--data-dir", folder / "etcd", "--listen-client-urls", mine, "--name", "one"]
        command += ["--advertise-client-urls", mine, "--listen-peer-urls", theirs]
        command += ["--initial-advertise-peer-urls", theirs, "--initial-cluster", f"one={theirs}"]
        stack.enter_context(running(command, folder / "etcd.log", cwd="/", **_unprivileged()))
        team = Team(folder, etcd)
        for member in team.members:
            stack.callback(member.kill)
            member.start()
        team.create()
        yield team, folder


def test_patroni_replaces_a_dead_primary_and_nothing_is_lost(
    team: tuple[Team, Path], count: Callable[[Count], None]
) -> None:
    """Hazard H9."""
    cluster, folder = team
    live = Live(Database("postgresql", cluster.address, "quizapp"), folder)
    lost, wrong, waits, chance = set[str](), set[str](), list[float](), Random(SEED)
    try:
        live.start()
        sittings = live.run(lambda: prepare(AT_ONCE * (1 + TRIALS), seed=SEED))
        judge = Judge(live.settings)
        with Crowd(sittings, [(live.host, live.port)], at_once=AT_ONCE, pace=PACE, seed=SEED) as crowd:
            for _ in range(TRIALS):
                time.sleep(chance.uniform(2, 4))
                dead = cluster.wait_until_safe()
                dead.kill()
                began = time.monotonic()
                assert soon(lambda: cluster.leader() is not None, TAKEOVER), cluster.members[0].tail()
                waits.append(time.monotonic() - began)
                dead.start()
                cluster.wait_until_safe()
                verdict = judge.compare(crowd.records())
                lost.update(verdict.lost)
                wrong.update(verdict.wrong)
            records = crowd.finish(2 * PATIENCE)
        verdict = Judge(live.settings).compare(records, over=True)
    finally:
        live.stop()
    print(f"without a primary for {json.dumps([round(wait) for wait in waits])} s; {verdict}")
    count(
        Count(
            "Patroni replaces a killed primary",
            "postgresql",
            trials=TRIALS,
            each="failovers",
            acknowledged=verdict.acknowledged,
            lost=len(lost | set(verdict.lost)),
            wrong=len(wrong | set(verdict.wrong)),
            stuck=len(verdict.stuck),
        )
    )
