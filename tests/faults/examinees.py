"""Simulated examinees over real HTTP, each as honest and as stubborn as docs/exam-protocol.md asks of a page: it opens,
saves whole sheets with rising revisions, repeats what was not acknowledged, opens again where the protocol says so, and
hands in. Each keeps its own record of what the server acknowledged; `verdict` compares the records with the database.

    with Crowd(sittings, [("127.0.0.1", live.port)], at_once=400, seed=SEED) as crowd:
        …break something, several times; crowd.records() is what was acknowledged so far…
        records = crowd.finish()
"""

import asyncio
import json
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.faults.sittings import Sitting
from tests.faults.wire import Reply, Server, Wire

LETTERS = ("", "A", "B", "AB")  # A and B stand on every question
Sheet = tuple[int, int, str]  # epoch, revision, letters


@dataclass(frozen=True)
class Pace:
    """How an examinee works; seconds where nothing else is said. The waits are a page's, made short for tests."""

    think: float = 0.4  # between a reply and the next save, on average
    saves: int | None = 40  # after about so many it hands in by itself; None: only when told to
    reload: float = 0.02  # how often it opens the page again instead of saving
    patience: float = 10.0  # for a reply; then it has heard nothing
    first_wait: float = 0.1  # at most, before the first repeat; doubled for each further one
    longest_wait: float = 1.0


@dataclass
class Record:
    """What one examinee was told; noted when the reply had been read, so all of it was acknowledged before."""

    token: str
    saved: list[Sheet] = field(default_factory=list)
    handed_in: str | None = None  # the sheet that was sent along
    receipt: str | None = None
    digest: str = ""
    expired: bool = False  # told that time closed the sheet
    trouble: str = ""  # why it could not go on

    @property
    def acknowledged(self) -> int:
        """How many sheets."""
        return len(self.saved) + (self.receipt is not None)

    @property
    def is_over(self) -> bool:
        return self.receipt is not None or self.expired

    def snapshot(self) -> "Record":
        taken = copy(self)
        taken.saved = list(self.saved)
        return taken


class Stop(Exception):
    """A reply after which a page cannot go on."""


class Examinee:
    """One person with one page."""

    def __init__(
        self, sitting: Sitting, servers: Sequence[Server], pace: Pace, chance: Random, heard: "Heard"
    ) -> None:
        self.sitting = sitting
        self.record = Record(sitting.token)
        self.wire = Wire(servers, pace.patience)
        self.pace, self.chance, self.heard = pace, chance, heard
        self.headers = dict(sitting.headers)
        self.key: str | None = None
        self.epoch = self.revision = 0
        self.letters = [""] * sitting.slots
        self.base = list(self.letters)  # as last known from the server
        self.finishing = asyncio.Event()
        self._takeover = False
        self._wanted: float | None = None  # Retry-After of the last reply

    @property
    def sheet(self) -> str:
        return ".".join(self.letters)

    async def sit(self) -> None:
        """From the opening to the receipt, however long it takes. What stops it stands in the record."""
        try:
            await self._until(self._open)
            left = None if self.pace.saves is None else self.chance.randint(1, 2 * self.pace.saves)
            while not (self.finishing.is_set() or left == 0 or self.record.is_over):
                await self._think()
                if self.chance.random() < self.pace.reload:
                    await self._until(self._open)
                self._change()
                await self._until(self._save)
                left = None if left is None else left - 1
            if not self.record.is_over:
                self._change()
                await self._until(self._hand_in)
        except Stop as stop:
            self.record.trouble = str(stop)
        finally:
            self.wire.close()

    def _change(self) -> None:
        """Another letter somewhere: the next revision of the sheet."""
        slot = self.chance.randrange(len(self.letters))
        self.letters[slot] = self.chance.choice([each for each in LETTERS if each != self.letters[slot]])
        self.revision += 1

    async def _think(self) -> None:
        with_chance = self.chance.uniform(0, 2 * self.pace.think)
        try:
            await asyncio.wait_for(self.finishing.wait(), with_chance)
        except TimeoutError:
            return

    async def _until(self, work: Callable[[], Awaitable[bool]]) -> None:
        """Repeat until the server has said yes, with the waits of the page; the sheet may change meanwhile."""
        wait = self.pace.first_wait
        while not await work():
            at_least = min(self._wanted or 0, self.pace.longest_wait)
            await asyncio.sleep(max(at_least, self.chance.uniform(0, wait)))
            wait = min(2 * wait, self.pace.longest_wait)
            if work == self._save and self.chance.random() < 0.5:
                self._change()

    # What the page asks for. Each gives whether it is done; docs/exam-protocol.md, 4 to 6 ----------------------------

    async def _open(self) -> bool:
        log = [self.epoch, self.revision]
        reply = await self._ask(
            "POST", "open", {"page_key": self.key, "log": log, "takeover": self._takeover}
        )
        match reply.status, reply.code:
            case 200, "opened":
                self._opened(reply.body, (log[0], log[1]))
                return True
            case 409, "other_page":  # its own opening, whose reply was lost
                self._takeover = True
                return False
            case 409, "closed":
                self._closed(reply.body)
                return True
        return self._unknown(reply)

    def _opened(self, body: dict[str, Any], log: tuple[int, int]) -> None:
        stored = body["sheet"].split(".")
        if tuple(body["saved_as"]) > log:  # somebody wrote since: slot by slot
            self.letters = [
                mine if mine != base and theirs == base else theirs
                for mine, base, theirs in zip(self.letters, self.base, stored, strict=True)
            ]
        self.base, self._takeover = stored, False
        self.key, self.epoch, self.revision = body["page_key"], body["epoch"], body["revision"]

    async def _save(self) -> bool:
        if self.record.is_over:
            return True
        sent = (self.epoch, self.revision, self.sheet)
        reply = await self._ask("PUT", "sheet", _body(sent))
        match reply.status, reply.code:
            case 200, "saved":
                self.record.saved.append(sent)
                self.base = sent[2].split(".")
                return True
            case 200, "overtaken":  # an older request of this page came late, and newer than this one
                self.revision = reply.body["revision"]
                self._change()
                return False
        return await self._refused(reply)

    async def _hand_in(self) -> bool:
        if self.record.is_over:
            return True
        self.revision += 1
        sent = (self.epoch, self.revision, self.sheet)
        reply = await self._ask("POST", "hand-in", _body(sent))
        match reply.status, reply.code:
            case 200, "handed_in":
                self.record.handed_in, self.record.digest = sent[2], reply.body["digest"]
                self.record.receipt = reply.body["receipt"]
                return True
            case 409, "overtaken":
                self.revision = reply.body["revision"]
                return False
        return await self._refused(reply)

    async def _refused(self, reply: Reply) -> bool:
        """What a save and a hand-in have in common."""
        match reply.status, reply.code:
            case 409, "conflict" | "superseded" | "not_started":
                self._takeover = reply.code == "superseded" and reply.body["epoch"] > self.epoch
                await self._until(self._open)
                self.revision += 1
                return False
            case 409, "closed":
                self._closed(reply.body)
                return True
        return self._unknown(reply)

    def _closed(self, body: dict[str, Any]) -> None:
        """By time; or by a hand-in of this page whose reply was lost: that one is sent again for its receipt."""
        self.record.expired = body["state"] == "expired"
        if body["state"] not in ("expired", "submitted"):
            raise Stop(f"the sheet is {body['state']}")

    def _unknown(self, reply: Reply) -> bool:
        """Nothing, or nothing yet: the page sends again. Whatever else there is would be a fault."""
        if reply.status == 403 and reply.code == "token":
            self.headers["X-CSRFToken"] = reply.body["csrf_token"]
        elif reply.status not in (0, 429) and reply.status < 500:
            raise Stop(f"{reply.status} {reply.body}")
        return False

    async def _ask(self, method: str, what: str, body: dict[str, Any]) -> Reply:
        path = f"/attempts/{self.record.token}/{what}"
        return await self._timed(what, method, path, self.headers, json.dumps(body).encode())

    async def _timed(
        self, what: str, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> Reply:
        """Ask, and note how long it took and what came back."""
        began = time.perf_counter()
        reply = await self.wire.ask(method, path, headers, body)
        self.heard.note(what, reply, time.perf_counter() - began)
        self._wanted = reply.retry_after
        if reply.cookie and reply.status:
            self.headers["Cookie"] = reply.cookie
        return reply


def _body(sheet: Sheet) -> dict[str, Any]:
    return dict(zip(("epoch", "revision", "sheet"), sheet, strict=True))


@dataclass
class Heard:
    """All replies to a crowd: how many of each kind ("sheet 200 saved", "open 0 "), and what the good ones took."""

    replies: Counter[str] = field(default_factory=Counter)
    waits: dict[str, list[float]] = field(default_factory=dict)  # seconds, of the good replies

    def note(self, what: str, reply: Reply, seconds: float) -> None:
        self.replies[f"{what} {reply.status} {reply.code}"] += 1
        if reply.status in (200, 303):
            self.waits.setdefault(what, []).append(seconds)

    def unanswered(self) -> int:
        """Requests of which nobody knows what became: no reply, or 5xx."""
        return sum(number for name, number in self.replies.items() if name.split()[1][0] in "05")


class Crowd:
    """Examinees on an event loop in a thread of its own, so that a kit can break things meanwhile.

    at_once: how many sit at the same time; whoever has handed in makes room for the next sitting.
    """

    def __init__(
        self,
        sittings: Sequence[Sitting],
        servers: Sequence[Server],
        *,
        at_once: int,
        pace: Pace | None = None,
        seed: int = 0,
        rush: float = 0.5,
        who: type[Examinee] = Examinee,
    ) -> None:
        self._pace, self._at_once, self._rush = (
            pace or Pace(),
            at_once,
            rush,
        )  # rush: seconds for all to begin in
        self.heard = Heard()
        self._waiting = [
            who(sitting, servers, self._pace, Random(f"{seed} {number}"), self.heard)
            for number, sitting in enumerate(sittings)
        ]
        self._begun: list[Examinee] = []
        self._finishing = False
        self._failed: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="crowd", daemon=True)

    def __enter__(self) -> "Crowd":
        self._thread.start()
        return self

    def __exit__(self, *_about: object) -> None:
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._cancel)
        self._thread.join()
        self._loop.close()

    def records(self) -> list[Record]:
        """What each was told so far, also of those who have finished."""
        return [examinee.record.snapshot() for examinee in list(self._begun)]

    @property
    def acknowledged(self) -> int:
        """How many sheets so far."""
        return sum(examinee.record.acknowledged for examinee in list(self._begun))

    @property
    def left(self) -> int:
        """Sittings that nobody has begun. At 0 the load begins to fall."""
        return len(self._waiting)

    def all_sat(self, patience: float) -> bool:
        """Wait until everybody has handed in by themselves; whether they have within so many seconds."""
        self._thread.join(patience)
        return not self._thread.is_alive()

    def finish(self, patience: float = 60.0) -> list[Record]:
        """Let everybody hand in. Who has no receipt after so many seconds is in trouble, which the record says."""
        self._loop.call_soon_threadsafe(self._tell_to_finish)
        self.all_sat(patience)
        if self._failed:
            raise self._failed
        records = self.records()
        for record in records:
            if not record.is_over and not record.trouble:
                record.trouble = f"no receipt within {patience:.0f} s"
        return records

    # On the event loop ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._places = self._loop.create_task(self._sit_all())
        try:
            self._loop.run_until_complete(self._places)
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - told by finish
            self._failed = error

    async def _sit_all(self) -> None:
        async with asyncio.TaskGroup() as group:
            for number in range(min(self._at_once, len(self._waiting))):
                group.create_task(self._place(number * self._rush / self._at_once))

    async def _place(self, later: float) -> None:
        """One chair: people sit on it one after the other."""
        await asyncio.sleep(later)
        while self._waiting and not self._finishing:
            examinee = self._waiting.pop(0)
            self._begun.append(examinee)
            await examinee.sit()

    def _tell_to_finish(self) -> None:
        self._finishing = True
        for examinee in self._begun:
            examinee.finishing.set()

    def _cancel(self) -> None:
        self._places.cancel()
