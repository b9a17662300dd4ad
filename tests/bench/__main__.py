"""python -m tests.bench: measure, print the table, write bench.json. A missed goal is shown and fails nothing."""

import argparse
import os
import platform
import sqlite3
import subprocess
import time
from pathlib import Path

from tests import databases as harness
from tests.bench import measures, rows


def main() -> None:
    names = (
        *("bank", "import", "roster", "assembly", "demo", *measures.WAYS),
        *("offline", "province", "analysis"),
    )
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--only", metavar="NAME", action="append", choices=names, help=f"one of {', '.join(names)}"
    )
    parser.add_argument(
        "--people", metavar="N", type=int, default=100_000, help="of the province; its goals hold for 1000000"
    )
    parser.add_argument(
        "--sheets", metavar="N", type=int, default=100_000, help="of the analysis; its goals hold for 1000000"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, default=Path("bench.json"))
    chosen = parser.parse_args()
    for name in [name for name in os.environ if name.startswith("QUIZAPP_")]:
        del os.environ[name]
    keeper, folder = harness.start_keeper()
    began, measured = time.monotonic(), []
    print(machine(), flush=True)
    print(rows.HEADING)
    try:
        for row in measures.Run(folder, set(chosen.only or names), say, chosen.people, chosen.sheets).rows():
            measured.append(row)
            print(rows.line(row), flush=True)
    finally:
        harness.stop_keeper(keeper)
    rows.write(measured, chosen.output)
    print(f"{time.monotonic() - began:.0f} s; written to {chosen.output}")


def say(what: str) -> None:
    print(f"  … {what}", flush=True)


def machine() -> str:
    """What the figures were measured on."""
    said = [
        time.strftime("%Y-%m-%d %H:%M"),
        f"Python {platform.python_version()}",
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    try:
        version = subprocess.run(
            [harness.programs() / "postgres", "--version"], capture_output=True, text=True
        )
        said.append(f"PostgreSQL {version.stdout.split()[2]}")
    except harness.PostgresMissing:
        said.append("no PostgreSQL")
    said.append(f"load {os.getloadavg()[0]:.1f}")
    return ", ".join(said)


if __name__ == "__main__":
    main()
