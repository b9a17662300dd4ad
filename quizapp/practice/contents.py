"""The mastery of a regulation as its own table of contents, as pages read it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from quizapp import clock
from quizapp.practice import aims, plans
from quizapp.practice.drawing import Entry
from quizapp.practice.mastery import LEVELS, Mastery, by_place
from quizapp.practice.queries import memories, practice_pool
from quizapp.regulations.citing import Chapter, Law


@dataclass(frozen=True)
class ArticleState:
    """An article for one person. mastery: none where there are no questions to practise."""

    number: str
    in_words: str
    mastery: Mastery | None

    @property
    def level(self) -> str:
        """A key of LEVELS, or "none"."""
        return self.mastery.level if self.mastery else "none"

    @property
    def word(self) -> str:
        return LEVELS.get(self.level, "暂无试题")


@dataclass(frozen=True)
class ChapterState:
    """A chapter for one person."""

    title: str
    in_words: str
    articles: Sequence[ArticleState]

    @property
    def counted(self) -> int:
        """The articles that have questions."""
        return sum(article.mastery is not None for article in self.articles)

    @property
    def mastered(self) -> int:
        return sum(article.level == "mastered" for article in self.articles)


@dataclass(frozen=True)
class Contents:
    """A regulation for one person. progress: before the unit's plan, where that names this regulation."""

    slug: str
    law: Law
    chapters: Sequence[ChapterState]
    progress: aims.Progress | None
    lacking: Counter[
        str
    ]  # chapter in words → articles that lack least to the aim, or to everything without a plan

    @property
    def articles(self) -> int:
        return sum(chapter.counted for chapter in self.chapters)

    @property
    def mastered(self) -> int:
        return sum(chapter.mastered for chapter in self.chapters)

    @property
    def levels(self) -> list[tuple[str, str, int]]:
        """(key, word, number of articles) of each level, the best first."""
        count = Counter(article.level for chapter in self.chapters for article in chapter.articles)
        return [(key, word, count[key]) for key, word in reversed(LEVELS.items())]

    @property
    def lacking_words(self) -> str:
        """第四章的3条、第五章的1条: in the order of the regulation."""
        return "、".join(
            f"{chapter.in_words or '全文'}的{self.lacking[chapter.title]}条"
            for chapter in self.chapters
            if self.lacking[chapter.title]
        )


def contents(person_id: int, slug: str, law: Law, day: date) -> Contents:
    """How this person stands at the end of a day before each article of an edition in force. Six statements at most."""
    now, known, pool = clock.end_of(day), memories(person_id), practice_pool(person_id)
    plan = plans.plan_of(person_id, day)
    found = by_place(pool, known, now)
    chapters = [_chapter(chapter, slug, law, found) for chapter in law.chapters]
    counted = plan is not None and slug in plan.regulations
    standing = aims.progress(plan, pool, known, day, now) if plan is not None and counted else None
    return Contents(slug, law, chapters, standing, _lacking(slug, law, pool, found, standing))


def _chapter(chapter: Chapter, slug: str, law: Law, found: dict[tuple[str, str], Mastery]) -> ChapterState:
    articles = [
        ArticleState(number, law.article(number).in_words, found.get((slug, number)))
        for number in chapter.articles
    ]
    return ChapterState(chapter.title, chapter.in_words, articles)


def _lacking(
    slug: str,
    law: Law,
    pool: Sequence[Entry],
    found: dict[tuple[str, str], Mastery],
    standing: aims.Progress | None,
) -> Counter[str]:
    """With a plan, the articles of this regulation among those that lack least to its aim; without, all open ones."""
    wanted = standing.left if standing else len(found)
    scope = standing.plan.regulations if standing else {slug}
    inside = {place: mastery for place, mastery in found.items() if place[0] in scope}
    titles = {chapter.number: chapter.title for chapter in law.chapters}
    chapters = {
        entry.place: titles.get(entry.chapter, "") if entry.place[0] == slug else "" for entry in pool
    }
    lacking = aims.nearest_missing(inside, chapters, wanted)
    del lacking[""]  # of other regulations
    return lacking
