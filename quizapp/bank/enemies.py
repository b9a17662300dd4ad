"""Questions that do not belong on one paper: near-duplicates, the same deciding words, one telling another's answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from quizapp.bank.drafts import CitationDraft, Draft
from quizapp.bank.likeness import pairs_within
from quizapp.bank.lint import giveaways

Group = frozenset[int]  # places in the list


def groups(drafts: Sequence[Draft]) -> list[Group]:
    """Groups of questions of which a paper may hold at most one, by place; the same group never comes twice."""
    found = {*_near(drafts), *_same_words(drafts), *_telling(drafts)}
    return sorted(found, key=sorted)


def _near(drafts: Sequence[Draft]) -> Iterable[Group]:
    for place, near in enumerate(pairs_within([draft.stem for draft in drafts])):
        if near is not None:
            yield frozenset((place, near.place))


def _same_words(drafts: Sequence[Draft]) -> Iterable[Group]:
    """Decided by the very same words: whoever knows the answer of one has that of the other."""
    places: Mapping[tuple[CitationDraft, ...], list[int]] = defaultdict(list)
    for place, draft in enumerate(drafts):
        if draft.citations:
            places[tuple(draft.citations)].append(place)
    return (frozenset(same) for same in places.values() if len(same) > 1)


def _telling(drafts: Sequence[Draft]) -> Iterable[Group]:
    at = {id(draft): place for place, draft in enumerate(drafts)}
    return (frozenset((at[id(one)], at[id(other)])) for one, other in giveaways(drafts))
