"""A question as it is read from a file or a form, before it is stored: what every format reads and writes."""

import hashlib
import json
import re
from dataclasses import dataclass, field, replace

LETTERS = "ABCDEFGH"
JUDGE_OPTIONS = ("正确", "错误")
BLANK = "（　　）"
KIND_WORDS = {"single": "单选题", "multiple": "多选题", "judge": "判断题"}
USE_WORDS = {"daily": "日常", "mock": "模拟卷", "exam": "考试"}
DEFAULT_USES = ("daily", "exam")
FIELDS = {  # of a draft: what a question says, with the words for people
    "kind": "题型",
    "any_number": "不定项",
    "stem": "题干",
    "options": "选项",
    "key": "答案",
    "explanation": "解析",
    "difficulty": "难度",
    "citations": "依据",
    "code": "编号",
    "uses": "用途",
    "tags": "标签",
}

_EMPTY_BRACKETS = re.compile(r"[（(][ \t\u3000\u00a0]*[）)]|_{2,}|＿{2,}")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\ud800-\udfff]"
)
_PLACE_OF_MARK = re.compile(rf"^{BLANK}\s*|\s*{BLANK}(?=[。.]?$)")  # where a paper leaves room for √ or ×
_BETWEEN_TAGS = re.compile(r"[、，,；;/\s]+")


SEVERITIES = {  # with the words for people
    "error": "错误",  # keeps a question out of the bank
    "warning": "请核对",  # a person has to look
    "note": "提示",  # lets it in as a draft, and is to be done before it is published
}


@dataclass(frozen=True)
class Problem:
    """Something wrong with a question. line: in its file, from 1; column: the label or heading it concerns."""

    line: int
    column: str
    message: str
    severity: str = "error"  # a key of SEVERITIES
    source: str = ""  # the file's name, when several were read


@dataclass(frozen=True)
class CitationDraft:
    """依据: the provision in words, and the words of the law that decide the answer."""

    words: str = ""  # 第二十四条第一款
    quote: str = ""
    kind: str = "law"  # law; document: a text that is not in the system; none: 暂无依据
    regulation: str = ""  # 信访工作条例; empty: the bank's own
    source: str = ""  # kind document: title and place


@dataclass
class Draft:
    """A question in words. options: texts of A, B, C …; a judge has 正确 and 错误. key: right letters ascending."""

    kind: str = ""  # single, multiple, judge; empty: not recognised
    stem: str = ""
    options: list[str] = field(default_factory=list)
    key: str = ""
    explanation: str = ""
    difficulty: int = 3
    citations: list[CitationDraft] = field(default_factory=list)
    code: str = ""
    uses: tuple[str, ...] = DEFAULT_USES
    tags: list[str] = field(default_factory=list)
    any_number: bool = False  # 不定项选择题: one right letter is legal
    line: int = 0
    source: str = ""
    places: dict[str, int] = field(default_factory=dict, compare=False)  # label: its line; 依据1, 依据2 …
    problems: list[Problem] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """error: cannot be imported; doubt: to be looked at; ok."""
        severities = {problem.severity for problem in self.problems}
        return "error" if "error" in severities else "doubt" if "warning" in severities else "ok"

    @property
    def kind_word(self) -> str:
        return kind_word(self.kind, self.any_number)


@dataclass
class Reading:
    """What a reader made of a file: its questions, and what belongs to none of them."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)  # the source, line 1 first; none where it has no lines
    format: str = ""

    def all_problems(self) -> list[Problem]:
        """Those of the file and of every question, in the order of files and lines."""
        every = self.problems + [problem for draft in self.drafts for problem in draft.problems]
        return sorted(every, key=lambda problem: (problem.source, problem.line))


def kind_word(kind: str, any_number: bool) -> str:
    """单选题, 多选题, 不定项选择题, 判断题."""
    return "不定项选择题" if kind == "multiple" and any_number else KIND_WORDS.get(kind, "未识别题型")


def tidy(text: str) -> str:
    """One spelling of white space: no invisible characters, no blanks at the ends of lines or of the whole."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\u2028", "\n")
    lines = (line.rstrip() for line in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(lines).strip()


def tidy_stem(text: str) -> str:
    """A stem with every empty bracket and underline written as （　　）."""
    return tidy(_EMPTY_BRACKETS.sub(BLANK, tidy(text)))


def tidy_statement(text: str) -> str:
    """The stem of a judge, which is a statement: the room for √ or × before or behind it is no part of it."""
    return _PLACE_OF_MARK.sub("", tidy_stem(text))


def tidied(draft: Draft) -> Draft:
    """The same question in the one spelling that is stored, so that equal words have equal hashes."""
    return replace(
        draft,
        stem=tidy_statement(draft.stem) if draft.kind == "judge" else tidy_stem(draft.stem),
        options=[tidy(option) for option in draft.options],
        key="".join(sorted(set(draft.key))),
        explanation=tidy(draft.explanation),
        citations=[tidy_citation(citation) for citation in draft.citations],
        code=re.sub(r"\s+", "", tidy(draft.code)),
        uses=tuple(use for use in USE_WORDS if use in draft.uses),
        tags=[tag for text in draft.tags for tag in _BETWEEN_TAGS.split(tidy(text)) if tag],
    )


def tidy_citation(citation: CitationDraft) -> CitationDraft:
    """A citation in the one spelling that is stored: one line, no blanks in the provision's name."""
    return replace(
        citation,
        words=re.sub(r"\s+", "", tidy(citation.words)),
        quote=re.sub(r"\s*\n\s*", "", tidy(citation.quote)),
        regulation=re.sub(r"\s+", "", tidy(citation.regulation)),
        source=re.sub(r"\s+(?=“)|\s*\n\s*", "", tidy(citation.source)),
    )


def content_hash(draft: Draft) -> str:
    """SHA-256 over all that a revision says; code, place and problems are no part of it."""
    content = [
        draft.kind,
        draft.any_number,
        draft.stem,
        draft.options,
        draft.key,
        draft.explanation,
        draft.difficulty,
        list(draft.uses),
        draft.tags,
        [[c.kind, c.regulation, c.words, c.source, c.quote] for c in draft.citations],
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def code_from_words(draft: Draft) -> str:
    """A code for a question that came without one: the same stem gets the same code when it comes again."""
    digest = hashlib.sha256(f"{draft.kind} {draft.stem}".encode()).hexdigest()
    return f"T-{digest[:10].upper()}"
