"""The key that signs certificates: its private half in the instance folder, the public halves of all keys in the table.

It is made when the first certificate is, as the secret key is at the first start. Several servers need the same file:
one that has another or none refuses to sign and says what to do, and `quizapp doctor` says it before. A key that is
lost costs nothing but `rotate-key`: what it signed is verified by its public half for good.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy import select, update

from quizapp import audit
from quizapp.attempts import dialects
from quizapp.attempts.certificates import signing
from quizapp.attempts.certificates.models import CertificateKey
from quizapp.attempts.certificates.signing import Signer
from quizapp.db import db
from quizapp.errors import Refused

FILE = "certificate_key"
ADVICE = (
    "请系统管理员从签发证书的服务器复制数据目录下的certificate_key文件；"
    "文件已丢失的，执行quizapp certificates rotate-key换用新的密钥，已颁发的证书不受影响。"
)


def place() -> Path:
    """Where the private half lies."""
    return Path(current_app.config["INSTANCE_DIR"]) / FILE


def on_this_machine() -> Signer | None:
    """The key of this machine; none where there is no file, or one that holds no key."""
    try:
        return signing.from_private(place().read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def current() -> CertificateKey | None:
    """The key that signs, as the table has it."""
    signs = CertificateKey.retired_at.is_(None)
    return db.session.scalars(select(CertificateKey).where(signs).order_by(CertificateKey.made_at)).first()


def that_signs() -> Signer | None:
    """The key of this machine where it is the one that signs; none where it is another or cannot be read."""
    known, own = current(), on_this_machine()
    return own if known is not None and own is not None and own.key_id == known.id else None


def everything() -> Sequence[CertificateKey]:
    """All keys, the newest first."""
    return db.session.scalars(select(CertificateKey).order_by(CertificateKey.made_at.desc())).all()


def public_halves() -> dict[str, str]:
    """Public half by id, of all keys that have ever signed."""
    return {key.id: key.public for key in everything()}


def signer(now: datetime) -> Signer:
    """The key to sign with; the first one is made here. Raises Refused where this machine has not the right one."""
    known, own = current(), on_this_machine()
    if known is None and (own is not None or not place().exists()):
        own = own or _make_file()
        db.session.execute(dialects.insert_once(CertificateKey).values(**_row(own, now)))
        audit.record("certificate_key.made", ("certificate_key", own.key_id), actor_id=None)
        return own
    if known is None or own is None or own.key_id != known.id:
        raise Refused("certificate_key", "本机没有签发证书的密钥，没有生成证书，成绩不受影响。", ADVICE)
    return own


def renew(now: datetime) -> tuple[Signer, Path]:
    """A further key; the ones before sign no more, and stay valid for what they signed.

    Gives the key and a file that holds it: `take_over` puts it in its place once the transaction is committed.
    """
    own = signing.new()
    waiting = place().with_name(f"{FILE}.new")
    waiting.unlink(missing_ok=True)
    _write(waiting, own)
    retired = CertificateKey.retired_at.is_(None)
    db.session.execute(update(CertificateKey).where(retired).values(retired_at=now))
    db.session.execute(dialects.insert_once(CertificateKey).values(**_row(own, now)))
    audit.record("certificate_key.renewed", ("certificate_key", own.key_id), actor_id=None)
    return own, waiting


def take_over(waiting: Path) -> None:
    """Replace the key's file; the old private half is gone then."""
    waiting.replace(place())


def put(own: Signer) -> None:
    """Make this the key of this machine, which has none. Raises OSError where there is a file."""
    place().parent.mkdir(parents=True, exist_ok=True)
    _write(place(), own)


def _row(own: Signer, now: datetime) -> dict[str, object]:
    return {"id": own.key_id, "public": own.public, "made_at": now}


def _make_file() -> Signer:
    """Write the first key; of two processes that do so at once, both use what the first has written."""
    own, path = signing.new(), place()
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE}.{os.getpid()}.{own.key_id}")
    _write(draft, own)
    try:
        os.link(draft, path)
    except FileExistsError:
        return signing.from_private(path.read_text(encoding="ascii"))
    finally:
        draft.unlink()
    return own


def _write(path: Path, own: Signer) -> None:
    """A file that only its owner reads, on the disk when this returns."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(own.private)
        file.flush()
        os.fsync(file.fileno())
