"""A bad line between pages and the server: it cuts, delays, doubles and reorders whole requests, swallows replies, and
sometimes accepts and never answers.

    with BadLine((live.host, live.port), seed=SEED) as line:
        with Crowd(sittings, [line.address], …) as crowd: …
        line.settle()            # what was held back has arrived

What becomes of a request is drawn from the seed, its bytes and how often they came, so a seed repeats a run's troubles
however the threads are scheduled.
"""

import asyncio
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from random import Random

from tests.faults.wire import BROKEN, Server

EVERYTHING = {  # what becomes of a request, and how often of a hundred
    "passed": 52,
    "delayed": 10,
    "cut before": 6,
    "cut within": 5,
    "reply lost": 7,
    "reply torn": 4,
    "doubled": 5,
    "late": 5,
    "repeated late": 4,
    "never arrived": 1,
    "never answered": 1,
}
SOON, LATE = 0.05, 0.4  # seconds at most: of a delay, and of a request that was held back


class BadLine:
    """A proxy for HTTP/1.1 on a free port of 127.0.0.1, in a thread of its own."""

    def __init__(self, server: Server, *, seed: int, weather: Mapping[str, int] = EVERYTHING) -> None:
        self._server, self._seed, self._weather = server, seed, weather
        self.happened: Counter[str] = Counter()  # what became of how many requests
        self._source = "127.0.0.1"
        self.address: Server = ("", 0)
        self._seen: Counter[bytes] = Counter()
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._held: set[asyncio.Task[None]] = set()  # requests that arrive later
        self._ready, self._loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="bad line", daemon=True)

    def __enter__(self) -> "BadLine":
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_about: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()

    def change_address(self, source: str) -> None:
        """From now on the server sees requests come from here: another address of loopback."""

        async def change() -> None:
            self._source, idle, self._idle = source, self._idle, []
            for _, writer in idle:
                writer.transport.abort()

        asyncio.run_coroutine_threadsafe(change(), self._loop).result()

    def settle(self) -> None:
        """Wait until every request that was held back has arrived."""
        asyncio.run_coroutine_threadsafe(self._settled(), self._loop).result()

    async def _settled(self) -> None:
        while self._held:
            await asyncio.gather(*self._held)

    # On the event loop ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._end, pages = asyncio.Event(), set()

        async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            pages.add(task)
            try:
                with suppress(asyncio.CancelledError):  # only by the end of the line
                    await self._page(reader, writer)
            finally:
                writer.transport.abort()
                pages.discard(task)

        listener = await asyncio.start_server(page, "127.0.0.1", 0, backlog=1024)
        self.address = listener.sockets[0].getsockname()[:2]
        self._ready.set()
        await self._end.wait()
        listener.close()
        left = [*pages, *self._held]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for _, writer in self._idle:
            writer.transport.abort()

    async def _page(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of a page: request after request, until something cuts it."""
        with suppress(*BROKEN):
            while request := await message(reader):
                chance = Random(f"{self._seed} {self._seen[request]}".encode() + request)
                self._seen[request] += 1
                [fate] = chance.choices(list(self._weather), list(self._weather.values()))
                self.happened[fate] += 1
                reply = await FATES[fate](self, request, chance, reader)
                if reply is None:
                    return
                writer.write(reply)
                await writer.drain()
                if fate == "reply torn":
                    return

    async def exchange(self, request: bytes) -> bytes:
        """Ask the server, over a connection that is free."""
        reader, writer = self._idle.pop() if self._idle else await self._reach()
        try:
            writer.write(request)
            await writer.drain()
            reply = await message(reader)
        except BaseException:
            writer.transport.abort()
            raise
        if not reply:
            writer.transport.abort()
            raise EOFError("the server hung up")
        self._idle.append((reader, writer))
        return reply

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection(*self._server, local_addr=(self._source, 0))

    def later(self, request: bytes, seconds: float) -> None:
        """Let a request arrive after a while; nobody waits for its reply."""

        async def deliver() -> None:
            await asyncio.sleep(seconds)
            with suppress(*BROKEN):
                await self.exchange(request)

        task = self._loop.create_task(deliver())
        self._held.add(task)
        task.add_done_callback(self._held.discard)

    async def part(self, request: bytes) -> None:
        """Let half of a request arrive, then hang up."""
        _, writer = await self._reach()
        writer.write(request[: len(request) // 2])
        await writer.drain()
        writer.close()


async def message(reader: asyncio.StreamReader) -> bytes:
    """A whole request or reply with its body; empty when the other side has hung up between two."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as cut:
        if cut.partial:
            raise
        return b""
    lines = head.lower().split(b"\r\n")
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    return head + (await reader.readexactly(length) if length else b"")


# What becomes of a request: the reply for the page, or none to cut it off ---------------------------------------

Fate = Callable[[BadLine, bytes, Random, asyncio.StreamReader], Awaitable[bytes | None]]


async def _passed(line: BadLine, request: bytes, _chance: Random, _page: asyncio.StreamReader) -> bytes:
    return await line.exchange(request)


async def _delayed(line: BadLine, request: bytes, chance: Random, _page: asyncio.StreamReader) -> bytes:
    await asyncio.sleep(chance.uniform(0, SOON))
    reply = await line.exchange(request)
    await asyncio.sleep(chance.uniform(0, SOON))
    return reply


async def _cut_before(_line: BadLine, _request: bytes, _chance: Random, _page: asyncio.StreamReader) -> None:
    return None


async def _cut_within(line: BadLine, request: bytes, _chance: Random, _page: asyncio.StreamReader) -> None:
    await line.part(request)


async def _reply_lost(line: BadLine, request: bytes, _chance: Random, _page: asyncio.StreamReader) -> None:
    await line.exchange(request)


async def _reply_torn(line: BadLine, request: bytes, chance: Random, _page: asyncio.StreamReader) -> bytes:
    reply = await line.exchange(request)
    return reply[: chance.randrange(1, len(reply))]


async def _doubled(line: BadLine, request: bytes, _chance: Random, _page: asyncio.StreamReader) -> bytes:
    """Both at once; the page hears whichever reply the line carries."""
    replies = await asyncio.gather(line.exchange(request), line.exchange(request))
    return replies[1]


async def _late(line: BadLine, request: bytes, chance: Random, _page: asyncio.StreamReader) -> None:
    """The page is cut off and sends newer ones meanwhile."""
    line.later(request, chance.uniform(0, LATE))


async def _repeated_late(line: BadLine, request: bytes, chance: Random, _page: asyncio.StreamReader) -> bytes:
    reply = await line.exchange(request)
    line.later(request, chance.uniform(0, LATE))
    return reply


async def _never_arrived(
    _line: BadLine, _request: bytes, _chance: Random, page: asyncio.StreamReader
) -> None:
    """Half-open: accepted, and silent until the page gives up."""
    await page.read()


async def _never_answered(line: BadLine, request: bytes, _chance: Random, page: asyncio.StreamReader) -> None:
    await line.exchange(request)
    await page.read()


FATES: dict[str, Fate] = {
    "passed": _passed,
    "delayed": _delayed,
    "cut before": _cut_before,
    "cut within": _cut_within,
    "reply lost": _reply_lost,
    "reply torn": _reply_torn,
    "doubled": _doubled,
    "late": _late,
    "repeated late": _repeated_late,
    "never arrived": _never_arrived,
    "never answered": _never_answered,
}
