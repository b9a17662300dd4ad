"""The file of a regulation as lines of text: .docx, .txt and .md, and what Word and WPS wrote before.

Word files are read by who reads papers of questions; `create_app` hands that over, for that area stands to the right.
Whatever is wrong with a file becomes `Refused` with a sentence for people.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.errors import Refused
from quizapp.regulations.doubts import Doubt
from quizapp.spreadsheets import decode

LONGEST = 1_000_000  # characters; no law comes near it
ENDINGS = ("docx", "doc", "wps", "rtf", "txt", "md")
_TEXTS = ("txt", "text", "md", "markdown", "")
_OLD = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
_ON_A_LINE = {
    "picture": "这一行有图片，没有读入。",
    "formula": "这一行有公式，只读入了其中的文字。",
    "object": "这一行有嵌入的对象，没有读入。",
    "symbol": "这一行有不能识别的特殊符号，没有读入。",
    "note": "这一行的脚注或尾注没有读入。",
    "box": "这一行有文本框，其中的文字已读在本行之后，请核对位置。",
}
_IN_THE_FILE = {
    "deleted": "文中有修订：标为删除的文字没有读入，标为插入的文字已经读入。",
    "hidden": "文中有隐藏文字，已经读入。",
    "header": "页眉、页脚“{words}”没有读入。",
    "comment": "批注“{words}”没有读入。",
}

readers: dict[
    str, Callable[[bytes, str], Any]
] = {}  # create_app puts in: word (blocks of a .docx), old (to .docx)


@dataclass(frozen=True)
class Document:
    """told: what the text does not show."""

    text: str
    told: tuple[Doubt, ...] = ()


def read(data: bytes, file_name: str) -> Document:
    """The text of a file by its content and, where that leaves it open, its name. Raises Refused."""
    ending = file_name.rpartition(".")[2].lower() if "." in file_name else ""
    if not data.strip(b" \t\r\n\0"):
        raise _refuse("file_empty", "文件是空的。", "请核对文件后重新上传。")
    if data.startswith(_OLD):
        data, file_name = readers["old"](data, file_name)
    if data.startswith(b"PK") or ending in ("docx", "docm"):
        document = _of_word(readers["word"](data, file_name))
    elif ending in _TEXTS and not data.startswith(b"%PDF"):
        document = Document(_plain(decode(data)))
    else:
        raise _unknown()
    if len(document.text) > LONGEST:
        raise _refuse("file_too_large", "文件中的文字过多，不像一部法规。", "请只保留法规正文后重新上传。")
    if not document.text.strip():
        raise _refuse("file_empty", "文件中没有文字。", "请核对文件；扫描件须先识别为文字。")
    return document


def _plain(text: str) -> str:
    start = text.lstrip("\ufeff \t\r\n")[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        raise _refuse("file_kind", "这是网页文件，不能直接读取。", "请把正文复制到WPS中，另存为.docx后上传。")
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _refuse(code: str, sentence: str, advice: str) -> Refused:
    return Refused(code, sentence, f"没有保存任何内容。{advice}", status=422)


def _unknown() -> Refused:
    return _refuse(
        "file_kind",
        "不能读取这种文件。",
        "可以导入.docx、.txt、.md文件；其他文件请在WPS中另存为.docx后重新上传。",
    )


# Word ----------------------------------------------------------------------------------------------------------


@dataclass
class _Lines:
    """The lines of a Word file, and doubts on them."""

    lines: list[str]
    told: list[Doubt]

    def tell(self, code: str, sentence: str, line: int = 0) -> None:
        self.told.append(Doubt(code, sentence, line))


def _of_word(found: Any) -> Document:
    out = _Lines([], [])
    for what, words in dict.fromkeys((what, words) for what, words in found["told"]):
        out.tell(what, _IN_THE_FILE[what].format(words=words))
    _take(found["blocks"], out)
    return Document("\n".join(out.lines), tuple(out.told))


def _take(blocks: Sequence[Any], out: _Lines) -> None:
    for block in blocks:
        if block[0] == "table":
            _take_table(block[1], out)
            continue
        _, text, noted = block
        first = len(out.lines) + 1
        out.lines += text.split("\n")
        for what, at in dict.fromkeys((what, at) for what, at in noted):
            out.tell(what, _ON_A_LINE[what], first + at)


def _take_table(rows: Sequence[Any], out: _Lines) -> None:
    """A table of one column only frames the text; of others nothing is read."""
    if all(len(row) <= 1 for row in rows):
        for row in rows:
            _take([block for cell in row if cell for block in cell], out)
        return
    words = " ".join(_words(rows))[:30]
    out.lines.append("")
    out.tell("table", f"这里有表格（{len(rows)}行），没有读入：“{words}”。", len(out.lines))


def _words(rows: Sequence[Any]) -> Iterator[str]:
    for row in rows:
        for block in (block for cell in row if cell for block in cell):
            yield from _words(block[1]) if block[0] == "table" else [block[1].strip()]
