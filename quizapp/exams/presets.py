"""规则模板: the rules that places have published, to start an exam from. What they may say: see `preset_rules`."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from quizapp import audit
from quizapp.db import db
from quizapp.errors import Refused
from quizapp.exams import preset_rules
from quizapp.exams.models import ExamPreset

SHIPPED = Path(__file__).with_name("presets.toml")
WORDS = ("title", "place", "year", "note")  # what a preset says of itself


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, Mapping[str, Any]]:
    """The presets of the file by their code, in its order."""
    entries = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["preset"]
    return {entry["code"]: entry for entry in entries}


def fill() -> int:
    """Put the shipped presets into the table whose code is absent; changed and hidden ones stay. How many are new."""
    known = set(db.session.scalars(select(ExamPreset.code).where(ExamPreset.code.is_not(None))))
    rows = [
        {"code": code, "sort": place, "removed": False, **_columns(entry)}
        for place, (code, entry) in enumerate(shipped().items(), start=1)
        if code not in known
    ]
    if rows:
        db.session.execute(
            insert(ExamPreset).execution_options(render_nulls=True), rows
        )  # one statement for all
    return len(rows)


def _columns(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The shipped words and values of a preset as columns."""
    return {
        "title": entry["title"],
        "place": entry["place"],
        "year": entry.get("year"),
        "note": entry["note"],
        "values": dict(entry["values"]),
    }


def listed(*, removed: bool = False) -> list[ExamPreset]:
    """The presets in their order; with `removed` those that were hidden."""
    found = select(ExamPreset).where(ExamPreset.removed.is_(removed))
    return list(db.session.scalars(found.order_by(ExamPreset.sort, ExamPreset.id)))


def values(preset_id: int) -> dict[str, Any]:
    """Exam column → value that a new exam starts from; {} for an empty, a hidden or an unknown preset."""
    preset = db.session.get(ExamPreset, preset_id)
    return preset_rules.columns(preset.values) if preset is not None and not preset.removed else {}


def differs(preset: ExamPreset) -> bool:
    """Whether a shipped preset reads differently here than it was shipped."""
    entry = shipped().get(preset.code or "")
    return entry is not None and any(getattr(preset, name) != v for name, v in _columns(entry).items())


def save(
    preset: ExamPreset, words: Mapping[str, Any], values: Mapping[str, Any], *, actor_id: int | None
) -> None:
    """Change a preset. words: of WORDS. Raises Refused with every fault of the values."""
    if found := preset_rules.problems(values):
        raise Refused("preset", f"{'；'.join(found)}，没有保存任何改动。", "请修改后重新保存。", status=422)
    before = {name: getattr(preset, name) for name in (*WORDS, "values")}
    for name in WORDS:
        setattr(preset, name, words[name])
    preset.values = dict(values)
    changed = sorted(name for name, value in before.items() if value != getattr(preset, name))
    audit.record("preset.changed", preset, actor_id=actor_id, fields=changed)


def copy(preset: ExamPreset, *, actor_id: int | None) -> ExamPreset:
    """A preset of one's own that starts as this one, last in the list."""
    last = db.session.scalar(select(func.max(ExamPreset.sort))) or 0
    own = ExamPreset(
        title=f"{preset.title}（副本）",
        place=preset.place,
        year=preset.year,
        note=preset.note,
        values=dict(preset.values),
        sort=last + 1,
        removed=False,
    )
    db.session.add(own)
    db.session.flush()
    audit.record("preset.copied", own, actor_id=actor_id, copied=preset.id)
    return own


def hide(preset: ExamPreset, *, hidden: bool, actor_id: int | None) -> None:
    """Take a preset off the list of choices, or put it back. Exams that were made from it are not touched."""
    preset.removed = hidden
    audit.record("preset.hidden" if hidden else "preset.shown", preset, actor_id=actor_id)


def restore(preset: ExamPreset, *, actor_id: int | None) -> None:
    """Make a shipped preset read as it was shipped. Raises Refused for one that was made here."""
    entry = shipped().get(preset.code or "")
    if entry is None:
        raise Refused("own_preset", "这个模板不是随系统提供的，没有可以恢复的内容，没有改动。")
    for name, value in _columns(entry).items():
        setattr(preset, name, value)
    audit.record("preset.restored", preset, actor_id=actor_id)
