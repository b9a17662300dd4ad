"""Whether an archive is as it was made: each file that was changed, is missing, or was added. Pure.

It trusts nothing: sizes are counted while reading, nothing is unpacked to disk.
"""

import hashlib
import hmac
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from quizapp.reports.archive.writing import LIST, WHOLE, pieces

LONGEST_LIST = 4 << 20  # bytes of the list of hashes
MOST = 50 << 30  # bytes that a whole archive may unpack to
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


@dataclass(frozen=True)
class Verdict:
    """What was found. whole: 整包校验值 worked out anew; files: how many were compared."""

    whole: str
    files: int
    changed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        return not (self.changed or self.missing or self.added)

    @property
    def sentences(self) -> tuple[str, ...]:
        """已改动：成绩名册/成绩名册.xlsx"""
        found: Sequence[tuple[str, tuple[str, ...]]] = (
            ("已改动", self.changed),
            ("缺少", self.missing),
            ("多出", self.added),
        )
        return tuple(f"{word}：{path}" for word, paths in found for path in paths)


class NoArchive(ValueError):
    """The file is no archive that this program made, or is too damaged to be read. The text is for people."""


def verify(source: IO[bytes]) -> Verdict:
    """Compare every file with the list in the archive. Raises NoArchive."""
    try:
        with zipfile.ZipFile(source) as archive:
            return _compared(archive)
    except zipfile.BadZipFile as error:
        raise NoArchive("文件不是ZIP文件，或已损坏。") from error


def _compared(archive: zipfile.ZipFile) -> Verdict:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if LIST not in names or WHOLE not in names:
        raise NoArchive(f"文件中没有{LIST}或{WHOLE}，不是本系统制作的考试归档包。")
    if sum(entry.file_size for entry in entries) > MOST:
        raise NoArchive("文件解压后过大，没有核对。")
    listed_bytes, whole_bytes = _small(archive, LIST), _small(archive, WHOLE)
    listed = _listed(listed_bytes)
    whole = hashlib.sha256(listed_bytes).hexdigest()
    changed, seen = [], set()
    for entry in entries:
        if entry.filename in seen:
            changed.append(
                entry.filename
            )  # two files of one name: which of them a program shows is anyone's guess
        elif entry.filename in listed and _hash(archive, entry) != listed[entry.filename]:
            changed.append(entry.filename)
        seen.add(entry.filename)
    if not hmac.compare_digest(whole_bytes.decode("ascii", "replace").strip(), whole):
        changed.append(LIST)
    missing = [path for path in listed if path not in seen]
    added = [name for name in dict.fromkeys(names) if name not in listed and name not in (LIST, WHOLE)]
    return Verdict(whole, len(listed), tuple(dict.fromkeys(changed)), tuple(missing), tuple(added))


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        with archive.open(name) as stream:
            data = stream.read(LONGEST_LIST + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise NoArchive(f"{name}已损坏，无法核对。") from error
    if len(data) > LONGEST_LIST:
        raise NoArchive(f"{name}过大，不是本系统制作的考试归档包。")
    return data


def _listed(data: bytes) -> dict[str, str]:
    found = {}
    for line in data.decode("utf-8", "replace").splitlines():
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise NoArchive(f"{LIST}已损坏，无法核对。")
        found[parts[2]] = parts[1]
    return found


def _hash(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The SHA-256 of an entry; "" for one that cannot be unpacked any more."""
    hashed = hashlib.sha256()
    try:
        with archive.open(entry) as stream:
            for piece in pieces(stream):
                hashed.update(piece)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return ""
    return hashed.hexdigest()
