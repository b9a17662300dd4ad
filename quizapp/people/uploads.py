"""Checked sheets between two steps of an import: kept on the server for an hour, for whoever uploaded them."""

import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app

from quizapp.errors import not_found
from quizapp.spreadsheets import Row

KEPT = timedelta(hours=1)


@dataclass(frozen=True)
class Upload:
    """A sheet that was read and waits to be confirmed."""

    token: str
    kind: str
    person_id: int
    file_name: str
    file_hash: str
    rows: list[Row]


def _folder() -> Path:
    folder = Path(current_app.config["INSTANCE_DIR"]) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def content_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(kind: str, person_id: int, file_name: str, data: bytes, rows: list[Row], now: datetime) -> Upload:
    """Keep the rows of a sheet; what others left behind longer than an hour ago goes."""
    for old in _folder().glob("*.json"):
        if old.stat().st_mtime < (now - KEPT).timestamp():
            old.unlink(missing_ok=True)
    upload = Upload(secrets.token_urlsafe(16), kind, person_id, file_name, content_hash(data), rows)
    path = _path(upload.token)
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(upload)))
    return upload


def load(token: str, kind: str, person_id: int) -> Upload | None:
    """The sheet that this person uploaded; none when it is gone, or somebody else's."""
    try:
        told = json.loads(_path(token).read_text())
    except (OSError, ValueError):
        return None
    if told["kind"] != kind or told["person_id"] != person_id:
        return None
    rows = [Row(row["number"], row["cells"], tuple(row["damaged"])) for row in told.pop("rows")]
    return Upload(rows=rows, **told)


def drop(token: str) -> None:
    _path(token).unlink(missing_ok=True)


def _path(token: str) -> Path:
    if not re.fullmatch(r"[A-Za-z0-9_-]{22}", token):
        not_found()
    return _folder() / f"{token}.json"
