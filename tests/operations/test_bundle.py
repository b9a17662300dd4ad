"""The file that is carried to a server without the internet: what is in it, what it refuses, and that it installs.

`make bundle` builds it, which downloads, and runs these tests with BUNDLE=dist; without it only the parts are tried.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.bundle import build, lock, sbom, wheels
from deploy.bundle.lock import Pin
from tests.databases import ROOT, lacking

MADE_AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


def wheel(folder: Path, name: str, tag: str = "py3-none-any", **headers: str) -> Path:
    """A wheel with nothing but what it says of itself."""
    file = folder / f"{name}-1.0-{tag}.whl"
    said = {"Metadata-Version": "2.4", "Name": name, "Version": "1.0"} | {
        key.replace("_", "-"): value for key, value in headers.items()
    }
    with zipfile.ZipFile(file, "w") as archive:
        text = "".join(f"{key}: {value}\n" for key, value in said.items())
        archive.writestr(f"{name}-1.0.dist-info/METADATA", text)
    return file


# What is wanted, and what is listed -----------------------------------------------------------------------------


def test_markers_are_judged_for_the_server_and_not_for_the_builder(tmp_path):
    locked = tmp_path / "requirements.lock"
    locked.write_text(
        "# made by somebody\n"
        f"one==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
        f"    # via two\none==2.0 ; python_full_version >= '3.12' \\\n    --hash=sha256:{'c' * 64}\n"
        f"two==3.0 ; platform_machine == 'aarch64' \\\n    --hash=sha256:{'d' * 64}\n"
    )
    [one] = lock.pins(locked, "x86_64", "3.11")
    assert (one.name, one.version, len(one.hashes)) == ("one", "1.0", 2)
    assert [pin.version for pin in lock.pins(locked, "aarch64", "3.12")] == ["2.0", "3.0"]


def test_the_lock_is_read_whole():
    named = {pin.name for pin in lock.pins(ROOT / "requirements.lock", "x86_64", "3.11")}
    text = (ROOT / "requirements.lock").read_text()
    assert named == {line.split("==")[0] for line in text.splitlines() if line[:1].isalpha()}


def test_a_package_without_a_wheel_for_one_machine_is_asked_for_on_the_other_only(tmp_path):
    wheel(tmp_path, "quizapp")
    wheel(tmp_path, "pure")
    wheel(tmp_path, "fast", "cp311-cp311-manylinux_2_17_x86_64")
    wanted = [Pin("pure", "1.0", ("sha256:of-the-lock",)), Pin("fast", "1.0", ())]
    text = build.requirements(dict.fromkeys(lock.MACHINES, wanted), build.by_package(tmp_path))
    assert [line for line in text.splitlines() if "==" in line] == [
        "quizapp==1.0 \\",
        "pure==1.0 \\",
        'fast==1.0 ; platform_machine == "x86_64" \\',
    ]
    assert "of-the-lock" not in text


@pytest.mark.parametrize("package", wheels.OPTIONAL)
def test_the_app_starts_without_what_may_lack(package, tmp_path):
    module = {"python-calamine": "python_calamine", "psycopg-binary": "psycopg"}[package]
    program = f"import sys; sys.modules[{module!r}] = None; import quizapp; quizapp.create_app()"
    own = {"QUIZAPP_INSTANCE_DIR": str(tmp_path), "QUIZAPP_SECRET_KEY": "of this test, and long enough"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=os.environ | own, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_the_list_names_packages_versions_licences_files_and_what_needs_what(tmp_path):
    app = wheel(tmp_path, "quizapp", License_Expression="Apache-2.0", Requires_Dist="Fast_Part>=1")
    two = [
        wheel(tmp_path, "fast_part", f"cp311-cp311-manylinux_2_17_{machine}", License="MIT")
        for machine in lock.MACHINES
    ]
    listed = sbom.sbom({"quizapp": [app], "fast-part": two}, "quizapp", MADE_AT)
    assert listed["bomFormat"] == "CycloneDX"
    assert listed["metadata"]["timestamp"] == "2026-11-26T12:00:00Z"
    assert listed["metadata"]["component"]["licenses"] == [{"expression": "Apache-2.0"}]
    [part] = listed["components"]
    assert (part["purl"], part["licenses"]) == ("pkg:pypi/fast-part@1.0", [{"license": {"name": "MIT"}}])
    assert {each["hashes"][0]["content"] for each in part["externalReferences"]} == set(
        map(wheels.sha256, two)
    )
    assert {"ref": "pkg:pypi/quizapp@1.0", "dependsOn": [part["bom-ref"]]} in listed["dependencies"]


def test_packing_twice_gives_the_same_bytes(tmp_path):
    folder = tmp_path / "quizapp-1.0-bundle"
    folder.mkdir()
    wheel(folder, "quizapp")
    build.write_sums(folder)
    first = build.pack(folder, tmp_path / "first.tar.gz", 1_790_000_000).read_bytes()
    os.utime(folder / "SHA256SUMS", (1, 1))
    assert build.pack(folder, tmp_path / "second.tar.gz", 1_790_000_000).read_bytes() == first


# What install.sh refuses ----------------------------------------------------------------------------------------


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A bundle that holds nothing but its installer and one wheel."""
    folder = tmp_path / "bundle"
    (folder / "wheels").mkdir(parents=True)
    wheel(folder / "wheels", "quizapp")
    shutil.copy(ROOT / "deploy" / "bundle" / "install.sh", folder)
    (folder / "PYTHON").write_text(f"{PYTHON}\n")
    build.write_sums(folder)
    return folder


def refused(folder: Path, *options: str) -> str:
    """What it says when it refuses; nothing is there afterwards."""
    prefix = folder.parent / "opt"
    command = ["sh", folder / "install.sh", "--prefix", prefix, "--no-service", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    assert "没有安装任何内容" in done.stderr
    assert not prefix.exists()
    return done.stderr


def test_a_damaged_bundle_is_refused_and_the_file_named(unpacked):
    [inside] = (unpacked / "wheels").iterdir()
    inside.write_bytes(inside.read_bytes()[:-1] + b"x")
    told = refused(unpacked)
    assert "不完整或已损坏" in told
    assert inside.name in told


def test_a_file_that_did_not_arrive_is_noticed(unpacked):
    [inside] = (unpacked / "wheels").iterdir()
    inside.unlink()
    assert inside.name in refused(unpacked)


def test_another_python_is_refused(unpacked):
    (unpacked / "PYTHON").write_text("3.9\n")
    build.write_sums(unpacked)
    assert "没有Python 3.9" in refused(unpacked)
    assert "不是Python 3.9" in refused(unpacked, "--python", sys.executable)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--data", "数据"), "特殊字符"),
        (("--data", "data"), "不是完整路径"),
        (("--port", "http"), "不是数字"),
        (("--fast",), "不认识的选项"),
        (("--port",), "缺少内容"),
    ],
)
def test_what_cannot_be_meant_is_refused(unpacked, options, words):
    assert words in refused(unpacked, *options)


# The whole ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def packed() -> Path:
    """What `make bundle` built last."""
    if "BUNDLE" not in os.environ:
        pytest.skip("building a bundle downloads 150 MB: `make bundle` does it and then runs this test")
    found = sorted(
        Path(os.environ["BUNDLE"]).glob("quizapp-*-bundle.tar.gz"), key=lambda file: file.stat().st_mtime
    )
    return found[-1].resolve()


@pytest.mark.slow
def test_it_installs_and_serves_where_nothing_can_be_reached(packed, tmp_path):
    alone = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-n"]
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        lacking("No network namespace can be made here: run as root on Linux")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("QUIZAPP_", "PIP_"))}
    done = subprocess.run(
        [*alone, sys.executable, "-m", "tests.operations.without_a_route", packed, tmp_path],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["outside"] == "Network is unreachable"
    assert seen["code"] == 0, seen["said"]
    assert "一次性口令" in seen["said"]
    assert json.loads(seen["health"])["status"] == "ok"
    assert "登录" in seen["sign_in"]
    assert "不再重复安装" in seen["again"]
    assert "quizapp.db" in seen["data"]
    assert seen["versions"] == 2, seen["newer"]
    assert [name for name in seen["data"] if name.startswith("backups/before-")], seen["newer"]


@pytest.mark.slow
@pytest.mark.parametrize("machine", lock.MACHINES)
def test_each_machine_finds_all_it_needs_inside(packed, tmp_path, machine):
    shutil.unpack_archive(packed, tmp_path, filter="data")
    [folder] = tmp_path.glob("quizapp-*-bundle")
    python = (folder / "PYTHON").read_text().strip()
    wanted = lock.pins(folder / "requirements.txt", machine, python)
    assert {pin.name for pin in wanted} >= {
        pin.name for pin in lock.pins(ROOT / "requirements.lock", machine, python)
    } - wheels.OPTIONAL.keys()
    into = tmp_path / "found"
    into.mkdir()
    inside = ["--no-index", "--find-links", str(folder / "wheels")]
    assert wheels.fetch(wanted, machine, python, into, inside) == []
    listed = json.loads((folder / "sbom.cdx.json").read_text())
    assert {each["name"] for each in listed["components"]} >= {pin.name for pin in wanted} - {"quizapp"}
