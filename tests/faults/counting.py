"""How many trials a kit makes, and what it found: one row a kit and database, in a table and in faults.json."""

import json
import os
import random
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

FULL = os.environ.get("FAULTS") == "full"  # `make faults`
SEED = int(
    os.environ.get("FAULTS_SEED") or random.SystemRandom().randrange(1 << 32)
)  # a failed kit prints it
PROPERTY = "fault"  # under this name a test's report carries its rows to the process that prints them


def trials(full: int) -> int:
    """That many with `make faults`; a tenth, at least one, with `make test`."""
    return full if FULL else max(1, full // 10)


@dataclass(frozen=True)
class Count:
    """What one kit found on one database."""

    kit: str  # "web worker killed with -9"
    database: str  # "sqlite", "postgresql" or "" for both or neither
    trials: int
    each: str  # what a trial is: "kills", "cuts", "saves", "rounds", …
    acknowledged: int  # sheets that the server acknowledged in all trials
    lost: int = 0  # of these: missing or with other letters afterwards
    wrong: int = 0  # marks that are not what the acknowledged sheet earns
    stuck: int = 0  # attempts that could not go on or be closed afterwards
    control: str = ""  # what the negative control lost: "asynchronous standby: 9 of 10 trials lost 71"

    @property
    def holds(self) -> bool:
        return self.acknowledged > 0 and self.lost == self.wrong == self.stuck == 0


HEADING = (
    f"{'fault':<44} {'database':<11} {'trials':>14} {'acknowledged':>12} {'lost':>5} {'wrong':>6} {'stuck':>6}"
    "  negative control"
)


def line(count: Count) -> str:
    """One line of the table on the console."""
    made = f"{count.trials} {count.each}"
    return (
        f"{count.kit:<44} {count.database:<11} {made:>14} {count.acknowledged:>12} {count.lost:>5}"
        f" {count.wrong:>6} {count.stuck:>6}  {count.control}"
    )


def last_line(counts: Iterable[Count]) -> str:
    """The sentence of a whole run."""
    counts = list(counts)
    return (
        f"acknowledged {sum(each.acknowledged for each in counts)}; acknowledged lost = "
        f"{sum(each.lost for each in counts)}; wrong scores = {sum(each.wrong for each in counts)}; "
        f"attempts stuck = {sum(each.stuck for each in counts)}"
    )


def write(counts: Iterable[Count], path: Path) -> None:
    rows = [asdict(count) for count in counts]
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
