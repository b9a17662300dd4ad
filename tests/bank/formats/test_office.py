"""Old office files go through LibreOffice where it is, in a child that can do no harm; else one sentence."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quizapp.bank import formats
from quizapp.bank.drafts import CitationDraft, Draft
from quizapp.bank.formats import docx, office, sheet
from quizapp.errors import Refused
from tests.bank.formats.strategies import kept
from tests.databases import lacking

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
    ("name", "new"),
    [
        ("题.doc", "题.docx"),
        ("一.二.WPS", "一.二.docx"),
        ("题.rtf", "题.docx"),
        ("题.docx", "题.docx"),
        ("../../-x;rm.doc", "../../-x;rm.docx"),
    ],
)
@pytest.mark.parametrize("program", ["soffice", "libreoffice"])
def test_an_old_file_becomes_a_new_one(soffice, folder, name, new, program):
    """The program never sees the name that the file had."""
    soffice("made.write_bytes(source.name.encode() + b' ' + source.read_bytes())", program)
    assert office.converted(OLE, name) == (b"in.doc " + OLE, new)
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
    assert refused(OLE, "题.wps").sentence == "请在WPS中另存为.docx（不设密码）后重新上传。"


@pytest.mark.parametrize(
    ("data", "name", "new"),
    [
        (docx.write(sheet.EXAMPLES), "题.wps", "题.docx"),
        (sheet.write(sheet.EXAMPLES), "题.et", "题.xlsx"),
        (OLE, "题.et", "题.xls"),
    ],
)
def test_a_file_that_another_reader_knows_needs_no_program(monkeypatch, tmp_path, data, name, new):
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


@pytest.mark.parametrize("name", ["题.docx", "题.doc", "题.wps", "题.et"])
def test_a_new_file_with_a_password_is_refused_before_the_program(soffice, name):
    """[MS-OFFCRYPTO]: an OLE file in whose directory stands the stream EncryptedPackage."""
    soffice("made.write_bytes(b'reached')")
    with pytest.raises(Refused) as caught:
        formats.read(OLE + "EncryptedPackage".encode("utf-16-le"), name)
    assert caught.value.code == "file_locked"
    assert caught.value.sentence == "文件设有密码，不能读取。"
    assert caught.value.advice.startswith("没有保存任何内容。")


# With the real program -------------------------------------------------------------------------------------------

LOCK = """<?xml version="1.0" encoding="UTF-8"?>
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Save(source, target, filter)
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "Hidden" : how(0).Value = True
  document = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, how())
  how(0).Name = "FilterName" : how(0).Value = filter
  how(1).Name = "Password" : how(1).Value = "xinfang"
  document.storeToURL(ConvertToURL(target), how())
  document.close(True)
End Sub
</script:module>
"""
QUESTIONS = [
    *sheet.EXAMPLES,
    Draft(
        "multiple",
        "各级机关、单位应当做到（　　）。",
        ["依法按政策处理", "就地化解", "置之不理", "层层转办"],
        "AB",
        "第一行说明为什么对。\n第二行说明为什么错。",
        4,
        [
            CitationDraft("第二十四条第一款", "由所涉及的机关、单位协商受理"),
            CitationDraft("", "把问题解决在当地", "document", source="《某文件》第3页"),
        ],
        "示例-03",
        ("daily", "mock"),
        ["受理", "情景"],
    ),
]


@pytest.fixture(scope="module")
def old_files(tmp_path_factory):
    """A folder with the questions in old formats: 题.doc, 题.rtf, 题.xls, and 锁.doc and 锁.xls with a password."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        lacking(
            "没有LibreOffice。Debian、Ubuntu：apt-get install libreoffice-writer-nogui libreoffice-calc-nogui"
        )
    folder = tmp_path_factory.mktemp("old")
    (folder / "题.docx").write_bytes(docx.write(QUESTIONS))
    (folder / "题.xlsx").write_bytes(sheet.write(QUESTIONS))
    profile = folder / "profile"

    def run(*arguments: str) -> None:
        command = [program, "--headless", f"-env:UserInstallation={profile.as_uri()}", *arguments]
        subprocess.run(command, check=True, capture_output=True, timeout=120, cwd=folder)  # noqa: S603

    run("--convert-to", "doc", "题.docx")
    run("--convert-to", "rtf", "题.docx")
    run("--convert-to", "xls", "题.xlsx")
    (profile / "user" / "basic" / "Standard" / "Module1.xba").write_text(LOCK)
    for ending, program_format in (("doc", "MS Word 97"), ("xls", "MS Excel 97")):
        source, target = folder / f"题.{ending}x", folder / f"锁.{ending}"
        run(f"macro:///Standard.Module1.Save({source},{target},{program_format})")
    return folder


REAL = {  # name of the file at the upload: who wrote it
    "题.doc": "题.doc",
    "题.wps": "题.doc",
    "题.docx": "题.doc",
    "题.rtf": "题.rtf",
    "旧.doc": "题.rtf",
    "题.xls": "题.xls",
    "题.et": "题.xls",
}


@pytest.mark.parametrize("name", REAL)
def test_questions_come_back_whole_from_a_file_that_libreoffice_wrote(old_files, folder, name):
    data = (old_files / REAL[name]).read_bytes()
    assert data.startswith(b"{\\rtf" if REAL[name] == "题.rtf" else OLE[:8])
    reading = formats.read(data, name)
    assert reading.problems == []
    assert [kept(draft, formats.ALL) for draft in reading.drafts] == [
        kept(draft, formats.ALL) for draft in QUESTIONS
    ]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "ending", "sentence"),
    [
        ("题.doc", "doc", "旧版文件转换失败，可能已损坏或已加密。"),
        ("题.wps", "doc", "旧版文件转换失败，可能已损坏或已加密。"),
        ("题.xls", "xls", "文件已损坏、已加密，或不是电子表格。"),
        ("题.et", "xls", "文件已损坏、已加密，或不是电子表格。"),
    ],
)
@pytest.mark.parametrize(("source", "part"), [("锁", 1.0), ("题", 0.7), ("题", 0.4), ("题", 0.1)])
def test_h30_a_real_file_that_is_locked_or_cut_off_is_refused_in_words(
    old_files, folder, name, ending, sentence, source, part
):
    data = (old_files / f"{source}.{ending}").read_bytes()
    with pytest.raises(Refused) as caught:
        formats.read(data[: int(len(data) * part)], name)
    assert caught.value.sentence == sentence
    assert caught.value.advice.startswith("没有保存任何内容。")
    assert list(folder.iterdir()) == []
