"""Making the archive of an exam as a file, whole or not at all."""

import hashlib
import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from quizapp import audit
from quizapp.db import db
from quizapp.exams.models import Exam
from quizapp.reports.archive import queries
from quizapp.reports.archive.contents import Source, contents
from quizapp.reports.archive.writing import Archive, Told, pieces, write

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')


@dataclass(frozen=True)
class Made:
    """The file that was made. whole: 整包校验值; sha256: of the file itself; size: bytes."""

    archive: Archive
    sha256: str
    size: int


def make(
    exam_id: int,
    target: Path,
    *,
    now: datetime,
    hidden: Set[int],
    keys: bool,
    told: Told = lambda done, of, words: None,
) -> Made:
    """Write the archive; the file appears under its name only when it is whole. It only reads: call it within
    `reading`. Raises Refused without a Chinese font."""
    exam = db.session.get_one(Exam, exam_id)
    of = Source(exam, queries.top_of(exam_id), now, hidden, keys)
    unfinished = target.with_name(f"{target.name}.part")
    try:
        with unfinished.open("w+b") as file:
            archive = write(file, f"{exam.title}归档包目录", of.told, contents(of), told)
            file.seek(0)
            hashed = hashlib.sha256()
            for piece in pieces(file):
                hashed.update(piece)
            size = file.tell()
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Made(archive, hashed.hexdigest(), size)


def note(exam_id: int, made: Made, *, actor_id: int | None) -> None:
    """Leave what was made in the audit log, in the running transaction."""
    audit.record(
        "exam.archived",
        ("exam", exam_id),
        actor_id=actor_id,
        files=len(made.archive.files),
        size=made.size,
        whole=made.archive.whole,
        sha256=made.sha256,
    )


def file_name(title: str) -> str:
    """2026年度考试归档包.zip, without signs that a file system refuses."""
    return f"{_NOT_IN_NAMES.sub(' ', title).strip(' .')[:60].strip(' .') or '考试'}归档包.zip"
