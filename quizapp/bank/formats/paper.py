"""An exam paper with its answers as lines of text, for documents that people print, change and hand back."""

from collections.abc import Iterable, Iterator, Sequence

from quizapp.bank import labels
from quizapp.bank.drafts import DEFAULT_USES, LETTERS, Draft
from quizapp.regulations.numerals import words

INDENT = "  "  # what goes on with the line above begins so, as in the bank's own format


def lines(drafts: Sequence[Draft], title: str = "", note: str = "") -> Iterator[tuple[str, str]]:
    """(part, line) from the top down: title, section, stem, option, note (the small print below a question).

    note: a remark below the title, such as how the paper is read back.
    A part of several lines has them behind a line break, the further ones indented.
    """
    if title:
        yield "title", title
    if note:
        yield "note", note
    heading, sections, number = "", 0, 0
    for draft in drafts:
        if draft.kind_word != heading:
            heading, sections, number = draft.kind_word, sections + 1, 0
            yield "section", f"{words(sections) if sections < 10_000 else sections}、{heading}"
        number += 1
        yield "stem", _continued(f"{number}. {draft.stem}")
        if draft.kind != "judge":
            for letter, option in zip(LETTERS, draft.options, strict=False):
                yield "option", _continued(f"{letter}. {option}")
        yield from (("note", _continued(note)) for note in notes(draft))


def notes(draft: Draft) -> Iterable[str]:
    """Answer, 依据 and 解析; of the rest what is not as usual."""
    if draft.key:
        yield f"答案：{labels.answer_text(draft)}"
    yield from (f"依据：{labels.citation_text(citation)}" for citation in draft.citations)
    if draft.explanation:
        yield f"解析：{draft.explanation}"
    if draft.difficulty != 3:
        yield f"难度：{draft.difficulty}"
    if draft.code:
        yield f"编号：{draft.code}"
    if draft.uses != DEFAULT_USES:
        yield f"用途：{labels.uses_text(draft.uses)}"
    if draft.tags:
        yield f"标签：{'、'.join(draft.tags)}"


def _continued(text: str) -> str:
    """Further lines indented; empty ones stay empty."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(f"{INDENT}{line}" if line else "" for line in rest)])
