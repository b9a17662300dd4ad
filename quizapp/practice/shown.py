"""A question of practice as its page shows it, before and after the answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.bank.drafts import LETTERS
from quizapp.bank.queries import Face, Full
from quizapp.regulations.citing import Law
from quizapp.regulations.reading import article_view

Pieces = list[list[tuple[str, bool]]]


@dataclass(frozen=True)
class LawShown:
    """The article that decides, with the deciding words marked."""

    in_words: str  # 第二十四条第一款, where the words stand
    article: str
    article_in_words: str
    anchor: str
    slug: str
    title: str
    lines: Pieces


@dataclass(frozen=True)
class Verdict:
    """What came of an answer."""

    right: bool
    letters: dict[str, str]  # letter: right, wrong, missed
    key: str
    laws: list[LawShown]
    documents: list[tuple[str, str]]  # (source, quoted words) of texts that are not in the system
    explanation: str


def options(face: Face) -> list[tuple[str, str]]:
    """(letter, text) in the revision's own order."""
    return list(zip(LETTERS, face.options, strict=False))


def verdict(full: Full, chosen: str, laws: Mapping[int, Law]) -> Verdict:
    """Right or wrong, option by option, and why. laws: the editions that the citations point to."""
    marks = {}
    for letter in LETTERS[: len(full.options)]:
        if letter in full.key:
            missed = full.kind == "multiple" and letter not in chosen
            marks[letter] = "missed" if missed else "right"
        elif letter in chosen:
            marks[letter] = "wrong"
    return Verdict(
        right=set(chosen) == set(full.key),
        letters=marks,
        key=full.key,
        laws=_laws(full, laws),
        documents=[(c.source, c.quote) for c in full.citations if c.kind == "document"],
        explanation=full.explanation,
    )


def _laws(full: Full, laws: Mapping[int, Law]) -> list[LawShown]:
    """Each cited article once, with all words that are quoted from it marked."""
    shown: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for citation in full.citations:
        if citation.kind == "law" and citation.edition_id is not None:
            shown.setdefault((citation.edition_id, citation.article), []).append(
                (citation.anchor, citation.quote)
            )
    out = []
    for (edition_id, article), quotes in shown.items():
        law = laws[edition_id]
        cited = next(c for c in full.citations if c.edition_id == edition_id and c.article == article)
        out.append(
            LawShown(
                in_words=cited.in_words,
                article=article,
                article_in_words=law.article(article).in_words,
                anchor=cited.anchor,
                slug=cited.regulation_slug,
                title=law.title,
                lines=article_view(law, article, quotes).pieces,
            )
        )
    return out


def edition_ids(fulls: Iterable[Full]) -> set[int]:
    """The editions that these questions cite."""
    return {c.edition_id for full in fulls for c in full.citations if c.edition_id is not None}
