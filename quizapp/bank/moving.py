"""What a new edition of the law does to a citation: its provision then and now, and where its words stand today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quizapp.bank.drafts import CitationDraft, Draft
from quizapp.differing import Sides, sides
from quizapp.regulations.citing import Law, NoSuchProvision
from quizapp.regulations.reading import ArticleView, article_view


@dataclass(frozen=True)
class Move:
    """One citation under the edition in force. places: where the words stand now, in words, the nearest first."""

    in_words: str
    quote: str
    stands: bool  # there, where it was quoted from
    gone: bool  # no provision has this address any more
    sides: Sides  # the provision as cited and as in force
    places: list[str]
    article: ArticleView | None  # in force, around the first of the places, with the words marked


def move(anchor: str, quote: str, cited: Law, current: Law) -> Move:
    """anchor, quote: as cited. cited, current: the edition that the question cites, and the one in force."""
    there = anchor in current.anchors
    stands = there and current.quote_stands(anchor, quote)
    places = [] if stands else nearest(current, anchor, quote)
    return Move(
        in_words=cited.in_words(anchor),
        quote=quote,
        stands=stands,
        gone=not there,
        sides=sides(cited.words(anchor), current.words(anchor) if there else ""),
        places=[current.in_words(place) for place in places],
        article=article_view(current, places[0].partition(".")[0], [(places[0], quote)]) if places else None,
    )


def nearest(law: Law, anchor: str, quote: str) -> list[str]:
    """Where the words stand, those in the same article first, then by distance in the order of articles."""
    order = {article.number: place for place, article in enumerate(law.articles)}
    own = anchor.partition(".")[0]
    home = order.get(own, int(own.partition("-")[0]) - 1)
    return sorted(law.places_of(quote), key=lambda place: abs(order[place.partition(".")[0]] - home))


def moved(draft: Draft, laws: Mapping[str, Law]) -> tuple[Draft, list[tuple[str, str]]]:
    """The question with every citation whose words stand verbatim elsewhere moved there, and (from, to) of each.

    Words that stand where they are quoted from, or nowhere, are left as they are. laws: in force, by title.
    """
    steps: list[tuple[str, str]] = []
    citations = [_moved(citation, laws, steps) for citation in draft.citations]
    return replace(draft, citations=citations), steps


def _moved(citation: CitationDraft, laws: Mapping[str, Law], steps: list[tuple[str, str]]) -> CitationDraft:
    law = laws.get(citation.regulation)
    if citation.kind != "law" or law is None or not citation.quote:
        return citation
    places = _places(citation, law)
    if not places:
        return citation
    words = law.in_words(places[0])
    steps.append((citation.words, words))
    return replace(citation, words=words)


def _places(citation: CitationDraft, law: Law) -> Sequence[str]:
    try:
        anchor = law.anchor_of(citation.words)
    except NoSuchProvision:
        return law.places_of(citation.quote)
    return [] if law.quote_stands(anchor, citation.quote) else nearest(law, anchor, citation.quote)
