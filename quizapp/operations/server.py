"""Running the app for people: prepare the data, then the web server with a job consumer beside it."""

import errno
import gc
import ipaddress
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import flask_migrate
from flask import Flask, current_app
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from quizapp import clock
from quizapp.db import db
from quizapp.operations import checkpoints
from quizapp.operations.lanes import Lanes

# Of each web worker, one of which works; SQLite has one writer, on PostgreSQL others go past one that waits for a row.
EXAM_THREADS = {"sqlite": 1, "postgresql": 4}
OTHER_THREADS = 2
CONNECTIONS = (
    20_000  # of each web worker, the idle ones of phones that think included: beyond them nobody is let in
)
FILES = 65_536  # open at once in a process, as far as the system allows
PORT_PATIENCE = 5.0  # seconds for what a killed server left behind to leave the port
RELOAD_SECONDS = 5.0  # at a reload: for a new worker to become ready before the old one stops
SHORT_LIFE = 5.0  # seconds; a worker that died younger may die again at once, so its successor waits a moment
STOP_SECONDS = 10  # for requests and jobs that are under way when the server is told to stop
CONSUMER = (  # told to stop while it starts, it ends without a word; later it ends in order
    "import signal; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    "from quizapp.cli import main; main(prog_name='quizapp')"
)
SERVED_BY = "QUIZAPP_SERVER_PID"  # by which process the web workers were started


@dataclass(frozen=True)
class Place:
    """Where the server listens."""

    host: str
    port: int
    certificate: Path | None
    key: Path | None

    @property
    def bare_host(self) -> str:
        """As sockets take it: an IPv6 address without brackets."""
        return self.host.strip("[]")

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach the address."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.bare_host).is_loopback
        except ValueError:
            return False

    @property
    def url(self) -> str:
        scheme = "https" if self.certificate else "http"
        host = f"[{self.bare_host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}{current_app.config['URL_PREFIX'].rstrip('/')}"


def check_place(place: Place) -> None:
    """Refuse what cannot work: browsers drop secure cookies on plain HTTP from another machine."""
    if (place.certificate is None) != (place.key is None):
        raise click.ClickException("--tls-cert和--tls-key须同时提供。")
    if not place.is_local and place.certificate is None and not current_app.config["TRUSTED_PROXY"]:
        raise click.ClickException(
            f"{place.host}不是本机回环地址，不能在没有HTTPS的情况下启动：浏览器会丢弃登录信息，谁也登录不了。"
            "有两种办法：一是用--tls-cert和--tls-key提供证书；"
            "二是放在有HTTPS的反向代理后面，并设置QUIZAPP_TRUSTED_PROXY=1（代理的层数）。"
        )
    _wait_for_port(place)


def _wait_for_port(place: Place) -> None:
    """Refuse a port that somebody else holds; workers of a server that was just killed leave it within a second."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    until = time.monotonic() + PORT_PATIENCE
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((place.bare_host, place.port))
                return
            except OSError as error:
                if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise click.ClickException(
                        f"无法监听{place.host}的{place.port}端口：{error.strerror}。"
                    ) from None
        time.sleep(0.25)


def prepare() -> list[str]:
    """Bring tables up to date, load the shipped banks, presets and holidays that are absent.

    Returns sentences for the console. Safe to repeat: a second start changes nothing.
    """
    from quizapp.bank.actions import load_folder
    from quizapp.exams import holiday_tables, presets

    Path(current_app.config["INSTANCE_DIR"]).mkdir(parents=True, exist_ok=True)
    flask_migrate.upgrade()
    said = []
    now = clock.now()
    for folder in sorted(Path(current_app.config["QUESTION_BANKS"]).iterdir()):
        if (folder / "bank.toml").is_file():
            report = load_folder(folder, now)
            db.session.commit()
            if report.created:
                said.append(f"已载入{report.title}：{report.published}题。")
    presets.fill()
    holiday_tables.fill()
    db.session.commit()
    return said


def greet_first_administrator() -> list[str]:
    """Make the first administrator of an empty system; the password is printed this once and stored nowhere."""
    from quizapp.people.actions import first_administrator

    made = first_administrator(clock.now())
    db.session.commit()
    if made is None:
        return []
    account, password = made
    return [
        f"首个管理员  学法账号：{account}  一次性口令：{password}",
        "一次性口令只显示这一次，首次登录后须设置自己的口令。",
    ]


def application() -> Lanes:
    """What each web worker runs."""
    from quizapp import create_app

    if SERVED_BY in os.environ:
        for told_to_stop in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told_to_stop, signal.SIG_DFL)  # until the worker can stop in order, it just stops
        leave_with(int(os.environ[SERVED_BY]))
    lanes = _in_lanes(create_app())
    gc.collect()
    gc.freeze()  # what is there for good is not looked through again and again while somebody waits for a reply
    return lanes


def _in_lanes(app: Flask) -> Lanes:
    """The application as the web server calls it."""
    dialect = "sqlite" if app.config["DATABASE_URL"].startswith("sqlite") else "postgresql"
    return Lanes(
        app,
        exam=EXAM_THREADS[dialect],
        others=OTHER_THREADS,
        prefix=app.config["URL_PREFIX"].rstrip("/"),
        largest=app.config["MAX_CONTENT_LENGTH"],
        together=dialect == "sqlite",
    )


def export_settings(place: Place) -> None:
    """Hand the settings of this process to the processes that it starts."""
    config = current_app.config
    os.environ["QUIZAPP_DATABASE_URL"] = config["DATABASE_URL"]
    os.environ["QUIZAPP_INSTANCE_DIR"] = config["INSTANCE_DIR"]
    os.environ["QUIZAPP_SECRET_KEY"] = config["SECRET_KEY"]
    if not place.is_local or place.certificate is not None or config["TRUSTED_PROXY"]:
        os.environ["QUIZAPP_SECURE_COOKIES"] = "1"


class WebServer(MPServer):
    """Granian that does not give up in the middle of an exam.

    By itself it ends the whole server when a worker dies within 5.5 s of its start, and of two workers that die in the
    same moment it can overlook one. Here every dead worker is replaced, for as long as the server runs.
    """

    def _respawn_workers(
        self, workers: list[int], spawn_target: Any, target_loader: Any, delay: float = 0.0
    ) -> None:
        """Called with the numbers of dead workers, and with all numbers and a delay at a reload (SIGHUP)."""
        these = workers if delay else self._dead()
        if any(time.monotonic() - self.wrks[number].birth < SHORT_LIFE for number in these):
            time.sleep(1)
        super()._respawn_workers(these, spawn_target, target_loader, delay)
        self.respawned_wrks.clear()  # with nothing in it, Granian sees no crash loop
        if overlooked := self._dead():
            self.interrupt_children.extend(overlooked)
            self.main_loop_interrupt.set()

    def _dead(self) -> list[int]:
        return [number for number, worker in enumerate(self.wrks) if not worker.is_alive()]


def web_server(target: str, place: Place, workers: int) -> Any:
    """The server as people get it; this process may open a file for each connection from now on.

    target: module:function that gives the application in its `Lanes`.
    """
    may_open_files(FILES)
    return WebServer(
        target,
        factory=True,
        address=place.bare_host,
        port=place.port,
        interface=Interfaces.RSGI,
        workers=workers,
        respawn_failed_workers=True,
        respawn_interval=RELOAD_SECONDS,
        workers_kill_timeout=STOP_SECONDS,
        backlog=4096,
        backpressure=CONNECTIONS,
        log_level=LogLevels.warning,
        ssl_cert=place.certificate,
        ssl_key=place.key,
        websockets=False,
    )


def may_open_files(wanted: int) -> None:
    """Raise the soft limit of this process and its children, as far as the hard one allows. Windows has no limits."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    reachable = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))


def run(place: Place, workers: int, target: str = "quizapp.operations.server:application") -> None:
    """Serve until told to stop, with a job consumer beside the web workers. Needs `prepare` before.

    target: as of `web_server`.
    """
    export_settings(place)
    os.environ[SERVED_BY] = str(os.getpid())
    db.session.remove()  # an open transaction would hold the writer's turn for ever
    db.engine.dispose()
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_consumer, args=(stop, _start_consumer()))
    keeper.start()
    try:
        web_server(target, place, workers).serve()
    finally:
        stop.set()
        keeper.join()


def _start_consumer() -> "subprocess.Popen[bytes]":
    """A job consumer of its own process.

    close_fds=False lets Python spawn instead of fork and exec. A fork waits for the end of a pipe, and a web worker
    that the server forks at that moment would hold the pipe open for its whole life: the wait would never end.
    """
    command = [sys.executable, "-c", CONSUMER, "worker", "--parent", str(os.getpid())]
    return subprocess.Popen(command, close_fds=False)  # noqa: S603 - our own program


def _keep_consumer(stop: threading.Event, consumer: "subprocess.Popen[bytes]") -> None:
    """A job consumer beside the web workers until `stop`; when it dies, another one takes over."""
    while True:
        while consumer.poll() is None and not stop.is_set():
            stop.wait(0.5)
        if stop.wait(1):
            break
        consumer = _start_consumer()
    if consumer.poll() is None:
        consumer.send_signal(signal.SIGINT)
        try:
            consumer.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            consumer.kill()


def consume(parent: int | None) -> None:
    """Work on jobs until told to stop, or until the server that started us is gone."""
    if parent is not None:
        leave_with(parent)
    checkpoints.keep(db.engine)
    huey = current_app.extensions["huey"]
    huey.create_consumer(workers=1, max_delay=1.0, check_worker_health=True).run()


def leave_with(parent: int) -> None:
    """End this process, without a word, soon after the one that started it: kill -9 leaves no orphans on the port."""
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)
