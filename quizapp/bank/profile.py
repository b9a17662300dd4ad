"""A bank in figures: how many questions of each kind, article, difficulty and use, and whether the keys give cues."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.bank.checking import Laws
from quizapp.bank.drafts import Draft
from quizapp.bank.lint import giveaways, is_key_longest, of_set
from quizapp.regulations.citing import NoSuchProvision


@dataclass(frozen=True)
class Profile:
    """Counts of questions. articles holds every article of the bank's regulation, also those with none."""

    total: int
    kinds: dict[str, int]  # single, multiple, judge
    articles: dict[str, int]  # "24": questions that cite it; a question may count for several
    difficulties: dict[int, int]  # 1–5
    positions: dict[str, int]  # A, B …: keys of the single-choice questions
    longest: int  # single-choice questions whose key is longer than every other option
    uses: dict[str, int]
    mock_only: int
    judge_right: int
    tags: dict[str, int]  # the most used first
    telling: list[tuple[str, str]]  # codes: the key of the first stands in the stem of the second
    flaws: list[str]  # sentences about the set as a whole

    @property
    def singles(self) -> int:
        return self.kinds["single"]

    @property
    def uncovered(self) -> list[str]:
        """Numbers of the articles that no question cites."""
        return [number for number, count in self.articles.items() if not count]


def profile(drafts: Sequence[Draft], laws: Laws | None) -> Profile:
    kinds = Counter(draft.kind for draft in drafts)
    singles = [draft for draft in drafts if draft.kind == "single" and len(draft.key) == 1]
    return Profile(
        total=len(drafts),
        kinds={kind: kinds[kind] for kind in ("single", "multiple", "judge")},
        articles=_articles(drafts, laws),
        difficulties={level: sum(draft.difficulty == level for draft in drafts) for level in range(1, 6)},
        positions=dict(sorted(Counter(draft.key for draft in singles).items())),
        longest=sum(is_key_longest(draft) for draft in singles),
        uses={use: sum(use in draft.uses for draft in drafts) for use in ("daily", "mock", "exam")},
        mock_only=sum(draft.uses == ("mock",) for draft in drafts),
        judge_right=sum(draft.kind == "judge" and draft.key == "A" for draft in drafts),
        tags=dict(Counter(tag for draft in drafts for tag in draft.tags).most_common()),
        telling=[(draft.code, teller.code) for draft, teller in giveaways(drafts)],
        flaws=[problem.message for problem in of_set(drafts)],
    )


def _articles(drafts: Sequence[Draft], laws: Laws | None) -> dict[str, int]:
    law = (laws or {}).get("")
    if law is None:
        return {}
    counts = {article.number: 0 for article in law.articles}
    for draft in drafts:
        cited = set()
        for citation in draft.citations:
            if citation.kind != "law" or citation.regulation not in ("", law.title):
                continue
            try:
                cited.add(law.anchor_of(citation.words).partition(".")[0])
            except NoSuchProvision:
                continue
        for number in cited:
            counts[number] += 1
    return counts
