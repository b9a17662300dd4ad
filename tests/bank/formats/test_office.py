"""Old office files go through LibreOffice where it is, in a child that can do no harm; else one sentence."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from quizapp.bank.formats import docx, office, sheet
from quizapp.errors import Refused

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old file"
BEGIN = (
    "import os, pathlib, sys, time, urllib.parse\n"
    "after = sys.argv[sys.argv.index('--convert-to') + 1]\n"
    "folder = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1])\n"
    "source = pathlib.Path(sys.argv[-1])\n"
    "made = folder / f'{source.stem}.{after}'\n"
    "folder.mkdir()\n"
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where temporary folders are made, so that what is left behind is seen."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


@pytest.fixture
def soffice(tmp_path, monkeypatch):
    """Put a LibreOffice of a few lines of Python on PATH, the only program there."""

    def install(text: str, name: str = "soffice") -> None:
        path = tmp_path / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!{sys.executable}\n{BEGIN}{text}\n")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(path.parent))

    return install


def refused(data: bytes, name: str = "题.doc") -> Refused:
    with pytest.raises(Refused) as caught:
        office.converted(data, name)
    assert caught.value.status == 422
    assert "没有保存任何内容。" in caught.value.advice
    assert office.SAVE_AS in caught.value.sentence + caught.value.advice
    return caught.value


@pytest.mark.parametrize(
    ("name", "source", "new"),
    [
        ("题.doc", "in.doc", "题.docx"),
        ("一.二.WPS", "in.doc", "一.二.docx"),
        ("题.et", "in.xls", "题.xlsx"),
        ("../../-x;rm.doc", "in.doc", "../../-x;rm.docx"),
    ],
)
@pytest.mark.parametrize("program", ["soffice", "libreoffice"])
def test_an_old_file_becomes_a_new_one(soffice, folder, name, source, new, program):
    """The program never sees the name that the file had."""
    soffice("made.write_bytes(source.name.encode() + b' ' + source.read_bytes())", program)
    assert office.converted(OLE, name) == (source.encode() + b" " + OLE, new)
    assert list(folder.iterdir()) == []


def test_the_program_has_a_profile_of_its_own_and_knows_nothing_of_the_server(soffice, monkeypatch, folder):
    monkeypatch.setenv("QUIZAPP_SECRET_KEY", "a secret")
    soffice("made.write_text(repr((sys.argv[1:], dict(os.environ), source.parent.name)))")
    said = office.converted(OLE, "题.doc")[0].decode()
    assert "a secret" not in said
    assert f"-env:UserInstallation=file://{folder}/quizapp-office-" in said
    assert all(
        word in said for word in ("'--headless'", "'--norestore'", f"'HOME': '{folder}/quizapp-office-")
    )


def test_h44_the_profile_runs_no_macros_and_follows_no_links(soffice):
    soffice(
        "profile = next(a for a in sys.argv if a.startswith('-env:')).partition('file://')[2]\n"
        "made.write_bytes(pathlib.Path(profile, 'user', 'registrymodifications.xcu').read_bytes())"
    )
    settings = office.converted(OLE, "题.doc")[0].decode()
    assert '<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value>' in settings
    assert '<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value>' in settings
    assert '<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value>' in settings


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit(1)",
        "os.abort()",
        "pass",
        "made.write_bytes(b'')",
        "made.symlink_to('/etc/passwd')",
        "made.mkdir()",
        "pathlib.Path('other.docx').write_bytes(b'x')",
        "made.write_bytes(b'0' * 300 * 2**20)",
        "x = bytearray(5 * 2**30)",
    ],
)
def test_a_program_that_fails_or_writes_nothing_is_a_refusal(soffice, folder, text, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    soffice(text)
    assert refused(OLE).code == "file_broken"
    assert list(folder.iterdir()) == []


def test_a_program_that_hangs_is_ended_with_all_that_it_started(soffice, folder, tmp_path, monkeypatch):
    monkeypatch.setattr(office, "SECONDS", 1)
    soffice(
        "import subprocess\n"
        f"inner = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(100)'])\n"
        f"pathlib.Path({str(tmp_path / 'pid')!r}).write_text(str(inner.pid))\n"
        "time.sleep(100)"
    )
    assert refused(OLE).code == "file_broken"
    assert list(folder.iterdir()) == []
    assert has_ended(int((tmp_path / "pid").read_text()))


def has_ended(process: int) -> bool:
    """Gone, or waiting for nothing but to be counted."""
    import time

    for _ in range(100):
        try:
            if ") Z" in Path(f"/proc/{process}/stat").read_text():
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.1)
    return False


def test_without_the_program_there_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refused(OLE, "题.wps").sentence == "请在WPS中另存为.docx或.xlsx后重新上传。"


@pytest.mark.parametrize(
    ("data", "name", "new"),
    [(docx.write(sheet.EXAMPLES), "题.wps", "题.docx"), (sheet.write(sheet.EXAMPLES), "题.et", "题.xlsx")],
)
def test_a_new_file_under_an_old_name_needs_no_program(monkeypatch, tmp_path, data, name, new):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert office.converted(data, name) == (data, new)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "题.doc"),
        (b"<html><img src='http://example.org'>", "题.doc"),
        (OLE, "题.exe"),
        (OLE, "doc"),
        (OLE, ""),
    ],
)
def test_what_is_no_old_office_file_never_reaches_the_program(soffice, data, name):
    soffice("made.write_bytes(b'reached')")
    assert refused(data, name).code == "file_broken"


@pytest.mark.skipif(
    not (shutil.which("soffice") or shutil.which("libreoffice")), reason="LibreOffice is not installed"
)
def test_a_real_libreoffice_converts(tmp_path):
    data, name = office.converted(rb"{\rtf1\ansi 1. Yi }", "题.doc")
    assert docx.text_of(data, name)[0].strip() == "1. Yi"
    assert os.listdir(tmp_path / "temporary") == []
