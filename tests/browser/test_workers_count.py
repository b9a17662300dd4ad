"""The workers of a real server count together, and one of them tells what all have counted."""

import re
import urllib.request

import pytest

pytestmark = pytest.mark.from_scratch
ASKED = 60


def test_any_worker_tells_what_all_workers_counted(make_live, tmp_path):
    live = make_live(TMPDIR=str(tmp_path))
    live.start("--workers", "2")
    for _ in range(ASKED):
        with urllib.request.urlopen(f"{live.url}/readyz", timeout=10) as reply:  # noqa: S310
            assert reply.status == 200
    with urllib.request.urlopen(f"{live.url}/metrics", timeout=10) as reply:  # noqa: S310
        told = reply.read().decode()
    name = r'^quizapp_requests_total{endpoint="operations.readyz",status="200"} (\S+)$'
    assert float(re.search(name, told, re.MULTILINE)[1]) == ASKED
    counting = list(tmp_path.glob("quizapp-metrics-*/counter_*.db"))
    assert len(counting) == 2, "only one worker was asked: this test showed nothing"
    live.stop()
    assert not list(tmp_path.glob("quizapp-metrics-*"))
