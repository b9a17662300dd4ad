"""Passwords: argon2id hashes, what a new one must be like, one-time passwords and 备用码.

`verify` costs exactly one argon2 verification whatever is stored, so that its time tells nothing (hazard H40).
One-time passwords and 备用码 are random (48 bits), so a keyed digest keeps them as well as a slow hash would; that is
what lets slips for a whole county be issued at once.
"""

import hashlib
import hmac
import secrets
import threading
from collections.abc import Sequence
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

LONGEST = 128  # characters; more is refused before any hashing
ALPHABET = (
    "bcdfghjkmnpqrstvwxyz23456789"  # no 0/o, 1/l/i: slips are read by eye; no vowels: no words come about
)
_SLIP = "slip$"
# Refused whatever their classes, compared without case and marks: the commonest, and keyboards walked along.
COMMON = frozenset(
    (
        "password password1 password12 password123 password1234 passw0rd p@ssw0rd p@ssword p@ssw0rd1 p@ssw0rd123 "
        "1234567890 0123456789 9876543210 0987654321 1111111111 8888888888 6666666666 0000000000 1234512345 "
        "1122334455 123456789a a123456789 abc1234567 abc123456789 abcd123456 abcd1234567 aa123456789 qwer123456 "
        "qwerty1234 qwerty12345 qwerty123456 qwertyuiop asdfghjkl1 1q2w3e4r5t 1qaz2wsx3edc 1qaz2wsx qazwsxedc1 "
        "zaq12wsx q1w2e3r4t5 woaini1314 woaini520 woaini123456 iloveyou123 admin123456 admin12345 administrator "
        "welcome123 welcome1234 changeme123 letmein123 qq123456789 wang123456 zhang123456 li123456789 "
        "xinfang123 xinfang1234 xinfang123456 xinfang2026 tiaoli123456 tiaolixuekao xuekao123456 abc@123456 "
        "test123456 test@123456 root123456 user123456 china123456 zhongguo123 huawei@123 admin@123456 "
        "qwe123456789 qweasdzxc123 147258369a 5201314520 1314520520"
    ).split()
)


# One hash at a time in each web worker, and there is a worker for each core: more at once would not be done sooner, and
# would hold up the saves of a running exam.
_turn = threading.Lock()


def _hasher() -> PasswordHasher:
    config = current_app.config
    return _hasher_of(config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_KIB"])


@lru_cache(maxsize=8)
def _hasher_of(time_cost: int, memory_kib: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1)


@lru_cache(maxsize=8)
def _dummy_of(time_cost: int, memory_kib: int) -> str:
    """The hash of a password that nobody has."""
    return _hasher_of(time_cost, memory_kib).hash(secrets.token_urlsafe(24))


def hash_password(password: str) -> str:
    """The argon2id hash to store. Takes tens of milliseconds: never inside a writing transaction."""
    with _turn:
        return _hasher().hash(password)


def verify(stored: str | None, typed: str) -> bool:
    """Whether `typed` is the stored password or one-time password. Exactly one argon2 verification on every path."""
    config = current_app.config
    dummy = _dummy_of(config["ARGON2_TIME_COST"], config["ARGON2_MEMORY_KIB"])
    slow = stored if stored is not None and not stored.startswith(_SLIP) else None
    matches = _matches(slow or dummy, typed[:LONGEST])
    if stored is not None and stored.startswith(_SLIP):
        return hmac.compare_digest(stored, digest_of_one_time(typed))
    return matches and slow is not None and len(typed) <= LONGEST


def _matches(stored: str, typed: str) -> bool:
    try:
        with _turn:
            return bool(_hasher().verify(stored, typed))
    except (Argon2Error, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return not stored.startswith(_SLIP) and _hasher().check_needs_rehash(stored)


def is_one_time(stored: str | None) -> bool:
    return stored is not None and stored.startswith(_SLIP)


def one_time() -> str:
    """A one-time password or a 备用码, as printed: "k7mfx-3xqpw"."""
    letters = [secrets.choice(ALPHABET) for _ in range(10)]
    return "".join(letters[:5]) + "-" + "".join(letters[5:])


def _plain(typed: str) -> str:
    """A printed secret as typed on a phone: without case, blanks and dashes of any kind."""
    return "".join(letter for letter in typed.lower() if letter.isalnum())[:LONGEST]


def _digest(purpose: str, typed: str) -> str:
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, f"{purpose}:{_plain(typed)}".encode(), hashlib.sha256).hexdigest()


def digest_of_one_time(printed: str) -> str:
    """What is stored of a one-time password."""
    return _SLIP + _digest("slip", printed)


def digest_of_code(person_id: int, printed: str) -> str:
    """What is stored of a 备用码: the same code of two people leaves different traces."""
    return _digest(f"code:{person_id}", printed)


def matching_code(person_id: int, codes: Sequence[tuple[int, str]], typed: str) -> int | None:
    """The id of the code that was typed. codes: (id, stored digest); all are compared."""
    digest = digest_of_code(person_id, typed)
    found = [code_id for code_id, stored in codes if hmac.compare_digest(stored, digest)]
    return found[0] if found else None


def complaint(password: str, *, policy: str, minimum: int, own: Sequence[str]) -> str | None:
    """What is wrong with a new password, as a sentence, or None.

    policy: "gb" asks for three of four classes (upper, lower, digits, others), "modern" for length alone.
    minimum: characters. own: the person's account, name, 工号 and phone, which it must not contain.
    Source: GB/T 22239-2019 8.1.4.1 (身份鉴别信息具有复杂度要求); NIST SP 800-63B-4 for "modern".
    """
    if len(password) < minimum:
        return f"口令至少{minimum}个字符。"
    if len(password) > LONGEST:
        return f"口令不能超过{LONGEST}个字符。"
    if policy == "gb" and _classes(password) < 3:
        return "口令须包含大写字母、小写字母、数字、其他符号中的至少三类。"
    if len(set(password)) < 4 or password.casefold() in COMMON or _marks_off(password) in COMMON:
        return "这个口令太常见，容易被猜到，请换一个。"
    if any(len(word) >= 2 and word.casefold() in password.casefold() for word in own if word):
        return "口令不能包含您的姓名、账号、工号或手机号。"
    return None


def _classes(password: str) -> int:
    classes = (str.isupper, str.islower, str.isdigit, lambda letter: not letter.isalnum())
    return sum(any(is_one(letter) for letter in password) for is_one in classes)


def _marks_off(password: str) -> str:
    return "".join(letter for letter in password.casefold() if letter.isalnum())
