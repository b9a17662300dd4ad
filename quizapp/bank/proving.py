"""What the law itself says to a question: the words that could decide it, and a key that they contradict.

Both only suggest. A suggestion is words of the law with their address; a contradiction is said with the words.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.bank.drafts import BLANK, LETTERS, CitationDraft, Draft
from quizapp.regulations.citing import Law

ENOUGH = 0.34  # share of a question's weight that a clause must hold to be suggested
SURE = 0.55  # from here on the suggestion is called likely
AROUND = 6  # characters on each side of a blank that must stand in the law with the filling
STATED = 14  # characters that a statement must have before "it stands in the law" says something
_SIGNS = re.compile(r"[\W_]+")
_CLAUSE = re.compile(r"[^。；]+[。；]?")
_CITED = re.compile(
    r"(?:按照|根据|依照|依据)?《[^》]{1,40}》(?:第[一二三四五六七八九十百零〇]+[条款项])*(?:的?规定)?[，,]?"
)


def bare(text: str) -> str:
    """The letters and digits of a text."""
    return _SIGNS.sub("", text)


def _pairs(text: str) -> Counter[str]:
    own = bare(text)
    return Counter(own[at : at + 2] for at in range(len(own) - 1))


@dataclass(frozen=True)
class Clause:
    """A clause of the law with its address, verbatim."""

    words: str  # 第二十四条第一款
    quote: str
    pairs: Counter[str]


@dataclass(frozen=True)
class Suggestion:
    """Words of the law that a question seems to ask about."""

    citation: CitationDraft
    share: float  # of the question's weight that the clause holds: 0.34–1

    @property
    def likely(self) -> bool:
        return self.share >= SURE


class Prover:
    """One law, made ready for many questions."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self._clauses = list(_clauses(law))
        held = Counter(pair for clause in self._clauses for pair in clause.pairs)
        self._weight = {pair: math.log(len(self._clauses) / count + 1) for pair, count in held.items()}
        self._unknown = math.log(len(self._clauses) + 1)
        self._where: dict[str, list[int]] = {}
        for place, clause in enumerate(self._clauses):
            for pair in clause.pairs:
                self._where.setdefault(pair, []).append(place)
        self._article = {article.number: bare(law.words(article.number)) for article in law.articles}

    # Suggesting ---------------------------------------------------------------------------------------------

    def suggest(self, draft: Draft) -> Suggestion | None:
        """The clause that holds most of what a question says, none where no clause holds enough.

        Rare pairs of characters weigh more than those that stand everywhere (信访, 机关). Linear in the pairs.
        """
        asked = _pairs(told(draft))
        whole = sum(self._weight.get(pair, self._unknown) for pair in asked)
        if not whole:
            return None
        scores: dict[int, float] = defaultdict(float)
        for pair in asked:
            for place in self._where.get(pair, ()):
                scores[place] += self._weight[pair]
        if not scores:
            return None
        best = min(scores, key=lambda place: (-scores[place], len(self._clauses[place].quote), place))
        held = scores[best] / whole
        clause = self._clauses[best]
        return Suggestion(CitationDraft(clause.words, clause.quote), held) if held >= ENOUGH else None

    # Contradicting ------------------------------------------------------------------------------------------

    def contradiction(self, draft: Draft) -> str:
        """Why the key cannot be right by the words of the law, as a sentence; "" where nothing is said.

        Said only where it is plain: the stem's words stand in the law with another option in the blank and with
        the key's not; or a whole statement that the law makes word for word is keyed 错误.
        """
        if draft.kind == "judge":
            return self._denied(draft)
        if draft.kind == "single" and len(draft.key) == 1 and draft.stem.count(BLANK) == 1:
            return self._filled_otherwise(draft)
        return ""

    def _denied(self, draft: Draft) -> str:
        statement = bare(_CITED.sub("", draft.stem))
        if draft.key != "B" or len(statement) < STATED:
            return ""
        places = [number for number, text in self._article.items() if statement in text]
        if not places:
            return ""
        return f"答案为错误，但{self.law.in_words(places[0])}原文就是这样规定的。"

    def _filled_otherwise(self, draft: Draft) -> str:
        before, after = draft.stem.split(BLANK)
        before, after = bare(before)[-AROUND:], bare(after)[:AROUND]
        if len(before) + len(after) < AROUND:
            return ""
        standing = {
            letter: place
            for letter, option in zip(LETTERS, draft.options, strict=False)
            if bare(option) and (place := self._stands(before + bare(option) + after))
        }
        if draft.key in standing or len(standing) != 1:
            return ""
        ((letter, place),) = standing.items()
        option = draft.options[LETTERS.index(letter)]
        return f"答案为{draft.key}，但{self.law.in_words(place)}写的是“{option}”（选项{letter}）。"

    def _stands(self, text: str) -> str:
        return next((number for number, article in self._article.items() if text in article), "")


def told(draft: Draft) -> str:
    """What a question says when it is answered: its stem with the right options, without the law's name."""
    right = [text for letter, text in zip(LETTERS, draft.options, strict=False) if letter in draft.key]
    stem = _CITED.sub("", draft.stem)
    return stem if draft.kind == "judge" else stem.replace(BLANK, "，") + "，" + "，".join(right)


def _clauses(law: Law) -> Iterable[Clause]:
    for article in law.articles:
        for line in article.lines:
            for found in _CLAUSE.finditer(line.text):
                quote = found[0].strip().rstrip("。；")
                if len(bare(quote)) >= 4:
                    yield Clause(law.in_words(line.anchor), quote, _pairs(quote))
