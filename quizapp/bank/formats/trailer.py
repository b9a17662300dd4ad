"""Label lines at the end of an explanation: what a format has no element for rides there in the house's own words.

第二十四条第一款规定先协商受理。
依据：第二十四条第一款 “由所涉及的机关、单位协商受理”
难度：2
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from quizapp.bank import labels
from quizapp.bank.drafts import DEFAULT_USES, Draft

_LINE = re.compile(r"(依据|难度|编号|用途|标签|题型)[：:]\s*(\S.*)")
_WRITTEN: dict[str, Callable[[Draft], list[str]]] = {
    "any_number": lambda draft: ["题型：不定项选择题"] if draft.any_number else [],
    "citations": lambda draft: [f"依据：{labels.citation_text(citation)}" for citation in draft.citations],
    "difficulty": lambda draft: [f"难度：{draft.difficulty}"] if draft.difficulty != 3 else [],
    "code": lambda draft: [f"编号：{draft.code}"] if draft.code else [],
    "uses": lambda draft: [f"用途：{labels.uses_text(draft.uses)}"] if draft.uses != DEFAULT_USES else [],
    "tags": lambda draft: [f"标签：{'、'.join(draft.tags)}"] if draft.tags else [],
}


def with_trailer(draft: Draft, fields: Iterable[str]) -> str:
    """The explanation, and a line for each of these fields that says something. Raises KeyError for another field."""
    lines = [line for name in fields for line in _WRITTEN[name](draft)]
    return "\n".join([*([draft.explanation] if draft.explanation else []), *lines])


def take_trailer(draft: Draft) -> Draft:
    """The draft with the label lines at the end of its explanation moved into their fields.

    It stops at the first line, from below, that is no label or whose words say nothing to that label.
    """
    lines = draft.explanation.split("\n")
    draft = replace(draft, citations=list(draft.citations))
    taken: set[str] = set()
    while lines and (found := _LINE.fullmatch(lines[-1].strip())) and found[1] not in taken - {"依据"}:
        if not _take(draft, found[1], found[2]):
            break
        taken.add(found[1])
        lines.pop()
    draft.explanation = "\n".join(lines)
    return draft


def _take(draft: Draft, label: str, words: str) -> bool:
    """Put one label's words into the draft; False where they say nothing."""
    if label == "依据":
        citation = labels.citation_of(words)
        draft.citations[:0] = [citation] if citation else []
        return citation is not None
    if label == "难度":
        difficulty = labels.difficulty_of(words)
        draft.difficulty = difficulty or draft.difficulty
        return difficulty is not None
    if label == "用途":
        uses = labels.uses_of(words)
        draft.uses = uses or draft.uses
        return uses is not None
    if label == "题型":
        draft.any_number = draft.any_number or words == "不定项选择题"
        return words == "不定项选择题"
    if label == "编号":
        draft.code = words
    else:
        draft.tags = labels.tags_of(words)
    return True
