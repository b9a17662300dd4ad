"""The wheel: built, installed into an environment of its own, and served from an empty folder."""

import os
import re
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

from tests.databases import ROOT, free_port

pytestmark = pytest.mark.slow
START_SECONDS = 60


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make wheel` builds."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("quizapp-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program `quizapp` in a fresh environment: the wheel unpacked by pip, the libraries lent by this one."""
    folder = tmp_path_factory.mktemp("fresh") / "venv"
    venv.create(folder, with_pip=False)
    program = folder / ("Scripts" if os.name == "nt" else "bin")
    python = program / Path(sys.executable).name
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "--python", str(python), "install", str(wheel)),
            *("--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"),
        ],
        check=True,
        capture_output=True,
    )
    own = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (own / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return program / "quizapp"


def test_it_holds_templates_question_banks_and_guides(wheel: Path):
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        "templates/base.html",
        "question_banks/xinfang-gongzuo-tiaoli/bank.toml",
        "question_banks/xinfang-gongzuo-tiaoli/regulation.md",
        *(f"guide/{file.name}" for file in (ROOT / "docs" / "guide").glob("*.md")),
    }
    assert {f"quizapp/_bundled/{name}" for name in wanted} <= inside
    shipped = {
        file.relative_to(ROOT / "templates").as_posix() for file in (ROOT / "templates").rglob("*.html")
    }
    assert {f"quizapp/_bundled/templates/{name}" for name in shipped} <= inside
    assert {"quizapp/static/css/app.css", "quizapp/migrations/alembic.ini"} <= inside
    assert not [name for name in inside if name.startswith(("tests/", "docs/", "templates/"))]


def test_it_serves_from_an_empty_folder(installed: Path, tmp_path: Path):
    port, log = free_port(), tmp_path / "log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [installed, "serve", "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd=tmp_path,
            env=environment | {"PYTHONUNBUFFERED": "1"},
        )
    try:
        assert wait(server, port), log.read_text()
        told = log.read_text()
        assert re.search(r"已载入《信访工作条例》题库：\d{3}题。", told)
        assert "一次性口令：" in told
        assert "登录" in read(port, "/sign-in")
        styles = re.search(r'href="(/static/css/app\.css\?v=\w+)"', read(port, "/sign-in"))
        assert "@media" in read(port, styles[1])
        assert (tmp_path / "instance" / "quizapp.db").exists()
        where = [installed.parent / "python", "-c", "import quizapp; print(quizapp.__file__)"]
        found = subprocess.run(where, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        assert str(ROOT) not in found  # not the checkout that lent the libraries
    finally:
        server.terminate()
        server.wait(30)


def wait(server: subprocess.Popen, port: int) -> bool:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        try:
            return "ok" in read(port, "/healthz")
        except OSError:
            time.sleep(0.1)
    return False


def read(port: int, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as reply:  # noqa: S310
        return reply.read().decode()
