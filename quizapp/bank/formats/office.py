"""Old office files: .doc, .wps and .rtf as .docx, through LibreOffice where the server has it; .et as the .xls it is.

LibreOffice runs as a child with limits, knows nothing of this server, runs no macros, fetches nothing, and leaves
nothing behind: its profile, its input and its output stand in one folder that goes.
"""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from quizapp import child
from quizapp.errors import Refused

WORD = ("doc", "wps", "rtf", "docx", "docm")  # an old file may stand under a new name too
SECONDS = 60
LARGEST = 50 * 1024 * 1024  # bytes
SAVE_AS = "请在WPS中另存为.docx（不设密码）后重新上传。"
_OLE, _RTF, _ZIP = b"\xd0\xcf\x11\xe0", b"{\\rtf", b"PK"  # what such files truly begin with
_LOCKED = "EncryptedPackage".encode(
    "utf-16-le"
)  # the stream of a .docx with a password, [MS-OFFCRYPTO] 1.3.2
_UNLOCK = "没有保存任何内容。请在WPS或Word中取消密码，保存后重新上传。"
_SETTINGS = {  # folder of the registry: name: value
    "org.openoffice.Office.Common/Security/Scripting": {
        "MacroSecurityLevel": "3",
        "DisableMacrosExecution": "true",
        "BlockUntrustedRefererLinks": "true",
    },
    "org.openoffice.Office.Writer/Content/Update": {"Link": "0"},  # never; Calc counts differently
    "org.openoffice.Office.Calc/Content/Update": {"Link": "1"},
    "org.openoffice.Inet/Settings": {
        "ooInetProxyType": "2",  # one of our own: nobody listens there
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}


def converted(data: bytes, file_name: str) -> tuple[bytes, str]:
    """The file in a format that another reader knows, and its new name. Raises Refused.

    A file that is of the newer format under an old name (as WPS may save it) only gets the new name, and so does an
    .et, which holds what an .xls holds.
    """
    stem, dot, ending = file_name.rpartition(".")
    is_sheet = ending.lower() == "et"
    if not dot or not (is_sheet or ending.lower() in WORD) or not data.startswith((_OLE, _RTF, _ZIP)):
        raise _refuse("file_broken", "文件已损坏，或不是WPS、Word的文件。")
    if data.startswith(_OLE) and _LOCKED in data:
        raise Refused("file_locked", "文件设有密码，不能读取。", _UNLOCK, status=422)
    if is_sheet:
        return data, f"{stem}.xlsx" if data.startswith(_ZIP) else f"{stem}.xls"
    return data if data.startswith(_ZIP) else _convert(data), f"{stem}.docx"


def _program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def _convert(data: bytes) -> bytes:
    """A .doc or .rtf as .docx."""
    program = _program()
    if program is None:
        raise Refused("file_old", SAVE_AS, "没有保存任何内容。", status=422)
    with TemporaryDirectory(prefix="quizapp-office-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "in.doc").write_bytes(data)
        profile = folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(_registry(), encoding="utf-8")
        try:
            child.run(_command(program, folder), _environment(folder), seconds=SECONDS)
        except child.Failed as error:
            raise _refuse("file_broken", "旧版文件转换失败，可能已损坏或已加密。") from error
        return _made(folder / "out" / "in.docx")


def _command(program: str, folder: Path) -> list[str]:
    profile = (folder / "profile").as_uri()
    quiet = ["--headless", "--invisible", "--norestore", "--nologo", "--nodefault", "--nolockcheck"]
    into = ["--convert-to", "docx", "--outdir", str(folder / "out"), str(folder / "in.doc")]
    return [program, f"-env:UserInstallation={profile}", *quiet, *into]


def _environment(folder: Path) -> dict[str, str]:
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}


def _registry() -> str:
    """LibreOffice's own settings file (registrymodifications.xcu) for a profile that has never been used."""
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    space = 'xmlns:oor="http://openoffice.org/2001/registry"'
    return f'<?xml version="1.0" encoding="UTF-8"?><oor:items {space}>{items}</oor:items>'


def _made(path: Path) -> bytes:
    """What the program wrote. It may have ended in peace without writing anything."""
    if path.is_symlink() or not path.is_file() or not 0 < path.stat().st_size <= LARGEST:
        raise _refuse("file_broken", "旧版文件转换失败，可能已损坏或已加密。")
    return path.read_bytes()


def _refuse(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{SAVE_AS}", status=422)
