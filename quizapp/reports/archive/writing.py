"""A ZIP written file by file, never whole in memory, with its 目录, the hash of each file and of the whole. Pure.

The same content gives the same bytes: fixed times, the order in which files are handed over, one way of packing.
校验清单.sha256 is what `sha256sum -c` reads; 整包校验值 is the SHA-256 of that list and so of everything in it.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from quizapp.reports.archive import readable

LIST, WHOLE = "校验清单.sha256", "整包校验值.txt"
INDEX_HTML, INDEX_TXT = "目录.html", "目录.txt"
WRITTEN = (1980, 1, 1, 0, 0, 0)
UNIX, PLAIN_FILE = 3, 0o644 << 16  # as on every system, whichever makes it

Pieces = Iterable[bytes]
Told = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Content:
    """A file of the archive. path: 考场记录/考场情况记录.html; words: what it is, for the 目录; make: its bytes in
    pieces, made only when its turn has come."""

    path: str
    words: str
    make: Callable[[], Pieces]


@dataclass(frozen=True)
class Written:
    """A file that lies in the archive. size: bytes."""

    path: str
    words: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Archive:
    """What was made. whole: 整包校验值, as in the archive."""

    files: tuple[Written, ...]
    whole: str


def write(
    target: IO[bytes],
    title: str,
    facts: Sequence[tuple[str, str]],
    contents: Iterable[Content],
    told: Told = lambda done, of, words: None,
) -> Archive:
    """Write the archive into a file that can be sought in. title, facts: of the 目录. told: (files done, in all, path)
    before each. Raises ValueError for two files of one name."""
    ordered = list(contents)
    if len({one.path.casefold() for one in ordered}) != len(ordered):
        raise ValueError("two files of one name; Windows tells no capitals apart")
    found = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, one in enumerate(ordered):
            told(done, len(ordered), one.path)
            found.append(_add(archive, one))
        parts = index(title, facts, found)
        found.append(_add(archive, Content(INDEX_HTML, "目录（网页）", lambda: readable.html(title, parts))))
        found.append(_add(archive, Content(INDEX_TXT, "目录（文本）", lambda: readable.text(title, parts))))
        listed = "".join(f"{one.sha256}  {one.path}\n" for one in found).encode()
        whole = hashlib.sha256(listed).hexdigest()
        _add(archive, Content(LIST, "", lambda: [listed]))
        _add(archive, Content(WHOLE, "", lambda: [f"{whole}\n".encode()]))
    told(len(ordered), len(ordered), "")
    return Archive(tuple(found), whole)


def _add(archive: zipfile.ZipFile, one: Content) -> Written:
    entry = zipfile.ZipInfo(one.path, WRITTEN)
    entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, UNIX, PLAIN_FILE
    hashed, size = hashlib.sha256(), 0
    with archive.open(entry, "w") as stream:
        for piece in one.make():
            hashed.update(piece)
            size += len(piece)
            stream.write(piece)
    return Written(one.path, one.words, size, hashed.hexdigest())


HOW = (
    f"{LIST}列出每个文件的SHA-256值，可用任何校验工具核对：Linux执行sha256sum -c {LIST}，"
    "Windows执行certutil -hashfile 文件名 SHA256后对照。",
    f"{WHOLE}是{LIST}的SHA-256值；任何一个文件改动一个字，都会与登记的整包校验值不符。",
    "也可用本系统核对：quizapp exams archive --verify 归档包.zip，逐个指出被改动、缺少或多出的文件。",
    "归档包含有个人信息和标准答案，按档案管理规定保管，不得公开或转发。",
)


def index(title: str, facts: Sequence[tuple[str, str]], files: Sequence[Written]) -> list[readable.Part]:
    """What stands in the 目录."""
    in_order = sorted(files, key=lambda one: one.path)
    rows = [
        [str(number), one.path, one.words, f"{one.size:,}", one.sha256]
        for number, one in enumerate(in_order, 1)
    ]
    return [
        readable.Part("", facts=facts),
        readable.Part(
            "文件", headings=("序号", "文件", "内容", "字节", "SHA-256"), rows=lambda: iter(rows), links=1
        ),
        readable.Part("怎样核对", lines=HOW),
    ]


def pieces(stream: IO[bytes], size: int = 1 << 20) -> Iterator[bytes]:
    """What a file holds, a megabyte at a time."""
    while piece := stream.read(size):
        yield piece
