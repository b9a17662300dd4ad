"""What a child process may take, and that nothing of it outlives its task (hazards H30, H32, H44)."""

import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quizapp import child

READERS = [
    "quizapp.spreadsheet_reader",
    "quizapp.bank.formats.word_reader",
    "quizapp.bank.formats.pdf_reader",
]
HOLD = "import sys, time; open(sys.argv[1], 'w').write('begun'); time.sleep(60)"


@pytest.fixture
def program(tmp_path):
    """Make a program of a few lines of Python, as somebody else's program would stand on the machine."""

    def make(text: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!{sys.executable}\n{text}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


@pytest.mark.parametrize("reader", READERS)
def test_a_reader_runs_without_the_app(reader):
    """Starting Flask and every area would cost each upload a second and 60 MB."""
    text = (
        f"import runpy, sys; runpy.run_path({child.__file__!r})['_module']({reader!r}).read; "
        "sys.exit(bool({'flask', 'sqlalchemy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-I", "-c", text], check=False).returncode == 0


def test_a_reader_that_breaks_off_is_a_failure_in_words_of_ours():
    with pytest.raises(child.Failed):
        child.read("quizapp.spreadsheet_reader", b"no workbook")


def test_a_program_writes_files_and_knows_no_secret(program, tmp_path, monkeypatch):
    monkeypatch.setenv("QUIZAPP_SECRET_KEY", "a secret")
    said = tmp_path / "said"
    child.run(
        [program("import os, sys; open(sys.argv[1], 'w').write(repr(dict(os.environ)))"), str(said)],
        {"A": "1"},
    )
    assert "'A': '1'" in said.read_text()
    assert "a secret" not in said.read_text()


@pytest.mark.parametrize(
    "text", ["raise SystemExit(3)", "import os; os.abort()", "x = bytearray(5 * 1024**3)"]
)
def test_a_program_that_breaks_off_or_takes_too_much_is_a_failure(program, text):
    with pytest.raises(child.Failed):
        child.run([program(text)], {})


def test_a_program_that_is_not_there_is_a_failure():
    with pytest.raises(child.Failed):
        child.run(["/nowhere/soffice"], {})


def test_what_a_program_started_ends_with_it(program, tmp_path):
    begun = tmp_path / "begun"
    text = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}, sys.argv[1]])"
    before = time.monotonic()
    with pytest.raises(child.Failed):
        child.run([program(text), str(begun)], {}, seconds=2)
    assert begun.exists()
    assert time.monotonic() - before < 30
    while str(begun) in commands():  # a moment passes between the signal and the end
        assert time.monotonic() - before < 30


def commands() -> str:
    """The command lines of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_text())
        except OSError:
            continue
    return "\n".join(found)


def test_h44_a_program_has_no_network(program):
    if not can_leave_the_network():
        pytest.skip("this kernel does not let an ordinary process leave the network")
    with socket.create_server(("127.0.0.1", 0)) as server:
        text = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 5)"
        with pytest.raises(child.Failed):
            child.run([program(text)], {})


def can_leave_the_network() -> bool:
    """Tried in a process of its own, so that the tests keep their network."""
    text = (
        f"import os, runpy, sys; module = runpy.run_path({child.__file__!r}); here = '/proc/self/ns/net'; "
        "before = os.stat(here).st_ino; module['cut_network'](); sys.exit(os.stat(here).st_ino == before)"
    )
    return subprocess.run([sys.executable, "-I", "-c", text], check=False).returncode == 0
