"""What a reader must stand: damaged files, and long ones."""

from collections.abc import Callable

from hypothesis import strategies as st

from quizapp.bank.drafts import Reading
from quizapp.errors import Refused
from tests.linear import assert_linear

Read = Callable[[bytes, str], Reading]


@st.composite
def damaged(draw: st.DrawFn, whole: bytes, signs: tuple[bytes, ...]) -> bytes:
    """The file with a part cut out, doubled or overwritten by signs of the format."""
    start, end = sorted((draw(st.integers(0, len(whole))), draw(st.integers(0, len(whole)))))
    doubled = whole[start:end] * 2
    return whole[:start] + draw(st.sampled_from((b"", doubled, b"\xff", b"\0", *signs))) + whole[end:]


def sentences(read: Read, data: bytes) -> list[str]:
    """All that is said about a file; nothing but Refused may be raised."""
    try:
        return [problem.message for problem in read(data, "题").all_problems()]
    except Refused as refused:
        return [refused.sentence]


def assert_reading_is_linear(read: Read, before: str, piece: str, after: str = "") -> None:
    """10⁵ characters take less than 20 times as long as 10⁴ (H45)."""

    def file(size: int) -> bytes:
        return (before + piece * (size // len(piece)) + after).encode()

    assert_linear(file, lambda data: sentences(read, data), 10_000)
