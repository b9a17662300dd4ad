"""The harmless questions of 考前演练: how to use the exam page, no law. They stand in rehearsal.toml beside this."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

KINDS = ("single", "multiple", "judge")  # the order of a paper's sections
FILE = Path(__file__).with_name("rehearsal.toml")


@dataclass(frozen=True)
class Told:
    """One question: what the person is asked to choose (key), and what doing so practises (learned)."""

    kind: str
    stem: str
    options: tuple[str, ...]
    key: str
    learned: str

    @property
    def hash(self) -> str:
        """SHA-256 over all that it says, in hex."""
        parts = (self.kind, self.stem, *self.options, self.key, self.learned)
        return sha256("\n".join(parts).encode()).hexdigest()


def read(text: str) -> list[Told]:
    """The questions of the file in their order. Raises ValueError for what no exam page could show."""
    found = [
        Told(one["kind"], one["stem"], tuple(one["options"]), one["key"], one["learned"])
        for one in tomllib.loads(text)["question"]
    ]
    for number, one in enumerate(found, start=1):
        letters = "ABCDEFGH"[: len(one.options)]
        many = one.kind == "multiple"
        if one.kind not in KINDS or (len(one.key) > 1) != many or not set(one.key) <= set(letters):
            raise ValueError(f"question {number} cannot be answered as it asks")
    if [one.kind for one in found] != sorted((one.kind for one in found), key=KINDS.index):
        raise ValueError("the questions stand in the order single, multiple, judge")
    return found


@lru_cache(maxsize=1)
def questions() -> list[Told]:
    """The questions that ship."""
    return read(FILE.read_text(encoding="utf-8"))
