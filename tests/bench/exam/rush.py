"""A rush: thousands, signed in and confirmed before, start inside one minute and sit an exam whose time is compressed.
And a soak: the same crowd, as many as the server bears, for a while; memory must not grow.
"""

import re
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from quizapp.operations.server import may_open_files
from tests.bench.exam.sites import Site
from tests.bench.load import percentile_of
from tests.bench.rows import Row, at_most, fact
from tests.bench.servers import Server
from tests.faults.examinees import Crowd, Examinee, Pace, Stop
from tests.faults.verdict import Judge

MINUTE = 60.0  # in which all of them start
SAVES, THINK = 6, 20.0  # each saves about so often, about so many seconds apart: an exam in two minutes
PATIENCE = 600.0  # for everybody to have handed in
SAVE_MS, START_MS = 250.0, 1000.0  # 99 of 100
SOAKERS, SOAK_SAVES, SOAK_THINK = 200, 100, 0.5  # at once; what each does before another takes the place
A_SECOND = 600  # saves: for so many there are people enough
WARM, GROWTH = 60.0, 1.10  # seconds before memory is read first, and what it may be at the end
KEY, TOKEN = re.compile(r'data-page-key="([^"]*)"'), re.compile(r'name="csrf-token" content="([^"]*)"')


class Candidate(Examinee):
    """Presses 开始答题, reads the paper, and then sits as any other."""

    async def sit(self) -> None:
        try:
            await self._until(self._start)
            await self._until(self._read)
        except Stop as stop:
            self.record.trouble = str(stop)
            return
        await super().sit()

    async def _start(self) -> bool:
        form = urlencode({"csrf_token": self.headers["X-CSRFToken"], "pledge": "y"}).encode()
        headers = {"Cookie": self.headers["Cookie"], "Content-Type": "application/x-www-form-urlencoded"}
        reply = await self._timed("start", "POST", f"/my-exams/{self.sitting.exam_id}", headers, form)
        if reply.cookie:
            self.headers["Cookie"] = reply.cookie
        if reply.status == 303 and reply.location.startswith("/attempts/"):
            self.record.token = reply.location.removeprefix("/attempts/")
            return True
        if reply.status == 303:
            raise Stop(f"led to {reply.location}")
        return self._unknown(reply)

    async def _read(self) -> bool:
        path = f"/attempts/{self.record.token}"
        reply = await self._timed("page", "GET", path, {"Cookie": self.headers["Cookie"]}, b"")
        if reply.status != 200:
            return self._unknown(reply)
        key, token = KEY.search(reply.text), TOKEN.search(reply.text)
        self.key = key[1] if key else None
        if token:
            self.headers["X-CSRFToken"] = token[1]
        return True


def rush(site: Site, server: Server) -> Iterator[Row]:
    """Everybody of `beginners` starts inside one minute."""
    pace = Pace(think=THINK, saves=SAVES, reload=0.0, patience=30.0)
    count = len(site.beginners)
    may_open_files(2 * count)
    with Crowd(
        site.beginners, [("127.0.0.1", server.port)], at_once=count, pace=pace, rush=MINUTE, who=Candidate
    ) as crowd:
        crowd.all_sat(PATIENCE)
        records = crowd.finish(PATIENCE)
    found = Judge(site.told).compare(records, over=True)
    good = all(name.split()[1] in ("200", "303") for name in crowd.heard.replies)
    sound = found.holds and good and all(record.receipt for record in records)
    said = f"{count} start within {MINUTE:.0f} s; {found.acknowledged} sheets acknowledged, {found}"
    unlike = {
        name: number for name, number in crowd.heard.replies.items() if name.split()[1] not in ("200", "303")
    }
    waits = crowd.heard.waits
    yield at_most(
        f"rush-save-{site.dialect}",
        percentile_of(waits["sheet"], 99),
        SAVE_MS,
        f"ms for 99 of 100 saves; {said}",
        sound=sound,
    )
    pages = percentile_of(waits["page"], 99)
    detail = f"ms for 99 of 100 starts; the page within {pages:.0f} ms; other replies: {unlike or 'none'}"
    yield at_most(
        f"rush-start-{site.dialect}", percentile_of(waits["start"], 99), START_MS, detail, sound=sound
    )


def soakers(seconds: float) -> int:
    """How many people a soak of so many seconds needs."""
    return SOAKERS + int(seconds * A_SECOND / SOAK_SAVES)


def soak(site: Site, server: Server, seconds: float) -> Iterator[Row]:
    """As many saves as the server bears, for so many seconds: memory stays as it was after the first minute."""
    pace = Pace(think=SOAK_THINK, saves=SOAK_SAVES, reload=0.02)
    disk, began, memory = site.disk(), time.monotonic(), list[int]()
    with Crowd(site.people, [("127.0.0.1", server.port)], at_once=SOAKERS, pace=pace) as crowd:
        while (spent := time.monotonic() - began) < seconds:
            time.sleep(min(10.0, max(0.1, seconds - spent)))
            if time.monotonic() - began >= min(WARM, seconds / 3):
                memory.append(server.memory_kb())
        acknowledged, left = crowd.acknowledged, crowd.left
        found = Judge(site.told).compare(crowd.finish(), over=True)
    rate = acknowledged / seconds
    detail = f"memory at the end ÷ after the first minute ({memory[-1] // 1024} MB ÷ {memory[0] // 1024} MB); {found}"
    sound = found.holds and left > 0
    yield fact(
        f"soak-rate-{site.dialect}",
        rate,
        f"sheets acknowledged a second over {seconds:.0f} s, {SOAKERS} at once",
    )
    per_sheet = (site.disk() - disk) / found.acknowledged
    yield fact(
        f"soak-disk-{site.dialect}",
        per_sheet,
        f"bytes of the database for each sheet of 100 questions, all kept; {found.acknowledged} sheets",
    )
    yield at_most(f"soak-memory-{site.dialect}", memory[-1] / memory[0], GROWTH, detail, sound=sound)
