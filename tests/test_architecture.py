"""The areas stand in an order, and each imports only what stands to its left."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "quizapp"
ORDER = ["people", "regulations", "bank", "exams", "practice", "attempts", "analysis", "reports"]
TOP = {"home", "demo", "operations"}  # what needs the whole house
WIRING = {"__init__", "areas", "cli", "__main__"}  # only these import everything
RULES = {"queries", "actions", "access", "forms", "views", "cli", "models"}


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def area_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return parts[0]


def imported(path: Path) -> set[str]:
    """Names below quizapp that a module imports, dotted, at its top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "quizapp":
            rest = node.module.split(".")[1:]
            found |= {".".join([*rest, name.name]) for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name.partition(".")[2] for name in node.names if name.name.startswith("quizapp.")}
    return found


def rank(area: str) -> int:
    if area in WIRING:
        return len(ORDER) + 2
    if area in TOP:
        return len(ORDER) + 1
    return ORDER.index(area) + 1 if area in ORDER else 0  # the ground


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_an_area_imports_only_what_stands_to_its_left(path):
    here = area_of(path)
    for name in imported(path):
        there = name.split(".")[0]
        assert rank(there) <= rank(here), f"{here} imports {name}"
        if rank(here) <= len(ORDER) and rank(there) == rank(here) and rank(here) > 0:
            assert there == here


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in modules()
        if area_of(path) in ORDER
        and path.stem not in RULES | {"__init__"}
        and "flask" not in path.read_text()
    ],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_rules_know_neither_flask_nor_sql(path):
    source = path.read_text()
    if "sqlalchemy" in source:
        return  # it reads or changes tables: not a rule
    assert "quizapp.db" not in source


def test_only_views_and_commands_commit():
    allowed = {"views", "cli", "jobs"}
    for path in modules():
        if "session.commit()" in path.read_text() and path.stem.split("_")[-1] not in allowed:
            assert area_of(path) in TOP, path
