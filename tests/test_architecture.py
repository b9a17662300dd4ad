"""The areas stand in an order, each imports only what stands to its left, and rules know neither Flask nor SQL."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "quizapp"
ORDER = ["people", "regulations", "bank", "exams", "practice", "attempts", "analysis", "reports"]
TOP = {"home", "demo", "operations"}  # what needs the whole house
WIRING = {"__init__", "areas", "cli", "__main__"}  # only these import everything
FREETEXT = """answer_lists answers building exact gathering in_stem joining listing
lost_letters marks normalise opening options paper provisions traditional""".split()
RULES = {
    "": ["dates", "differing", "figures", "openapi"],
    "people": [
        *(
            "acceptance",
            "accounts",
            "alike",
            "differences",
            "matching",
            "names",
            "plans",
            "recovery",
            "roster",
        ),
        *("standing", "throttle", "tokens/rules", "tree", "unit_changes", "unit_sheet", "unit_transfers"),
        *("undo_rules", "unit_wording"),
    ],
    "regulations": [
        *("citing", "comparing", "defining", "initials", "numerals", "quantities", "quoting", "reading"),
        *("references", "standing", "structure"),
        *("amending", "citing", "doubts", "endings", "fronts", "importing", "lines", "marks", "numerals"),
        *("outlook", "provisions", "reading", "references", "structure", "wrapping"),
    ],
    "bank": [
        "checking",
        "differing",
        "drafts",
        "desk",
        *(f"formats/freetext/{name}" for name in FREETEXT),
        "formats/markdown",
        "formats/paper",
        "labels",
        "likeness",
        "lint",
        "marking",
        "moving",
        "profile",
        "proving",
    ],
    "exams": [
        *(
            f"assembly/{name}"
            for name in (
                *("cells", "costs", "feasibility", "forms", "integer_programs", "mixes", "plans", "proving"),
                *("quick", "report", "selection", "swapping"),
            )
        ),
        *("audience", "avoiding", "bands", "blueprint", "counting", "drawing", "frozen_tree", "gate"),
        "grid",
        "marking_rules",
        *("halls/rules", "lifecycle", "list_changes", "makeup"),
        *("holidays", "months", "preset_rules", "seeing", "slots"),
        *("exception_words", "excuses"),
        *(
            f"printing/{name}"
            for name in ("answers", "card", "key", "paper_results", "sheets", "sitters", "sizes", "widths")
        ),
        *("release", "steps", "windows"),
    ],
    "practice": [
        *(
            "certainty",
            "choosing",
            "drawing",
            "explaining",
            "mastery",
            "memory",
            "mocking",
            "offline",
            "stumbling",
        ),
    ],
    "attempts": [
        *("appeals/rules", "corrections/effects", "corrections/treatments", "exam_rules", "history"),
        *(
            "interventions/rules",
            "late_sheets/rules",
            "layout",
            "marks",
            "outcomes",
            "receipts",
            "rehearsal",
            "sheet",
        ),
        *("wording",),
        *(
            f"certificates/{name}"
            for name in ("claims", "masking", "numbers", "setting", "signing", "standing")
        ),
        "transcript/entries",
    ],
    "analysis": [
        *("charts", "clues/facts", "clues/pace", "distractors", "doubts", "explaining", "flags", "gathering"),
        *(
            "common_scale",
            "false_hints",
            "items",
            "leaving_out",
            "linking",
            "numbers",
            "places",
            "printing",
            "rasch",
            "response_model",
            "sheets",
            "similarity",
        ),
        *("tables", "texts", "whole", "working"),
    ],
    "reports": [
        *("charts", "comparing", "completion", "explaining", "forecasting", "heat", "reminding"),
        *("spread", "tree_sums"),
        *(
            f"documents/{name}"
            for name in (
                *("circular", "form", "lying", "official", "placeholders", "score_list", "summary"),
                "wording",
            )
        ),
        *(f"reminders/{name}" for name in ("moments", "outcomes", "posts", "who", "wording")),
        *(f"study/{name}" for name in ("briefing", "maps", "recall", "sums")),
        *(
            f"archive/{name}"
            for name in ("corrections", "readable", "rules", "steady", "verifying", "writing")
        ),
    ],
}


def modules() -> list[Path]:
    return [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]


def area_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """Modules and names that a module imports, dotted, at its top or inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
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
        if name.startswith("quizapp.") and name != "quizapp.create_app":
            there = name.split(".")[1]
            assert rank(there) <= rank(here), f"{here} imports {name}"


@pytest.mark.parametrize(
    "path", [PACKAGE / area / f"{name}.py" for area, names in RULES.items() for name in names], ids=str
)
def test_rules_know_neither_flask_nor_sql(path):
    """Not even through what they import of the house, the words of models and the ground's errors excepted."""
    for name in imported(path):
        assert not name.startswith(("flask", "sqlalchemy", "quizapp.db", "quizapp.config")), name
        assert not name.endswith(("queries", "actions", "access", "views")), name


def test_only_views_commands_and_jobs_commit():
    for path in modules():
        if "session.commit()" in path.read_text(encoding="utf-8"):
            allowed = path.stem in {"views", "api", "cli", "jobs"} or path.stem.endswith(("_views", "_job"))
            assert allowed or area_of(path) in TOP, path
