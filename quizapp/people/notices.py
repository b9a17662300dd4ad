"""The 个人信息处理告知 that everybody accepts before anything else, and again when its text changes."""

import hashlib


def version(text: str) -> str:
    """What is stored beside an acceptance: the same for texts that differ in outer blanks and line ends only."""
    lines = [line.strip() for line in text.strip().splitlines()]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
