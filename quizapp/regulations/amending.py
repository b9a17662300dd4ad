"""What a new edition changes, article by article."""

from dataclasses import dataclass

from quizapp.regulations.citing import Article, Law


@dataclass(frozen=True)
class Changes:
    """Articles by their names. moved: (name before, name now) of those that only got another number."""

    changed: list[str]
    added: list[str]
    removed: list[str]
    moved: list[tuple[str, str]]
    same: int

    @property
    def nothing(self) -> bool:
        """Whether every article says what it said, under the same number."""
        return not (self.changed or self.added or self.removed or self.moved)


def changes(before: Law, now: Law) -> Changes:
    """What `now` says otherwise than `before`. An article whose words all stand under another number has moved."""
    old = {article.number: _words(article) for article in before.articles}
    new = {article.number: _words(article) for article in now.articles}
    names = {article.number: article.in_words for article in [*before.articles, *now.articles]}
    same = {number for number, text in new.items() if old.get(number) == text}
    left = {text: number for number, text in old.items() if number not in same}
    moved = {left[text]: number for number, text in new.items() if number not in same and text in left}
    gone = [number for number in old if number not in same and number not in moved]
    come = [number for number in new if number not in same and number not in moved.values()]
    changed = [number for number in come if number in gone]
    return Changes(
        changed=[names[number] for number in changed],
        added=[names[number] for number in come if number not in gone],
        removed=[names[number] for number in gone if number not in come],
        moved=[(names[one], names[two]) for one, two in moved.items()],
        same=len(same),
    )


def _words(article: Article) -> tuple[tuple[str, str, str], ...]:
    return tuple((line.kind, line.marker, line.text) for line in article.lines)
