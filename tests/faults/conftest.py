"""What every kit can ask for: a place for what it counted. The table is printed at the end of the run."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.faults import counting
from tests.faults.counting import Count


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[Count], None]:
    """count(Count(…)): put a row into the table, then fail unless nothing was lost, wrong or stuck."""

    def keep(row: Count) -> None:
        request.node.user_properties.append((counting.PROPERTY, asdict(row)))
        assert row.holds, f"{counting.line(row)} (FAULTS_SEED={counting.SEED})"

    return keep


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The table of what all kits counted, also of those that ran in other processes."""
    counts = [
        Count(**row)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, row in report.user_properties
        if name == counting.PROPERTY
    ]
    if not counts:
        return
    counts.sort(key=lambda each: (each.kit, each.database))
    terminalreporter.section("faults")
    terminalreporter.write_line(counting.HEADING)
    for each in counts:
        terminalreporter.write_line(counting.line(each))
    terminalreporter.write_line(counting.last_line(counts))
    if counting.FULL:
        counting.write(counts, Path(terminalreporter.config.rootpath) / "faults.json")
