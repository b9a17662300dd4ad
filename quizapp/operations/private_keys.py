"""The two private keys that lie outside of the database: with a backup on demand, and back in their places.

Of certificates only the key that signs is kept: rotation throws the old private halves away. The public halves of all
keys stand in a table, so every backup holds them, and what they signed is verified after any restore.
"""

import contextlib
import os
import shutil
from datetime import datetime
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import DBAPIError

from quizapp.attempts.certificates import keys
from quizapp.attempts.certificates.signing import Signer, from_private
from quizapp.clock import CHINA
from quizapp.db import reading
from quizapp.operations.backup_file import Backup


def of_certificates() -> tuple[Signer | None, str]:
    """The key that signs certificates, as this machine has it; and a sentence for whoever makes a backup."""
    try:
        with reading():
            own, known = keys.that_signs(), keys.current()
    except DBAPIError:  # tables of an older version have no such keys; of none at all, the backup will say
        return None, "数据表中没有合格证的签名密钥。"
    if own is not None:
        return own, f"文件中含有合格证的签名密钥（{own.key_id}）。"
    if known is None:
        return None, "还没有颁发过合格证，没有合格证的签名密钥。"
    return None, f"本机没有现用的合格证签名密钥，文件中不含这个密钥。{keys.ADVICE}"


def put_back(found: Backup, now: datetime) -> list[str]:
    """After a restore: the keys of the backup in their places, and what to tell whoever restored it."""
    told = [_secret_key(found.key())] if found.has_key else []
    held = found.certificate_key()
    if held is not None:
        told.append(_certificate_key(from_private(held), now))
    elif keys.current() is not None and keys.that_signs() is None:
        told.append(f"备份中没有合格证的签名密钥，本机也没有现用的，暂时不能颁发合格证。{keys.ADVICE}")
    return told


def _secret_key(held: str) -> str:
    """Beside the one in use: everybody is signed out by another, so a person decides."""
    if held == current_app.config["SECRET_KEY"]:
        return "签名密钥与备份中的相同。"
    kept = Path(current_app.config["INSTANCE_DIR"]) / "secret_key.from-backup"
    kept.touch(0o600)
    kept.write_text(held)
    return f"备份中的签名密钥与现用的不同，已另存为{kept}；要沿用原密钥，请用它替换现用的密钥后重新启动。"


def _certificate_key(held: Signer, now: datetime) -> str:
    """In its place, where the restored tables say that it signs; another file is kept beside it."""
    there = keys.on_this_machine()
    if there is not None and there.key_id == held.key_id:
        return "合格证的签名密钥与备份中的相同。"
    known = keys.current()
    if known is None or known.id != held.key_id:
        return "备份中的合格证签名密钥不是现用的密钥，没有放回。"
    place, aside = keys.place(), ""
    if place.exists():
        kept = place.with_name(f"{keys.FILE}.before-{now.astimezone(CHINA):%Y%m%d_%H%M%S}")
        place.rename(kept)
        aside = f"，原来的文件保留为{kept}"
    keys.put(held)
    _give_to_the_owner(place)
    return f"合格证的签名密钥已放回{place}{aside}；有多台服务器的，请复制到每一台。"


def _give_to_the_owner(file: Path) -> None:
    """To whom the folder belongs: root may restore what another user serves."""
    if os.name == "posix":
        owner = file.parent.stat()
        with contextlib.suppress(OSError):
            shutil.chown(file, owner.st_uid, owner.st_gid)
