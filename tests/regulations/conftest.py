"""The 条例 as the tests read it."""

from pathlib import Path

import pytest
from flask import Flask

import quizapp
from quizapp import clock
from quizapp.db import db
from quizapp.regulations.actions import import_edition
from quizapp.regulations.citing import Law
from quizapp.regulations.structure import ParsedEdition, read

SLUG = "xinfang-gongzuo-tiaoli"
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


@pytest.fixture
def stored(app: Flask, text: str) -> None:
    """The 条例 in the database, without its questions."""
    import_edition(text, slug=SLUG, now=clock.now(), actor_id=None)
    db.session.commit()
