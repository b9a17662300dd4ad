"""What a certificate says, as words: the same on paper, on the page, and in the text that is signed. Pure.

A certificate says 合格 or 优秀 and never points: a mark that moves by half a point after a correction leaves it true.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from datetime import date

TITLE = "合格证书"  # where the exam names none
FORM = "XFZ1"  # the first line of a signed text: of which lines it is made
GOOD, EXCELLENT = "合格", "优秀"


def line(text: str) -> str:
    """As one line of a signed text: runs of blanks and breaks are one blank."""
    return re.sub(r"\s+", " ", text).strip()


@dataclass(frozen=True)
class Claim:
    """What is said of whom. Every value is one line."""

    title: str  # 合格证书
    name: str
    unit: str  # in which the person was counted in that exam
    exam: str
    level: str  # 合格, 优秀
    issuer: str  # 发证单位

    @property
    def key(self) -> str:
        """By which the same claim is known again, as hex."""
        return hashlib.sha256("\n".join(astuple(self)).encode()).hexdigest()


WORDS = {
    "title": "证书名称",
    "name": "姓名",
    "unit": "单位",
    "exam": "考试名称",
    "level": "成绩等级",
    "issuer": "发证单位",
}


@dataclass(frozen=True)
class Printed:
    """A certificate as it was made: a claim with its number and its days. It never changes."""

    number: str
    claim: Claim
    examined_on: date
    issued_on: date


@dataclass(frozen=True)
class Signed:
    """A certificate with a signature over it. key_id: of the key; signature: as base64url."""

    printed: Printed
    key_id: str
    signature: str


def claim(*, title: str, name: str, unit: str, exam: str, excellent: bool, issuer: str) -> Claim:
    """What is said of somebody who has passed. title: "" for the usual one."""
    level = EXCELLENT if excellent else GOOD
    return Claim(line(title) or TITLE, line(name), line(unit), line(exam), level, line(issuer))


def message(printed: Printed, key_id: str) -> str:
    """The text that is signed: ten lines and the key's id, in UTF-8, divided by line feeds."""
    said = printed.claim
    return "\n".join(
        [
            *(FORM, printed.number, said.title, said.name, said.unit, said.exam, said.level),
            *(printed.examined_on.isoformat(), said.issuer, printed.issued_on.isoformat(), key_id),
        ]
    )


def text(signed: Signed) -> str:
    """What the second code of a certificate holds: the message and the signature, a line each."""
    return f"{message(signed.printed, signed.key_id)}\n{signed.signature}"


def read(given: str) -> Signed:
    """A signed text as it was scanned or copied; blanks around lines do not matter. Raises ValueError."""
    lines = [one.strip() for one in given.strip().splitlines() if one.strip()]
    if len(lines) != 12 or lines[0] != FORM:
        raise ValueError("这不是证书的核验文本：应为12行，第一行是XFZ1。")
    try:
        days = [date.fromisoformat(lines[at]) for at in (7, 9)]
    except ValueError:
        raise ValueError("核验文本中的日期不正确，可能没有复制完整。") from None
    said = Claim(lines[2], lines[3], lines[4], lines[5], lines[6], lines[8])
    return Signed(Printed(lines[1], said, *days), lines[10], lines[11])


def texts_in(page: str) -> list[str]:
    """The signed texts in a longer one, such as the attachment of a PDF: each begins with its first line."""
    lines = [one.strip() for one in page.splitlines() if one.strip()]
    starts = [place for place, one in enumerate(lines) if one == FORM]
    return ["\n".join(lines[start : start + 12]) for start in starts]


def differing(one: Claim, other: Claim) -> Iterable[str]:
    """What two claims say differently, in words."""
    for field in fields(Claim):
        if getattr(one, field.name) != getattr(other, field.name):
            yield WORDS[field.name]
