"""What an import of many questions takes: the command itself, as a process of its own, on a real file."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from quizapp.bank import folders, formats
from quizapp.bank.drafts import Draft
from quizapp.bank.formats import text
from tests.bench.rows import Row, at_least, at_most

QUESTIONS = 20_000
SECONDS, MEGABYTES, PARSED_A_SECOND = 20.0, 500.0, 2000.0
MEASURED = """
import json, resource, sys, time
from quizapp.cli import main
began = time.monotonic()
try:
    main()
finally:
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    peak = max(one.ru_maxrss for one in spent) / 1024
    print(json.dumps([time.monotonic() - began, peak, sum(one.ru_utime for one in spent)]))
"""


def many(drafts: list[Draft]) -> list[Draft]:
    """As many questions as an import may bring, made of a bank's: each with a stem and a code of its own."""
    return [
        replace(drafts[n % len(drafts)], stem=f"（第{n}题）{drafts[n % len(drafts)].stem}", code=f"B-{n:05d}")
        for n in range(QUESTIONS)
    ]


def rows(bank: Path, told: Mapping[str, Any], folder: Path) -> Iterator[Row]:
    """told: settings of an installation that has loaded the bank's folder; a file is put into `folder`."""
    drafts = folders.read_questions(bank).drafts
    file = folder / "many.xlsx"
    file.write_bytes(formats.write(many(drafts), "xlsx"))
    environment = os.environ | {f"QUIZAPP_{name}": str(value) for name, value in told.items()}
    command = [sys.executable, "-c", MEASURED, "bank", "import", str(file), "--bank", bank.name]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    *said, figures = done.stdout.splitlines()
    seconds, peak, own = json.loads(figures)
    sound = any(f"新增{QUESTIONS}题" in line for line in said)
    detail = f"seconds for {QUESTIONS} questions from .xlsx, checked and stored; {own:.1f} s of processor"
    yield at_most("import", seconds, SECONDS, detail, sound=sound)
    yield at_most(
        "import-memory", peak, MEGABYTES, "megabytes at most, of the command or its reader", sound=sound
    )
    yield _parsing(drafts)


def _parsing(drafts: list[Draft]) -> Row:
    paper = text.write(drafts * 10, "试题").decode()
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        read = len(text.read_text(paper).drafts)
        taken.append(time.perf_counter() - began)
    rate = read / sorted(taken)[1]
    detail = f"questions a second of pasted text: {read} of {len(paper) // len(drafts) // 10} characters each"
    return at_least("parse", rate, PARSED_A_SECOND, detail, sound=read == len(drafts) * 10)
