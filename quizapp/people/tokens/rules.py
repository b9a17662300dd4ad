"""What a token is, what it opens and until when. Pure.

A token is 256 random bits; only its digest is kept. Being random, it needs no slow hash and cannot be guessed.
"""

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Protocol

from quizapp.clock import end_of

MARK = "xuekao_"  # so that people and secret scanners see what it is
SCOPES = {
    "units:read": "单位",
    "people:read": "人员（不含手机号）",
    "people.phone:read": "人员的手机号",
    "completion:read": "考试完成情况",
    "results:read": "已公布考试的成绩",
}
NEEDS = {"people.phone:read": "people:read"}  # opens nothing without the other
LASTING = {30: "30天", 90: "90天", 180: "180天", 365: "一年"}
LONGEST = 365  # days
REASONS = {  # code of a refusal: (what happened, what to do)
    "token_missing": ("没有提供接口令牌。", "请在请求头Authorization中以“Bearer 令牌”的形式提供。"),
    "token_wrong": ("接口令牌不正确。", "请核对令牌是否完整；遗失的，请系统管理员重新制作。"),
    "token_revoked": ("接口令牌已撤销。", "请系统管理员重新制作。"),
    "token_expired": ("接口令牌已过有效期。", "请系统管理员重新制作。"),
}


class Dated(Protocol):
    """What decides whether a token still opens anything."""

    @property
    def expires_at(self) -> datetime: ...

    @property
    def revoked_at(self) -> datetime | None: ...


def new_token() -> str:
    """A token that nobody has yet."""
    return MARK + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def refusal(token: Dated | None, now: datetime) -> str:
    """Why a token opens nothing: a key of REASONS; "" for one that does. token: none for one that is unknown."""
    if token is None:
        return "token_wrong"
    if token.revoked_at is not None:
        return "token_revoked"
    return "token_expired" if now >= token.expires_at else ""


def bearer(header: str | None) -> str:
    """The token of an Authorization header; "" where there is none."""
    kind, _, token = (header or "").strip().partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def expiry(first: date, days: int) -> datetime:
    """24:00 of the last of so many days, the first included. Raises ValueError for no day or more than a year."""
    if not 1 <= days <= LONGEST:
        raise ValueError(f"a token lasts 1 to {LONGEST} days, not {days}")
    return end_of(first + timedelta(days=days - 1))


def lacking(scopes: Collection[str]) -> str:
    """A scope that these need and do not have; "" for none."""
    return next((NEEDS[one] for one in scopes if NEEDS.get(one) not in {None, *scopes}), "")


def in_words(scopes: Collection[str]) -> str:
    """单位、考试完成情况: in the order of SCOPES."""
    return "、".join(words for code, words in SCOPES.items() if code in scopes)
