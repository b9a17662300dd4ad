"""What a benchmark says: one row a figure, as a table and as bench.json."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure. holds: whether it reached the goal; None where there is no goal or nothing could be measured."""

    name: str
    value: float | None
    goal: float | None
    holds: bool | None
    detail: str


def at_least(name: str, value: float, goal: float, detail: str, *, sound: bool = True) -> Row:
    """A figure that should be high. sound: every reply was the expected one; a fast wrong answer holds nothing."""
    return Row(name, round(value, 4), goal, sound and value >= goal, detail)


def at_most(name: str, value: float, goal: float, detail: str, *, sound: bool = True) -> Row:
    """A figure that should be low."""
    return Row(name, round(value, 4), goal, sound and value <= goal, detail)


def fact(name: str, value: float, detail: str) -> Row:
    """A figure that explains others and has no goal."""
    return Row(name, round(value, 4), None, None, detail)


def missing(name: str, why: str) -> Row:
    """What this machine could not measure."""
    return Row(name, None, None, None, why)


def line(row: Row) -> str:
    """One line of the table on the console."""
    verdict = {True: "holds", False: "MISSED", None: ""}[row.holds]
    value = "-" if row.value is None else f"{row.value:.3g}" if row.value < 100 else f"{row.value:.0f}"
    goal = "" if row.goal is None else f"{row.goal:g}"
    return f"{row.name:<20} {value:>8} {goal:>6}  {verdict:<6}  {row.detail}"


HEADING = f"{'name':<20} {'value':>8} {'goal':>6}  {'':<6}  detail"


def put(rows: list[Row], path: Path) -> None:
    """Put these rows among those that the file holds, in place of those with their names."""
    new = {row.name for row in rows}
    before = [Row(**row) for row in json.loads(path.read_text(encoding="utf-8"))] if path.exists() else []
    write([row for row in before if row.name not in new] + rows, path)


def write(rows: list[Row], path: Path) -> None:
    text = json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")
