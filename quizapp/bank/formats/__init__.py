"""Bytes to drafts and back, one module a format, no format knowing another; the ending of a file's name decides."""

from collections.abc import Sequence

from quizapp.bank.drafts import Draft, Reading
from quizapp.bank.formats import markdown, records, sheet
from quizapp.errors import Refused
from quizapp.spreadsheets import decode

READABLE = ("md", "xlsx", "xls", "csv", "json")
WRITABLE = ("md", "xlsx", "json")


def ending(file_name: str) -> str:
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""


def read(data: bytes, file_name: str) -> Reading:
    """All questions of a file. Raises Refused with a sentence when it cannot be read at all."""
    kind = ending(file_name)
    if kind not in READABLE:
        raise _refuse("file_kind", "不能读取这种文件。", "可以导入.md、.xlsx、.xls和.csv文件。")
    if kind == "md":
        return markdown.read(decode(data), file_name)
    if kind == "json":
        return records.read(decode(data), file_name)
    return sheet.read(data, file_name)


def write(drafts: Sequence[Draft], kind: str, title: str = "") -> bytes:
    """The questions in a format of WRITABLE. Raises KeyError for another."""
    if kind == "md":
        return markdown.write(drafts, title).encode()
    if kind == "json":
        return records.write(drafts).encode()
    if kind == "xlsx":
        return sheet.write(drafts)
    raise KeyError(kind)


def _refuse(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)
