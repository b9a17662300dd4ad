"""nginx, two web nodes, PgBouncer, a primary and its synchronous standby, from the files in deploy/ with other places:
a node dies, then the primary, and commits whose wait for the standby was cancelled with it. With `make faults` only.
"""

import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.conftest import FOLDER, missing_server
from tests.databases import ROOT, Database, _unprivileged, free_port, lacking
from tests.faults.counting import FULL, SEED, Count
from tests.faults.examinees import Crowd, Pace
from tests.faults.pair import DATABASE, USER, Pair, until
from tests.faults.sittings import prepare
from tests.faults.verdict import Judge
from tests.faults.wire import Wire
from tests.live import Live

ROUNDS = 10
AT_ONCE = 60
PACE = Pace(think=0.3, saves=40, longest_wait=0.5)
DEPLOY = ROOT / "deploy"
HOSTS = ("10.0.0.21:5432", "10.0.0.22:5432")  # of the databases in the files


def rendered(name: str, changes: Mapping[str, str]) -> str:
    """A file of deploy/ with other places; each that is named must stand in it."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in text, f"{name} has no {old}"
        text = text.replace(old, new)
    return text


def needed(program: str) -> str:
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        lacking(
            f"{program} is missing, install it with: sudo apt install nginx-light pgbouncer postgresql-client"
        )
    return str(found)


@contextmanager
def running(command: list[Any], log: Path, **options: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A program that ends with the test."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Machines:
    """All of them, on this one."""

    def __init__(self, folder: Path, pair: Pair) -> None:
        self.folder, self.pair = folder, pair
        self.bouncer, self.port = free_port(), free_port()
        self.nodes = [self._node(number) for number in (1, 2)]

    @property
    def databases(self) -> list[str]:
        return [f"127.0.0.1:{node.port}" for node in (self.pair.primary, self.pair.standby)]

    def _node(self, number: int) -> Live:
        """A web node with the settings of quizapp.env, and PgBouncer's lines taken in."""
        first, second = self.databases
        own = self.folder / f"node{number}"
        for shared in ("files", "uploads", "progress"):
            (self.folder / "shared" / shared).mkdir(parents=True, exist_ok=True)
            (own / "data").mkdir(parents=True, exist_ok=True)
            (own / "data" / shared).symlink_to(self.folder / "shared" / shared)
        secret = "one secret for all nodes, as the file says"
        changes = {"PASSWORD": self.pair.password, HOSTS[0]: first, HOSTS[1]: second, "=SECRET": f"={secret}"}
        changes |= {
            "/srv/quizapp": str(own / "data"),
            "127.0.0.1:6432": f"127.0.0.1:{self.bouncer}",
        }
        lines = rendered(
            "quizapp.env", changes | {"/quizapp\n": f"/{DATABASE}\n", "/quizapp?": f"/{DATABASE}?"}
        )
        told = dict(
            line.lstrip("#").split("=", 1)
            for line in lines.splitlines()  # of two addresses the later one, PgBouncer's, stands
            if line.startswith(("QUIZAPP_", "#QUIZAPP_"))
        )
        live = Live(Database("postgresql", told["QUIZAPP_DATABASE_URL"], DATABASE), own, **told)
        live.settings |= {"SECRET_KEY": secret, "SECURE_COOKIES": True, "PGBOUNCER": True}
        return live

    def pgbouncer(self) -> Any:
        primary = self.folder / "primary.ini"
        primary.write_text("[databases]\n")
        users = self.folder / "userlist.txt"
        users.write_text(f'"{USER}" "{self.pair.password}"\n')
        changes = {"/etc/pgbouncer/primary.ini": str(primary), "/etc/pgbouncer/userlist.txt": str(users)}
        changes |= {"= 6432": f"= {self.bouncer}", "/var/log/postgresql": str(self.folder)}
        settings = self.folder / "pgbouncer.ini"
        settings.write_text(
            rendered("pgbouncer/pgbouncer.ini", changes | {"/var/run/postgresql": str(self.folder)})
        )
        return running([needed("pgbouncer"), settings], self.folder / "pgbouncer.out", **_unprivileged())

    def follower(self) -> Any:
        needed("psql")
        told = {"QUIZAPP_DATABASES": ",".join(self.databases), "DATABASE": DATABASE, "PGUSER": USER}
        told |= {"PRIMARY_INI": str(self.folder / "primary.ini"), "PGPASSWORD": self.pair.password}
        told |= {"PGBOUNCER_PID": str(self.folder / "pgbouncer.pid"), "PATH": "/usr/bin:/bin"}
        return running(
            [DEPLOY / "pgbouncer" / "follow-primary"], self.folder / "follow.log", env=told, **_unprivileged()
        )

    def nginx(self) -> Any:
        certificate, key = self.folder / "fullchain.pem", self.folder / "privkey.pem"
        subject = ("-subj", "/CN=127.0.0.1", "-days", "1")
        subprocess.run(
            [needed("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
            + ["-keyout", key, "-out", certificate],
            check=True,
            capture_output=True,
        )
        first, second = (f"127.0.0.1:{node.port}" for node in self.nodes)
        changes = {"10.0.0.11:8000": first, "10.0.0.12:8000": second, "/etc/quizapp/tls": str(self.folder)}
        changes |= {
            "listen 443 ssl": f"listen 127.0.0.1:{self.port} ssl",
            "listen 80": f"listen 127.0.0.1:{free_port()}",
        }
        (self.folder / "quizapp.conf").write_text(rendered("nginx/quizapp.conf", changes))
        kept = "".join(
            f"{kind}_temp_path {self.folder}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (self.folder / "nginx.conf").write_text(
            f"daemon off;\nworker_processes 2;\npid {self.folder}/nginx.pid;\nerror_log {self.folder}/nginx.log;\n"
            f"{'user root;' if _unprivileged() else ''}\nevents {{ worker_connections 1024; }}\n"
            f"http {{\naccess_log off;\n{kept}include {self.folder}/quizapp.conf;\n}}\n"
        )
        return running([needed("nginx"), "-c", self.folder / "nginx.conf"], self.folder / "nginx.out")


@pytest.fixture
def machines(pytestconfig: pytest.Config) -> Iterator[Machines]:
    if not FULL:
        pytest.skip("several machines run with `make faults`")
    folder = Path(tempfile.mkdtemp(dir=pytestconfig.stash[FOLDER]))  # other users may pass through here
    with ExitStack() as stack:
        stack.enter_context(missing_server())
        pair = stack.enter_context(Pair(folder))
        folder.chmod(0o777)  # noqa: S103 - PgBouncer runs as another user and writes here
        pair.renew()
        machines = Machines(folder, pair)
        stack.enter_context(machines.pgbouncer())
        until((folder / "pgbouncer.pid").exists, "PgBouncer runs")
        stack.enter_context(machines.follower())
        for node in machines.nodes:
            stack.callback(node.stop)
            node.start()
        stack.enter_context(machines.nginx())
        try:
            yield machines
        finally:
            for log in folder.glob("*.log"):
                print(log.name, log.read_text(errors="replace")[-2000:], sep="\n", file=sys.stderr)


def test_a_node_and_the_primary_die_behind_the_proxy_and_nothing_is_lost(
    machines: Machines, monkeypatch: pytest.MonkeyPatch, count: Callable[[Count], None]
) -> None:
    """Hazards H8 and H9."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # the certificate signs itself
    monkeypatch.setattr(Wire, "tls", trusting)
    chance, pair, cancelled = Random(SEED), machines.pair, 0
    told = machines.nodes[0].settings | {"DATABASE_URL": pair.address, "PGBOUNCER": False}
    direct = Live(Database("postgresql", pair.address, DATABASE), machines.folder)
    direct.settings = told
    sittings = direct.run(lambda: prepare(AT_ONCE * (2 + ROUNDS), seed=SEED))
    judge, lost, wrong, stuck = Judge(told), set[str](), set[str](), set[str]()
    with Crowd(sittings, [("127.0.0.1", machines.port)], at_once=AT_ONCE, pace=PACE, seed=SEED) as crowd:
        for turn in range(ROUNDS):
            node = machines.nodes[turn // 2 % 2]
            time.sleep(chance.uniform(1, 2))
            node.kill()
            time.sleep(chance.uniform(1, 2))
            node.start()
            time.sleep(chance.uniform(0.5, 1))
            if turn % 2:
                pair.silence()
                for _ in range(6):
                    time.sleep(0.06)
                    cancelled += pair.cancel_waits()
            pair.fail_over()
            pair.renew()
            verdict = judge.compare(crowd.records())
            lost.update(verdict.lost)
            wrong.update(verdict.wrong)
        records = crowd.finish()
    verdict = Judge(told).compare(records, over=True)
    lost.update(verdict.lost)
    wrong.update(verdict.wrong)
    stuck.update(verdict.stuck)
    print(verdict, crowd.heard.replies)
    assert cancelled > 0
    assert crowd.heard.replies["sheet 503 not_durable"] > 0  # PgBouncer passes the warnings on
    count(
        Count(
            "a node, then the primary, behind nginx",
            "postgresql",
            trials=ROUNDS,
            each="rounds",
            acknowledged=verdict.acknowledged,
            lost=len(lost),
            wrong=len(wrong),
            stuck=len(stuck),
        )
    )
