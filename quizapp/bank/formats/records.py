"""Questions as JSON for other programs: a list of records, documented in docs/formats.md."""

import json
from collections.abc import Iterable
from typing import Any

from quizapp.bank import labels
from quizapp.bank.drafts import (
    JUDGE_OPTIONS,
    KIND_WORDS,
    LETTERS,
    USE_WORDS,
    CitationDraft,
    Draft,
    Problem,
    Reading,
    tidied,
)
from quizapp.errors import Refused

_VERDICTS = {"ok": "可导入", "doubt": "请核对", "error": "有错误"}


def record(draft: Draft) -> dict[str, Any]:
    """One question with its verdict and problems."""
    return {
        "kind": draft.kind,
        "any_number": draft.any_number,
        "stem": draft.stem,
        "options": [
            {"label": letter, "text": text, "correct": letter in draft.key, "feedback": ""}
            for letter, text in zip(LETTERS, draft.options, strict=False)
        ],
        "answer": draft.key,
        "explanation": draft.explanation,
        "difficulty": draft.difficulty,
        "citations": [
            {
                "kind": citation.kind,
                "regulation": citation.regulation,
                "article": citation.words,
                "source": citation.source,
                "quote": citation.quote,
            }
            for citation in draft.citations
        ],
        "code": draft.code,
        "uses": list(draft.uses),
        "tags": draft.tags,
        "source": draft.source,
        "line": draft.line,
        "verdict": _VERDICTS[draft.verdict],
        "problems": [problem_record(problem) for problem in draft.problems],
    }


def problem_record(problem: Problem) -> dict[str, Any]:
    return {
        "source": problem.source,
        "line": problem.line,
        "column": problem.column,
        "severity": problem.severity,
        "message": problem.message,
    }


def write(drafts: Iterable[Draft]) -> str:
    return json.dumps([record(draft) for draft in drafts], ensure_ascii=False, indent=2) + "\n"


def read(text: str, source: str = "") -> Reading:
    """What `write` wrote; the n-th record has line n. Raises Refused when it is no list of records."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("file_broken", "文件不是完整的JSON。", "没有保存任何内容。", status=422) from error
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Refused("file_kind", "JSON的最外层应当是试题的列表。", "没有保存任何内容。", status=422)
    return Reading([_draft(item, count, source) for count, item in enumerate(found, 1)])


def _draft(item: dict[str, Any], count: int, source: str) -> Draft:
    draft = Draft(line=count, source=source)

    def say(column: str, message: str) -> None:
        draft.problems.append(Problem(count, column, message, source=source))

    def text(value: Any, column: str) -> str:
        if isinstance(value, str):
            return value
        if value is not None:
            say(column, f"{column}应当是文本。")
        return ""

    draft.kind = item["kind"] if item.get("kind") in KIND_WORDS else ""
    if not draft.kind:
        say("题型", "kind应当是single、multiple或judge。")
    draft.any_number = item.get("any_number") is True
    draft.stem = text(item.get("stem"), "题干")
    draft.explanation = text(item.get("explanation"), "解析")
    draft.code = text(item.get("code"), "编号")
    options = [option for option in _list(item.get("options")) if isinstance(option, dict)]
    draft.options = [text(option.get("text"), "选项") for option in options]
    if draft.kind == "judge":
        draft.options = list(JUDGE_OPTIONS)
    answer = text(item.get("answer"), "答案")
    draft.key = labels.key_of(answer, draft.kind) or ""
    if answer and not draft.key:
        say("答案", f"答案“{answer[:20]}”不能识别。")
    difficulty = item.get("difficulty", draft.difficulty)
    if isinstance(difficulty, int) and 1 <= difficulty <= 5:
        draft.difficulty = int(difficulty)
    else:
        say("难度", "难度应当是1至5的整数。")
    uses = item.get("uses", list(draft.uses))
    if isinstance(uses, list) and uses and all(isinstance(use, str) and use in USE_WORDS for use in uses):
        draft.uses = tuple(uses)
    else:
        say("用途", "uses应当由daily、mock、exam组成。")
    draft.tags = [tag for tag in _list(item.get("tags")) if isinstance(tag, str)]
    for cited in _list(item.get("citations")):
        citation = _citation(cited)
        if citation is None:
            say("依据", "citations中有不能识别的依据。")
        else:
            draft.citations.append(citation)
    return tidied(draft)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _citation(cited: Any) -> CitationDraft | None:
    if not isinstance(cited, dict) or not all(isinstance(value, str) for value in cited.values()):
        return None
    kind = cited.get("kind", "law")
    if kind not in ("law", "document", "none"):
        return None
    get = cited.get
    return CitationDraft(get("article", ""), get("quote", ""), kind, get("regulation", ""), get("source", ""))
