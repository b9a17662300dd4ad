"""A browser's connection to the product: HTTP/1.1, kept alive, one request at a time. It says what it heard, or that it
heard nothing; what that means is for the page to decide.
"""

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

Server = tuple[str, int]  # host and port
BROKEN = (OSError, EOFError, TimeoutError, ValueError)  # refused, cut off, silent, garbled


@dataclass(frozen=True)
class Reply:
    """What came back. status 0: nothing that can be relied on, the request may have been carried out or not."""

    status: int
    body: dict[str, Any] = field(default_factory=dict)
    retry_after: float | None = None  # seconds
    cookie: str = ""  # the first Set-Cookie's name=value
    location: str = ""  # where a redirect leads
    text: str = ""  # of a page

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


NOTHING = Reply(0)


class Wire:
    """A connection to the first of several servers that takes it; after a failure the next one is tried.

    patience: seconds without a whole reply after which the connection is given up.
    """

    tls: ssl.SSLContext | None = None  # of all connections, where a kit has a proxy with HTTPS

    def __init__(self, servers: Sequence[Server], patience: float) -> None:
        self._servers, self._patience, self._turn = list(servers), patience, 0
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> Reply:
        """Send a request and wait for its reply. Never raises for what a network or a server does."""
        try:
            async with asyncio.timeout(self._patience):
                reader, writer = await self._connected()
                writer.write(request(method, path, headers, body))
                await writer.drain()
                return await self._reply(reader)
        except BROKEN:
            self._turn += 1
            self.close()
            return NOTHING

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection; a new one where the server has hung up since the last reply."""
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            host, port = self._servers[self._turn % len(self._servers)]
            self._reader, self._writer = await asyncio.open_connection(host, port, ssl=self.tls)
        return self._reader, self._writer

    async def _reply(self, reader: asyncio.StreamReader) -> Reply:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines) if name
        }
        body = (
            await reader.readexactly(int(headers["content-length"])) if "content-length" in headers else b""
        )
        if "content-length" not in headers or headers.get("connection", "").lower() == "close":
            self.close()
        wait = headers.get("retry-after", "")
        return Reply(
            int(first.split(" ", 2)[1]),
            _object(body) if "json" in headers.get("content-type", "") else {},
            float(wait) if wait.isdigit() else None,
            headers.get("set-cookie", "").partition(";")[0],
            headers.get("location", ""),
            body.decode() if "html" in headers.get("content-type", "") else "",
        )

    def close(self) -> None:
        if self._writer is not None:
            with suppress(*BROKEN):
                if self.tls:
                    self._writer.transport.abort()  # its farewell would outlive the event loop
                else:
                    self._writer.close()
        self._reader = self._writer = None


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request as a browser sends it over a kept connection."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{n}: {v}" for n, v in headers.items())]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _object(body: bytes) -> dict[str, Any]:
    found = json.loads(body)
    return found if isinstance(found, dict) else {}
