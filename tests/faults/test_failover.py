"""The primary's machine dies under load with everything that was on the link, and the standby takes its place.

The servers take turns; the dead one comes back as the other's standby. The app is told both addresses and nothing else.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.conftest import FOLDER, missing_server
from tests.databases import Database
from tests.faults.counting import FULL, SEED, Count, trials
from tests.faults.examinees import Crowd, Pace, Record
from tests.faults.pair import DATABASE, Pair, until
from tests.faults.sittings import prepare
from tests.faults.verdict import Judge, Verdict
from tests.live import Live

AT_ONCE = 30
PACE = Pace(think=0.15, saves=30, longest_wait=0.5)
CONTROLS = 2  # failovers of a negative control
CARELESS = "from quizapp import durable; durable.listen = lambda engine: None"  # never hears a warning
KILLS, CANCELLED = trials(100), 100 if FULL else 5


@dataclass
class Site:
    """The app, and the two servers below it."""

    pair: Pair
    folder: Path

    @contextmanager
    def served(self, first: str = "") -> Iterator[Live]:
        """The app runs. first: what makes it a wrong one."""
        live = Live(Database("postgresql", self.pair.address, DATABASE), self.folder, first=first)
        try:
            live.start()
            yield live
        finally:
            live.stop()

    def fail_over(self, live: Live, times: int, chance: Random, *, cancelling: bool = False) -> "Story":
        """Kill the primary so many times under load, then let everybody hand in."""
        story = Story()
        sittings = live.run(lambda: prepare(AT_ONCE * (1 + times // 3), seed=SEED))
        judge = Judge(live.settings)
        with Crowd(sittings, [(live.host, live.port)], at_once=AT_ONCE, pace=PACE, seed=SEED) as crowd:
            for _ in range(times):
                time.sleep(chance.uniform(0.3, 0.7))
                if cancelling:
                    story.cancelled += self._cancel()
                self.pair.fail_over()
                self.pair.renew()
                story.add(judge.compare(crowd.records()))
            story.records = crowd.finish()
        story.add(Judge(live.settings).compare(story.records, over=True))
        story.replies = dict(crowd.heard.replies)
        return story

    def _cancel(self) -> int:
        """The link goes silent, and somebody ends the wait of whoever waits, until a dozen commits went on alone."""
        self.pair.silence()
        cancelled = 0

        def enough() -> bool:
            nonlocal cancelled
            cancelled += self.pair.cancel_waits()
            return cancelled >= 12

        until(enough, "commits wait for the standby")
        return cancelled


class Story:
    """What became of all failovers of one run."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.verdicts: list[Verdict] = []
        self.replies: dict[str, int] = {}
        self.cancelled = 0

    def add(self, verdict: Verdict) -> None:
        self.verdicts.append(verdict)
        if not verdict.holds:
            print(f"failover {len(self.verdicts)} (FAULTS_SEED={SEED}): {verdict}")

    def number(self, what: str) -> int:
        """How many different losses, wrong marks or attempts that are stuck."""
        return len({fault for verdict in self.verdicts for fault in getattr(verdict, what)})

    def count(self, kit: str, control: str) -> Count:
        return Count(
            kit,
            "postgresql",
            trials=len(self.verdicts) - 1,
            each="failovers",
            acknowledged=self.verdicts[-1].acknowledged,
            lost=self.number("lost"),
            wrong=self.number("wrong"),
            stuck=self.number("stuck"),
            control=control,
        )

    def control(self, what: str) -> str:
        """What a negative control lost, in words; it must have."""
        assert self.number("lost") > 0, f"{what} lost nothing: the kit is broken"
        return f"{what}: lost {self.number('lost')} in {len(self.verdicts) - 1} failovers"


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config) -> Iterator[Site]:
    """One for all tests here: what was acknowledged in one of them must survive the others too."""
    folder = Path(tempfile.mkdtemp(dir=pytestconfig.stash[FOLDER]))  # other users may pass through here
    with missing_server(), Pair(folder) as pair:
        yield Site(pair, folder)


def test_what_was_acknowledged_is_on_the_standby_that_takes_over(
    site: Site, count: Callable[[Count], None]
) -> None:
    """Hazard H9."""
    chance = Random(SEED)
    site.pair.synchronous, site.pair.delay = False, 0.2
    site.pair.renew()
    with site.served() as live:
        control = site.fail_over(live, CONTROLS, chance).control("asynchronous standby")
        site.pair.synchronous, site.pair.delay = True, 0.005
        site.pair.renew()
        story = site.fail_over(live, KILLS, chance)
    assert sum(number for name, number in story.replies.items() if " 503 " in name) > 0
    count(story.count("primary killed, standby promoted", control))


def test_a_commit_whose_wait_for_the_standby_was_cancelled_is_not_acknowledged(
    site: Site, count: Callable[[Count], None]
) -> None:
    chance = Random(SEED)
    site.pair.renew()
    with site.served(first=CARELESS) as live:
        control = site.fail_over(live, CONTROLS, chance, cancelling=True).control("without the check")
    with site.served() as live:
        story = site.fail_over(live, CANCELLED, chance, cancelling=True)
    assert story.cancelled > 0
    assert story.replies["sheet 503 not_durable"] > 0
    count(story.count("the same, the wait for it cancelled", control))
