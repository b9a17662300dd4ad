"""Fetching wheels for machines other than this one, from whatever index pip is set up to use."""

import hashlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.bundle.lock import Pin

# Which C library the wheels may ask for at most: 2.28 (2018) is that of Debian 10, openEuler 20.03 and Kylin V10 SP1.
GLIBC = range(5, 29)
OLD_NAMES = ("manylinux1", "manylinux2010", "manylinux2014")
OPTIONAL = {  # what the app runs without, and what then is switched off
    "python-calamine": "读取.xlsx表格",
    "psycopg-binary": "连接PostgreSQL（只能使用本机的SQLite）",
}


class NoWheel(Exception):
    """A package that the app cannot run without has no wheel for a machine."""


def fetch(
    pins: Sequence[Pin], machine: str, python: str, into: Path, options: Sequence[str] = ()
) -> list[Pin]:
    """Download the wheels of these packages for Linux on this machine; gives those that have none and may lack.

    options: for pip, besides its own settings. Raises NoWheel, with pip's words, for one that may not.
    """
    if not _download(pins, machine, python, into, options):
        return []
    lacking = []
    for pin in pins:  # one by one, to see which
        words = _download([pin], machine, python, into, options)
        if words and pin.name not in OPTIONAL:
            raise NoWheel(f"{pin.name} {pin.version}, {machine}: {words}")
        if words:
            lacking.append(pin)
    return lacking


def _download(pins: Sequence[Pin], machine: str, python: str, into: Path, options: Sequence[str]) -> str:
    """What pip complained of; empty when all came."""
    wanted = into / "wanted.txt"
    wanted.write_text("\n".join(pin.line() for pin in pins) + "\n", encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"),
            *("--no-deps", "--require-hashes", "--only-binary", ":all:"),
            *("--implementation", "cp", "--python-version", python),
            *(part for tag in _abis(python) for part in ("--abi", tag)),
            *(part for tag in _platforms(machine) for part in ("--platform", tag)),
            *options,
            *("--dest", str(into), "--requirement", str(wanted)),
        ],
        capture_output=True,
        text=True,
    )
    wanted.unlink()
    return "" if done.returncode == 0 else done.stderr.strip()[-2000:]


def _abis(python: str) -> tuple[str, ...]:
    return (f"cp{python.replace('.', '')}", "abi3", "none")


def _platforms(machine: str) -> list[str]:
    return [*(f"manylinux_2_{minor}_{machine}" for minor in GLIBC), *(f"{n}_{machine}" for n in OLD_NAMES)]


def sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
