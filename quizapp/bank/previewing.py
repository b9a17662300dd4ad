"""A question that is being written, as a cadre will see it: nothing of it is stored."""

from dataclasses import dataclass, replace

from quizapp.bank import deciding
from quizapp.bank.actions import taken
from quizapp.bank.drafts import CitationDraft, Draft, Problem
from quizapp.bank.models import Bank
from quizapp.bank.queries import CitationView, Full, Shelf
from quizapp.bank.storing import prepared
from quizapp.regulations.citing import NoSuchProvision
from quizapp.regulations.reading import ArticleView, article_view


@dataclass(frozen=True)
class Preview:
    """What stands beside the form. verdict: as after the right answer."""

    full: Full
    verdict: deciding.Verdict
    problems: list[Problem]
    article: ArticleView | None  # that the writer reads from, the words quoted from it marked
    places: dict[str, str]  # its provisions in words, by anchor

    @property
    def errors(self) -> int:
        return sum(problem.severity == "error" for problem in self.problems)

    @property
    def doubts(self) -> int:
        return len(self.problems) - self.errors


def preview(draft: Draft, bank: Bank, *, code: str | None, article: str = "") -> Preview:
    """Check a question as saving it would, and lay it out. code: of the question that is edited, none for a new one."""
    ready = prepared([draft], bank)
    [checked] = ready.drafts
    problems = list(checked.problems)
    if code is None and draft.stem and (sentence := taken(draft, ready)):
        problems.insert(0, Problem(0, "编号" if draft.code else "题干", sentence))
    full = _full(checked, ready.shelf)
    editions = {edition: ready.shelf.laws[name] for name, (_, edition) in ready.shelf.editions.items()}
    read = _article(article, checked, ready.shelf)
    places = {line.anchor: ready.shelf.laws[""].in_words(line.anchor) for line in read.lines} if read else {}
    return Preview(full, deciding.verdict(full, checked.key, editions), problems, read, places)


def _full(draft: Draft, shelf: Shelf) -> Full:
    views = [view for citation in draft.citations if (view := _citation(citation, shelf))]
    return Full(
        revision_id=0,
        question_id=0,
        kind=draft.kind,
        any_number=draft.any_number,
        stem=draft.stem,
        options=draft.options,
        key=draft.key,
        explanation=draft.explanation,
        difficulty=draft.difficulty,
        citations=views,
    )


def _citation(citation: CitationDraft, shelf: Shelf) -> CitationView | None:
    """A written citation as it is shown; none for a provision that there is not: the checks say so."""
    bare = CitationView("", "", None, "", "", "", citation.quote, citation.source, citation.kind, None)
    if citation.kind != "law":
        return bare
    law = shelf.laws.get(citation.regulation)
    try:
        anchor = law.anchor_of(citation.words) if law else ""
    except NoSuchProvision:
        return None
    if law is None:
        return None
    regulation_id, edition_id = shelf.editions[citation.regulation]
    return replace(
        bare,
        regulation_slug=shelf.slugs[citation.regulation],
        regulation_title=law.title,
        edition_id=edition_id,
        anchor=anchor,
        article=anchor.partition(".")[0],
        in_words=law.in_words(anchor),
        regulation_id=regulation_id,
    )


def _article(number: str, draft: Draft, shelf: Shelf) -> ArticleView | None:
    law = shelf.laws.get("")
    if law is None or not number:
        return None
    quotes = []
    for citation in draft.citations:
        view = _citation(citation, shelf)
        if view and view.article == number and citation.regulation == "":
            quotes.append((view.anchor, view.quote))
    try:
        return article_view(law, number, quotes)
    except NoSuchProvision:
        return None
