"""Bytes to drafts and back, one module a format, no format knowing another; the ending of a file's name decides."""

from collections.abc import Sequence

from quizapp.bank.drafts import Draft, Reading
from quizapp.bank.formats import markdown, records, sheet
from quizapp.errors import Refused

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


def decode(data: bytes) -> str:
    """UTF-16 with its mark, UTF-8 with or without, else GB18030. Raises Refused."""
    encodings = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refuse("file_encoding", "文件的文字编码无法识别。", "请用UTF-8编码另存后重新上传。")


def _refuse(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)
