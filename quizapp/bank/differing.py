"""What differs between two versions of a question, part by part."""

from dataclasses import dataclass

from quizapp.bank.drafts import LETTERS, Draft
from quizapp.bank.labels import answer_text, citation_text, uses_text
from quizapp.differing import Sides, sides


@dataclass(frozen=True)
class Row:
    """One part of a question in two versions."""

    label: str
    sides: Sides

    @property
    def changed(self) -> bool:
        return self.sides.changed


def rows(old: Draft, new: Draft) -> list[Row]:
    """Two versions of a question part by part; what neither has is left out."""
    before, after = _parts(old), _parts(new)
    labels = list(dict.fromkeys((*before, *after)))
    labels.sort(key=lambda label: _ORDER.index(label.rstrip("ABCDEFGH0123456789")))
    return [
        Row(label, sides(before.get(label, ""), after.get(label, "")))
        for label in labels
        if before.get(label) or after.get(label)
    ]


_ORDER = ["题型", "题干", "选项", "答案", "解析", "依据", "难度", "用途", "标签"]


def _parts(draft: Draft) -> dict[str, str]:
    lettered = zip(LETTERS, [] if draft.kind == "judge" else draft.options, strict=False)
    return {
        "题型": draft.kind_word,
        "题干": draft.stem,
        **{f"选项{letter}": text for letter, text in lettered},
        "答案": answer_text(draft),
        "解析": draft.explanation,
        **{f"依据{n}": citation_text(citation) for n, citation in enumerate(draft.citations, 1)},
        "难度": str(draft.difficulty),
        "用途": uses_text(draft.uses),
        "标签": "、".join(draft.tags),
    }
