"""A small load generator: many keep-alive connections, requests made beforehand, one event loop over raw sockets.

Written by hand because the usual clients cost ten times what the server spends, and the machine has few cores: a slow
generator makes every ratio look better than it is. It speaks only to this machine and stops by itself.
"""

import gc
import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

PATIENCE = 30.0  # seconds without any reply after which a round is given up


@dataclass
class Round:
    """What one round of requests gave."""

    seconds: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    unexpected: int = 0  # replies without the expected words
    waits: list[float] = field(default_factory=list)  # seconds for each reply
    last: bytes = b""  # the newest reply whole
    status: int = 200  # of a good reply

    @property
    def rate(self) -> float:
        """Good replies a second."""
        return (self.statuses[self.status] - self.unexpected) / self.seconds

    @property
    def sound(self) -> bool:
        return set(self.statuses) == {self.status} and not self.unexpected


class Connection:
    """One browser: sends its requests one after the other and waits for each reply."""

    def __init__(self, port: int, requests: Iterable[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests: Iterator[bytes] = iter(requests)
        self._got = bytearray()
        self._whole = 0  # bytes that the reply has, headers included; 0 while unknown
        self._sent_at = 0.0

    def send_next(self) -> bool:
        """Send the next request; False when there is none left."""
        request = next(self._requests, None)
        if request is None:
            return False
        self._got.clear()
        self._whole = 0
        self._sent_at = time.perf_counter()
        self.socket.sendall(request)
        return True

    def receive(self) -> bytes | None:
        """A reply once it is whole. Raises ConnectionError when the server hangs up."""
        piece = self.socket.recv(1 << 18)
        if not piece:
            raise ConnectionError("the server hung up")
        self._got += piece
        if not self._whole:
            end = self._got.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._whole = end + 4 + _length(bytes(self._got[:end]))
        return bytes(self._got) if len(self._got) >= self._whole else None

    @property
    def waited(self) -> float:
        return time.perf_counter() - self._sent_at


def _length(head: bytes) -> int:
    for header in head.split(b"\r\n")[1:]:
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ValueError(f"a reply without a length: {head[:200]!r}")


def fire(port: int, queues: Sequence[Iterable[bytes]], expected: bytes = b"", status: int = 200) -> Round:
    """Send each queue over a connection of its own, all at once, and wait for every reply.

    queues: several may be the same iterator. expected: bytes that stand in every good reply.
    """
    done, chooser = Round(status=status), selectors.DefaultSelector()
    connections = [Connection(port, queue) for queue in queues]
    for connection in connections:
        chooser.register(connection.socket, selectors.EVENT_READ, connection)
    gc.disable()
    began = time.perf_counter()
    try:
        waiting = sum(connection.send_next() for connection in connections)
        while waiting:
            ready = chooser.select(PATIENCE)
            if not ready:
                raise TimeoutError(f"{waiting} replies did not come within {PATIENCE:.0f} s")
            for key, _ in ready:
                reply = key.data.receive()
                if reply is not None:
                    _note(done, key.data, reply, expected)
                    waiting -= not key.data.send_next()
        done.seconds = time.perf_counter() - began
    finally:
        gc.enable()
        chooser.close()
        for connection in connections:
            connection.socket.close()
    return done


def _note(done: Round, connection: Connection, reply: bytes, expected: bytes) -> None:
    done.waits.append(connection.waited)
    done.statuses[int(reply[9:12])] += 1
    done.unexpected += expected not in reply
    done.last = reply


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """The bytes of a request as a browser would send it over a kept connection."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *(f"{n}: {v}" for n, v in headers.items())]
    if method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def dealt(requests: Sequence[bytes], connections: int) -> list[Sequence[bytes]]:
    """Requests dealt out to so many connections like cards."""
    return [requests[start::connections] for start in range(min(connections, len(requests)))]


def median(rounds: Sequence[Round]) -> float:
    """The median of the rates of several rounds."""
    return statistics.median(each.rate for each in rounds)


def percentile(rounds: Sequence[Round], percent: int) -> float:
    """Milliseconds within which this share of all replies came."""
    return percentile_of([wait for each in rounds for wait in each.waits], percent)


def percentile_of(waits: Sequence[float], percent: int) -> float:
    """The same of these waits in seconds."""
    return sorted(waits)[min(len(waits) - 1, len(waits) * percent // 100)] * 1000
