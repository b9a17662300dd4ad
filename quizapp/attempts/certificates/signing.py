"""Signatures of certificates: Ed25519 (RFC 8032) over the text of `claims.message`. Pure.

A key goes by the first eight hexadecimal digits of SHA-256 over its public half, so that it names itself.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from quizapp.attempts.certificates import claims
from quizapp.attempts.certificates.claims import Printed, Signed


def encoded(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding, written in the one way that `encoded` writes. Raises ValueError."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("no base64url") from error
    if encoded(raw) != text:
        raise ValueError("bits beyond the last byte")
    return raw


@dataclass(frozen=True)
class Signer:
    """A private key ready for use."""

    _key: Ed25519PrivateKey

    @property
    def private(self) -> str:
        """The private half, 43 signs: whoever reads it can sign."""
        return encoded(self._key.private_bytes_raw())

    @property
    def public(self) -> str:
        """The public half, 43 signs."""
        return encoded(self._key.public_key().public_bytes_raw())

    @property
    def key_id(self) -> str:
        return id_of(self.public)

    def sign(self, printed: Printed) -> Signed:
        signature = self._key.sign(claims.message(printed, self.key_id).encode())
        return Signed(printed, self.key_id, encoded(signature))


def new() -> Signer:
    """A key by chance."""
    return Signer(Ed25519PrivateKey.generate())


def from_private(text: str) -> Signer:
    """The key whose private half was written down. Raises ValueError."""
    return Signer(Ed25519PrivateKey.from_private_bytes(decoded(text.strip())))


def id_of(public: str) -> str:
    """What a public key goes by. Raises ValueError for what is none."""
    return hashlib.sha256(decoded(public)).hexdigest()[:8]


def problem(signed: Signed, keys: Mapping[str, str]) -> str:
    """Why a signed text is not to be trusted, as a sentence; "" for a genuine one. keys: public halves by id."""
    public = keys.get(signed.key_id)
    if public is None:
        return f"没有编号为{signed.key_id}的公钥，不能确认是否为本系统签发。"
    try:
        key = Ed25519PublicKey.from_public_bytes(decoded(public))
        key.verify(decoded(signed.signature), claims.message(signed.printed, signed.key_id).encode())
    except (InvalidSignature, ValueError):
        return "签名不符：内容被改动过，或不是本系统签发的证书。"
    return ""


def keys_in(page: str) -> dict[str, str]:
    """Public keys as they are published, a line each: id, blank, key; other lines and words are passed over.

    Raises ValueError where an id and a key do not belong together.
    """
    found = {}
    for key_id, public in re.findall(r"^\s*([0-9a-f]{8})\s+([\w-]{43})(?:\s|$)", page, re.M | re.A):
        if id_of(public) != key_id:
            raise ValueError(f"公钥{key_id}与编号不符，可能没有复制完整。")
        found[key_id] = public
    return found
