"""Drafts as hypothesis makes them: every kind, every field, text with the signs that formats treat as their own."""

import re

from hypothesis import strategies as st

from quizapp.bank.drafts import JUDGE_OPTIONS, LETTERS, USE_WORDS, CitationDraft, Draft, tidied

SIGNS = "信访事项机关单位，。、“”《》（）A.B1=~#{}:<>&\"'\\%@*_-/|；;? "
LABEL = re.compile(r"(依据|难度|编号|用途|标签|题型)[：:]")


def words(longest: int = 30) -> st.SearchStrategy[str]:
    """One line of text that begins and ends with a sign that is seen, and is no label line."""
    text = st.text(SIGNS, min_size=1, max_size=longest).map(str.strip)
    return text.filter(
        lambda line: bool(line) and not LABEL.match(line) and not re.fullmatch(r"[（）\s_]*", line)
    )


def lines() -> st.SearchStrategy[str]:
    """One to three lines."""
    return st.lists(words(), min_size=1, max_size=3).map("\n".join)


citations = st.one_of(
    st.builds(
        CitationDraft,
        st.sampled_from(["第六条", "第二十四条第一款", "第三十一条第一款第六项"]),
        st.sampled_from(["由所涉及的机关、单位协商受理", "自受理之日起60日内办结"]),
        st.just("law"),
        st.sampled_from(["", "某条例"]),
    ),
    st.just(CitationDraft("", "把问题解决在当地", "document", source="《某文件》第3页")),
    st.just(CitationDraft(kind="none")),
)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    """A whole question without problems."""
    kind = draw(st.sampled_from(["single", "multiple", "judge"]))
    options = list(JUDGE_OPTIONS)
    if kind != "judge":
        options = draw(st.lists(words(20), min_size=2, max_size=8, unique=True))
    letters = LETTERS[: len(options)]
    any_number = kind == "multiple" and draw(st.booleans())
    fewest = 2 if kind == "multiple" and not any_number else 1
    most = len(letters) if kind == "multiple" else 1
    key = draw(st.lists(st.sampled_from(letters), min_size=fewest, max_size=most, unique=True))
    stem = draw(lines())
    return tidied(
        Draft(
            kind,
            stem if kind == "judge" else stem + draw(st.sampled_from(["（　　）。", "？", "（　　）"])),
            options,
            "".join(sorted(key)),
            draw(st.one_of(st.just(""), lines())),
            draw(st.integers(1, 5)),
            draw(st.lists(citations, max_size=2)),
            draw(st.sampled_from(["", "XF-024-01", "T-1"])),
            tuple(draw(st.lists(st.sampled_from(list(USE_WORDS)), min_size=1, unique=True))),
            draw(st.lists(st.sampled_from(["情景", "数字期限"]), max_size=2, unique=True)),
            any_number,
        )
    )


def kept(draft: Draft, carries: frozenset[str]) -> dict[str, object]:
    """What a round trip through a format that carries these fields must keep."""
    return {name: getattr(draft, name) for name in sorted(carries)}
