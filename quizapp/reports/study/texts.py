"""The regulations whose articles are practised: their words, chapters and order."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from quizapp.db import db
from quizapp.regulations.citing import Article, Chapter, Law
from quizapp.regulations.models import Edition, Regulation
from quizapp.regulations.queries import laws


@dataclass(frozen=True)
class Text:
    """A regulation as it is in force."""

    slug: str
    law: Law

    def key(self, article: str) -> str:
        """What the kept figures call an article of it."""
        return f"{self.slug}:{article}"

    @property
    def keys(self) -> list[str]:
        """All its articles in order."""
        return [self.key(article.number) for article in self.law.articles]

    def article(self, key: str) -> Article:
        """The article of a key of this regulation. Raises NoSuchProvision."""
        return self.law.article(key.partition(":")[2])

    def chapter(self, key: str) -> Chapter:
        """The chapter in which the article of a key stands."""
        return self.law.chapter(self.article(key).chapter)


def practised(keys: Iterable[str]) -> list[Text]:
    """The regulations in force to which these articles belong, in their order. Three statements at most."""
    slugs = {key.partition(":")[0] for key in keys}
    rows = db.session.execute(
        select(Regulation.slug, Edition.id)
        .join(Edition, (Edition.regulation_id == Regulation.id) & Edition.in_force)
        .where(Regulation.slug.in_(slugs))
        .order_by(Regulation.sort, Regulation.id)
    ).all()
    known = laws(edition_id for _, edition_id in rows)
    return [Text(slug, known[edition_id]) for slug, edition_id in rows]
