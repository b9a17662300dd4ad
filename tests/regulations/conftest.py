"""The 条例 as the tests read it."""

from pathlib import Path

import pytest

import quizapp
from quizapp.regulations.citing import Law
from quizapp.regulations.structure import ParsedEdition, read

TEXT = Path(quizapp.__file__).parent.parent / "question_banks/xinfang-gongzuo-tiaoli/regulation.md"


@pytest.fixture(scope="session")
def text() -> str:
    return TEXT.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def parsed(text: str) -> ParsedEdition:
    return read(text)


@pytest.fixture(scope="session")
def law(parsed: ParsedEdition) -> Law:
    return Law(parsed.title, parsed.provisions)
