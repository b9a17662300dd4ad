"""Run inside a network namespace of its own: installs a bundle where nothing can be reached, serves, says what it saw.

unshare -n python -m tests.operations.without_a_route BUNDLE FOLDER
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
import tarfile
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.bundle.build import write_sums

PORT = 8000  # nobody else is in this namespace
SECONDS = 60
UP = 0x1  # IFF_UP
GET, SET = 0x8913, 0x8914  # SIOCGIFFLAGS, SIOCSIFFLAGS


def raise_loopback() -> None:
    """A new namespace has a loopback that is down."""
    with socket.socket() as any_socket:
        found = fcntl.ioctl(any_socket, GET, struct.pack("16sH14x", b"lo", 0))
        [flags] = struct.unpack_from("H", found, 16)
        fcntl.ioctl(any_socket, SET, struct.pack("16sH14x", b"lo", flags | UP))


def unreachable() -> str:
    """What the system says of an address outside."""
    with socket.socket() as attempt:
        try:
            attempt.connect(("192.0.2.1", 443))
        except OSError as error:
            return str(error.strerror)
    return ""


def install(bundle: Path, prefix: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = ["sh", bundle / "install.sh", "--prefix", prefix, "--no-service", "--python", sys.executable]
    return subprocess.run([*command, *options], capture_output=True, text=True)


def renew(bundle: Path) -> None:
    """Make another bundle of this one, as a later version would be."""
    with (bundle / "LICENSE").open("a") as file:
        file.write("\n")
    write_sums(bundle)


def read(path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=10) as reply:  # noqa: S310
        return str(reply.read().decode())


def serve(prefix: Path) -> dict[str, str]:
    """Start what was installed and look at it."""
    server = subprocess.Popen(
        [prefix / "bin" / "quizapp", "serve", "--port", str(PORT)],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    try:
        until = time.monotonic() + SECONDS
        while server.poll() is None and time.monotonic() < until:
            with suppress(OSError):
                return {"health": read("/healthz"), "sign_in": read("/sign-in")}
            time.sleep(0.1)
        return {"health": "", "sign_in": ""}
    finally:
        server.terminate()
        server.wait(30)


def main(packed: Path, folder: Path) -> dict[str, Any]:
    raise_loopback()
    with tarfile.open(packed) as archive:
        archive.extractall(folder, filter="data")
    [bundle] = folder.glob("quizapp-*-bundle")
    prefix = folder / "opt"
    first = install(bundle, prefix)
    seen = {"outside": unreachable(), "code": first.returncode, "said": first.stdout + first.stderr}
    if first.returncode == 0:
        seen |= serve(prefix)
        again = install(bundle, prefix)
        renew(bundle)
        newer = install(bundle, prefix)
        seen |= {
            "again": again.stdout + again.stderr,
            "newer": newer.stdout + newer.stderr,
            "versions": len(list((prefix / "versions").iterdir())),
            "data": sorted(p.relative_to(prefix / "data").as_posix() for p in (prefix / "data").rglob("*")),
        }
    return seen


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
