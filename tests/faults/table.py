"""The table of what all kits counted, at the end of the run, also of those that ran in other processes."""

from pathlib import Path
from typing import Any

from tests.faults import counting
from tests.faults.counting import Count


def pytest_terminal_summary(terminalreporter: Any) -> None:
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
