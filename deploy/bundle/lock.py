"""The lock file, as a server without the internet needs it: what is wanted there, at which version and hashes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
MACHINES = ("x86_64", "aarch64")


@dataclass(frozen=True)
class Pin:
    """One package at one version. hashes: of every file that the lock allows for it, "sha256:…"."""

    name: str
    version: str
    hashes: tuple[str, ...]

    def line(self, hashes: Iterable[str] | None = None, marker: str = "") -> str:
        """As a requirements file has it. hashes: only these."""
        end = "".join(f" \\\n    --hash={each}" for each in (self.hashes if hashes is None else hashes))
        return f"{self.name}=={self.version}{f' ; {marker}' if marker else ''}{end}"


def pins(lock: Path, machine: str, python: str) -> list[Pin]:
    """What the lock wants on Linux on this machine under this version of Python ("3.11").

    Markers are judged here: pip judges them by the Python that runs it, not by the one it downloads for.
    """
    there = {
        "platform_machine": machine,
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    found = []
    for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", lock.read_text(encoding="utf-8"))):
        if not entry.strip():
            continue
        wanted = Requirement(entry.split("\\\n", 1)[0])
        if wanted.marker is None or wanted.marker.evaluate(there):
            [version] = wanted.specifier
            found.append(Pin(canonicalize_name(wanted.name), version.version, tuple(HASH.findall(entry))))
    return found
