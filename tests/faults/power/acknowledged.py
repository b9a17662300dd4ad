"""What the server had acknowledged up to any moment of a recording, read from the requests and replies in it."""

import json
from collections import defaultdict
from typing import Any

from tests.faults.examinees import Record
from tests.faults.power import replay


class Acknowledged:
    """Grows with the recording: what each attempt was told so far, by its token."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self.epochs: dict[str, int] = {}  # of the last opening
        self.sheets = 0
        self._asked: defaultdict[int, bytes] = defaultdict(bytes)  # by the browser's port
        self._said: defaultdict[int, bytes] = defaultdict(bytes)

    def apply(self, record: replay.Record) -> None:
        """A reply counts from the moment at which its last byte is about to be sent."""
        if record.what == "R":
            self._asked[record.place] += record.data
        elif record.what == "A":
            self._said[record.place] += record.data
            if is_whole(self._said[record.place]):
                self._note(self._asked.pop(record.place, b""), self._said.pop(record.place))

    def _note(self, asked: bytes, said: bytes) -> None:
        method, path, *_ = asked.decode().split(" ", 2)
        if not said.startswith(b"HTTP/1.1 200") or not path.startswith("/attempts/") or method == "GET":
            return
        _, _, token, what = path.split("/")
        known = self.records.setdefault(token, Record(token))
        sent, reply = body(asked), body(said)
        if reply["code"] == "opened":
            self.epochs[token] = reply["epoch"]
        elif reply["code"] == "saved":
            known.saved.append((sent["epoch"], sent["revision"], sent["sheet"]))
            self.sheets += 1
        elif reply["code"] == "handed_in":
            known.receipt, known.digest, known.handed_in = reply["receipt"], reply["digest"], sent["sheet"]
            self.sheets += 1


def is_whole(message: bytes) -> bool:
    """Whether headers and body are there."""
    head, found, rest = message.partition(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return bool(found) and len(rest) >= int(line.partition(b":")[2])
    return bool(found)


def body(message: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message.partition(b"\r\n\r\n")[2])
    return found
