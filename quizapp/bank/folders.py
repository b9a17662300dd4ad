"""A bank as a folder that people review line by line: bank.toml, regulation.md, questions/*.md."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from quizapp.bank import formats
from quizapp.bank.drafts import Problem, Reading
from quizapp.errors import Refused
from quizapp.regulations import structure
from quizapp.regulations.citing import Law


@dataclass(frozen=True)
class Folder:
    """What stands in a bank's folder, read and not yet checked."""

    facts: dict[str, Any]  # bank.toml
    regulation: str  # the text of regulation.md
    law: Law
    reading: Reading

    @property
    def slug(self) -> str:
        return str(self.facts["slug"])

    @property
    def regulation_slug(self) -> str:
        return str(self.facts.get("regulation", self.slug))

    @property
    def reviewed_on(self) -> date | None:
        day = self.facts.get("review_date")
        return day if isinstance(day, date) else None


def is_folder(path: Path) -> bool:
    return path.is_dir() and (path / "bank.toml").is_file()


def read_facts(path: Path) -> dict[str, Any]:
    """bank.toml; title and slug stand in it. Raises Refused."""
    try:
        facts = tomllib.loads((path / "bank.toml").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _refuse("bank.toml不能读取。") from error
    if not all(isinstance(facts.get(name), str) and facts[name] for name in ("title", "slug")):
        raise _refuse("bank.toml中缺少title或slug。")
    return facts


def read(path: Path) -> Folder:
    """Everything in a bank's folder, the files of questions in the order of their names. Raises Refused."""
    facts = read_facts(path)
    text = _text(path / "regulation.md")
    return Folder(facts, text, law_of(text), read_questions(path))


def law_of(text: str) -> Law:
    """The law that a regulation.md holds. Raises Refused when the text cannot be understood."""
    parsed = structure.read(text)
    if serious := [doubt for doubt in parsed.doubts if doubt.serious]:
        raise _refuse(f"regulation.md第{serious[0].line}行：{serious[0].sentence}")
    return Law(parsed.title, parsed.provisions)


def read_questions(path: Path) -> Reading:
    """All of questions/*.md; lines are told with the file's name."""
    whole = Reading()
    for file in sorted((path / "questions").glob("*.md")):
        try:
            data = file.read_bytes()
        except OSError as error:
            raise _refuse(f"{file.name}不能读取。") from error
        reading = formats.read(data, file.name)
        whole.drafts += reading.drafts
        whole.problems += reading.problems
    if not whole.drafts:
        whole.problems.append(Problem(0, "试题", "questions文件夹中没有试题。", source=path.name))
    return whole


def regulation_beside(file: Path) -> Law | None:
    """The law of the bank's folder in which a file of questions stands, None when it stands in none."""
    for folder in file.resolve().parents[:2]:
        if is_folder(folder) and (folder / "regulation.md").is_file():
            return law_of(_text(folder / "regulation.md"))
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise _refuse(f"{file.name}不能读取。") from error


def _refuse(sentence: str) -> Refused:
    return Refused("folder_broken", sentence, "没有保存任何内容。", status=422)
