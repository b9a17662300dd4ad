"""Bytes to drafts and back, one module a format, no format knowing another.

What a file is is seen in its content, with the ending of its name where the content leaves it open; a person may name
the format instead. `losses` says what a format cannot carry, before somebody finds out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizapp import spreadsheets
from quizapp.bank.drafts import FIELDS, Draft, Reading
from quizapp.bank.formats import (
    aiken,
    docx,
    gift,
    markdown,
    moodle_xml,
    office,
    pdf,
    qti,
    qti2,
    qti3,
    qti12,
    records,
    sheet,
    text,
)
from quizapp.errors import Refused
from quizapp.spreadsheets import decode

ALL = frozenset(FIELDS)
XML = "application/xml"
ZIP = "application/zip"
TEXT = "text/plain; charset=utf-8"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Read = Callable[[bytes, str], Reading]
Write = Callable[[Sequence[Draft], str], bytes]


@dataclass(frozen=True)
class Format:
    """One way in which questions stand in a file."""

    name: str  # at the command line
    word: str  # for people
    endings: tuple[str, ...]  # the first is the one with which it is written
    read: Read
    write: Write | None = None
    carries: frozenset[str] = ALL  # fields of a draft that come back from a file without loss
    mimetype: str = TEXT

    @property
    def has_lines(self) -> bool:
        """Whether the number that a question carries is that of a line of text."""
        return self.mimetype == TEXT and self.name != "json"


def _read_text(data: bytes, name: str) -> Reading:
    return _with_lines(text.read_text(decode(data), name), decode(data))


def _read_word(data: bytes, name: str) -> Reading:
    lines, told = docx.text_of(data, name)
    return _with_lines(text.read_text(lines, name), lines, told)


def _read_pdf(data: bytes, name: str) -> Reading:
    lines, told = pdf.text_of(data, name)
    return _with_lines(text.read_text(lines, name), lines, told)


def _read_old_office(data: bytes, name: str) -> Reading:
    """.doc, .wps, .rtf, .et: as the newer file that they are or become."""
    return read(*office.converted(data, name))


def _with_lines(reading: Reading, source: str, told: Sequence = ()) -> Reading:
    reading.lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    reading.problems += told
    return reading


def _lined(read_bytes: Read) -> Read:
    return lambda data, name: _with_lines(read_bytes(data, name), decode(data))


FORMATS = (
    Format(
        "md",
        "题库文本（.md）",
        ("md",),
        _lined(lambda data, name: markdown.read(decode(data), name)),
        lambda drafts, title: markdown.write(drafts, title).encode(),
        mimetype="text/markdown; charset=utf-8",
    ),
    Format("text", "纯文本（.txt）", ("txt",), _read_text, text.write, text.CARRIES),
    Format("docx", "Word文档（.docx）", ("docx", "docm"), _read_word, docx.write, docx.CARRIES, WORD),
    Format(
        "xlsx",
        "Excel工作簿（.xlsx）",
        ("xlsx", "xls"),
        lambda data, name: sheet.read(data, name if ending(name) in ("xlsx", "xls") else f"{name}.xlsx"),
        lambda drafts, title: sheet.write(drafts),
        mimetype=spreadsheets.XLSX,
    ),
    Format(
        "csv",
        "表格文本（.csv）",
        ("csv",),
        lambda data, name: sheet.read(data, name if ending(name) == "csv" else f"{name}.csv"),
        lambda drafts, title: sheet.write_csv(drafts),
        mimetype=spreadsheets.CSV,
    ),
    Format("gift", "GIFT（.gift）", ("gift",), _lined(gift.read), gift.write, gift.CARRIES),
    Format("aiken", "Aiken（.txt）", ("txt",), _lined(aiken.read), aiken.write, aiken.CARRIES),
    Format(
        "moodle-xml",
        "Moodle XML（.xml）",
        ("xml",),
        moodle_xml.read,
        moodle_xml.write,
        moodle_xml.CARRIES,
        XML,
    ),
    Format("qti12", "QTI 1.2（.zip）", ("zip",), qti12.read, qti12.write, qti12.CARRIES, ZIP),
    Format("qti21", "QTI 2.1、2.2（.zip）", ("zip",), qti2.read, qti2.write, qti2.CARRIES, ZIP),
    Format("qti30", "QTI 3.0（.zip）", ("zip",), qti3.read, qti3.write, qti3.CARRIES, ZIP),
    Format(
        "json",
        "JSON（.json）",
        ("json",),
        lambda data, name: records.read(decode(data), name),
        lambda drafts, title: records.write(drafts).encode(),
        mimetype="application/json",
    ),
    Format("pdf", "PDF（.pdf）", ("pdf",), _read_pdf, mimetype="application/pdf"),
    Format("office", "旧版文档（.doc、.wps、.rtf、.et）", ("doc", "wps", "rtf", "et"), _read_old_office),
)
BY_NAME = {one.name: one for one in FORMATS}
WRITABLE = tuple(one.name for one in FORMATS if one.write)
READABLE = tuple(BY_NAME)


def ending(file_name: str) -> str:
    return file_name.rpartition(".")[2].lower() if "." in file_name else ""


def for_ending(file_name: str) -> str | None:
    """The format in which a file of this name is written."""
    own = ending(file_name)
    return next((one.name for one in FORMATS if one.write and own == one.endings[0]), None)


def read(data: bytes, file_name: str, kind: str = "") -> Reading:
    """All questions of a file. kind: a name of FORMATS; "" looks for itself. Raises Refused when it cannot be read."""
    chosen = BY_NAME[kind or recognise(data, file_name)]
    reading = chosen.read(data, file_name)
    reading.format = reading.format or chosen.name
    return reading


def write(drafts: Sequence[Draft], kind: str, title: str = "") -> bytes:
    """The questions in a format of WRITABLE. Raises KeyError for another."""
    writer = BY_NAME[kind].write
    if writer is None:
        raise KeyError(kind)
    return writer(drafts, title)


def losses(drafts: Sequence[Draft], kind: str) -> list[str]:
    """What a file of this format would not say any more, in words with the number of questions: 解析（12题）."""
    plain = Draft()
    return [
        f"{word}（{count}题）"
        for name, word in FIELDS.items()
        if name not in BY_NAME[kind].carries
        and (count := sum(getattr(draft, name) != getattr(plain, name) for draft in drafts))
    ]


# Recognising ----------------------------------------------------------------------------------------------------


def recognise(data: bytes, file_name: str) -> str:
    """The name of a file's format. Raises Refused for what holds no questions."""
    own = ending(file_name)
    if data.startswith(b"PK"):
        return _of_zip(data, own)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        return "xlsx" if own in ("xls", "xlsx") else "office"
    if data.startswith(b"{\\rtf"):
        return "office"
    if data.startswith(b"%PDF"):
        return "pdf"
    if own in ("xlsx", "xls", "csv", "docx", "docm", "pdf", "json", "md", "gift"):
        return next(one.name for one in FORMATS if own in one.endings)
    if own in ("doc", "wps", "rtf", "et"):
        return "office"
    if own in ("", "txt", "text", "xml", "zip", "htm", "html"):
        return _of_text(data)
    raise _unknown()


def _unknown() -> Refused:
    return Refused(
        "file_kind",
        "不能读取这种文件。",
        "没有保存任何内容。可以导入Word、WPS、Excel、PDF、纯文本、GIFT、Aiken、Moodle XML和QTI文件。",
        status=422,
    )


def _of_zip(data: bytes, own: str) -> str:
    if own in ("xlsx", "docx", "docm"):
        return "xlsx" if own == "xlsx" else "docx"
    if b"word/document.xml" in data:
        return "docx"
    if b"xl/workbook.xml" in data:
        return "xlsx"
    if version := qti.version_of(data):
        return version
    raise _unknown()


def _of_text(data: bytes) -> str:
    words = decode(data)
    start = words.lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        if version := qti.version_of(data):
            return version
        if "<quiz" in start[:5000]:
            return "moodle-xml"
        raise _unknown()
    lines = [line.strip() for line in words.splitlines()]
    if any(line.upper().startswith("ANSWER:") for line in lines):
        return "aiken"
    if "{" in words and any(line.startswith(("::", "//", "$CATEGORY")) or "{=" in line for line in lines):
        return "gift"
    return "text"
