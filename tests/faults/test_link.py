"""A link that cuts, delays, doubles, reorders and goes half-open between the pages and the server loses nothing."""

import time
from collections.abc import Callable

import pytest

from tests.faults import altered, counting, link, sittings
from tests.faults.counting import Count
from tests.faults.examinees import Crowd, Pace
from tests.faults.verdict import Judge
from tests.live import Live

PEOPLE = 40
PACE = Pace(think=0.05, saves=None, reload=0.05, patience=1.0, first_wait=0.05, longest_wait=0.4)
SAVES = counting.trials(10_000) // 2  # on each database
PATIENCE = 300  # seconds for all of them
ONLY_LATE = {"passed": 1, "late": 1, "repeated late": 1}


def saves(crowd: Crowd) -> int:
    """How many were sent."""
    return sum(number for name, number in crowd.heard.replies.items() if name.startswith("sheet "))


def wait_for(crowd: Crowd, number: int) -> None:
    until = time.monotonic() + PATIENCE
    while saves(crowd) < number:
        assert time.monotonic() < until, f"{saves(crowd)} saves, {crowd.heard.replies}"
        time.sleep(0.02)


@pytest.mark.parametrize("live", ["sqlite", "postgresql"], indirect=True)
def test_a_bad_line_loses_no_acknowledged_sheet(live: Live, count: Callable[[Count], None]) -> None:
    people = live.run(lambda: sittings.prepare(PEOPLE))
    with link.BadLine((live.host, live.port), seed=counting.SEED) as line:
        with Crowd(people, [line.address], at_once=PEOPLE, pace=PACE, seed=counting.SEED) as crowd:
            wait_for(crowd, SAVES)
            records = crowd.finish()
        line.settle()
    verdict = Judge(live.settings).compare(records, over=True)
    count(
        Count(
            "link cut, delayed, doubled, reordered",
            live.database.dialect,
            saves(crowd),
            "saves",
            verdict.acknowledged,
            lost=len(verdict.lost),
            wrong=len(verdict.wrong),
            stuck=len(verdict.stuck),
        )
    )
    assert set(line.happened) == set(link.EVERYTHING), "some kind of trouble never happened"


def test_without_the_order_of_revisions_late_requests_undo_what_was_acknowledged(
    make_live: Callable[..., Live],
) -> None:
    """The negative control: pages that vanish without handing in, after much that came late."""
    live = make_live("sqlite", first=altered.by("without the order of revisions"))
    live.start()
    people = live.run(lambda: sittings.prepare(PEOPLE))
    with link.BadLine((live.host, live.port), seed=counting.SEED, weather=ONLY_LATE) as line:
        with Crowd(people, [line.address], at_once=PEOPLE, pace=PACE, seed=counting.SEED) as crowd:
            wait_for(crowd, 400)
        line.settle()
    assert Judge(live.settings).compare(crowd.records()).lost, "late requests did no harm"
