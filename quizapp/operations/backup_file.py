"""A backup is one zip file that any program opens: manifest.json, and tables/<name>.jsonl with one row a line.

The last 64 bytes of the file, which zip calls its comment, are the SHA-256 of all bytes before them: a file that was
cut short or changed anywhere is recognised before anything is read from it.
"""

import contextlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from quizapp.errors import Refused
from quizapp.operations import rows
from quizapp.operations.rows import Row, Sum, Table

FORMAT = 1  # of this file; a later program may write another
SEAL = 64  # bytes at the end
MANIFEST, KEY, CERTIFICATE_KEY = "manifest.json", "secret_key", "certificate_key"
CHUNK = 1 << 20


class Draft:
    """A backup that is being written; it has its name only when it is whole and on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.partial")
        descriptor = os.open(self._draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=3)
        self._sums: list[Sum] = []

    def add(self, table: Table, found: Iterable[Row]) -> None:
        """Keep all rows of a table."""
        sum_ = Sum(table)
        with self._zip.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
            for row in found:
                line = rows.line(row)
                sum_.add(line)
                member.write(f"{line}\n".encode())
        self._sums.append(sum_)

    def add_key(self, key: str, name: str = KEY) -> None:
        self._zip.writestr(name, key)

    def finish(self, facts: dict[str, Any]) -> str:
        """Write the manifest and the seal, and give the file its name. Gives the seal."""
        tables = [
            {"name": s.table.name, "columns": s.table.columns, "rows": s.count, "sum": s.digest}
            for s in self._sums
        ]
        manifest = {"format": FORMAT, **facts, "tables": tables}
        self._zip.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
        self._zip.comment = b"0" * SEAL
        self._zip.close()
        seal = _seal_of(self._file)
        self._file.seek(-SEAL, os.SEEK_END)
        self._file.write(seal.encode())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._draft.replace(self._path)
        return seal

    def discard(self) -> None:
        """Throw away what is not whole; nothing, once it is finished."""
        with contextlib.suppress(OSError, ValueError):  # a full disk, or closed already
            self._zip.close()
        with contextlib.suppress(OSError):
            self._file.close()
        self._draft.unlink(missing_ok=True)


def _seal_of(file: Any) -> str:
    """SHA-256 of all bytes but the seal, in hex."""
    left = file.seek(0, os.SEEK_END) - SEAL
    file.seek(0)
    summed = sha256()
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        summed.update(chunk)
        left -= len(chunk)
    return summed.hexdigest()


@dataclass(frozen=True)
class Backup:
    """A whole backup, as a source of rows."""

    path: Path
    manifest: dict[str, Any]
    seal: str
    revision: str
    tables: Sequence[Table]

    @property
    def total(self) -> int:
        """Rows of all tables."""
        return sum(table["rows"] for table in self.manifest["tables"])

    @property
    def has_key(self) -> bool:
        return bool(self.manifest.get("has_key"))

    def key(self) -> str:
        """The secret key that was put in on demand."""
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(KEY).decode()

    def certificate_key(self) -> str | None:
        """The private half of the key that signed certificates, where it was put in."""
        if not self.manifest.get("certificate_key"):
            return None
        with zipfile.ZipFile(self.path) as archive:
            return archive.read(CERTIFICATE_KEY).decode()

    def rows(self, table: Table) -> Iterator[Row]:
        with zipfile.ZipFile(self.path) as archive, archive.open(f"tables/{table.name}.jsonl") as member:
            for line in member:
                yield json.loads(line)

    def check(self, sums: Iterable[Sum]) -> None:
        """Whether what was read is what the manifest promises. Raises Refused."""
        promised = {table["name"]: (table["rows"], table["sum"]) for table in self.manifest["tables"]}
        if {s.table.name: (s.count, s.digest) for s in sums} != promised:
            raise _damaged(self.path)


def open_backup(path: Path) -> Backup:
    """Check a file's seal and read its manifest. Raises Refused for anything but a whole backup of a known format."""
    with path.open("rb") as file:
        seal = _seal_of(file)
        file.seek(0)
        if not zipfile.is_zipfile(file):
            raise _damaged(path)
        file.seek(-SEAL, os.SEEK_END)
        if file.read() != seal.encode():
            raise _damaged(path)
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read(MANIFEST))
    if manifest["format"] != FORMAT:
        raise Refused(
            "other_format",
            f"{path}由更新版本的程序生成，本程序不能读取，没有改动任何内容。",
            "请先升级程序。",
        )
    tables = [
        Table(t["name"], tuple((name, kind) for name, kind in t["columns"])) for t in manifest["tables"]
    ]
    return Backup(path, manifest, seal, manifest["revision"], tables)


def _damaged(path: Path) -> Refused:
    return Refused(
        "damaged", f"{path}不是完整的备份文件，或内容已被改动，没有恢复任何内容。", "请换用另一份备份。"
    )
