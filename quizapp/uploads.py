"""Uploaded files between the steps of an import: on disk under a random name, for their uploader, for a day."""

import hashlib
import json
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from flask import current_app

KEPT_SECONDS = 24 * 3600
_TOKEN = re.compile(r"[\w-]{22}")


@dataclass(frozen=True)
class Upload:
    """A file that waits to be accepted. purpose: what it was uploaded for; file_hash: of the file as it came."""

    token: str
    purpose: str
    person_id: int
    file_name: str
    file_hash: str
    data: bytes


def content_hash(data: bytes) -> str:
    """SHA-256 in hex: by it the same file is recognised when it comes again."""
    return hashlib.sha256(data).hexdigest()


def _folder() -> Path:
    folder = Path(current_app.config["INSTANCE_DIR"]) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def keep(data: bytes, *, purpose: str, file_name: str, person_id: int, file_hash: str | None = None) -> str:
    """Put a file aside and give the token that finds it; files older than a day go.

    file_hash: of the file as it came, where `data` is only what may be kept of it.
    """
    folder, token = _folder(), secrets.token_urlsafe(16)
    for old in folder.iterdir():
        with suppress(OSError):  # somebody else cleared it away
            if old.stat().st_mtime < time.time() - KEPT_SECONDS:
                shutil.rmtree(old)
    place = folder / token
    place.mkdir(mode=0o700)
    (place / "data").write_bytes(data)
    facts = {
        "purpose": purpose,
        "person_id": person_id,
        "file_name": file_name,
        "file_hash": file_hash or content_hash(data),
    }
    (place / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    return token


def find(token: str, *, purpose: str, person_id: int) -> Upload | None:
    """The file of this token, if this person put it there for this purpose."""
    if not _TOKEN.fullmatch(token):
        return None
    place = _folder() / token
    try:
        facts = json.loads((place / "facts.json").read_text(encoding="utf-8"))
        data = (place / "data").read_bytes()
    except OSError:
        return None
    if (facts["purpose"], facts["person_id"]) != (purpose, person_id):
        return None
    return Upload(token=token, data=data, **facts)


def keep_beside(upload: Upload, name: str, data: bytes) -> None:
    """Put work on a file beside it, in place of what lay there under this name: all of it, or nothing."""
    place = _folder() / upload.token
    half = place / f"{name}.{secrets.token_hex(4)}"
    half.write_bytes(data)
    half.replace(place / name)


def find_beside(upload: Upload, name: str) -> bytes | None:
    """What `keep_beside` put there last."""
    try:
        return (_folder() / upload.token / name).read_bytes()
    except OSError:
        return None


@contextmanager
def taking(upload: Upload) -> Iterator[Upload | None]:
    """Take a file for storing it: of two who try, one gets None. It goes for good, unless storing fails."""
    place = _folder() / upload.token
    taken = place.with_name(f"{upload.token}.taken")
    try:
        place.rename(taken)
    except OSError:
        yield None
        return
    try:
        yield upload
    except BaseException:
        taken.rename(place)
        raise
    shutil.rmtree(taken, ignore_errors=True)


def discard(upload: Upload) -> None:
    """The uploader does not want it any more."""
    shutil.rmtree(_folder() / upload.token, ignore_errors=True)
