"""A rush: thousands, signed in and confirmed before, start inside one minute and sit an exam whose time is compressed."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.bench.exam.sites import Site
from tests.bench.load import percentile_of
from tests.bench.rows import Row, at_most
from tests.bench.servers import Server, memory_kb
from tests.faults import verdict
from tests.faults.examinees import Crowd, Examinee, Pace, Stop

MINUTE = 60.0  # in which all of them start
SAVES, THINK = 10, 6.0  # each saves so often, about so many seconds apart
SAVE_MS, START_MS = 250.0, 1000.0  # 99 of 100
GROWTH = 1.10  # of memory over a soak, after its first minute


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
        if reply.status == 303 and reply.location.startswith("/attempts/"):
            self.record.token = reply.location.removeprefix("/attempts/")
            return True
        if reply.status == 303:
            raise Stop(f"led to {reply.location}")
        return self._unknown(reply)

    async def _read(self) -> bool:
        path = f"/attempts/{self.record.token}"
        reply = await self._timed("page", "GET", path, {"Cookie": self.headers["Cookie"]}, b"")
        return reply.status == 200 or self._unknown(reply)
