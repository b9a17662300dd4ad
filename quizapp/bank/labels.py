"""What the labels of a question hold, alike in every format: answers, difficulty, uses, tags, citations."""

import re
from collections.abc import Iterable

from quizapp.bank.drafts import (
    JUDGE_OPTIONS,
    LETTERS,
    USE_WORDS,
    CitationDraft,
    Draft,
    tidy,
    tidy_citation,
)

_SEPARATORS = re.compile(r"[、，,；;/\s]+")
_RIGHT = ("正确", "对", "√", "✓", "是", "A", "A.正确")
_WRONG = ("错误", "错", "×", "✗", "否", "B", "B.错误")
_DIFFICULTIES = {"易": 1, "较易": 2, "中": 3, "中等": 3, "较难": 4, "难": 5}


def key_of(text: str, kind: str) -> str | None:
    """The letters of an answer: AC, A、C, a c; of a judge 正确, 对, √, A. None when it is no answer."""
    words = tidy(text).rstrip("。.")
    if kind == "judge":
        return "A" if words in _RIGHT else "B" if words in _WRONG else None
    found = _SEPARATORS.sub("", words).upper()
    if not found or any(letter not in LETTERS for letter in found):
        return None
    return "".join(sorted(set(found)))


def difficulty_of(text: str) -> int | None:
    """1–5, in words 易 较易 中 较难 难, or in stars. None when it is none of these."""
    words = tidy(text)
    if words in _DIFFICULTIES:
        return _DIFFICULTIES[words]
    if words and not words.strip("★☆"):
        stars = words.count("★")
        return stars if 1 <= stars <= 5 else None
    return int(words) if re.fullmatch("[1-5]", words) else None


def uses_of(text: str) -> tuple[str, ...] | None:
    """日常、模拟卷、考试, or several. None when a word is none of these."""
    by_word = {word: use for use, word in USE_WORDS.items()}
    words = [word for word in _SEPARATORS.split(tidy(text)) if word]
    if not words or any(word not in by_word for word in words):
        return None
    return tuple(use for use in USE_WORDS if USE_WORDS[use] in words)


def uses_text(uses: Iterable[str]) -> str:
    return "、".join(USE_WORDS[use] for use in uses)


def tags_of(text: str) -> list[str]:
    return [tag for tag in _SEPARATORS.split(tidy(text)) if tag]


def citation_of(text: str) -> CitationDraft | None:
    """第二十四条第一款 “…”, 《其他条例》第三条 “…”, 文献 《书名》第3页 “…” or 暂无依据. None for anything else."""
    words = re.sub(r"\s{2,}", " ", tidy(text).replace("\n", ""))  # so that no run of blanks is tried twice
    if words == "暂无依据":
        return CitationDraft(kind="none")
    if document := re.fullmatch(r"文献[ \u3000：:]+(.+?)(?:\s+“(.*)”)?", words):
        return tidy_citation(CitationDraft("", document[2] or "", "document", source=document[1]))
    law = re.fullmatch(r"(?:《([^》]+)》)?\s*(第[^“”\"]{1,30}?)\s*(?:[“\"](.*)[”\"])?", words)
    if law is None:
        return None
    return tidy_citation(CitationDraft(law[2], law[3] or "", "law", law[1] or ""))


def citation_text(citation: CitationDraft) -> str:
    """The line that `citation_of` reads back."""
    if citation.kind == "none":
        return "暂无依据"
    head = f"文献 {citation.source}" if citation.kind == "document" else citation.words
    if citation.kind == "law" and citation.regulation:
        head = f"《{citation.regulation}》{head}"
    return f"{head} “{citation.quote}”" if citation.quote else head


def answer_text(draft: Draft) -> str:
    """C, AC, or 正确."""
    if draft.kind == "judge" and draft.key in ("A", "B"):
        return JUDGE_OPTIONS["AB".index(draft.key)]
    return draft.key
