"""Why each other option is wrong: the sentences of an explanation that speak of one option stand beside its letter.

Explanations are written as one text. A sentence belongs to the options that it names by letter (B项, 选项B), or else
to those whose words it repeats. Writers shorten and turn them round, so words are compared by pairs of characters, and
only by pairs that no other option has. A sentence that also speaks of a right option, or of none, stays in the text.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ALIKE = 0.6  # share of an option's own pairs that a sentence must repeat to speak of it
_SENTENCE = re.compile(r"[^。；]+[。；]?")
_LETTER = re.compile(r"(?<![A-Za-z])([A-H])(?=项|、|选项|错|不)|选项([A-H])")
_BLANK = re.compile(r"[\s，。、；：！？（）“”]")


@dataclass(frozen=True)
class Why:
    """The general text, and (letters, sentences) of the options that are not right: ("C、D", "……。")."""

    text: str
    items: list[tuple[str, str]]


def why(explanation: str, options: Sequence[tuple[str, str]], key: str) -> Why:
    """An explanation taken apart. options: (letter, text). Nothing of the explanation is lost or said twice."""
    general: list[str] = []
    items: dict[str, str] = {}
    own = _own_pairs(dict(options))
    for sentence in _SENTENCE.findall(explanation):
        of = _spoken_of(sentence, own)
        if not of or of & set(key):
            general.append(sentence)
        else:
            head = "、".join(sorted(of))
            items[head] = items.get(head, "") + sentence
    text = "".join(general).strip()
    return Why(_ended(text) if text else "", [(head, _ended(said)) for head, said in sorted(items.items())])


def _spoken_of(sentence: str, own: Mapping[str, set[str]]) -> set[str]:
    """The letters of the options that a sentence names, or whose words it repeats."""
    named = {first or second for first, second in _LETTER.findall(sentence)} & own.keys()
    said = _pairs(sentence)
    return named or {
        letter for letter, pairs in own.items() if pairs and len(pairs & said) >= ALIKE * len(pairs)
    }


def _own_pairs(options: Mapping[str, str]) -> dict[str, set[str]]:
    """The pairs of characters that tell each option from the others."""
    pairs = {letter: _pairs(text) for letter, text in options.items()}
    return {
        letter: mine - set().union(*(other for name, other in pairs.items() if name != letter))
        for letter, mine in pairs.items()
    }


def _pairs(text: str) -> set[str]:
    plain = _BLANK.sub("", text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def _ended(text: str) -> str:
    """A sentence that stood before a semicolon ends with a full stop now."""
    return text.strip().rstrip("；。") + "。"
