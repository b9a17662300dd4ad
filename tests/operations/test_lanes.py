"""How requests reach the application: whole, and in two lanes, so that an exam waits for nobody's report."""

import http.client
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, request
from granian.rsgi import Scope

from quizapp.db import engine_options
from quizapp.errors import OVERDUE
from quizapp.grouping import GROUP
from quizapp.operations import lanes
from quizapp.operations.server import EXAM_THREADS, OTHER_THREADS, Place, may_open_files, web_server
from tests.bench.servers import Server, running
from tests.databases import free_port
from tests.lining_up import Replied, Request, line_up, send

LARGEST = 300_000
SLOW_PHONES = 200
EXAM = 3  # threads of an exam, one of which works
CROWD = 4_500  # open lines; more than a server has places in its queue


class Application(Flask):
    """It fails where nothing catches it, at /fail."""

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"] == "/fail":
            raise RuntimeError("of the application")
        return super().__call__(environ, start_response)


def application() -> lanes.Lanes:
    """Views that say what they were asked, and one that waits to be let go; for a server of a test."""
    app, gate = Application(__name__), threading.Event()
    app.config["MAX_CONTENT_LENGTH"] = LARGEST

    @app.route("/attempts/echo", methods=["GET", "PUT", "POST"])
    @app.route("/echo", methods=["GET", "PUT", "POST"])
    def echo() -> dict[str, object]:
        return {
            "method": request.method,
            "length": len(request.get_data()),
            "cookies": request.cookies,
            "path": request.path,
            "query": request.query_string.decode(),
            "address": request.remote_addr,
            "host": request.host,
        }

    @app.get("/<path:path>")
    def any_path(path: str) -> str:
        return path

    @app.get("/wait")
    @app.get("/attempts/wait")
    def wait() -> str:
        gate.wait(20)
        return "waited"

    @app.get("/attempts/let-go")
    def let_go() -> str:
        gate.set()
        return "gone"

    @app.get("/healthz")
    def well() -> str:
        return "well"

    @app.before_request
    def overdue() -> tuple[str, int] | None:
        return ("overdue", 503) if request.environ[OVERDUE] else None

    return lanes.Lanes(app, exam=EXAM, others=2, prefix="", largest=LARGEST)


def impatient() -> lanes.Lanes:
    """The same with little patience and short lanes."""
    lanes.SILENCE, lanes.WAITING, lanes.LONGEST_WAIT = 0.3, 3, 0.1
    return application()


def serve(target: str, port: int) -> None:
    web_server(f"{__name__}:{target}", Place("127.0.0.1", port, None, None), 1).serve()


def served(target: str, folder: Path) -> Iterator[Server]:
    port = free_port()
    start = f"from {__name__} import serve; serve({target!r}, {port})"
    with running(["-c", start], {}, folder / "lanes.log", port) as server:
        yield server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    yield from served("application", tmp_path_factory.mktemp("lanes"))


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[Server]:
    yield from served("impatient", tmp_path)


def ask(server: Server, method: str, path: str, body: object = None, **headers: str) -> tuple[int, bytes]:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        return reply.status, reply.read()


def half_a_request(server: Server, *, whole: bool = False) -> socket.socket:
    """An open line on which four of a hundred bytes are sent, or of four."""
    line = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    length = 4 if whole else 100
    line.sendall(
        f"PUT /attempts/echo HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\nhalf".encode()
    )
    return line


def test_phones_that_send_half_a_request_keep_nobody_waiting(server: Server) -> None:
    with ExitStack() as open_lines:
        phones = [open_lines.enter_context(closing(half_a_request(server))) for _ in range(SLOW_PHONES)]
        for path in ("/attempts/echo", "/echo"):
            assert ask(server, "PUT", path, b"whole")[0] == 200
        phones[0].sendall(b"." * 96)  # the other half comes after all
        assert b'"length":100' in phones[0].recv(4096).replace(b" ", b"")


def test_a_worker_on_sqlite_has_a_connection_for_each_thread() -> None:
    """So they cannot be used up; on PostgreSQL others may take them, see tests/faults."""
    assert EXAM_THREADS["sqlite"] + OTHER_THREADS <= engine_options("sqlite:///x")["pool_size"]


def test_the_idle_lines_of_thousands_keep_nobody_out(server: Server) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * CROWD:
        pytest.skip(f"this machine allows {hard} open files")
    may_open_files(2 * CROWD)
    with ExitStack() as open_lines:
        for _ in range(CROWD):
            line = open_lines.enter_context(closing(half_a_request(server, whole=True)))
            assert line.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert ask(server, "GET", "/healthz") == (200, b"well")


def test_a_request_whose_end_never_comes_is_given_up_and_told_so(hasty: Server) -> None:
    with closing(half_a_request(hasty)) as line:
        told = line.recv(4096)
    assert told.startswith(b"HTTP/1.1 408 ")
    assert "请求没有传完".encode() in told


def test_an_exam_does_not_wait_for_slow_pages_and_who_waits_too_long_for_them_is_refused(
    hasty: Server,
) -> None:
    with ExitStack() as open_lines:
        waiting = []
        for _ in range(3):
            line = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=20)
            open_lines.enter_context(closing(line))
            line.request("GET", "/wait")
            waiting.append(line)
        until_full(hasty)
        assert ask(hasty, "PUT", "/attempts/echo", b"saved")[0] == 200
        assert ask(hasty, "GET", "/healthz") == (200, b"well")
        time.sleep(0.3)
        assert ask(hasty, "GET", "/attempts/let-go") == (200, b"gone")
        assert [line.getresponse().read() for line in waiting] == [b"waited", b"waited", b"overdue"]


def until_full(server: Server) -> None:
    """Wait until the lane of the slow pages takes nobody in; it says when to come back."""
    for _ in range(100):
        with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)) as connection:
            connection.request("GET", "/late")
            connection.sock.settimeout(0.2)
            try:
                reply = connection.getresponse()
            except TimeoutError:
                continue
            assert reply.status == 503
            assert reply.headers["Retry-After"] == "2"
            assert "请稍后再试" in reply.read().decode()
            return
    pytest.fail("the lane took everybody in")


@pytest.mark.parametrize("size", [0, 1, lanes.SMALL, lanes.SMALL + 1, LARGEST])
@pytest.mark.parametrize("chunked", [False, True])
def test_bodies_arrive_whole(server: Server, size: int, chunked: bool) -> None:
    body = iter([b"x" * size]) if chunked and size else b"x" * size
    status, told = ask(server, "POST", "/echo", body)
    assert status == 200
    assert f'"length":{size},'.encode() in told.replace(b" ", b"")


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused_by_the_application(server: Server, chunked: bool) -> None:
    body = iter([b"x" * 1000] * 301) if chunked else b"x" * (LARGEST + 1)
    try:
        assert ask(server, "POST", "/echo", body)[0] == 413
    except (ConnectionResetError, BrokenPipeError):  # told while we were still sending
        assert ask(server, "POST", "/echo", b"", Content_Length=str(LARGEST + 1))[0] == 413


def test_the_application_sees_the_request_as_it_was_sent(server: Server) -> None:
    status, told = ask(
        server, "GET", "/echo?a=1&b=%E7%BA%A6", Cookie="one=1; two=2", Host="xuekao.example:81"
    )
    assert status == 200
    words = told.decode()
    for part in (
        '"query":"a=1&b=%E7%BA%A6"',
        '"one":"1"',
        '"two":"2"',
        '"host":"xuekao.example:81"',
        '"127.0.0.1"',
    ):
        assert part.replace(" ", "") in words.replace(" ", "").replace("\\u0026", "&")
    assert ask(server, "GET", "/%E6%9D%A1%E4%BE%8B%20%2B")[1].decode() == "条例 +"


def test_head_tells_the_length_and_sends_nothing(server: Server) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        connection.request("HEAD", "/healthz")
        reply = connection.getresponse()
        assert (reply.status, reply.headers["Content-Length"], reply.read()) == (200, "4", b"")
        connection.request("GET", "/healthz")  # on the same line
        assert connection.getresponse().read() == b"well"


class Sent(Scope):
    """A request over HTTP/2, as Granian tells of it."""

    method, path, query_string, http_version, scheme = "GET", "/", "", "2", "https"
    server, client, authority = "127.0.0.1:443", "[::1]:5000", "xuekao.example"

    @property
    def headers(self) -> Any:
        pairs = [("cookie", "one=1"), ("cookie", "two=2"), ("accept", "a"), ("accept", "b")]
        return SimpleNamespace(items=lambda: pairs)


def test_cookies_that_http_2_sends_apart_are_put_together() -> None:
    made = lanes.environment(Sent(), BytesIO(), 0)
    assert (made["HTTP_COOKIE"], made["HTTP_ACCEPT"]) == ("one=1; two=2", "a,b")
    assert (made["HTTP_HOST"], made["REMOTE_ADDR"]) == ("xuekao.example", "::1")


def test_a_failure_of_the_application_frees_the_lane(hasty: Server) -> None:
    for _ in range(2 * 3):  # twice as many as a lane takes in
        assert ask(hasty, "GET", "/fail")[0] == 500
    assert ask(hasty, "PUT", "/echo", b"whole")[0] == 200


def test_an_exam_goes_on_past_as_many_as_are_held_up(server: Server) -> None:
    with ExitStack() as open_lines:
        waiting = []
        for _ in range(EXAM - 1):
            line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            open_lines.enter_context(closing(line))
            line.request("GET", "/attempts/wait")
            waiting.append(line)
        assert ask(server, "PUT", "/attempts/echo", b"saved")[0] == 200
        assert ask(server, "GET", "/attempts/let-go") == (200, b"gone")
        assert [line.getresponse().read() for line in waiting] == [b"waited"] * len(waiting)


class Counting:
    """An application that writes down how many of its requests are worked on at once. "long…" are held up."""

    def __init__(self) -> None:
        self.at_once = list[int]()
        self.inside = 0

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        self.inside += 1
        self.at_once.append(self.inside)
        time.sleep(4 * lanes.HELD_UP if "long" in environ["PATH_INFO"] else 0.01)
        self.inside -= 1
        start("200 OK", [])
        return iter([environ["PATH_INFO"].encode()])


def worked_on(*names: str) -> list[int]:
    """How many were worked on when each of these was begun, in the lane of an exam with three threads."""
    app: Any = Counting()
    made = lanes.Lanes(app, exam=EXAM, others=1, prefix="", largest=LARGEST)
    paths = [f"/attempts/{name}" for name in names]
    came = send([Request("PUT", path) for path in paths], made)
    no_loop: Any = None
    made.__rsgi_del__(no_loop)
    assert [one.data.decode() for one in came] == paths
    return list(app.at_once)


def test_one_thread_of_an_exam_works_while_nobody_is_held_up() -> None:
    assert set(worked_on(*map(str, range(2 * EXAM)))) == {1}


def test_others_go_on_past_those_that_are_held_up_as_long_as_there_are_threads() -> None:
    assert worked_on("long-1", "long-2", "long-3", "long-4")[:3] == [1, 2, 3]


def test_of_those_that_were_held_up_and_those_that_went_past_one_is_left() -> None:
    seen = worked_on("long", *map(str, range(150)))
    assert max(seen) == 2
    assert set(seen[-10:]) == {1}


class Joining:
    """An application that writes down what it does: "joins…" work with their group, the others at once."""

    def __init__(self, order: list[Replied]) -> None:
        self.did: list[str] = []
        self._order = order

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterator[bytes]:
        name = environ["PATH_INFO"].rpartition("/")[2]
        self.did.append(f"begin {name}")
        if name == "fails":
            raise RuntimeError("of the application")
        if GROUP in environ and name.startswith("joins"):
            environ[GROUP].members.append(name)
        return self._end(name, start)

    def _end(self, name: str, start: Any) -> Iterator[bytes]:
        time.sleep(0.05)  # enough for replies that are under way
        self.did.append(f"end {name}, {len(self._order)} replied")
        if name == "joins-and-fails":
            raise RuntimeError("at the end")
        start("200 OK", [])
        yield name.encode()


def lined_up(*names: str, together: bool = True) -> tuple[list[str], list[Any]]:
    """What the application did, and what came of each."""
    order = list[Replied]()
    app: Any = Joining(order)
    made = lanes.Lanes(app, exam=1, others=1, prefix="", largest=LARGEST, together=together)
    asked = [Request("PUT", f"/attempts/{name}") for name in names]
    came = line_up(made, asked, order=order)
    made.__rsgi_del__(None)  # type: ignore[arg-type]
    return app.did, [one.data.decode() if isinstance(one, Replied) else str(one) for one in came]


def test_those_who_may_share_a_transaction_begin_together_and_no_other_keeps_them_waiting() -> None:
    did, came = lined_up("joins-1", "joins-2", "alone", "joins-3")
    assert came == ["joins-1", "joins-2", "alone", "joins-3"]
    assert did == [
        "begin joins-1",
        "begin joins-2",
        "begin alone",
        "end joins-1, 0 replied",
        "end joins-2, 0 replied",
        "end alone, 2 replied",
        "begin joins-3",
        "end joins-3, 3 replied",
    ]


def test_a_lane_without_groups_ends_each_before_the_next_begins() -> None:
    did, came = lined_up("joins-1", "joins-2", together=False)
    assert came == ["joins-1", "joins-2"]
    assert [what.partition(",")[0] for what in did] == [
        "begin joins-1",
        "end joins-1",
        "begin joins-2",
        "end joins-2",
    ]


def test_no_more_share_one_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "TOGETHER", 2)
    did, _ = lined_up("joins-1", "joins-2", "joins-3")
    assert did.index("end joins-1, 0 replied") < did.index("begin joins-3")


@pytest.mark.parametrize("failing", ["fails", "joins-and-fails"])
def test_a_failure_among_those_who_wait_is_its_own(failing: str) -> None:
    _, came = lined_up("joins-1", failing, "joins-2", "alone")
    assert came[0] == "joins-1"
    assert came[1] in ("of the application", "at the end")
    assert came[2:] == ["joins-2", "alone"]


@pytest.mark.parametrize(("asked", "kind"), [("application/json", "application/json"), ("*/*", "text/html")])
def test_the_product_tells_whoever_waited_too_long_to_come_back(client: Any, asked: str, kind: str) -> None:
    reply = client.get("/sign-in", environ_overrides={OVERDUE: True}, headers={"Accept": asked})
    assert (reply.status_code, reply.mimetype) == (503, kind)
    assert reply.headers["Retry-After"]
    assert client.get("/sign-in", environ_overrides={OVERDUE: False}).status_code == 200
