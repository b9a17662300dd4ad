"""Requests that wait in a lane all at once, as Granian would hand them over, without a server."""

import asyncio
import json
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from granian.rsgi import Scope

from quizapp.operations.lanes import Lane, Lanes

PATIENCE = 20.0  # seconds
T = TypeVar("T")


class Request(Scope):
    """One of them."""

    query_string, http_version, scheme = "", "1.1", "http"
    server, client, authority = "127.0.0.1:80", "127.0.0.1:5000", ""
    method, path = "GET", "/"
    headers: Any = {}

    def __init__(self, method: str, path: str, body: bytes = b"", **headers: str) -> None:
        self.method, self.path, self.body = method, path, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.headers["content-length"] = str(len(body))


@dataclass
class Replied:
    """What Granian is told, and the body that it collected. order: the replies that were given so far."""

    body: bytes
    order: list["Replied"]
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    data: bytes = b""

    async def __call__(self) -> bytes:
        return self.body

    def response_bytes(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
        self.status, self.headers, self.data = status, dict(headers), data
        self.order.append(self)

    @property
    def json(self) -> Any:
        return json.loads(self.data)


def send(requests: Sequence[Request], lanes: Lanes) -> list[Replied]:
    """Send these at once, in their order. Their replies."""

    async def sent() -> list[Replied]:
        lanes.__rsgi_init__(asyncio.get_running_loop())
        replies = [Replied(one.body, []) for one in requests]
        work = [lanes.__rsgi__(one, reply) for one, reply in zip(requests, replies, strict=True)]
        await asyncio.wait_for(asyncio.gather(*work), PATIENCE)
        return replies

    return _apart(sent())


def line_up(
    lanes: Lanes,
    requests: Sequence[Request],
    *,
    order: list[Replied] | None = None,
    gone: Sequence[int] = (),
    waited: float = 0.0,
) -> list[Any]:
    """Let these wait for the exam's one thread until all are there. Their replies, or the errors that came instead.

    order: takes the replies as they come. gone: those whose browser leaves meanwhile. waited: seconds by which each
    has waited longer than it did.
    """
    return _apart(_line_up(lanes, requests, [] if order is None else order, gone, waited))


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """Run it in a thread of its own: a browser of an earlier test may have left this one its own event loop."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, work).result()


async def _line_up(
    lanes: Lanes, requests: Sequence[Request], order: list[Replied], gone: Sequence[int], waited: float
) -> list[Any]:
    lanes.__rsgi_init__(asyncio.get_running_loop())
    lane, let_go, held = lanes._exam, threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold() -> None:
        loop.call_soon_threadsafe(held.set)
        let_go.wait(2 * PATIENCE)

    lane.threads.submit(hold)
    await held.wait()
    replies = [Replied(one.body, order) for one in requests]
    tasks = []
    for one, reply in zip(requests, replies, strict=True):
        tasks.append(asyncio.create_task(lanes.__rsgi__(one, reply)))
        async with asyncio.timeout(PATIENCE):
            await _until(lane, len(tasks))
    for one in lane.waiting:
        one.until -= waited
    for number in gone:
        tasks[number].cancel()
    let_go.set()
    ended = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), PATIENCE)
    return [error or reply for error, reply in zip(ended, replies, strict=True)]


async def _until(lane: Lane, number: int) -> None:
    while len(lane.waiting) < number:
        await asyncio.sleep(0.001)
