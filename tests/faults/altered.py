"""`quizapp serve` with something altered, for negative controls and for waits that a test cannot sit out.

monkeypatch.setattr("tests.live._quizapp", lambda: altered.program("without the order of revisions"))
"""

import sys

from sqlalchemy import true

from tests.databases import ROOT


def program(*names: str) -> list[str]:
    """The command that takes the place of `quizapp`. The web workers are forked off it, altered like it."""
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from tests.faults import altered; altered.main({names!r})"
    return [sys.executable, "-c", start]


def main(names: tuple[str, ...]) -> None:
    from quizapp.cli import main

    for name in names:
        ALTERATIONS[name]()
    main(prog_name="quizapp")


def _without_the_order_of_revisions() -> None:
    from quizapp.attempts import guards

    guards.newer = lambda _revision: true()


ALTERATIONS = {"without the order of revisions": _without_the_order_of_revisions}
