"""What is shown after an answer: right or wrong option by option, and the words of the law that decide it.

Practice and results of exams show the same, so both ask here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.bank.queries import Full
from quizapp.regulations.citing import Law
from quizapp.regulations.reading import article_view

Pieces = list[list[tuple[str, bool]]]


@dataclass(frozen=True)
class LawShown:
    """An article that decides, with the deciding words marked."""

    in_words: str  # 第二十四条第一款: all places where the words stand
    article: str
    article_in_words: str
    anchor: str  # of the first place
    slug: str
    title: str
    lines: Pieces

    @property
    def source(self) -> str:
        return f"《{self.title}》{self.in_words}"


@dataclass(frozen=True)
class Verdict:
    """What came of an answer to a question in its own letters."""

    right: bool
    letters: dict[str, str]  # see verdicts
    key: str
    laws: list[LawShown]
    documents: list[tuple[str, str]]
    explanation: str


def verdict(full: Full, chosen: str, laws: Mapping[int, Law]) -> Verdict:
    """Right or wrong, option by option, and why. laws: the editions that the citations point to."""
    return Verdict(
        right=set(chosen) == set(full.key),
        letters=verdicts(full.key, chosen, many=full.kind == "multiple"),
        key=full.key,
        laws=laws_shown(full, laws),
        documents=documents(full),
        explanation=full.explanation,
    )


def verdicts(key: str, chosen: str, *, many: bool) -> dict[str, str]:
    """letter → right, wrong, missed. 漏选 is a word for several answers: one right answer is shown as 正确."""
    right = {letter: "right" if letter in chosen or not many else "missed" for letter in key}
    return right | {letter: "wrong" for letter in chosen if letter not in key}


def laws_shown(full: Full, laws: Mapping[int, Law]) -> list[LawShown]:
    """Each cited article once, with all words that are quoted from it marked. laws: by edition."""
    cited: dict[tuple[int, str], list] = {}
    for citation in full.citations:
        if citation.kind == "law" and citation.edition_id is not None:
            cited.setdefault((citation.edition_id, citation.article), []).append(citation)
    return [
        LawShown(
            in_words="、".join(dict.fromkeys(one.in_words for one in of_article)),
            article=article,
            article_in_words=laws[edition_id].article(article).in_words,
            anchor=of_article[0].anchor,
            slug=of_article[0].regulation_slug,
            title=laws[edition_id].title,
            lines=article_view(
                laws[edition_id], article, [(one.anchor, one.quote) for one in of_article]
            ).pieces,
        )
        for (edition_id, article), of_article in cited.items()
    ]


def documents(full: Full) -> list[tuple[str, str]]:
    """(source, quoted words) of texts that are not in the system."""
    return [(citation.source, citation.quote) for citation in full.citations if citation.kind == "document"]


def edition_ids(fulls: Iterable[Full]) -> set[int]:
    """The editions that these questions cite."""
    return {c.edition_id for full in fulls for c in full.citations if c.edition_id is not None}
