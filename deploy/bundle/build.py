"""`make bundle`: one file from which the app is installed on a server that never sees the internet.

dist/quizapp-<version>-bundle.tar.gz
    install.sh, quizapp.service, PYTHON     what is run, and under which Python
    wheels/, requirements.txt               the app and all it needs, for x86-64 and aarch64, with hashes
    sbom.cdx.json, SHA256SUMS, LICENSE
"""

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from packaging.utils import parse_wheel_filename

from deploy.bundle.lock import MACHINES, Pin, pins
from deploy.bundle.sbom import sbom
from deploy.bundle.wheels import OPTIONAL, fetch, sha256

HERE, ROOT = Path(__file__).parent, Path(__file__).parent.parent.parent
APP, INSTALLER = "quizapp", "pip"


def build(into: Path, python: str) -> Path:
    """Make the file in this folder and give its path. python: the version on the server, "3.11"."""
    made_at = datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or _commit_time()), UTC)
    with tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch) / "wheels"
        wheels.mkdir()
        _build_app(wheels)
        wanted = {machine: _wanted(machine, python) for machine in MACHINES}
        for machine, its_pins in wanted.items():
            print(f"下载{machine}所需的{len(its_pins)}个组件……", flush=True)
            for pin in fetch(its_pins, machine, python, wheels):
                print(f"{pin.name} {pin.version}在{machine}上没有可用的安装包，关闭：{OPTIONAL[pin.name]}。")
        files = by_package(wheels)
        _, version, _, _ = parse_wheel_filename(files[APP][0].name)
        folder = Path(scratch) / f"{APP}-{version}-bundle"
        folder.mkdir()
        wheels.rename(folder / "wheels")
        files = by_package(folder / "wheels")
        (folder / "requirements.txt").write_text(requirements(wanted, files), encoding="utf-8")
        (folder / "PYTHON").write_text(python + "\n", encoding="ascii")
        listed = json.dumps(sbom(files, APP, made_at), ensure_ascii=False, indent=1)
        (folder / "sbom.cdx.json").write_text(listed + "\n", encoding="utf-8")
        for part in (HERE / "install.sh", HERE / "quizapp.service", ROOT / "LICENSE"):
            shutil.copy(part, folder)
        write_sums(folder)
        into.mkdir(parents=True, exist_ok=True)
        return pack(folder, into / f"{folder.name}.tar.gz", int(made_at.timestamp()))


def _commit_time() -> str:
    """So that the same source gives the same file."""
    asked = ["git", "log", "-1", "--format=%ct"]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def _build_app(into: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wanted(machine: str, python: str) -> list[Pin]:
    locks = (ROOT / "requirements.lock", HERE / "pip.lock")
    return [pin for lock in locks for pin in pins(lock, machine, python)]


def by_package(wheels: Path) -> dict[str, list[Path]]:
    """The wheels of a folder by the name of their package."""
    found: defaultdict[str, list[Path]] = defaultdict(list)
    for wheel in sorted(wheels.glob("*.whl")):
        found[parse_wheel_filename(wheel.name)[0]].append(wheel)
    return dict(found)


def requirements(wanted: Mapping[str, list[Pin]], files: Mapping[str, list[Path]]) -> str:
    """What install.sh installs: every package with the hashes of the wheels that travel along, and no others."""
    there: defaultdict[Pin, set[str]] = defaultdict(set)
    hashes = {name: [f"sha256:{sha256(file)}" for file in its] for name, its in files.items()}
    for machine, its_pins in wanted.items():
        for pin in its_pins:
            if pin.name != INSTALLER and any(_fits(file, machine) for file in files.get(pin.name, [])):
                there[pin].add(machine)
    _, version, _, _ = parse_wheel_filename(files[APP][0].name)
    lines = [Pin(APP, str(version), ()).line(hashes[APP])]
    for pin, machines in there.items():
        marker = "" if machines == set(wanted) else f'platform_machine == "{min(machines)}"'
        lines.append(pin.line(hashes[pin.name], marker))
    return "\n".join(lines) + "\n"


def _fits(wheel: Path, machine: str) -> bool:
    return any(
        tag.platform == "any" or tag.platform.endswith(machine) for tag in parse_wheel_filename(wheel.name)[3]
    )


def write_sums(folder: Path) -> None:
    """SHA256SUMS of all other files, as sha256sum checks them."""
    inside = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    lines = [f"{sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in inside]
    (folder / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def pack(folder: Path, file: Path, moment: int) -> Path:
    """The folder as one .tar.gz in which nothing depends on who packed it, and its checksum beside it."""

    def alike(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = moment
        member.mode = 0o755 if member.isdir() or member.name.endswith(".sh") else 0o644
        return member

    with file.open("wb") as raw, gzip.GzipFile("", "wb", 1, raw, mtime=moment) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path in [folder, *sorted(folder.rglob("*"))]:
                archive.add(path, path.relative_to(folder.parent).as_posix(), recursive=False, filter=alike)
    file.with_name(f"{file.name}.sha256").write_text(f"{sha256(file)}  {file.name}\n", encoding="ascii")
    return file


if __name__ == "__main__":
    options = argparse.ArgumentParser(prog="make bundle")
    options.add_argument("--into", type=Path, default=ROOT / "dist")
    options.add_argument("--python", default="3.11", help="服务器上的Python版本")
    given = options.parse_args()
    made = build(given.into.resolve(), given.python)
    print(f"已生成{made}（{made.stat().st_size / 1e6:.0f} MB），校验值在{made.name}.sha256。")
