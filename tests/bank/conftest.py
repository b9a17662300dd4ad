"""What the tests of banks share: the law as the shipped folder has it, and drafts that nothing is wrong with."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from hypothesis import strategies as st

from quizapp.bank import folders
from quizapp.bank.drafts import JUDGE_OPTIONS, LETTERS, CitationDraft, Draft, tidied
from quizapp.regulations.citing import Law
from tests.databases import ROOT

SHIPPED = ROOT / "question_banks" / "xinfang-gongzuo-tiaoli"
QUOTE = CitationDraft("第二十四条第一款", "由所涉及的机关、单位协商受理")


@cache
def shipped_law() -> Law:
    return folders.law_of((SHIPPED / "regulation.md").read_text(encoding="utf-8"))


@pytest.fixture
def law() -> Law:
    return shipped_law()


@pytest.fixture
def draft() -> Callable[..., Draft]:
    """A good question; what a test names is different."""

    def make(**other: Any) -> Draft:
        fields: dict[str, Any] = {
            "kind": "single",
            "stem": "涉及两个以上机关、单位的信访事项，由所涉及的机关、单位（　　）。",
            "options": ["共同受理", "协商受理", "分别受理"],
            "key": "B",
            "explanation": "第二十四条第一款原文。",
            "citations": [QUOTE],
            "code": "LX-01",
            "line": 7,
        }
        return Draft(**{**fields, **other})

    return make


TEXT = st.text(
    st.one_of(
        st.sampled_from("信访事项由机关、单位受理（）()“”《》：:。.1234ABC答案：依据\n\n  \t　#-"),
        st.characters(codec="utf-8"),
    ),
    max_size=40,
)
LINE = TEXT.map(lambda text: "".join(text.split()).replace("“", "").replace("”", "").replace('"', ""))


@st.composite
def drafts(draw: Callable[..., Any]) -> Draft:
    """Any question that a format must carry, also an unfinished one: no key, no explanation, odd words."""
    kind = draw(st.sampled_from(["single", "multiple", "judge"]))
    options = [f"选{text}" for text in draw(st.lists(TEXT, min_size=2, max_size=8))]
    options = list(JUDGE_OPTIONS) if kind == "judge" else options
    letters = draw(st.sets(st.sampled_from(LETTERS[: len(options)]), max_size=1 if kind == "judge" else 8))
    named = st.builds(
        CitationDraft,
        st.sampled_from(["第一条", "第二十四条第一款", "第一百二十条之一第二款第三项"]),
        TEXT,
        st.just("law"),
        st.sampled_from(["", "信访工作条例"]),
    )
    document = st.builds(
        lambda source, quote: CitationDraft("", quote, "document", "", f"《{source}》第3页"), LINE, TEXT
    )
    cited = draw(st.lists(st.one_of(named, document, st.just(CitationDraft(kind="none"))), max_size=3))
    return tidied(
        Draft(
            kind=kind,
            any_number=kind == "multiple" and draw(st.booleans()),
            stem="题" + draw(TEXT),
            options=options,
            key="".join(letters),
            explanation=draw(TEXT),
            difficulty=draw(st.integers(1, 5)),
            citations=cited,
            code=draw(st.from_regex(r"[A-Z]{0,3}-?[0-9]{0,4}", fullmatch=True)),
            uses=tuple(draw(st.sets(st.sampled_from(["daily", "mock", "exam"]), min_size=1))),
            tags=draw(st.lists(LINE, max_size=3)),
        )
    )
