"""The templates of this folder, set by Typst."""

from pathlib import Path
from typing import Any

from quizapp import typesetting

_TEMPLATES = Path(__file__).parent


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of a template ("paper") with these data, see `quizapp.typesetting`. Raises Refused."""
    return typesetting.pdf(_TEMPLATES / f"{template}.typ", data)
